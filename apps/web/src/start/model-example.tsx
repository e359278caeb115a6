import type { ModelExample, NetworkModelView } from '@foodshed/contracts';
import { SegmentedControl, Stack, Table, Text } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../format.js';
import { chartColors } from '../shell/colors.js';
import { ShareBar } from '../shell/share-bar.js';

type Part = ModelExample['parts'][number];

/** Who gets what of 10.00, as the program would split it: a bar, and the same as a table with what each does for it. */
export function ModelExamples({ model }: { model: NetworkModelView }) {
  const { t } = useTranslation();
  const format = useFormat();
  const isNarrow = useMediaQuery('(max-width: 30em)');
  const [situation, setSituation] = useState(model.examples[0]?.situation);
  const example = model.examples.find((each) => each.situation === situation) ?? model.examples[0];
  if (!example) return null;
  const nameOf = ({ payee }: Part): string => t(payee ? `payee.${payee}` : 'payee.producer');
  const does = ({ functionId }: Part): string | undefined =>
    model.functions.find((each) => each.functionId === (functionId ?? 'producing'))?.does;
  const parts = example.parts.map((part, index) => ({
    ...part,
    key: part.shareId ?? 'producer',
    color: chartColors[index % chartColors.length]!,
  }));
  return (
    <Stack gap="sm" data-testid="model-example">
      {model.examples.length > 1 && (
        <SegmentedControl
          aria-label={t('start.situations')}
          value={example.situation}
          onChange={(value) => setSituation(value as ModelExample['situation'])}
          data={model.examples.map((each) => ({
            value: each.situation,
            label: t(`start.situation.${each.situation}`),
          }))}
          orientation={isNarrow ? 'vertical' : 'horizontal'}
          fullWidth
          size="xs"
        />
      )}
      <ShareBar parts={parts} />
      <Table verticalSpacing={6} withRowBorders={false}>
        <Table.Tbody>
          {parts.map((part) => (
            <Table.Tr key={part.key}>
              <Table.Td w={18} px={0}>
                <span aria-hidden className="swatch" style={{ background: part.color }} />
              </Table.Td>
              <Table.Th scope="row" fw={500} style={{ textAlign: 'left' }}>
                {nameOf(part)}
                {does(part) && (
                  <Text size="xs" c="dimmed" fw={400}>
                    {does(part)}
                  </Text>
                )}
              </Table.Th>
              <Table.Td className="amount">{format.money(part.amountMinor, example.currency)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Stack>
  );
}
