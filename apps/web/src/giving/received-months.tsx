import type { ReceivedSummary } from '@foodshed/contracts';
import { Group, Paper, Stack, Text, Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { type PageOf, useEnterpriseNames, useThing } from '../api/lists.js';
import { useFormat } from '../format.js';
import { Loaded } from '../shell/states.js';

const HEIGHT = 64;

function Months({ summary }: { summary: ReceivedSummary }) {
  const format = useFormat();
  const { months, currency } = summary;
  const most = Math.max(...months.map(({ amountMinor }) => amountMinor), 1);
  return (
    <Group component="ul" gap={4} wrap="nowrap" align="flex-end" p={0} m={0} aria-hidden>
      {months.map(({ month, amountMinor }) => (
        <li
          key={month}
          className="month-bar"
          title={`${format.month(month)}: ${format.money(amountMinor, currency)}`}
          style={{ height: amountMinor > 0 ? 4 + Math.round((amountMinor / most) * HEIGHT) : 2 }}
        />
      ))}
    </Group>
  );
}

/** One payee: what came this month and the one before, from how many, and a year as bars and as words. */
function Received({ summary, name }: { summary: ReceivedSummary; name: string }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { months, currency, totalMinor, givers } = summary;
  const line = ({ month, amountMinor, givers: count }: ReceivedSummary['months'][number]): string =>
    amountMinor === 0
      ? t('gift.monthNothing', { month: format.month(month) })
      : t('gift.month', { month: format.month(month), amount: format.money(amountMinor, currency), count });
  return (
    <Paper>
      <Group justify="space-between" align="flex-end">
        <Stack gap={4}>
          <Title order={2} size="h4">
            {name}
          </Title>
          {months
            .slice(-2)
            .reverse()
            .map((month) => (
              <Text key={month.month} size="sm">
                {line(month)}
              </Text>
            ))}
          <Text size="sm" c="dimmed">
            {t('gift.year', { amount: format.money(totalMinor, currency), count: givers })}
          </Text>
        </Stack>
        <Months summary={summary} />
      </Group>
      <details>
        <Text component="summary" size="sm" mt="xs">
          {t('gift.byMonth')}
        </Text>
        <Stack gap={2} mt="xs">
          {[...months].reverse().map((month) => (
            <Text key={month.month} size="sm">
              {line(month)}
            </Text>
          ))}
        </Stack>
      </details>
    </Paper>
  );
}

/** What came to the person and to their enterprises by month, side by side and never against others. */
export function ReceivedMonths() {
  const { t } = useTranslation();
  const query = useThing<PageOf<ReceivedSummary>>('/gifts/received/summary');
  const items = query.data?.items ?? [];
  const names = useEnterpriseNames(
    items.flatMap(({ payee }) => (payee.kind === 'enterprise' ? [payee.id] : [])),
  );
  return (
    <Loaded query={query}>
      {() => (
        <Stack gap="sm" maw={680}>
          {items.map((summary) => (
            <Received
              key={summary.payee.id + summary.currency}
              summary={summary}
              name={
                summary.payee.kind === 'person' ? t('pledge.myself') : (names.get(summary.payee.id) ?? '…')
              }
            />
          ))}
        </Stack>
      )}
    </Loaded>
  );
}
