import type { ContributingStatement } from '@foodshed/contracts';
import { useTranslation } from 'react-i18next';
import { useList, useThing } from '../api/lists.js';
import { useFormat } from '../format.js';
import { ListTable } from '../shell/data-table.js';
import { Figures } from '../shell/figures.js';
import { Page } from '../shell/page.js';
import { Loaded } from '../shell/states.js';

const path = '/contributing/statement';

/** The contributing function's own book, for stewards: what was given through it; nobody is ranked. */
export function ContributingStatementPage() {
  const { t } = useTranslation();
  const format = useFormat();
  const sums = useThing<ContributingStatement>(path, { limit: 1 });
  const list = useList<ContributingStatement['items'][number]>(path);
  return (
    <Page title={t('contributing.title')} lead={t('contributing.lead')}>
      <Loaded query={sums}>
        {({ currency, ...book }) => (
          <>
            <Figures
              items={[
                { label: t('contributing.given'), value: format.money(book.amountMinor, currency) },
                {
                  label: t('contributing.platformPart'),
                  value: format.money(book.platformPartMinor, currency),
                },
                { label: t('contributing.givers'), value: format.number(book.givers) },
                { label: t('contributing.receivers'), value: format.number(book.receivers) },
              ]}
            />
            <ListTable
              list={list}
              none={t('contributing.none')}
              keyOf={(item) => item.giftId}
              columns={[
                { title: t('statement.when'), cell: (item) => format.dateTime(item.givenAt) },
                { title: t('gift.giver'), cell: (item) => t(`contributing.giver.${item.giverKind}`) },
                { title: t('gift.receiver'), cell: (item) => item.receiverName ?? t('give.aPerson') },
                {
                  title: t('statement.amount'),
                  isAmount: true,
                  cell: (item) => format.money(item.amountMinor, currency),
                },
                {
                  title: t('contributing.platformPart'),
                  isAmount: true,
                  cell: (item) => format.money(item.platformPartMinor, currency),
                },
              ]}
            />
          </>
        )}
      </Loaded>
    </Page>
  );
}
