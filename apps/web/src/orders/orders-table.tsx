import type { OrderSummary } from '@foodshed/contracts';
import { Anchor, Checkbox } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { useList } from '../api/lists.js';
import { useFormat } from '../format.js';
import { type Column, ListTable } from '../shell/data-table.js';
import { OrderStateBadges } from './order-state.js';

/** Orders, newest first. `who` names the other side: the hub for buyers, the buyer for hubs; `choice` lets some be chosen. */
export function OrdersTable({
  list,
  none,
  noneNext,
  who,
  whoTitle,
  choice,
}: {
  list: ReturnType<typeof useList<OrderSummary>>;
  none: string;
  noneNext: string;
  who: (order: OrderSummary) => string;
  whoTitle: string;
  choice?: { has: (order: OrderSummary) => boolean; set: (orders: OrderSummary[], chosen: boolean) => void };
}) {
  const { t } = useTranslation();
  const format = useFormat();
  const orders = list.items ?? [];
  const outstanding: Column<OrderSummary> = {
    title: t('order.outstanding'),
    isAmount: true,
    cell: (order) => format.money(order.outstandingMinor, order.currency),
  };
  return (
    <ListTable
      list={list}
      none={none}
      noneNext={noneNext}
      minWidth={620}
      keyOf={(order) => order.orderId}
      columns={[
        ...(choice
          ? [
              {
                title: (
                  <Checkbox
                    aria-label={t('orders.chooseAll')}
                    checked={orders.length > 0 && orders.every(choice.has)}
                    indeterminate={orders.some(choice.has) && !orders.every(choice.has)}
                    onChange={(event) => choice.set(orders, event.currentTarget.checked)}
                  />
                ),
                cell: (order: OrderSummary) => (
                  <Checkbox
                    aria-label={t('orders.choose', { reference: order.reference })}
                    checked={choice.has(order)}
                    onChange={(event) => choice.set([order], event.currentTarget.checked)}
                  />
                ),
                width: 40,
              },
            ]
          : []),
        {
          title: t('order.reference'),
          cell: (order) => (
            <Anchor component={Link} to={`/orders/${order.orderId}`} ff="monospace">
              {order.reference}
            </Anchor>
          ),
        },
        { title: whoTitle, cell: who },
        // Who records payments compares amounts, on a narrow screen too.
        ...(choice ? [outstanding] : []),
        { title: t('order.placedAt'), cell: (order) => format.dateTime(order.placedAt) },
        {
          title: t('order.state'),
          cell: (order) => <OrderStateBadges state={order.state} paymentState={order.paymentState} />,
        },
        {
          title: t('order.total'),
          isAmount: true,
          cell: (order) => format.money(order.totalMinor - order.refundedMinor, order.currency),
        },
        ...(choice ? [] : [outstanding]),
      ]}
    />
  );
}
