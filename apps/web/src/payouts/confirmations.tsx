import type { CashHandover, UnconfirmedCapture } from '@foodshed/contracts';
import { Anchor, Button, Checkbox, Group, Paper, Stack, Text, Title } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { api } from '../api/client.js';
import { useEnterpriseNames, useList } from '../api/lists.js';
import { useFormat } from '../format.js';
import { DataTable } from '../shell/data-table.js';
import { More } from '../shell/more.js';
import { Problem } from '../shell/states.js';

/** One request takes at most this many. */
const CONFIRMED_AT_ONCE = 200;

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
  const [chosenIds, setChosenIds] = useState<ReadonlySet<string>>(new Set());
  const transfers = list.items ?? [];
  const chosen = transfers.filter(({ captureId }) => chosenIds.has(captureId));
  const sumOf = (rows: readonly UnconfirmedCapture[]): string =>
    format.money(
      rows.reduce((sum, { amountMinor }) => sum + amountMinor, 0),
      rows[0]?.currency ?? 'EUR',
    );
  const choose = (rows: readonly UnconfirmedCapture[], isChosen: boolean): void => {
    const ids = new Set(chosenIds);
    for (const { captureId } of rows) {
      if (isChosen) ids.add(captureId);
      else ids.delete(captureId);
    }
    setChosenIds(ids);
  };
  const confirm = useMutation({
    // What is confirmed already stays so, so that a part may be sent again after a lost answer.
    mutationFn: async (captureIds: readonly string[]) => {
      for (let from = 0; from < captureIds.length; from += CONFIRMED_AT_ONCE) {
        const body = { captureIds: captureIds.slice(from, from + CONFIRMED_AT_ONCE) };
        await api('/captures/confirmations', { method: 'POST', body });
      }
    },
    onSuccess: () => setChosenIds(new Set()),
    onSettled: () => client.invalidateQueries(),
  });
  return (
    <Paper component="section">
      <Stack>
        <Group justify="space-between">
          <Title order={2} size="h4">
            {t('moneyCame.transfers')}
          </Title>
          {transfers.length > 0 && (
            <Button
              loading={confirm.isPending}
              disabled={chosen.length === 0}
              onClick={() => confirm.mutate(chosen.map(({ captureId }) => captureId))}
            >
              {chosen.length === 0
                ? t('moneyCame.chooseSome')
                : t('moneyCame.came', { count: chosen.length, amount: sumOf(chosen) })}
            </Button>
          )}
        </Group>
        {list.items?.length === 0 && <Text c="dimmed">{t('moneyCame.noTransfers')}</Text>}
        {transfers.length > 0 && (
          <TransfersTable transfers={transfers} chosenIds={chosenIds} choose={choose} />
        )}
        <More list={list} />
        {list.isError && <Problem error={list.error} retry={() => void list.refetch()} />}
        {confirm.isError && <Problem error={confirm.error} />}
      </Stack>
    </Paper>
  );
}

function TransfersTable({
  transfers,
  chosenIds,
  choose,
}: {
  transfers: readonly UnconfirmedCapture[];
  chosenIds: ReadonlySet<string>;
  choose: (rows: readonly UnconfirmedCapture[], isChosen: boolean) => void;
}) {
  const { t } = useTranslation();
  const format = useFormat();
  const chosen = transfers.filter(({ captureId }) => chosenIds.has(captureId));
  return (
    <DataTable
      rows={transfers}
      keyOf={({ captureId }) => captureId}
      columns={[
        {
          title: (
            <Checkbox
              aria-label={t('moneyCame.chooseAll')}
              checked={chosen.length === transfers.length}
              indeterminate={chosen.length > 0 && chosen.length < transfers.length}
              onChange={(event) => choose(transfers, event.currentTarget.checked)}
            />
          ),
          cell: (row) => (
            <Checkbox
              aria-label={t('moneyCame.choose', {
                amount: format.money(row.amountMinor, row.currency),
                when: format.dateTime(row.takenAt),
              })}
              checked={chosenIds.has(row.captureId)}
              onChange={(event) => choose([row], event.currentTarget.checked)}
            />
          ),
          width: 40,
        },
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
      ]}
    />
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
