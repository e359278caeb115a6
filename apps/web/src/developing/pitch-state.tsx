import type { PitchView, PledgeView } from '@foodshed/contracts';
import { Badge, Group, Progress, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../format.js';

const pitchColor = {
  open: 'yellow',
  funded: 'leaf',
  delivered: 'leaf',
  accepted: 'leaf',
  paid: 'leaf',
  failed: 'gray',
  refunded: 'gray',
} as const;

const pledgeColor = {
  promised: 'yellow',
  placing: 'yellow',
  held: 'leaf',
  paying: 'leaf',
  paid: 'leaf',
  returning: 'gray',
  returned: 'gray',
  refused: 'red',
  withdrawn: 'gray',
  lapsed: 'gray',
} as const;

/** Where a pitch is, in a word or two. */
export function PitchState({ state }: { state: PitchView['state'] }) {
  const { t } = useTranslation();
  return (
    <Badge variant="dot" color={pitchColor[state]} data-testid="pitch-state">
      {t(`pitchState.${state}`)}
    </Badge>
  );
}

/** Where a pledge's money is, in a word or two. */
export function PledgeState({ state }: { state: PledgeView['state'] }) {
  const { t } = useTranslation();
  return (
    <Badge variant="dot" color={pledgeColor[state]}>
      {t(`pledgeState.${state}`)}
    </Badge>
  );
}

/** How much of the goal is there: held, paid, or what went back. */
export function PitchProgress({ pitch }: { pitch: PitchView }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { currency, goalMinor } = pitch;
  const thereMinor = pitch.heldMinor + pitch.paidMinor;
  const percent = Math.floor((thereMinor * 100) / goalMinor);
  return (
    <Stack gap={4}>
      <Progress value={percent} size="lg" aria-label={t('pitch.progress', { title: pitch.title })} />
      <Group justify="space-between" gap="xs">
        <Text size="sm" className="amount" data-testid="pitch-held">
          {t('pitch.ofGoal', {
            amount: format.money(thereMinor, currency),
            goal: format.money(goalMinor, currency),
          })}
        </Text>
        <Text size="sm" c="dimmed">
          {t('pitch.funders', { count: pitch.funders })}
        </Text>
      </Group>
    </Stack>
  );
}
