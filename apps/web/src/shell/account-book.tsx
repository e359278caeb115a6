import type { AccountEntry, LedgerAccount } from '@foodshed/contracts';
import { Anchor, Paper, Stack, Tabs, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useList, useThing } from '../api/lists.js';
import { useFormat } from '../format.js';
import { DataTable } from './data-table.js';
import { Figures } from './figures.js';
import { More } from './more.js';
import { StatementFile } from './statement-file.js';
import { Loaded, Nothing } from './states.js';

/** The entries of an account, newest first; of none while it is not known. */
export function useEntries(account: LedgerAccount | undefined) {
  return useList<AccountEntry>(`/accounts/${account?.accountId}/entries`, {}, account !== undefined);
}

function Entries({ account }: { account: LedgerAccount }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { currency } = account.account;
  const list = useEntries(account);
  return (
    <Loaded query={list}>
      {() => (
        <>
          <DataTable
            rows={list.items!}
            keyOf={(entry) => entry.version}
            columns={[
              { title: t('statement.when'), cell: (entry) => format.dateTime(entry.occurredAt) },
              {
                title: t('statement.what'),
                cell: (entry) => (
                  <>
                    {t(`line.${entry.line}`)}
                    {'orderId' in entry.key && (
                      <>
                        {' · '}
                        <Anchor
                          component={Link}
                          size="sm"
                          underline="always"
                          to={`/orders/${entry.key.orderId}`}
                        >
                          {t('statement.toOrder')}
                        </Anchor>
                      </>
                    )}
                  </>
                ),
              },
              {
                title: t('statement.amount'),
                isAmount: true,
                cell: (entry) => (
                  <span data-attention={entry.changeMinor < 0 || undefined}>
                    {format.money(entry.changeMinor, currency)}
                  </span>
                ),
              },
              {
                title: t('statement.balance'),
                isAmount: true,
                cell: (entry) => format.money(entry.standingMinor, currency),
              },
            ]}
          />
          <More list={list} />
          <StatementFile accountId={account.accountId} />
        </>
      )}
    </Loaded>
  );
}

/** The accounts of one owner. */
export function useAccounts(ownerKind: 'person' | 'enterprise', ownerId: string) {
  return useThing<{ items: LedgerAccount[] }>('/accounts', { ownerKind, ownerId });
}

/** The accounts of one owner with their balances, and the entries of the one that is looked at. */
export function AccountBook({
  ownerKind,
  ownerId,
  none,
}: {
  ownerKind: 'person' | 'enterprise';
  ownerId: string;
  none: string;
}) {
  const { t } = useTranslation();
  const format = useFormat();
  const query = useAccounts(ownerKind, ownerId);
  const [chosen, setChosen] = useState<string | null>(null);
  return (
    <Loaded query={query}>
      {({ items }) => {
        const first = items[0];
        if (!first) return <Nothing title={t('statement.none')}>{none}</Nothing>;
        const account = items.find((item) => item.accountId === chosen) ?? first;
        return (
          <Stack>
            <Figures
              items={items.map((item) => ({
                label: t(`account.${item.account.purpose}`),
                value: format.money(item.standingMinor, item.account.currency),
                hint: t(`accountHint.${item.account.purpose}`),
                testId: `balance-${item.account.purpose}`,
              }))}
            />
            <Paper>
              <Tabs value={account.accountId} onChange={setChosen} keepMounted={false}>
                <Tabs.List mb="xs">
                  {items.map((item) => (
                    <Tabs.Tab key={item.accountId} value={item.accountId}>
                      {t(`account.${item.account.purpose}`)}{' '}
                      <Text span size="xs">
                        {item.account.currency}
                      </Text>
                    </Tabs.Tab>
                  ))}
                </Tabs.List>
                {items.map((item) => (
                  <Tabs.Panel key={item.accountId} value={item.accountId}>
                    <Entries account={item} />
                  </Tabs.Panel>
                ))}
              </Tabs>
            </Paper>
          </Stack>
        );
      }}
    </Loaded>
  );
}
