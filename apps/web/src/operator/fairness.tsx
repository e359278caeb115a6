import type { DashboardView } from '@foodshed/contracts';
import { Paper, SimpleGrid, Stack, Text, Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../format.js';
import { DataTable } from '../shell/data-table.js';

/** A figure with the formula that it was computed by. */
function Figure({
  label,
  value,
  formula,
  testId,
}: {
  label: string;
  value: string;
  formula: string;
  testId?: string;
}) {
  return (
    <Paper p="sm">
      <Text size="sm" c="dimmed">
        {label}
      </Text>
      <Text fz={22} fw={650} className="amount" data-testid={testId}>
        {value}
      </Text>
      <Text size="xs" c="dimmed">
        {formula}
      </Text>
    </Paper>
  );
}

function Availability({ availability }: { availability: DashboardView['fairness']['availability'] }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { hours, waiting } = availability;
  const told = (measured: number | undefined, since: string | null): string => {
    if (measured !== undefined) return t('fairness.inHours', { hours: format.number(measured) });
    return since === null ? '–' : t('fairness.since', { at: format.dateTime(since) });
  };
  const figures = [
    ['p50', told(hours?.p50, waiting.p50Since)],
    ['p95', told(hours?.p95, waiting.p95Since)],
    ['worst', told(hours?.worst, waiting.worstSince)],
  ] as const;
  return (
    <Paper>
      <Title order={3} size="h5">
        {t('fairness.hours')}
      </Title>
      <Text size="sm" c="dimmed">
        {t('fairness.hoursFormula')}
      </Text>
      {(hours === null || waiting.orders > 0) && (
        <Text size="sm" mt="xs" className="attention" role="note">
          {t('fairness.notYet', { count: waiting.orders })}
        </Text>
      )}
      {(hours !== null || waiting.orders > 0) && (
        <SimpleGrid cols={{ base: 1, xs: 3 }} mt="xs">
          {figures.map(([name, value]) => (
            <div key={name}>
              <Text size="sm" c="dimmed">
                {t(`fairness.${name}`)}
              </Text>
              <Text fw={650}>{value}</Text>
            </div>
          ))}
        </SimpleGrid>
      )}
    </Paper>
  );
}

/** How the network treats the small: what is taken, how evenly it is earned, how soon it comes; each with its formula. */
export function Fairness({ view }: { view: DashboardView }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { takePerOrder, bySize, concentration, availability } = view.fairness;
  const percent = (bps: number | null): string => (bps === null ? '–' : format.percent(bps));
  const figures = [
    ['takeMiddle', percent(takePerOrder.p50Bps)],
    ['takeWorst', percent(takePerOrder.worstBps)],
    ['bottomHalf', percent(concentration.bottomHalfBps)],
    ['topTenth', percent(concentration.topTenthBps)],
    ['gini', concentration.gini === null ? '–' : format.number(concentration.gini)],
  ] as const;
  return (
    <section aria-labelledby="fairness">
      <Stack gap="sm">
        <Title order={2} size="h4" id="fairness">
          {t('fairness.title')}
        </Title>
        <SimpleGrid cols={{ base: 1, xs: 2, lg: 5 }} spacing="sm">
          {figures.map(([name, value]) => (
            <Figure
              key={name}
              label={t(`fairness.${name}`)}
              value={value}
              formula={t(`fairness.${name}Formula`)}
              testId={`fairness-${name}`}
            />
          ))}
        </SimpleGrid>
        <SimpleGrid cols={{ base: 1, lg: 2 }}>
          <Paper>
            <Title order={3} size="h5">
              {t('fairness.bySize')}
            </Title>
            <Text size="sm" c="dimmed">
              {t('fairness.bySizeFormula')}
            </Text>
            <DataTable
              rows={bySize}
              keyOf={({ size }) => size}
              minWidth={300}
              columns={[
                { title: t('fairness.size'), cell: ({ size }) => t(`fairness.${size}`) },
                {
                  title: t('fairness.producers'),
                  isAmount: true,
                  cell: (row) => format.number(row.producers),
                },
                {
                  title: t('dashboard.gross'),
                  isAmount: true,
                  cell: (row) => format.money(row.grossMinor, view.currency),
                },
                { title: t('dashboard.take'), isAmount: true, cell: (row) => percent(row.takeBps) },
              ]}
            />
          </Paper>
          <Availability availability={availability} />
        </SimpleGrid>
      </Stack>
    </section>
  );
}

/** What was pledged and given, by what became of it. */
export function Funding({ funding }: { funding: DashboardView['funding'] }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { pledges, gifts } = funding;
  if (pledges.length === 0 && gifts.length === 0) return null;
  return (
    <SimpleGrid cols={{ base: 1, lg: 2 }}>
      {pledges.length > 0 && (
        <Paper>
          <Title order={2} size="h4">
            {t('funding.pledges')}
          </Title>
          <DataTable
            rows={pledges}
            keyOf={({ currency }) => currency}
            minWidth={420}
            columns={[
              { title: t('funding.count'), cell: (row) => format.number(row.pledges) },
              ...(['promisedMinor', 'heldMinor', 'paidMinor', 'returnedMinor'] as const).map((figure) => ({
                title: t(`funding.${figure}`),
                isAmount: true,
                cell: (row: (typeof pledges)[number]) => format.money(row[figure], row.currency),
              })),
            ]}
          />
        </Paper>
      )}
      {gifts.length > 0 && (
        <Paper>
          <Title order={2} size="h4">
            {t('funding.gifts')}
          </Title>
          <DataTable
            rows={gifts}
            keyOf={({ currency }) => currency}
            minWidth={300}
            columns={[
              { title: t('funding.count'), cell: (row) => format.number(row.gifts) },
              ...(['amountMinor', 'platformPartMinor'] as const).map((figure) => ({
                title: t(`funding.${figure}`),
                isAmount: true,
                cell: (row: (typeof gifts)[number]) => format.money(row[figure], row.currency),
              })),
            ]}
          />
        </Paper>
      )}
    </SimpleGrid>
  );
}
