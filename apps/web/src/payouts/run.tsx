import type { Payout, PayoutRun } from '@foodshed/contracts';
import { Anchor, Button, Group, Paper, Stack, Text, Title } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { api } from '../api/client.js';
import { useEnterpriseNames, useThing } from '../api/lists.js';
import { useFormat } from '../format.js';
import { DataTable } from '../shell/data-table.js';
import { Loaded, Problem } from '../shell/states.js';

/** What can be said next of a payout in each state. */
const NEXT = {
  reserved: [],
  sent: ['settled', 'returned', 'review'],
  review: ['settled', 'returned'],
  settled: ['returned'],
  returned: [],
  cancelled: [],
} as const;
const STEPS = {
  proposed: ['approved', 'cancelled'],
  approved: ['sent', 'cancelled'],
  sent: [],
  closed: [],
  cancelled: [],
} as const;

function Payouts({ payouts }: { payouts: readonly Payout[] }) {
  const { t } = useTranslation();
  const format = useFormat();
  const client = useQueryClient();
  const names = useEnterpriseNames(
    payouts.flatMap(({ ownerKind, ownerId }) => (ownerKind === 'enterprise' ? [ownerId] : [])),
  );
  const change = useMutation({
    mutationFn: ({ payoutId, state }: { payoutId: string; state: string }) =>
      api(`/payouts/${payoutId}/state`, { method: 'PUT', body: { state } }),
    onSuccess: () => client.invalidateQueries(),
  });
  return (
    <>
      <DataTable
        rows={payouts}
        keyOf={({ payoutId }) => payoutId}
        columns={[
          {
            title: t('payouts.payee'),
            cell: (row) =>
              row.ownerKind === 'person' ? t('payouts.aPerson') : (names.get(row.ownerId) ?? '…'),
          },
          { title: t('paidTo.way'), cell: (row) => t(`paidTo.ways.${row.way}`) },
          { title: t('payouts.state'), cell: (row) => t(`payouts.states.${row.state}`) },
          {
            title: t('statement.amount'),
            isAmount: true,
            cell: (row) => format.money(row.amountMinor, row.currency),
          },
          {
            title: t('pledge.actions'),
            isAmount: true,
            cell: ({ payoutId, state }) => (
              <Group gap="xs" justify="flex-end">
                {NEXT[state].map((next) => (
                  <Button
                    key={next}
                    size="compact-sm"
                    variant="default"
                    onClick={() => change.mutate({ payoutId, state: next })}
                  >
                    {t(`payouts.outcomes.${next}`)}
                  </Button>
                ))}
              </Group>
            ),
          },
        ]}
      />
      {change.isError && <Problem error={change.error} />}
    </>
  );
}

/** One run with its payouts: approved by somebody, sent by a file, and what the bank did with each. */
export function Run({ runId }: { runId: string }) {
  const { t } = useTranslation();
  const format = useFormat();
  const client = useQueryClient();
  const path = `/payout-runs/${runId}`;
  const query = useThing<{ run: PayoutRun; payouts: { items: Payout[] } }>(path, { limit: 200 });
  const change = useMutation({
    mutationFn: (state: string) => api(`${path}/state`, { method: 'PUT', body: { state } }),
    onSuccess: () => client.invalidateQueries(),
  });
  return (
    <Loaded query={query}>
      {({ run, payouts }) => (
        <Paper component="section">
          <Stack>
            <Title order={2} size="h4">
              {t('payouts.runOf', { at: format.dateTime(run.proposedAt) })}
            </Title>
            {run.state === 'proposed' && run.needsSecondPerson && (
              <Text size="sm">{t('payouts.needsSecond')}</Text>
            )}
            <Group>
              {STEPS[run.state].map((state) => (
                <Button
                  key={state}
                  variant={state === 'cancelled' ? 'default' : 'filled'}
                  loading={change.isPending && change.variables === state}
                  onClick={() => change.mutate(state)}
                >
                  {t(`payouts.steps.${state}`)}
                </Button>
              ))}
              {run.hasFile && (
                <Anchor href={`/api${path}/file`} download underline="always">
                  {t('payouts.file')}
                </Anchor>
              )}
            </Group>
            {change.isError && <Problem error={change.error} />}
            <Payouts payouts={payouts.items} />
          </Stack>
        </Paper>
      )}
    </Loaded>
  );
}
