import type { CashHandover, UnconfirmedCapture } from '@foodshed/contracts';
import { Anchor, Button, Group, Paper, Stack, Text, Title } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { api } from '../api/client.js';
import { useEnterpriseNames, useList } from '../api/lists.js';
import { useFormat } from '../format.js';
import { DataTable } from '../shell/data-table.js';
import { More } from '../shell/more.js';
import { Problem } from '../shell/states.js';

const useTransfers = () => useList<UnconfirmedCapture>('/captures/unconfirmed');
const useHandovers = () => useList<CashHandover>('/cash-handovers');

/** Whether both sections have what they show, so that the page shows all of its parts at once. */
export function useAreConfirmationsThere(): boolean {
  const [transfers, handovers] = [useTransfers(), useHandovers()];
  return !transfers.isPending && !handovers.isPending;
}

/** Transfers of orders that nobody saw in the bank yet: a steward says that they came. */
export function TransfersToConfirm() {
  const { t } = useTranslation();
  const format = useFormat();
  const client = useQueryClient();
  const list = useTransfers();
  const confirm = useMutation({
    mutationFn: (captureId: string) =>
      api('/captures/confirmations', { method: 'POST', body: { captureIds: [captureId] } }),
    onSuccess: () => client.invalidateQueries(),
  });
  return (
    <Paper component="section">
      <Stack>
        <Title order={2} size="h4">
          {t('moneyCame.transfers')}
        </Title>
        {list.items?.length === 0 && <Text c="dimmed">{t('moneyCame.noTransfers')}</Text>}
        {list.items && list.items.length > 0 && (
          <DataTable
            rows={list.items}
            keyOf={({ captureId }) => captureId}
            columns={[
              { title: t('statement.when'), cell: (row) => format.dateTime(row.takenAt) },
              {
                title: t('statement.what'),
                cell: (row) => (
                  <Anchor component={Link} size="sm" underline="always" to={`/orders/${row.orderId}`}>
                    {t('statement.toOrder')}
                  </Anchor>
                ),
              },
              {
                title: t('statement.amount'),
                isAmount: true,
                cell: (row) => format.money(row.amountMinor, row.currency),
              },
              {
                title: t('pledge.actions'),
                isAmount: true,
                cell: (row) => (
                  <Button
                    size="compact-sm"
                    loading={confirm.isPending && confirm.variables === row.captureId}
                    aria-label={t('moneyCame.cameNamed', {
                      amount: format.money(row.amountMinor, row.currency),
                    })}
                    onClick={() => confirm.mutate(row.captureId)}
                  >
                    {t('moneyCame.came')}
                  </Button>
                ),
              },
            ]}
          />
        )}
        <More list={list} />
        {list.isError && <Problem error={list.error} retry={() => void list.refetch()} />}
        {confirm.isError && <Problem error={confirm.error} />}
      </Stack>
    </Paper>
  );
}

/** Cash that hubs say they handed over: a steward says whether the instance received it. */
export function HandoversToAnswer() {
  const { t } = useTranslation();
  const format = useFormat();
  const client = useQueryClient();
  const list = useHandovers();
  const names = useEnterpriseNames((list.items ?? []).map(({ hubId }) => hubId));
  const answer = useMutation({
    mutationFn: ({ handoverId, state }: { handoverId: string; state: 'received' | 'refused' }) =>
      api(`/cash-handovers/${handoverId}/state`, { method: 'PUT', body: { state } }),
    onSuccess: () => client.invalidateQueries(),
  });
  const waiting = list.items?.filter(({ state }) => state === 'recorded');
  return (
    <Paper component="section">
      <Stack>
        <Title order={2} size="h4">
          {t('moneyCame.handovers')}
        </Title>
        {waiting?.length === 0 && <Text c="dimmed">{t('moneyCame.noHandovers')}</Text>}
        {waiting && waiting.length > 0 && (
          <DataTable
            rows={waiting}
            keyOf={({ handoverId }) => handoverId}
            columns={[
              { title: t('statement.when'), cell: (row) => format.dateTime(row.recordedAt) },
              { title: t('moneyCame.hub'), cell: (row) => names.get(row.hubId) ?? '…' },
              {
                title: t('statement.amount'),
                isAmount: true,
                cell: (row) => format.money(row.amountMinor, row.currency),
              },
              {
                title: t('pledge.actions'),
                isAmount: true,
                cell: ({ handoverId }) => (
                  <Group gap="xs" justify="flex-end">
                    {(['received', 'refused'] as const).map((state) => (
                      <Button
                        key={state}
                        size="compact-sm"
                        variant={state === 'received' ? 'filled' : 'default'}
                        onClick={() => answer.mutate({ handoverId, state })}
                      >
                        {t(`moneyCame.answers.${state}`)}
                      </Button>
                    ))}
                  </Group>
                ),
              },
            ]}
          />
        )}
        {list.isError && <Problem error={list.error} retry={() => void list.refetch()} />}
        {answer.isError && <Problem error={answer.error} />}
      </Stack>
    </Paper>
  );
}
