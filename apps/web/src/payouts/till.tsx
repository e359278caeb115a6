import type { CashHandover, UnconfirmedCapture } from '@foodshed/contracts';
import { Button, Group, Paper, Stack, Text, Title } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { api } from '../api/client.js';
import { useList } from '../api/lists.js';
import { useFormat } from '../format.js';
import { DataTable } from '../shell/data-table.js';
import { Problem } from '../shell/states.js';

/** One hand-over names at most this many payments. */
const AT_ONCE = 200;

/** The cash in a hub's till: handed over together, and what became of it. */
export function TillSection({ hubId }: { hubId: string }) {
  const { t } = useTranslation();
  const format = useFormat();
  const client = useQueryClient();
  const cash = useList<UnconfirmedCapture>('/captures/unconfirmed', { hubId, limit: AT_ONCE });
  const handovers = useList<CashHandover>('/cash-handovers', { hubId });
  const waiting = (cash.items ?? []).filter(({ handoverId }) => handoverId === null);
  const currency = waiting[0]?.currency;
  const together = waiting.filter((capture) => capture.currency === currency).slice(0, AT_ONCE);
  const sum = together.reduce((total, { amountMinor }) => total + amountMinor, 0);
  const record = useMutation({
    mutationFn: () =>
      api(`/hubs/${hubId}/cash-handovers`, {
        method: 'POST',
        body: { captureIds: together.map(({ captureId }) => captureId) },
      }),
    onSuccess: () => client.invalidateQueries(),
  });
  return (
    <Paper component="section">
      <Stack>
        <div>
          <Title order={2} size="h5">
            {t('till.title')}
          </Title>
          <Text size="sm" c="dimmed">
            {t('till.lead')}
          </Text>
        </div>
        <Group>
          <Text>
            {currency === undefined
              ? t('till.empty')
              : t('till.waits', { count: together.length, amount: format.money(sum, currency) })}
          </Text>
          {currency !== undefined && (
            <Button loading={record.isPending} onClick={() => record.mutate()}>
              {t('till.record')}
            </Button>
          )}
        </Group>
        {cash.isError && <Problem error={cash.error} retry={() => void cash.refetch()} />}
        {handovers.isError && <Problem error={handovers.error} retry={() => void handovers.refetch()} />}
        {record.isError && <Problem error={record.error} />}
        {handovers.items && handovers.items.length > 0 && (
          <DataTable
            rows={handovers.items}
            keyOf={({ handoverId }) => handoverId}
            columns={[
              { title: t('statement.when'), cell: (row) => format.dateTime(row.decidedAt ?? row.recordedAt) },
              { title: t('payouts.state'), cell: (row) => t(`till.states.${row.state}`) },
              {
                title: t('statement.amount'),
                isAmount: true,
                cell: (row) => format.money(row.amountMinor, row.currency),
              },
            ]}
          />
        )}
      </Stack>
    </Paper>
  );
}
