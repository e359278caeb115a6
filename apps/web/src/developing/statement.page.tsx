import type { DevelopingStatement } from '@foodshed/contracts';
import { Anchor } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useFormat } from '../format.js';
import { FunctionStatement } from '../shell/function-statement.js';

/** The developing function's own book: into escrow, out to teams, back to funders. */
export function DevelopingStatementPage() {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <FunctionStatement<DevelopingStatement, DevelopingStatement['items'][number]>
      path="/developing/statement"
      title={t('developing.statement')}
      lead={t('developing.statementLead')}
      none={t('developing.nothingMoved')}
      keyOf={(item) => item.movementId}
      figures={({ currency, ...book }) => [
        { label: t('developing.inEscrow'), value: format.money(book.closingMinor, currency) },
        { label: t('developing.held'), value: format.money(book.heldMinor, currency) },
        { label: t('developing.paid'), value: format.money(book.paidMinor, currency) },
        { label: t('developing.returned'), value: format.money(book.returnedMinor, currency) },
      ]}
      columns={({ currency }) => [
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
  );
}
