import type { Product, SupplyAgreement } from '@foodshed/contracts';
import { Button } from '@mantine/core';
import { IconSeedling } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { type PageOf, useThing } from '../api/lists.js';
import type { SessionEnterprise } from '../api/session.js';
import { useFormat } from '../format.js';
import { GiftsFact } from '../giving/gifts-fact.js';
import { supplyPath } from '../supply/proposal-form.js';
import { BalanceFact } from './balance-fact.js';
import { Count, Fact, HomeCard } from './home-card.js';

/** From this many on, nobody has to hurry. */
const LOW_STOCK = 5;

/** For who produces: what to pack, what was earned, who waits for an answer, and what runs out. */
export function ProducingCard({ enterprise: { enterpriseId, name } }: { enterprise: SessionEnterprise }) {
  const { t } = useTranslation();
  const format = useFormat();
  const own = `/producers/${enterpriseId}`;
  const packing = useThing<PageOf<unknown>>(`${own}/orders-to-pack`, { limit: 100 });
  const requests = useThing<PageOf<SupplyAgreement>>(supplyPath, {
    as: 'producer',
    enterpriseId,
    state: 'requested',
    limit: 100,
  });
  const agreed = useThing<PageOf<SupplyAgreement>>(supplyPath, {
    as: 'producer',
    enterpriseId,
    state: 'accepted',
    limit: 100,
  });
  const products = useThing<PageOf<Product>>(`${own}/products`, { limit: 200 });
  const stocks = (products.data?.items ?? [])
    .flatMap(({ variants }) => variants)
    .filter(({ archived, onDemand }) => !archived && !onDemand)
    .map(({ stock }) => stock);
  const next = (): [to: string, text: string] => {
    if (products.data?.items.length === 0) return [`${own}/products`, t('home.importProducts')];
    if (requests.data && requests.data.items.length > 0) return [`${own}/hubs`, t('home.answerHubs')];
    if (agreed.data?.items.length === 0) return [`${own}/hubs`, t('home.offerToHubs')];
    return [`${own}/orders-to-pack`, t('home.toPacking')];
  };
  const [to, text] = next();
  return (
    <HomeCard
      title={name}
      role={t('home.role.producer')}
      icon={<IconSeedling size={20} />}
      next={
        <Button component={Link} to={to} variant="light">
          {text}
        </Button>
      }
    >
      <Fact label={t('nav.ordersToPack')} to={`${own}/orders-to-pack`} query={packing}>
        {(page) => <Count page={page} />}
      </Fact>
      <BalanceFact
        label={t('nav.earnings')}
        to={`${own}/earnings`}
        ownerKind="enterprise"
        ownerId={enterpriseId}
      />
      <GiftsFact payeeId={enterpriseId} />
      <Fact label={t('home.requests')} to={`${own}/hubs`} query={requests}>
        {(page) => <Count page={page} attention />}
      </Fact>
      <Fact label={t('home.soldOut')} to={`${own}/products`} query={products}>
        {() => format.number(stocks.filter((stock) => stock === 0).length)}
      </Fact>
      <Fact label={t('home.lowStock', { count: LOW_STOCK })} to={`${own}/products`} query={products}>
        {() => format.number(stocks.filter((stock) => stock > 0 && stock <= LOW_STOCK).length)}
      </Fact>
      <Fact label={t('nav.broughtBy')} to={`${own}/referrals`}>
        {() => null}
      </Fact>
    </HomeCard>
  );
}
