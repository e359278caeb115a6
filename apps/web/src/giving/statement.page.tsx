import type { ContributingStatement } from '@foodshed/contracts';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../format.js';
import { FunctionStatement } from '../shell/function-statement.js';

/** The contributing function's own book: what was given through it; nobody is ranked. */
export function ContributingStatementPage() {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <FunctionStatement<ContributingStatement, ContributingStatement['items'][number]>
      path="/contributing/statement"
      title={t('contributing.title')}
      lead={t('contributing.lead')}
      none={t('contributing.none')}
      keyOf={(item) => item.giftId}
      figures={({ currency, ...book }) => [
        { label: t('contributing.given'), value: format.money(book.amountMinor, currency) },
        { label: t('contributing.platformPart'), value: format.money(book.platformPartMinor, currency) },
        { label: t('contributing.givers'), value: format.number(book.givers) },
        { label: t('contributing.receivers'), value: format.number(book.receivers) },
      ]}
      columns={({ currency }) => [
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
  );
}
