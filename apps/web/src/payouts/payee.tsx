import type { Payee, Payout } from '@foodshed/contracts';
import { Paper, Stack, Text, Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useList, useThing } from '../api/lists.js';
import { useFormat } from '../format.js';
import { DataTable } from '../shell/data-table.js';
import { More } from '../shell/more.js';
import { Loaded, Problem } from '../shell/states.js';
import { PayeeForm } from './payee-form.js';

type Owner = { ownerKind: 'person' | 'enterprise'; ownerId: string };

const payeePath = ({ ownerKind, ownerId }: Owner): string => `/payees/${ownerKind}/${ownerId}`;
const usePayouts = ({ ownerKind, ownerId }: Owner) => useList<Payout>('/payouts', { ownerKind, ownerId });

/** Whether the section has what it shows, so that a page shows all of its parts at once. */
export function useIsPayeeThere(owner: Owner): boolean {
  const [payee, payouts] = [useThing<{ payee: Payee | null }>(payeePath(owner)), usePayouts(owner)];
  return !payee.isPending && !payouts.isPending;
}

function PaidOut(owner: Owner) {
  const { t } = useTranslation();
  const format = useFormat();
  const list = usePayouts(owner);
  if (list.isError) return <Problem error={list.error} retry={() => void list.refetch()} />;
  if (!list.items || list.items.length === 0) {
    return (
      <Text size="sm" c="dimmed">
        {t('payouts.none')}
      </Text>
    );
  }
  return (
    <>
      <DataTable
        rows={list.items}
        keyOf={({ payoutId }) => payoutId}
        columns={[
          { title: t('statement.when'), cell: (row) => format.dateTime(row.changedAt) },
          { title: t('payouts.state'), cell: (row) => t(`payouts.states.${row.state}`) },
          {
            title: t('statement.amount'),
            isAmount: true,
            cell: (row) => format.money(row.amountMinor, row.currency),
          },
        ]}
      />
      <More list={list} />
    </>
  );
}

/** How somebody is paid what they have available, and what was paid. */
export function PayeeSection(owner: Owner) {
  const { t } = useTranslation();
  const path = payeePath(owner);
  const query = useThing<{ payee: Payee | null }>(path);
  return (
    <Paper component="section">
      <Stack>
        <div>
          <Title order={2} size="h5">
            {t('payouts.title')}
          </Title>
          <Text size="sm" c="dimmed">
            {t('payouts.lead')}
          </Text>
        </div>
        <Loaded query={query}>{({ payee }) => <PayeeForm path={path} payee={payee} />}</Loaded>
        <PaidOut {...owner} />
      </Stack>
    </Paper>
  );
}
