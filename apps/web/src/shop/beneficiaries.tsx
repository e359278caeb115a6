import type { StandingSplit } from '@foodshed/contracts';
import { Group, Stack, Table, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useEnterpriseNames } from '../api/lists.js';
import { useFormat } from '../format.js';
import { chartColors } from '../shell/colors.js';
import { ShareBar } from '../shell/share-bar.js';

interface Row {
  key: string;
  name: string;
  why: string;
  amountMinor: number;
  color: string;
}

/** Adds up a split by who gets what: producers first, then the shares of each function, then the hub's fee. */
export function beneficiaryRows(
  standing: StandingSplit[],
): { key: string; kind: 'producer' | 'share'; id: string; amountMinor: number }[] {
  const rows = new Map<
    string,
    { key: string; kind: 'producer' | 'share'; id: string; amountMinor: number }
  >();
  const add = (kind: 'producer' | 'share', id: string, amountMinor: number): void => {
    const key = `${kind}:${id}`;
    const row = rows.get(key) ?? { key, kind, id, amountMinor: 0 };
    rows.set(key, { ...row, amountMinor: row.amountMinor + amountMinor });
  };
  for (const split of standing) add('producer', split.producerId, split.residualMinor);
  for (const split of standing) {
    for (const share of split.shares) add('share', share.shareId, share.amountMinor + share.vatMinor);
  }
  return [...rows.values()].filter((row) => row.amountMinor !== 0);
}

/** Who gets what of an order, to the cent, as a bar and as a table whose sum is what the buyer pays. */
export function Beneficiaries({
  standing,
  hubFeeMinor,
  hubName,
  currency,
}: {
  standing: StandingSplit[];
  hubFeeMinor: number;
  hubName: string;
  currency: string;
}) {
  const { t, i18n } = useTranslation();
  const format = useFormat();
  const producers = useEnterpriseNames(standing.map((split) => split.producerId));
  const shareName = (id: string): string =>
    i18n.exists(`share.${id}`) ? t(`share.${id}` as 'share.referral') : id;
  const rows: Row[] = beneficiaryRows(standing).map((row) => ({
    key: row.key,
    name: row.kind === 'producer' ? (producers.get(row.id) ?? '…') : shareName(row.id),
    why: row.kind === 'producer' ? t('split.producer') : t('split.share'),
    amountMinor: row.amountMinor,
    color: '',
  }));
  if (hubFeeMinor > 0)
    rows.push({ key: 'hub-fee', name: hubName, why: t('split.hubFee'), amountMinor: hubFeeMinor, color: '' });
  const total = rows.reduce((sum, row) => sum + row.amountMinor, 0);
  rows.forEach((row, index) => (row.color = chartColors[index % chartColors.length]!));
  return (
    <Stack gap="sm" data-testid="beneficiaries">
      <ShareBar parts={rows} />
      <Table verticalSpacing={6}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t('split.who')}</Table.Th>
            <Table.Th className="amount">{t('split.gets')}</Table.Th>
            <Table.Th className="amount">{t('split.part')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map((row) => (
            <Table.Tr key={row.key}>
              <Table.Td>
                <Group gap={8} wrap="nowrap" align="flex-start">
                  <span aria-hidden className="swatch" style={{ background: row.color }} />
                  <div>
                    <Text size="sm">{row.name}</Text>
                    <Text size="xs" c="dimmed">
                      {row.why}
                    </Text>
                  </div>
                </Group>
              </Table.Td>
              <Table.Td className="amount">{format.money(row.amountMinor, currency)}</Table.Td>
              <Table.Td className="amount">
                {format.percent(total ? (row.amountMinor * 10_000) / total : 0)}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
        <Table.Tfoot>
          <Table.Tr>
            <Table.Th>{t('split.youPay')}</Table.Th>
            <Table.Th className="amount">{format.money(total, currency)}</Table.Th>
            <Table.Th />
          </Table.Tr>
        </Table.Tfoot>
      </Table>
    </Stack>
  );
}
