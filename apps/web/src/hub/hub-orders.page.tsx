import type { OrderSummary } from '@foodshed/contracts';
import { NativeSelect } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useParams } from 'react-router';
import { useBuyerNames, useList } from '../api/lists.js';
import { OrdersTable } from '../orders/orders-table.js';
import { More } from '../shell/more.js';
import { Page } from '../shell/page.js';
import { Loaded, Nothing } from '../shell/states.js';

const filters = ['', 'unpaid', 'underpaid', 'paid', 'overpaid', 'partly-refunded', 'refunded'] as const;

/** The orders of a hub's shop; payments and refunds are recorded on the order's own page. */
export function HubOrdersPage() {
  const { t } = useTranslation();
  const { hubId } = useParams();
  const [paymentState, setPaymentState] = useState('');
  const list = useList<OrderSummary>('/orders', { as: 'hub', enterpriseId: hubId, paymentState });
  const buyers = useBuyerNames(list.items?.map((order) => order.buyer.id) ?? []);
  return (
    <Page
      title={t('hubOrders.title')}
      lead={t('hubOrders.lead')}
      actions={
        <NativeSelect
          aria-label={t('hubOrders.filter')}
          value={paymentState}
          onChange={(event) => setPaymentState(event.currentTarget.value)}
          data={filters.map((value) => ({
            value,
            label: value ? t(`paymentState.${value}`) : t('hubOrders.all'),
          }))}
        />
      }
    >
      <Loaded query={list}>
        {() =>
          list.items!.length === 0 ? (
            <Nothing title={t('hubOrders.none')}>{t('hubOrders.noneNext')}</Nothing>
          ) : (
            <>
              <OrdersTable
                orders={list.items!}
                whoTitle={t('order.buyer')}
                who={(order) => buyers.get(order.buyer.id) ?? t('order.formerBuyer')}
              />
              <More list={list} />
            </>
          )
        }
      </Loaded>
    </Page>
  );
}
