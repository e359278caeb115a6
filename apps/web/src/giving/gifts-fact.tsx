import type { ReceivedSummary } from '@foodshed/contracts';
import { useTranslation } from 'react-i18next';
import { type PageOf, useThing } from '../api/lists.js';
import { useFormat } from '../format.js';
import { Fact } from '../home/home-card.js';

/** What was given to somebody this month, by currency. */
export function GiftsFact({ payeeId }: { payeeId: string }) {
  const { t } = useTranslation();
  const format = useFormat();
  const query = useThing<PageOf<ReceivedSummary>>('/gifts/received/summary');
  return (
    <Fact label={t('gift.thisMonth')} to="/gifts" query={query}>
      {({ items }) =>
        items
          .filter(({ payee }) => payee.id === payeeId)
          .map(({ months, currency }) => format.money(months.at(-1)?.amountMinor ?? 0, currency))
          .join(' · ') || '–'
      }
    </Fact>
  );
}
