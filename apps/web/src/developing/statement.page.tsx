import type { DevelopingStatement } from '@foodshed/contracts';
import { Anchor } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useList, useThing } from '../api/lists.js';
import { useFormat } from '../format.js';
import { ListTable } from '../shell/data-table.js';
import { Figures } from '../shell/figures.js';
import { Page } from '../shell/page.js';
import { Loaded } from '../shell/states.js';

const path = '/developing/statement';

/** The developing function's own book, for stewards: into escrow, out to teams, back to funders. */
export function DevelopingStatementPage() {
  const { t } = useTranslation();
  const format = useFormat();
  const sums = useThing<DevelopingStatement>(path, { limit: 1 });
  const list = useList<DevelopingStatement['items'][number]>(path);
  return (
    <Page title={t('developing.statement')} lead={t('developing.statementLead')}>
      <Loaded query={sums}>
        {({ currency, ...book }) => (
          <>
            <Figures
              items={[
                { label: t('developing.inEscrow'), value: format.money(book.closingMinor, currency) },
                { label: t('developing.held'), value: format.money(book.heldMinor, currency) },
                { label: t('developing.paid'), value: format.money(book.paidMinor, currency) },
                { label: t('developing.returned'), value: format.money(book.returnedMinor, currency) },
              ]}
            />
            <ListTable
              list={list}
              none={t('developing.nothingMoved')}
              keyOf={(item) => item.movementId}
              columns={[
                { title: t('statement.when'), cell: (item) => format.dateTime(item.movedAt) },
                {
                  title: t('pledge.pitch'),
                  cell: (item) => (
                    <Anchor component={Link} to={`/pitches/${item.pitchId}`} size="sm">
                      {item.pitchTitle}
                    </Anchor>
                  ),
                },
                { title: t('statement.what'), cell: (item) => t(`movement.${item.kind}`) },
                {
                  title: t('statement.amount'),
                  isAmount: true,
                  cell: (item) => format.money(item.changeMinor, currency),
                },
                {
                  title: t('developing.inEscrow'),
                  isAmount: true,
                  cell: (item) => format.money(item.standingMinor, currency),
                },
              ]}
            />
          </>
        )}
      </Loaded>
    </Page>
  );
}
