import type { MapArrow, MapEntry } from '@foodshed/contracts';
import { Anchor, Drawer } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useList } from '../api/lists.js';
import { useFormat } from '../format.js';
import { ListTable } from '../shell/data-table.js';
import { textOf } from './drawing.js';
import { useMapNames } from './names.js';

type Query = Record<string, string | undefined>;

/** The entries of the ledger that one arrow adds up, newest first, each with the order it belongs to. */
export function ArrowEntries({
  arrow,
  query,
  unit,
  onClose,
}: {
  arrow: MapArrow;
  query: Query;
  unit: string;
  onClose: () => void;
}) {
  const { t } = useTranslation();
  const format = useFormat();
  const names = useMapNames([arrow]);
  const list = useList<MapEntry>('/value-map/entries', {
    ...query,
    giver: textOf(arrow.from),
    receiver: textOf(arrow.to),
    line: arrow.line,
    shareId: arrow.shareId,
  });
  return (
    <Drawer
      opened
      onClose={onClose}
      position="right"
      size="lg"
      title={`${names.party(arrow.from)} → ${names.party(arrow.to)} · ${names.what(arrow)}`}
      closeButtonProps={{ 'aria-label': t('action.close') }}
    >
      <ListTable
        list={list}
        keyOf={(entry) => `${entry.transactionId} ${entry.amountMinor}`}
        none={t('valueMap.noEntries')}
        minWidth={380}
        columns={[
          { title: t('valueMap.recorded'), cell: (entry) => format.dateTime(entry.recordedAt) },
          {
            title: t('valueMap.of'),
            cell: ({ key, batch }) =>
              'orderId' in key ? (
                <Anchor component={Link} to={`/orders/${key.orderId}`}>
                  {t('valueMap.order')}
                </Anchor>
              ) : (
                t('valueMap.batch', { batch })
              ),
          },
          {
            title: t('valueMap.amount'),
            isAmount: true,
            cell: (entry) => format.money(entry.amountMinor, unit),
          },
        ]}
      />
    </Drawer>
  );
}
