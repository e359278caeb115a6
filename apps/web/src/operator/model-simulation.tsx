import type { ModelSimulation } from '@foodshed/contracts';
import { Progress, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useEnterpriseNames } from '../api/lists.js';
import { useFormat } from '../format.js';
import { DataTable } from '../shell/data-table.js';
import { Nothing } from '../shell/states.js';
import { differenceOf } from './simulation.js';

/** At most this many people and enterprises are listed. */
const LISTED = 20;

interface Row {
  name: string;
  beforeMinor: number;
  afterMinor: number;
}

function Changes({ rows, title, currency }: { rows: readonly Row[]; title: string; currency: string }) {
  const { t } = useTranslation();
  const format = useFormat();
  const money = (minor: number): string => format.money(minor, currency);
  return (
    <DataTable
      rows={rows}
      minWidth={420}
      keyOf={({ name }) => name}
      columns={[
        { title, cell: ({ name }) => name },
        { title: t('simulation.before'), isAmount: true, cell: (row) => money(row.beforeMinor) },
        { title: t('simulation.after'), isAmount: true, cell: (row) => money(row.afterMinor) },
        {
          title: t('simulation.difference'),
          isAmount: true,
          cell: (row) => (
            <span data-attention={differenceOf(row) < 0 || undefined}>{money(differenceOf(row))}</span>
          ),
        },
      ]}
    />
  );
}

/** How far a simulation is. */
export function SimulationProgress({ done, all }: { done: number; all: number }) {
  const { t } = useTranslation();
  return (
    <Stack gap={4} role="status">
      <Text size="sm">{t('simulation.progress', { done, all })}</Text>
      <Progress value={(100 * done) / all} aria-label={t('simulation.progress', { done, all })} animated />
    </Stack>
  );
}

/** Who would have had what: the take, each function, and those for whom most changes. */
export function Simulated({ result }: { result: ModelSimulation }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { currency, take, netMinor, beneficiaries, functions } = result;
  const differing = beneficiaries.filter((each) => differenceOf(each) !== 0);
  const listed = differing.slice(0, LISTED);
  const names = useEnterpriseNames(
    listed.filter(({ owner }) => owner.kind === 'enterprise').map(({ owner }) => owner.id),
  );
  if (result.saleCount === 0)
    return <Nothing title={t('simulation.none')}>{t('simulation.noneHint')}</Nothing>;
  const part = (minor: number): string =>
    format.percent(Math.round((10_000 * minor) / Math.max(netMinor, 1)));
  const gains = differing.filter((each) => differenceOf(each) > 0).length;
  return (
    <Stack gap="sm">
      <Text size="sm">
        {t('simulation.sales', {
          count: result.saleCount,
          sales: format.number(result.saleCount),
          amount: format.money(netMinor, currency),
        })}
      </Text>
      <Text fw={600}>
        {t('simulation.take', { before: part(take.beforeMinor), after: part(take.afterMinor) })}
      </Text>
      <Text size="sm">
        {t('simulation.who', {
          gain: format.number(gains),
          lose: format.number(differing.length - gains),
          same: format.number(beneficiaries.length - differing.length),
        })}
      </Text>
      <Changes
        title={t('simulation.function')}
        currency={currency}
        rows={[
          ...functions.map(({ functionId, ...change }) => ({ ...change, name: functionId })),
          { ...result.vat, name: t('simulation.vat') },
        ].filter(({ beforeMinor, afterMinor }) => beforeMinor !== 0 || afterMinor !== 0)}
      />
      {listed.length > 0 && (
        <Changes
          title={t('simulation.whom')}
          currency={currency}
          rows={listed.map(({ owner, ...change }) => ({
            ...change,
            name:
              names.get(owner.id) ??
              t(owner.kind === 'person' ? 'simulation.person' : 'simulation.enterprise', {
                id: owner.id.slice(-6),
              }),
          }))}
        />
      )}
      <Text size="xs" c="dimmed">
        {t('simulation.method')}
      </Text>
    </Stack>
  );
}
