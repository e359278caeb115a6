import { Button, Checkbox, Group, Paper, Stack, Table, Text, TextInput, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useParams } from 'react-router';
import { type PackingBook, packingBook, packingKey } from '../device/packing-book.js';
import { useTicks, useWaitingTicks } from '../device/use-ticks.js';
import { useFormat } from '../format.js';
import { CardGrid } from '../shell/card-grid.js';
import { csvOf, download } from '../shell/csv.js';
import { Page } from '../shell/page.js';
import { Loaded, Nothing, Problem } from '../shell/states.js';
import { PackingCard } from './packing-card.js';
import { PackingState } from './packing-state.js';
import { isLeftToPack, labelOf, leftOf, matches } from './packing.js';

function Totals({ totals }: { totals: PackingBook['totals'] }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
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
          {totals.map((total) => (
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
  );
}

/** What a producer has to harvest and pack: totals first, then order by order. It also works without a connection. */
export function PackingPage() {
  const { t, i18n } = useTranslation();
  const { producerId = '' } = useParams();
  const format = useFormat();
  const [loaded, setLoaded] = useState(0);
  const query = useQuery({
    queryKey: packingKey(producerId),
    queryFn: () => packingBook(producerId, setLoaded),
  });
  const waiting = useWaitingTicks().filter((tick) => tick.producerId === producerId);
  const { note, dismiss } = useTicks();
  const [failure, setFailure] = useState<unknown>(null);
  const [search, setSearch] = useState('');
  const [onlyLeft, setOnlyLeft] = useState(false);
  const book = query.data?.body;
  const asCsv = ({ orders, names }: PackingBook): string =>
    csvOf(
      [
        ['reference', 'buyer', 'hub', 'placedAt', 'product', 'unit', 'quantity', 'packed'].map((column) =>
          t(`packing.csv.${column as 'reference'}`),
        ),
        ...orders.flatMap((order) =>
          order.lines.map((line) => [
            order.reference,
            names[order.buyer.id] ?? t('order.formerBuyer'),
            names[order.hubId] ?? '',
            format.dateTime(order.placedAt),
            line.productName,
            line.unitLabel,
            leftOf(line),
            t(line.tick?.isPacked ? 'packing.csv.yes' : 'packing.csv.no'),
          ]),
        ),
      ],
      i18n.language,
    );
  return (
    <Page
      title={t('packing.title')}
      lead={t('packing.lead')}
      actions={
        book && (
          <Group gap="xs" className="no-print">
            <Button variant="default" onClick={() => download(`${t('packing.csv.file')}.csv`, asCsv(book))}>
              {t('action.csv')}
            </Button>
            <Button variant="default" onClick={() => window.print()}>
              {t('action.print')}
            </Button>
          </Group>
        )
      }
    >
      {query.isPending && loaded > 0 && (
        <Text role="status" ta="center" c="dimmed">
          {t('packing.loaded', { count: loaded })}
        </Text>
      )}
      <Loaded query={query}>
        {({ body: { orders, totals, names }, keptAt }) => {
          const nameOf = (id: string): string | undefined => names[id];
          const shown = orders.filter(
            (order) => matches(order, nameOf, search) && (!onlyLeft || isLeftToPack(order, waiting)),
          );
          return (
            <Stack>
              <PackingState keptAt={keptAt} waiting={waiting} dismiss={(tick) => void dismiss(tick)} />
              {failure !== null && <Problem error={failure} />}
              {orders.length === 0 ? (
                <Nothing title={t('packing.none')}>{t('packing.noneNext')}</Nothing>
              ) : (
                <>
                  <Totals totals={totals} />
                  <Group align="flex-end" className="no-print">
                    <TextInput
                      type="search"
                      label={t('packing.search')}
                      value={search}
                      onChange={(event) => setSearch(event.currentTarget.value)}
                    />
                    <Checkbox
                      mb={8}
                      label={t('packing.onlyLeft')}
                      checked={onlyLeft}
                      onChange={(event) => setOnlyLeft(event.currentTarget.checked)}
                    />
                  </Group>
                  {shown.length === 0 && <Nothing title={t('packing.nothingFound')} />}
                  <CardGrid items={shown} keyOf={(order) => order.orderId} cardHeight={180}>
                    {(order) => (
                      <PackingCard
                        order={order}
                        nameOf={nameOf}
                        waiting={waiting}
                        tick={(line, isPacked) =>
                          note({
                            producerId,
                            orderId: order.orderId,
                            lineNumber: line.lineNumber,
                            isPacked,
                            quantity: leftOf(line),
                            version: line.tick?.version ?? 0,
                            label: labelOf(order, line),
                          }).catch(setFailure)
                        }
                      />
                    )}
                  </CardGrid>
                </>
              )}
            </Stack>
          );
        }}
      </Loaded>
    </Page>
  );
}
