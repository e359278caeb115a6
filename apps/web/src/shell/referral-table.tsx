import type { Referral } from '@foodshed/contracts';
import { Badge, Paper, Table } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useList } from '../api/lists.js';
import { useFormat } from '../format.js';
import { More } from './more.js';
import { Loaded, Nothing } from './states.js';

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
    <Loaded query={list}>
      {() =>
        list.items!.length === 0 ? (
          <Nothing title={t('referrals.none')}>{noneNext}</Nothing>
        ) : (
          <Paper>
            <Table.ScrollContainer minWidth={560}>
              <Table>
                <Table.Thead>
                  <Table.Tr>
                    <Table.Th>{t('order.buyer')}</Table.Th>
                    <Table.Th>{t(side === 'hub' ? 'referrals.producer' : 'referrals.hub')}</Table.Th>
                    <Table.Th>{t('referrals.via')}</Table.Th>
                    <Table.Th>{t('referrals.since')}</Table.Th>
                    <Table.Th>{t('order.state')}</Table.Th>
                  </Table.Tr>
                </Table.Thead>
                <Table.Tbody>
                  {list.items!.map((referral) => (
                    <Table.Tr key={referral.referralId}>
                      <Table.Td>{referral.buyerName}</Table.Td>
                      <Table.Td>{side === 'hub' ? referral.producerName : referral.hubName}</Table.Td>
                      <Table.Td>{t(`via.${referral.via}`)}</Table.Td>
                      <Table.Td>{format.date(referral.boundAt)}</Table.Td>
                      <Table.Td>
                        <Badge variant="dot" color={referral.state === 'standing' ? 'leaf' : 'gray'}>
                          {t(`referralState.${referral.state}`)}
                        </Badge>
                      </Table.Td>
                    </Table.Tr>
                  ))}
                </Table.Tbody>
              </Table>
            </Table.ScrollContainer>
            <More list={list} />
          </Paper>
        )
      }
    </Loaded>
  );
}
