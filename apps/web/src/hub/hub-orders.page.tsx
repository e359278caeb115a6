import type { OrderSummary } from '@foodshed/contracts';
import { NativeSelect } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useParams } from 'react-router';
import { useBuyerNames, useList } from '../api/lists.js';
import { OrdersTable } from '../orders/orders-table.js';
import { PaymentList } from '../orders/payment-list.js';
import { Page } from '../shell/page.js';

const filters = ['', 'unpaid', 'underpaid', 'paid', 'overpaid', 'partly-refunded', 'refunded'] as const;

/** The orders of a hub's shop. Those that wait for money can be marked as paid together, the rest is on each order's page. */
export function HubOrdersPage() {
  const { t } = useTranslation();
  const { hubId = '' } = useParams();
  const client = useQueryClient();
  const [chosen, setChosen] = useState<ReadonlyMap<string, OrderSummary>>(new Map());
  const [paymentState, setPaymentState] = useState('');
  const list = useList<OrderSummary>('/orders', { as: 'hub', enterpriseId: hubId, paymentState });
  const buyers = useBuyerNames(list.items?.map((order) => order.buyer.id) ?? []);
  const isDue = paymentState === 'unpaid' || paymentState === 'underpaid';
  const choice = {
    has: ({ orderId }: OrderSummary) => chosen.has(orderId),
    set: (orders: OrderSummary[], isChosen: boolean) => {
      const next = new Map(chosen);
      for (const order of orders) {
        if (isChosen && order.outstandingMinor > 0 && order.state === 'placed')
          next.set(order.orderId, order);
        else next.delete(order.orderId);
      }
      setChosen(next);
    },
  };
  const paid = async (): Promise<void> => {
    setChosen(new Map());
    await client.invalidateQueries();
  };
  return (
    <Page
      title={t('hubOrders.title')}
      lead={t('hubOrders.lead')}
      actions={
        <NativeSelect
          aria-label={t('hubOrders.filter')}
          value={paymentState}
          onChange={(event) => {
            setPaymentState(event.currentTarget.value);
            setChosen(new Map());
          }}
          data={filters.map((value) => ({
            value,
            label: value ? t(`paymentState.${value}`) : t('hubOrders.all'),
          }))}
        />
      }
    >
      {isDue && <PaymentList hubId={hubId} orders={[...chosen.values()]} done={paid} />}
      <OrdersTable
        list={list}
        none={t('hubOrders.none')}
        noneNext={t('hubOrders.noneNext')}
        choice={isDue ? choice : undefined}
        whoTitle={t('order.buyer')}
        who={(order) => buyers.get(order.buyer.id) ?? t('order.formerBuyer')}
      />
    </Page>
  );
}
