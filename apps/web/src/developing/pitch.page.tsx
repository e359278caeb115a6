import type { PitchView } from '@foodshed/contracts';
import { Alert, Anchor, List, Paper, SimpleGrid, Stack, Text, Title } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Link, useParams } from 'react-router';
import { type PageOf, useEnterpriseNames, useThing } from '../api/lists.js';
import { useSession } from '../api/session.js';
import { useFormat } from '../format.js';
import { Page } from '../shell/page.js';
import { Loaded } from '../shell/states.js';
import { PitchProgress, PitchState } from './pitch-state.js';
import { PledgeForm } from './pledge-form.js';
import { PitchPledges } from './pledges-table.js';
import { TeamActions } from './team-actions.js';

/** What happens to the money, at each time, whatever comes. */
function MoneyPath({ pitch }: { pitch: PitchView }) {
  const { t } = useTranslation();
  const format = useFormat();
  const goal = format.money(pitch.goalMinor, pitch.currency);
  return (
    <Paper>
      <Title order={2} size="h4" mb="xs">
        {t('pitch.money')}
      </Title>
      <List spacing={4} size="sm">
        <List.Item>{t('pitch.moneyHeld')}</List.Item>
        <List.Item>{t('pitch.moneyGoal', { goal, when: format.dateTime(pitch.fundUntil) })}</List.Item>
        <List.Item>{t('pitch.moneyDeliver', { when: format.dateTime(pitch.deliverBy) })}</List.Item>
        <List.Item>{t('pitch.moneyAccept', { count: pitch.reviewDays })}</List.Item>
        <List.Item>{t('pitch.moneyLast', { when: format.dateTime(pitch.heldUntil) })}</List.Item>
      </List>
    </Paper>
  );
}

function Team({ pitch }: { pitch: PitchView }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { person } = useSession();
  const names = useEnterpriseNames(
    pitch.team.filter(({ kind }) => kind === 'enterprise').map(({ id }) => id),
  );
  const nameOf = ({ kind, id }: PitchView['team'][number]): string => {
    if (kind === 'enterprise') return names.get(id) ?? t('pitch.anEnterprise');
    return id === person?.personId ? t('pitch.you') : t('pitch.aPerson');
  };
  return (
    <Paper>
      <Title order={2} size="h4" mb="xs">
        {t('pitch.team')}
      </Title>
      <List spacing={4} size="sm">
        {pitch.team.map((member) => (
          <List.Item key={member.id}>
            {nameOf(member)} · {format.percent(member.shareBps)}
          </List.Item>
        ))}
      </List>
      {!pitch.isOwn && (
        <Anchor component={Link} to={`/give/pitch/${pitch.pitchId}`} size="sm" mt="xs" display="inline-block">
          {t('give.toTeam')}
        </Anchor>
      )}
    </Paper>
  );
}

function Asks({ pitch }: { pitch: PitchView }) {
  const { t } = useTranslation();
  const format = useFormat();
  const instances = useThing<PageOf<{ id: string; name: string }>>('/instances', { limit: 200 });
  const nameOf = (id: string): string =>
    instances.data?.items.find((instance) => instance.id === id)?.name ?? t('pitch.aNetwork');
  return (
    <Paper>
      <Title order={2} size="h4" mb="xs">
        {t('pitch.asks')}
      </Title>
      <List spacing={4} size="sm">
        {pitch.asks.map(({ instanceId, amountMinor }) => (
          <List.Item key={instanceId}>
            {nameOf(instanceId)} · {format.money(amountMinor, pitch.currency)}
          </List.Item>
        ))}
      </List>
    </Paper>
  );
}

function Delivery({ pitch }: { pitch: PitchView }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { delivery, currency } = pitch;
  if (!delivery) return null;
  const isWebAddress = /^https?:\/\//.test(delivery.url);
  return (
    <Paper>
      <Stack gap="xs">
        <Title order={2} size="h4">
          {t('pitch.delivery')}
        </Title>
        <Text size="sm">{delivery.text}</Text>
        {isWebAddress && (
          <Anchor href={delivery.url} rel="noopener noreferrer nofollow" target="_blank" size="sm">
            {delivery.url}
          </Anchor>
        )}
        <Text size="sm" c="dimmed">
          {t('pitch.verdicts', {
            accepted: format.money(pitch.acceptedMinor, currency),
            refused: format.money(pitch.refusedMinor, currency),
          })}
        </Text>
        {pitch.state === 'delivered' && pitch.reviewUntil && (
          <Text size="sm">{t('pitch.reviewUntil', { when: format.dateTime(pitch.reviewUntil) })}</Text>
        )}
      </Stack>
    </Paper>
  );
}

/** One pitch: what for, how far, until when, what happens to the money, and who pledged. */
export function PitchPage() {
  const { t } = useTranslation();
  const { pitchId } = useParams();
  const { person } = useSession();
  const client = useQueryClient();
  const query = useThing<PitchView>(`/pitches/${pitchId}`);
  const changed = (): Promise<void> => client.invalidateQueries();
  return (
    <Loaded query={query}>
      {(pitch) => (
        <Page title={pitch.title} actions={<PitchState state={pitch.state} />}>
          {pitch.failedBecause && (
            <Alert color="gray" variant="light" title={t(`pitch.failed.${pitch.failedBecause}`)}>
              {t('pitch.allBack')}
            </Alert>
          )}
          <Paper>
            <PitchProgress pitch={pitch} />
          </Paper>
          <SimpleGrid cols={{ base: 1, md: 2 }}>
            <Stack>
              <Paper>
                <Title order={2} size="h4">
                  {t('pitch.need')}
                </Title>
                <Text style={{ whiteSpace: 'pre-line' }}>{pitch.need}</Text>
                <Title order={2} size="h4" mt="md">
                  {t('pitch.audience')}
                </Title>
                <Text style={{ whiteSpace: 'pre-line' }}>{pitch.audience}</Text>
              </Paper>
              <Delivery pitch={pitch} />
              <Team pitch={pitch} />
              {pitch.asks.length > 0 && <Asks pitch={pitch} />}
            </Stack>
            <Stack>
              {pitch.isOwn && <TeamActions pitch={pitch} done={changed} />}
              {pitch.state === 'open' && !pitch.isOwn && person && (
                <PledgeForm pitch={pitch} done={changed} />
              )}
              {pitch.state === 'open' && !person && (
                <Paper>
                  <Anchor component={Link} to={`/sign-in?to=/pitches/${pitch.pitchId}`}>
                    {t('pledge.signInFirst')}
                  </Anchor>
                </Paper>
              )}
              <MoneyPath pitch={pitch} />
            </Stack>
          </SimpleGrid>
          <PitchPledges pitch={pitch} done={changed} />
        </Page>
      )}
    </Loaded>
  );
}
