import type { OrderSummary } from '@foodshed/contracts';
import { Anchor, Checkbox, Table } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useFormat } from '../format.js';
import { OrderStateBadges } from './order-state.js';

/** Orders, newest first. `who` names the other side: the hub for buyers, the buyer for hubs; `choice` lets some be chosen. */
export function OrdersTable({
  orders,
  who,
  whoTitle,
  choice,
}: {
  orders: OrderSummary[];
  who: (order: OrderSummary) => string;
  whoTitle: string;
  choice?: { has: (order: OrderSummary) => boolean; set: (orders: OrderSummary[], chosen: boolean) => void };
}) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <Table.ScrollContainer minWidth={620}>
      <Table highlightOnHover>
        <Table.Thead>
          <Table.Tr>
            {choice && (
              <Table.Th w={40}>
                <Checkbox
                  aria-label={t('orders.chooseAll')}
                  checked={orders.length > 0 && orders.every(choice.has)}
                  indeterminate={orders.some(choice.has) && !orders.every(choice.has)}
                  onChange={(event) => choice.set(orders, event.currentTarget.checked)}
                />
              </Table.Th>
            )}
            <Table.Th>{t('order.reference')}</Table.Th>
            <Table.Th>{whoTitle}</Table.Th>
            <Table.Th>{t('order.placedAt')}</Table.Th>
            <Table.Th>{t('order.state')}</Table.Th>
            <Table.Th className="amount">{t('order.total')}</Table.Th>
            <Table.Th className="amount">{t('order.outstanding')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {orders.map((order) => (
            <Table.Tr key={order.orderId}>
              {choice && (
                <Table.Td>
                  <Checkbox
                    aria-label={t('orders.choose', { reference: order.reference })}
                    checked={choice.has(order)}
                    onChange={(event) => choice.set([order], event.currentTarget.checked)}
                  />
                </Table.Td>
              )}
              <Table.Td>
                <Anchor component={Link} to={`/orders/${order.orderId}`} ff="monospace">
                  {order.reference}
                </Anchor>
              </Table.Td>
              <Table.Td>{who(order)}</Table.Td>
              <Table.Td>{format.dateTime(order.placedAt)}</Table.Td>
              <Table.Td>
                <OrderStateBadges state={order.state} paymentState={order.paymentState} />
              </Table.Td>
              <Table.Td className="amount">
                {format.money(order.totalMinor - order.refundedMinor, order.currency)}
              </Table.Td>
              <Table.Td className="amount">{format.money(order.outstandingMinor, order.currency)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
