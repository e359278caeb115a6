import type { DashboardFigures, DashboardView } from '@foodshed/contracts';
import { Badge, Paper, SimpleGrid, Stack, Text, TextInput, Title } from '@mantine/core';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useThing } from '../api/lists.js';
import { useFormat } from '../format.js';
import { Chart } from '../shell/chart.js';
import { DataTable } from '../shell/data-table.js';
import { Figures } from '../shell/figures.js';
import { Page } from '../shell/page.js';
import { Loaded, Nothing } from '../shell/states.js';
import { Fairness, Funding } from './fairness.js';
import { useLiveDashboard } from './live.js';

function WeeksCharts({ view }: { view: DashboardView }) {
  const { t } = useTranslation();
  const format = useFormat();
  const weeks = view.weeks.map((week) => format.day(week.weekStartsOn));
  const scale = 10 ** format.decimals(view.currency);
  const money = useMemo(
    () => ({
      tooltip: {
        trigger: 'axis',
        valueFormatter: (value: number) => format.money(Math.round(value * scale), view.currency),
      },
      // Room for names in two lines, so that nobody has to leaf through them.
      legend: { bottom: 0, itemWidth: 12, itemHeight: 12, itemGap: 12 },
      grid: { left: 8, right: 8, top: 16, bottom: 56, containLabel: true },
      xAxis: { type: 'category', data: weeks },
      yAxis: { type: 'value', axisLabel: { formatter: format.number } },
      series: [
        {
          name: t('dashboard.producers'),
          type: 'bar',
          stack: 'money',
          data: view.weeks.map((week) => week.producersMinor / scale),
        },
        {
          name: t('dashboard.commission'),
          type: 'bar',
          stack: 'money',
          data: view.weeks.map((week) => week.commissionMinor / scale),
        },
        {
          name: t('dashboard.platform'),
          type: 'bar',
          stack: 'money',
          data: view.weeks.map((week) => week.platformMinor / scale),
        },
        {
          name: t('dashboard.paymentCosts'),
          type: 'bar',
          stack: 'money',
          data: view.weeks.map((week) => week.paymentCostsMinor / scale),
        },
      ],
    }),
    // The drawing depends on the figures and the language only; the formatter is made anew by every render.
    [view.weeks, t], // eslint-disable-line react-hooks/exhaustive-deps
  );
  const orders = useMemo(
    () => ({
      tooltip: { trigger: 'axis' },
      grid: { left: 8, right: 8, top: 16, bottom: 8, containLabel: true },
      xAxis: { type: 'category', data: weeks },
      yAxis: { type: 'value', minInterval: 1, axisLabel: { formatter: format.number } },
      series: [
        { name: t('dashboard.ordersPaid'), type: 'bar', data: view.weeks.map((week) => week.ordersPaid) },
      ],
    }),
    [view.weeks, t], // eslint-disable-line react-hooks/exhaustive-deps
  );
  return (
    <SimpleGrid cols={{ base: 1, lg: 2 }}>
      <Paper>
        <Title order={2} size="h4">
          {t('dashboard.whereMoneyGoes')}
        </Title>
        <Chart option={money} label={t('dashboard.whereMoneyGoesLabel')} />
      </Paper>
      <Paper>
        <Title order={2} size="h4">
          {t('dashboard.ordersByWeek')}
        </Title>
        <Chart option={orders} label={t('dashboard.ordersByWeekLabel')} />
      </Paper>
    </SimpleGrid>
  );
}

type Named = DashboardFigures & { enterpriseId: string; name: string };

function ByEnterprise({ title, rows, currency }: { title: string; rows: Named[]; currency: string }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <Paper>
      <Title order={2} size="h4" mb="xs">
        {title}
      </Title>
      <DataTable
        rows={rows}
        keyOf={(row) => row.enterpriseId}
        columns={[
          { title: t('dashboard.name'), cell: (row) => row.name },
          {
            title: t('dashboard.ordersPaid'),
            isAmount: true,
            cell: (row) => format.number(row.ordersPaid),
          },
          {
            title: t('dashboard.gross'),
            isAmount: true,
            cell: (row) => format.money(row.grossMinor, currency),
          },
          {
            title: t('dashboard.producers'),
            isAmount: true,
            cell: (row) => format.money(row.producersMinor, currency),
          },
          {
            title: t('dashboard.commission'),
            isAmount: true,
            cell: (row) => format.money(row.commissionMinor, currency),
          },
          {
            title: t('dashboard.take'),
            isAmount: true,
            cell: (row) => (row.effectiveTakeBps === null ? '–' : format.percent(row.effectiveTakeBps)),
          },
        ]}
      />
    </Paper>
  );
}

/** The operators' figures, live: what was sold, where the money went, and what the platform took of it. */
export function DashboardPage() {
  const { t } = useTranslation();
  const format = useFormat();
  const [period, setPeriod] = useState<{ from?: string; to?: string }>({});
  const query = useThing<DashboardView>('/dashboard', period);
  const isLive = useLiveDashboard();
  return (
    <Page
      title={t('dashboard.title')}
      lead={t('dashboard.lead')}
      size="xl"
      actions={
        <>
          {(['from', 'to'] as const).map((end) => (
            <TextInput
              key={end}
              type="date"
              size="xs"
              label={t(`dashboard.${end}`)}
              value={period[end] ?? ''}
              onChange={(event) => setPeriod({ ...period, [end]: event.currentTarget.value })}
            />
          ))}
          <Badge color={isLive ? 'leaf' : 'gray'} variant="dot" data-testid="live">
            {t(isLive ? 'dashboard.live' : 'dashboard.notLive')}
          </Badge>
        </>
      }
    >
      <Loaded query={query}>
        {(view) =>
          view.totals.ordersPlaced === 0 ? (
            <Nothing title={t('dashboard.none')}>{t('dashboard.noneNext')}</Nothing>
          ) : (
            <Stack gap="lg">
              <Figures
                items={[
                  {
                    label: t('dashboard.orders'),
                    value: format.number(view.totals.ordersPlaced),
                    hint: t('dashboard.ordersHint', {
                      paid: format.number(view.totals.ordersPaid),
                      closed: format.number(view.totals.ordersClosed),
                    }),
                    testId: 'orders-placed',
                  },
                  {
                    label: t('dashboard.gross'),
                    value: format.money(view.totals.grossMinor, view.currency),
                    testId: 'gross',
                  },
                  {
                    label: t('dashboard.take'),
                    value:
                      view.totals.effectiveTakeBps === null
                        ? '–'
                        : format.percent(view.totals.effectiveTakeBps),
                    hint: t('dashboard.takeHint', {
                      amount: format.money(view.totals.platformMinor, view.currency),
                    }),
                  },
                  {
                    label: t('dashboard.commission'),
                    value: format.money(view.totals.commissionMinor, view.currency),
                    hint: t('dashboard.commissionHint'),
                    testId: 'commission',
                  },
                ]}
              />
              {view.lag.salesWithoutSplit > 0 && (
                <Text className="attention" role="status">
                  {t('dashboard.catchingUp', { count: view.lag.salesWithoutSplit })}
                </Text>
              )}
              <WeeksCharts view={view} />
              <Fairness view={view} />
              <Funding funding={view.funding} />
              <ByEnterprise title={t('dashboard.byHub')} rows={view.hubs} currency={view.currency} />
              <ByEnterprise
                title={t('dashboard.byProducer')}
                rows={view.producers}
                currency={view.currency}
              />
            </Stack>
          )
        }
      </Loaded>
    </Page>
  );
}
