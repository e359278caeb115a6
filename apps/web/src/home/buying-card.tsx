import type { Cycle, Enterprise, OrderSummary } from '@foodshed/contracts';
import { Button } from '@mantine/core';
import { IconBasket } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { type PageOf, useEnterpriseNames, useThing } from '../api/lists.js';
import { useFormat } from '../format.js';
import { Fact, HomeCard } from './home-card.js';

const HUBS_SHOWN = 3;
const ORDERS_SHOWN = 3;

function ShopFact({ hubId, name }: { hubId: string; name: string }) {
  const { t } = useTranslation();
  const format = useFormat();
  const shop = useThing<{ cycle: Cycle | null; nextCycle: Cycle | null }>(`/hubs/${hubId}/shop`, {
    limit: 1,
  });
  return (
    <Fact label={name} to={`/hubs/${hubId}`} query={shop}>
      {({ cycle, nextCycle }) => {
        if (cycle) return t('home.openUntil', { at: format.dateTime(cycle.closesAt) });
        return nextCycle ? t('home.opens', { at: format.dateTime(nextCycle.opensAt) }) : t('home.closed');
      }}
    </Fact>
  );
}

/** For whoever buys, and that is everybody: the shops they know, and their latest orders. */
export function BuyingCard() {
  const { t } = useTranslation();
  const format = useFormat();
  const orders = useThing<PageOf<OrderSummary>>('/orders', { as: 'buyer', limit: 20 });
  const known = [...new Set(orders.data?.items.map(({ hubId }) => hubId) ?? [])].slice(0, HUBS_SHOWN);
  const names = useEnterpriseNames(known);
  const isNew = orders.data?.items.length === 0;
  const hubs = useThing<PageOf<Enterprise>>('/hubs', { limit: HUBS_SHOWN }, isNew);
  const shops = isNew
    ? (hubs.data?.items ?? []).map(({ enterpriseId, name }) => ({ hubId: enterpriseId, name }))
    : known.map((hubId) => ({ hubId, name: names.get(hubId) ?? '…' }));
  return (
    <HomeCard
      title={t('home.buying')}
      role={t('home.role.buyer')}
      icon={<IconBasket size={20} />}
      next={
        <Button component={Link} to="/shops" variant="light">
          {t(isNew ? 'home.firstOrder' : 'home.allShops')}
        </Button>
      }
    >
      {shops.map((shop) => (
        <ShopFact key={shop.hubId} {...shop} />
      ))}
      {orders.data?.items.slice(0, ORDERS_SHOWN).map((order) => (
        <Fact
          key={order.orderId}
          label={t('home.order', { reference: order.reference, at: format.date(order.placedAt) })}
          to={`/orders/${order.orderId}`}
          query={orders}
        >
          {() =>
            order.state === 'placed' && order.outstandingMinor > 0 ? (
              <span className="attention">
                {t('home.toPay', { amount: format.money(order.outstandingMinor, order.currency) })}
              </span>
            ) : (
              t(`orderState.${order.state}`)
            )
          }
        </Fact>
      ))}
      <Fact label={t('nav.orders')} to="/orders">
        {() => null}
      </Fact>
    </HomeCard>
  );
}
