import type { PitchView } from '@foodshed/contracts';
import {
  Anchor,
  Button,
  Group,
  Paper,
  SegmentedControl,
  SimpleGrid,
  Stack,
  Text,
  Title,
} from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useList } from '../api/lists.js';
import { useSession } from '../api/session.js';
import { useFormat } from '../format.js';
import { More } from '../shell/more.js';
import { Page } from '../shell/page.js';
import { Loaded, Nothing } from '../shell/states.js';
import { PitchProgress, PitchState } from './pitch-state.js';

type Stage = 'open' | 'underway' | 'ended';

/** A pitch in short: what it is for, and how much of it is there. */
export function PitchCard({ pitch }: { pitch: PitchView }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <Paper component="article">
      <Stack justify="space-between" h="100%">
        <div>
          <Group justify="space-between" align="flex-start" gap="xs">
            <Title order={2} size="h4">
              <Anchor component={Link} to={`/pitches/${pitch.pitchId}`} inherit c="inherit">
                {pitch.title}
              </Anchor>
            </Title>
            <PitchState state={pitch.state} />
          </Group>
          <Text size="sm" mt="xs" lineClamp={3}>
            {pitch.need}
          </Text>
        </div>
        <Stack gap={4}>
          <PitchProgress pitch={pitch} />
          {pitch.state === 'open' && (
            <Text size="sm" c="dimmed">
              {t('pitch.openUntil', { when: format.dateTime(pitch.fundUntil) })}
            </Text>
          )}
        </Stack>
      </Stack>
    </Paper>
  );
}

/** What teams would make, and what of it is paid for: for everybody, in all networks. */
export function BoardPage() {
  const { t } = useTranslation();
  const { person } = useSession();
  const [stage, setStage] = useState<Stage>('open');
  const list = useList<PitchView>('/pitches', { stage });
  const stages = (['open', 'underway', 'ended'] as const).map((value) => ({
    value,
    label: t(`board.stage.${value}`),
  }));
  const make = person && (
    <Button component={Link} to="/pitches/new">
      {t('board.make')}
    </Button>
  );
  return (
    <Page title={t('board.title')} lead={t('board.lead')} actions={make}>
      <SegmentedControl
        aria-label={t('board.stages')}
        value={stage}
        onChange={(value) => setStage(value as Stage)}
        data={stages}
      />
      <Loaded query={list}>
        {() =>
          list.items!.length === 0 ? (
            <Nothing title={t(`board.none.${stage}`)}>{t('board.noneNext')}</Nothing>
          ) : (
            <SimpleGrid cols={{ base: 1, sm: 2, lg: 3 }}>
              {list.items!.map((pitch) => (
                <PitchCard key={pitch.pitchId} pitch={pitch} />
              ))}
            </SimpleGrid>
          )
        }
      </Loaded>
      <More list={list} />
    </Page>
  );
}
