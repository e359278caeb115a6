import type { SplitExplanation, SplitView } from '@foodshed/contracts';
import { Accordion, Paper, Stack, Table, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useEnterpriseNames, useThing } from '../api/lists.js';
import { useFormat } from '../format.js';
import { Beneficiaries } from '../shop/beneficiaries.js';
import { said } from '../text/said.js';
import { Loaded } from '../shell/states.js';

/** What a service explains in English with amounts such as `23.45 EUR`, as the reader writes it. */
function useExplained(): (text: string) => string {
  const { money, decimals, percent } = useFormat();
  return (text) =>
    said(text)
      .replaceAll(/(\d+(?:\.\d+)?)\s([A-Z]{3})\b/g, (_, amount: string, currency: string) =>
        money(Math.round(Number(amount) * 10 ** decimals(currency)), currency),
      )
      .replaceAll(/(\d+(?:\.\d+)?)\s%/g, (_, rate: string) => percent(Math.round(Number(rate) * 100)));
}

function Explanation({ splitId, currency }: { splitId: string; currency: string }) {
  const { t } = useTranslation();
  const format = useFormat();
  const explained = useExplained();
  const query = useThing<SplitExplanation>(`/splits/${splitId}/explanation`);
  return (
    <Loaded query={query}>
      {(explanation) => (
        <Stack gap="xs">
          <Text size="sm">{t('trail.base', { arithmetic: explained(explanation.base.arithmetic) })}</Text>
          <Table.ScrollContainer minWidth={460}>
            <Table verticalSpacing={4}>
              <Table.Tbody>
                {explanation.steps.map((step, index) => (
                  <Table.Tr key={index}>
                    <Table.Td>
                      <Text size="sm">{explained(step.arithmetic)}</Text>
                      <Text size="xs" c="dimmed">
                        {explained(step.rule)}
                      </Text>
                    </Table.Td>
                    <Table.Td className="amount">{format.money(step.amountMinor, currency)}</Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </Table.ScrollContainer>
          <Text size="sm" fw={600}>
            {explained(explanation.result)}
          </Text>
        </Stack>
      )}
    </Loaded>
  );
}

/** What became of an order's money: who got what, and for each producer the arithmetic of every cent. */
export function MoneyTrail(props: {
  orderId: string;
  currency: string;
  hubFeeMinor: number;
  hubName: string;
}) {
  const { t } = useTranslation();
  const { orderId, currency } = props;
  const query = useThing<{ items: SplitView[] }>(`/orders/${orderId}/splits`);
  const producers = useEnterpriseNames(query.data?.items.map((split) => split.standing.producerId) ?? []);
  return (
    <Loaded query={query}>
      {({ items }) =>
        items.length === 0 ? (
          <Text c="dimmed">{t('trail.none')}</Text>
        ) : (
          <Paper>
            <Stack>
              <Beneficiaries
                standing={items.map((split) => split.standing)}
                hubFeeMinor={props.hubFeeMinor}
                hubName={props.hubName}
                currency={currency}
              />
              <Accordion variant="separated">
                {items.map((split) => (
                  <Accordion.Item key={split.splitId} value={split.splitId}>
                    <Accordion.Control>
                      {t('trail.explain', { producer: producers.get(split.standing.producerId) ?? '…' })}
                    </Accordion.Control>
                    <Accordion.Panel>
                      <Explanation splitId={split.splitId} currency={currency} />
                    </Accordion.Panel>
                  </Accordion.Item>
                ))}
              </Accordion>
            </Stack>
          </Paper>
        )
      }
    </Loaded>
  );
}
