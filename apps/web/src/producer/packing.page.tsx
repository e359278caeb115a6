import type { OrderLine, PaymentState } from '@foodshed/contracts';
import { Anchor, Button, Checkbox, Paper, SimpleGrid, Stack, Table, Text, Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Link, useParams } from 'react-router';
import { useInfiniteQuery } from '@tanstack/react-query';
import { api } from '../api/client.js';
import { useBuyerNames, useEnterpriseNames } from '../api/lists.js';
import { useFormat } from '../format.js';
import { More } from '../shell/more.js';
import { Page } from '../shell/page.js';
import { Loaded, Nothing } from '../shell/states.js';

interface PackingOrder {
  orderId: string;
  reference: string;
  hubId: string;
  buyer: { id: string };
  paymentState: PaymentState;
  placedAt: string;
  lines: OrderLine[];
}

interface PackingPage {
  items: PackingOrder[];
  nextCursor: string | null;
  totals: { variantId: string; productName: string; unitLabel: string; quantity: number }[];
}

/** What a producer has to harvest and pack: totals first, then order by order. */
export function PackingPage() {
  const { t } = useTranslation();
  const { producerId } = useParams();
  const format = useFormat();
  const path = `/producers/${producerId}/orders-to-pack`;
  const list = useInfiniteQuery({
    queryKey: [path],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam }) => api<PackingPage>(path, { query: { cursor: pageParam } }),
    getNextPageParam: (page) => page.nextCursor ?? undefined,
  });
  const orders = list.data?.pages.flatMap((page) => page.items) ?? [];
  const buyers = useBuyerNames(orders.map((order) => order.buyer.id));
  const hubs = useEnterpriseNames(orders.map((order) => order.hubId));
  return (
    <Page
      title={t('packing.title')}
      lead={t('packing.lead')}
      actions={
        <Button variant="default" className="no-print" onClick={() => window.print()}>
          {t('action.print')}
        </Button>
      }
    >
      <Loaded query={list}>
        {({ pages }) =>
          orders.length === 0 ? (
            <Nothing title={t('packing.none')}>{t('packing.noneNext')}</Nothing>
          ) : (
            <Stack>
              <Paper>
                <Title order={2} size="h4">
                  {t('packing.totals')}
                </Title>
                <Table>
                  <Table.Thead>
                    <Table.Tr>
                      <Table.Th>{t('order.product')}</Table.Th>
                      <Table.Th className="amount">{t('order.quantity')}</Table.Th>
                    </Table.Tr>
                  </Table.Thead>
                  <Table.Tbody>
                    {pages[0]!.totals.map((total) => (
                      <Table.Tr key={total.variantId}>
                        <Table.Td>
                          {total.productName}{' '}
                          <Text span size="sm" c="dimmed">
                            {total.unitLabel}
                          </Text>
                        </Table.Td>
                        <Table.Td className="amount">{format.number(total.quantity)}</Table.Td>
                      </Table.Tr>
                    ))}
                  </Table.Tbody>
                </Table>
              </Paper>
              <SimpleGrid cols={{ base: 1, sm: 2 }}>
                {orders.map((order) => (
                  <Paper key={order.orderId} component="article">
                    <Title order={3} size="h5">
                      <Anchor component={Link} to={`/orders/${order.orderId}`} inherit ff="monospace">
                        {order.reference}
                      </Anchor>{' '}
                      {buyers.get(order.buyer.id) ?? t('order.formerBuyer')}
                    </Title>
                    <Text size="sm" c="dimmed">
                      {hubs.get(order.hubId)} · {format.dateTime(order.placedAt)} ·{' '}
                      {t(`paymentState.${order.paymentState}`)}
                    </Text>
                    <Stack gap={6} mt="xs">
                      {order.lines.map((line) => (
                        <Checkbox
                          key={line.lineNumber}
                          label={`${line.quantity - line.refundedQuantity} × ${line.productName}, ${line.unitLabel}`}
                        />
                      ))}
                    </Stack>
                  </Paper>
                ))}
              </SimpleGrid>
              <More list={list} />
            </Stack>
          )
        }
      </Loaded>
    </Page>
  );
}
