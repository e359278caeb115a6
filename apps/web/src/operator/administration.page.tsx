import type { LedgerHead } from '@foodshed/contracts';
import { NativeSelect, Paper, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useThing } from '../api/lists.js';
import { useFormat } from '../format.js';
import { DataTable } from '../shell/data-table.js';
import { Figures } from '../shell/figures.js';
import { Page } from '../shell/page.js';
import { Loaded, Nothing } from '../shell/states.js';

interface StatementView {
  currency: string;
  openingMinor: number;
  closingMinor: number;
  items: {
    transactionId: string;
    occurredAt: string;
    kind: string;
    line: string;
    orderId: string;
    amountMinor: number;
    balanceMinor: number;
  }[];
}

/** Administration is a function like the others: its own income, on a statement of its own. */
export function AdministrationPage() {
  const { t } = useTranslation();
  const format = useFormat();
  const [account, setAccount] = useState('administration');
  const query = useThing<StatementView>('/administration/statement', { account });
  const head = useThing<LedgerHead>('/ledger/head');
  return (
    <Page
      title={t('administration.title')}
      lead={t('administration.lead')}
      actions={
        <NativeSelect
          aria-label={t('administration.account')}
          value={account}
          onChange={(event) => setAccount(event.currentTarget.value)}
          data={[
            { value: 'administration', label: t('account.administration') },
            { value: 'payment-costs', label: t('account.payment-costs') },
          ]}
        />
      }
    >
      <Loaded query={query}>
        {(view) => (
          <Stack>
            <Figures
              items={[
                { label: t('statement.opening'), value: format.money(view.openingMinor, view.currency) },
                { label: t('statement.closing'), value: format.money(view.closingMinor, view.currency) },
              ]}
            />
            {view.items.length === 0 ? (
              <Nothing title={t('statement.none')} />
            ) : (
              <Paper>
                <DataTable
                  rows={view.items}
                  keyOf={(item) => `${item.transactionId} ${item.balanceMinor}`}
                  columns={[
                    { title: t('statement.when'), cell: (item) => format.dateTime(item.occurredAt) },
                    { title: t('statement.what'), cell: (item) => t(`line.${item.line as 'share'}`) },
                    {
                      title: t('statement.amount'),
                      isAmount: true,
                      cell: (item) => format.money(item.amountMinor, view.currency),
                    },
                    {
                      title: t('statement.balance'),
                      isAmount: true,
                      cell: (item) => format.money(item.balanceMinor, view.currency),
                    },
                  ]}
                />
              </Paper>
            )}
            {head.data && (
              <Text size="xs" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
                {t('administration.head', { batch: head.data.batch, hash: head.data.hash })}
              </Text>
            )}
          </Stack>
        )}
      </Loaded>
    </Page>
  );
}
