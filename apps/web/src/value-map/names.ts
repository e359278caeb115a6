import type { MapArrow, MapParty } from '@foodshed/contracts';
import { useTranslation } from 'react-i18next';
import { useEnterpriseNames } from '../api/lists.js';

/** What parties and reasons of arrows are called. */
export function useMapNames(arrows: readonly MapArrow[]): {
  party: (party: MapParty) => string;
  what: (arrow: Pick<MapArrow, 'line' | 'shareId'>) => string;
} {
  const { t, i18n } = useTranslation();
  const ids = arrows.flatMap(({ from, to }) => [from, to].flatMap(({ id }) => (id === null ? [] : [id])));
  const names = useEnterpriseNames(ids);
  const share = (id: string): string =>
    i18n.exists(`share.${id}`) ? t(`share.${id}` as 'share.referral') : id;
  return {
    party: ({ kind, id }) => (id === null ? t(`party.${kind}`) : (names.get(id) ?? '…')),
    what: ({ line, shareId }) => {
      if (line === 'money') return t('valueMap.goods');
      if (shareId === null) return t(`line.${line}`);
      return line === 'vat' ? `${share(shareId)}, ${t('line.vat')}` : share(shareId);
    },
  };
}
