import { ActionIcon, Group, Text } from '@mantine/core';
import { IconMinus, IconPlus } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

/** Fewer, how many, more: large enough for a thumb, and said aloud by a screen reader. */
export function QuantityInput(props: {
  name: string;
  value: number;
  max?: number | null;
  onChange: (quantity: number) => void;
}) {
  const { t } = useTranslation();
  const { name, value, max, onChange } = props;
  return (
    <Group gap={4} wrap="nowrap">
      <ActionIcon
        size="lg"
        variant="default"
        aria-label={t('shop.fewer', { name })}
        disabled={value <= 0}
        onClick={() => onChange(value - 1)}
      >
        <IconMinus size={16} />
      </ActionIcon>
      <Text w={34} ta="center" className="amount" aria-live="polite">
        {value}
      </Text>
      <ActionIcon
        size="lg"
        variant={value > 0 ? 'light' : 'filled'}
        aria-label={t('shop.more', { name })}
        data-testid="more"
        disabled={max !== null && max !== undefined && value >= max}
        onClick={() => onChange(value + 1)}
      >
        <IconPlus size={16} />
      </ActionIcon>
    </Group>
  );
}
