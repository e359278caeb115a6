import type { Referral } from '@foodshed/contracts';
import { Badge } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useList } from '../api/lists.js';
import { useFormat } from '../format.js';
import { ListTable } from './data-table.js';

/** Who brought whom to whom: for a hub the producers, for a producer the hubs. */
export function ReferralTable({
  path,
  side,
  noneNext,
}: {
  path: string;
  side: 'hub' | 'producer';
  noneNext: string;
}) {
  const { t } = useTranslation();
  const format = useFormat();
  const list = useList<Referral>(path);
  return (
    <ListTable
      list={list}
      none={t('referrals.none')}
      noneNext={noneNext}
      keyOf={(referral) => referral.referralId}
      columns={[
        { title: t('order.buyer'), cell: (referral) => referral.buyerName },
        {
          title: t(side === 'hub' ? 'referrals.producer' : 'referrals.hub'),
          cell: (referral) => (side === 'hub' ? referral.producerName : referral.hubName),
        },
        { title: t('referrals.via'), cell: (referral) => t(`via.${referral.via}`) },
        { title: t('referrals.since'), cell: (referral) => format.date(referral.boundAt) },
        {
          title: t('order.state'),
          cell: ({ state }) => (
            <Badge variant="dot" color={state === 'standing' ? 'leaf' : 'gray'}>
              {t(`referralState.${state}`)}
            </Badge>
          ),
        },
      ]}
    />
  );
}
