import type { PayoutRun } from '@foodshed/contracts';
import { Button, Paper, Stack, Text, Title } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../api/client.js';
import { useList } from '../api/lists.js';
import { useFormat } from '../format.js';
import { DataTable } from '../shell/data-table.js';
import { More } from '../shell/more.js';
import { Page } from '../shell/page.js';
import { Loading, Problem } from '../shell/states.js';
import { HandoversToAnswer, TransfersToConfirm, useAreConfirmationsThere } from './confirmations.js';
import { Run } from './run.js';

/** The instance's part: which money came, and who is paid out of what is available. */
export function PayoutsPage() {
  const { t } = useTranslation();
  const format = useFormat();
  const client = useQueryClient();
  const [chosen, setChosen] = useState<string | null>(null);
  const [idempotencyKey, setKey] = useState(() => crypto.randomUUID());
  const list = useList<PayoutRun>('/payout-runs');
  const areConfirmationsThere = useAreConfirmationsThere();
  const propose = useMutation({
    mutationFn: () => api<PayoutRun>('/payout-runs', { method: 'POST', idempotencyKey }),
    onSuccess: async ({ runId }) => {
      setChosen(runId);
      setKey(crypto.randomUUID());
      await client.invalidateQueries();
    },
  });
  return (
    <Page
      title={t('payouts.title')}
      lead={t('payouts.pageLead')}
      actions={
        <Button loading={propose.isPending} onClick={() => propose.mutate()}>
          {t('payouts.propose')}
        </Button>
      }
    >
      {list.isPending || !areConfirmationsThere ? (
        <Loading />
      ) : (
        <Stack>
          {propose.isError && <Problem error={propose.error} />}
          <Paper component="section">
            <Title order={2} size="h4" mb="xs">
              {t('payouts.runs')}
            </Title>
            {list.items?.length === 0 && <Text c="dimmed">{t('payouts.noRuns')}</Text>}
            {list.items && list.items.length > 0 && (
              <DataTable
                rows={list.items}
                keyOf={({ runId }) => runId}
                columns={[
                  { title: t('statement.when'), cell: (run) => format.dateTime(run.proposedAt) },
                  { title: t('payouts.state'), cell: (run) => t(`payouts.runStates.${run.state}`) },
                  {
                    title: t('payouts.count'),
                    isAmount: true,
                    cell: (run) => format.number(run.payoutCount),
                  },
                  {
                    title: t('statement.amount'),
                    isAmount: true,
                    cell: (run) => format.money(run.totalMinor, run.currency),
                  },
                  {
                    title: t('pledge.actions'),
                    isAmount: true,
                    cell: ({ runId }) => (
                      <Button size="compact-sm" variant="default" onClick={() => setChosen(runId)}>
                        {t('payouts.open')}
                      </Button>
                    ),
                  },
                ]}
              />
            )}
            {list.isError && <Problem error={list.error} retry={() => void list.refetch()} />}
            <More list={list} />
          </Paper>
          {chosen !== null && <Run runId={chosen} />}
          <TransfersToConfirm />
          <HandoversToAnswer />
        </Stack>
      )}
    </Page>
  );
}
