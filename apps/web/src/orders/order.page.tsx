import type { Order } from '@foodshed/contracts';
import { Alert, Button, DataList, Group, Paper, SimpleGrid, Stack, Table, Text, Title } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useParams, useSearchParams } from 'react-router';
import { api } from '../api/client.js';
import { useBuyerNames, useEnterpriseNames, useThing } from '../api/lists.js';
import { useFormat } from '../format.js';
import { DataTable } from '../shell/data-table.js';
import { Page } from '../shell/page.js';
import { Loaded, Problem } from '../shell/states.js';
import { MoneyTrail } from './money-trail.js';
import { OrderStateBadges } from './order-state.js';
import { PaymentForm } from './payment-form.js';
import { RefundForm } from './refund-form.js';

/** The hub's fee that was paid and not given back; 0 for producers, who do not see it. */
function remainingHubFee(order: Order): number {
  if (!order.totals || order.totals.paidMinor === 0) return 0;
  const refunded = order.lines.reduce((sum, line) => sum + line.refundedHubFeeMinor, 0);
  return order.totals.hubFeeMinor - refunded;
}

function Lines({ order }: { order: Order }) {
  const { t } = useTranslation();
  const format = useFormat();
  const producers = useEnterpriseNames(order.lines.map((line) => line.producerId));
  return (
    <DataTable
      rows={order.lines}
      minWidth={520}
      keyOf={(line) => line.lineNumber}
      columns={[
        {
          title: t('order.product'),
          cell: (line) => (
            <>
              {line.productName}{' '}
              <Text span c="dimmed" size="sm">
                {line.unitLabel} · {producers.get(line.producerId)}
              </Text>
              {line.refundedMinor > 0 && (
                <Text size="sm" className="attention">
                  {t('order.lineRefunded', { amount: format.money(line.refundedMinor, order.currency) })}
                </Text>
              )}
            </>
          ),
        },
        { title: t('order.quantity'), isAmount: true, cell: (line) => format.number(line.quantity) },
        {
          title: t('order.unitPrice'),
          isAmount: true,
          cell: (line) => format.money(line.unitPriceMinor, order.currency),
        },
        {
          title: t('order.amount'),
          isAmount: true,
          cell: (line) => format.money(line.grossMinor, order.currency),
        },
      ]}
    />
  );
}

function Totals({ order }: { order: Order }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { totals } = order;
  if (!totals) return null;
  const rows = [
    ['order.goods', totals.goodsMinor],
    ['order.hubFee', totals.hubFeeMinor],
    ['order.total', totals.totalMinor],
    ['order.paid', totals.paidMinor],
    ...(totals.refundedMinor ? ([['order.refunded', totals.refundedMinor]] as const) : []),
    ...(totals.surplusMinor ? ([['order.surplus', totals.surplusMinor]] as const) : []),
    ['order.outstanding', totals.outstandingMinor],
  ] as const;
  return (
    <Table withRowBorders={false} verticalSpacing={4}>
      <Table.Tbody>
        {rows.map(([key, minor]) => (
          <Table.Tr key={key}>
            <Table.Th fw={key === 'order.total' ? 700 : 400}>{t(key)}</Table.Th>
            <Table.Td className="amount" fw={key === 'order.total' ? 700 : 400} data-testid={key}>
              {format.money(minor, order.currency)}
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

function Actions({ order }: { order: Order }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [form, setForm] = useState<'payment' | 'refund'>();
  const changed = async (): Promise<void> => {
    setForm(undefined);
    await client.invalidateQueries();
  };
  const act = useMutation({
    mutationFn: (path: 'cancellation' | 'fulfilment') =>
      api(`/orders/${order.orderId}/${path}`, { method: 'POST', body: {} }),
    onSuccess: changed,
  });
  const isHub = order.seenAs === 'hub';
  const isOpen = order.state === 'placed';
  const owed = order.totals?.outstandingMinor ?? 0;
  const paid = (order.totals?.paidMinor ?? 0) - (order.totals?.refundedMinor ?? 0);
  const surplus = order.totals?.surplusMinor ?? 0;
  return (
    <Stack gap="sm" className="no-print">
      <Group gap="xs">
        {isHub && isOpen && owed > 0 && (
          <Button onClick={() => setForm('payment')}>{t('order.recordPayment')}</Button>
        )}
        {isHub && isOpen && owed === 0 && (
          <Button loading={act.isPending} onClick={() => act.mutate('fulfilment')}>
            {t('order.handOver')}
          </Button>
        )}
        {isHub && (paid > 0 || surplus > 0) && (
          <Button variant="default" onClick={() => setForm('refund')}>
            {t('order.refund')}
          </Button>
        )}
        {isOpen && order.paymentState === 'unpaid' && order.seenAs !== 'producer' && (
          <Button
            variant="subtle"
            color="red"
            loading={act.isPending}
            onClick={() => act.mutate('cancellation')}
          >
            {t('order.cancel')}
          </Button>
        )}
      </Group>
      {act.isError && <Problem error={act.error} />}
      {form === 'payment' && <PaymentForm order={order} done={changed} />}
      {form === 'refund' && <RefundForm order={order} done={changed} />}
    </Stack>
  );
}

/** One order for whoever is part of it: what was ordered, what was paid, what became of the money. */
export function OrderPage() {
  const { t } = useTranslation();
  const format = useFormat();
  const { orderId } = useParams();
  const [search] = useSearchParams();
  const query = useThing<Order>(`/orders/${orderId}`);
  const hubs = useEnterpriseNames(query.data ? [query.data.hubId] : []);
  const buyers = useBuyerNames(query.data && query.data.seenAs !== 'buyer' ? [query.data.buyer.id] : []);
  return (
    <Page title={t('order.title', { reference: query.data?.reference ?? '' })}>
      <Loaded query={query}>
        {(order) => (
          <>
            {search.has('placed') && (
              <Alert color="leaf" title={t('order.thanks')} role="status">
                {t('order.thanksNext', {
                  reference: order.reference,
                  until: format.dateTime(order.expiresAt),
                })}
              </Alert>
            )}
            <SimpleGrid cols={{ base: 1, md: 2 }}>
              <Paper>
                <DataList>
                  <DataList.Item>
                    <DataList.ItemLabel>{t('order.state')}</DataList.ItemLabel>
                    <DataList.ItemValue>
                      <OrderStateBadges state={order.state} paymentState={order.paymentState} />
                    </DataList.ItemValue>
                  </DataList.Item>
                  <DataList.Item>
                    <DataList.ItemLabel>{t('order.hub')}</DataList.ItemLabel>
                    <DataList.ItemValue>{hubs.get(order.hubId)}</DataList.ItemValue>
                  </DataList.Item>
                  {order.seenAs !== 'buyer' && (
                    <DataList.Item>
                      <DataList.ItemLabel>{t('order.buyer')}</DataList.ItemLabel>
                      <DataList.ItemValue>
                        {buyers.get(order.buyer.id) ?? t('order.formerBuyer')}
                      </DataList.ItemValue>
                    </DataList.Item>
                  )}
                  <DataList.Item>
                    <DataList.ItemLabel>{t('order.placedAt')}</DataList.ItemLabel>
                    <DataList.ItemValue>{format.dateTime(order.placedAt)}</DataList.ItemValue>
                  </DataList.Item>
                </DataList>
              </Paper>
              <Paper>
                <Totals order={order} />
              </Paper>
            </SimpleGrid>
            <Actions order={order} />
            <Paper>
              <Lines order={order} />
            </Paper>
            {order.captures.length > 0 && (
              <section>
                <Title order={2} size="h4" mb="xs">
                  {t('trail.title')}
                </Title>
                <MoneyTrail
                  orderId={order.orderId}
                  currency={order.currency}
                  hubFeeMinor={remainingHubFee(order)}
                  hubName={hubs.get(order.hubId) ?? ''}
                />
              </section>
            )}
          </>
        )}
      </Loaded>
    </Page>
  );
}
