import type { Earning, PitchView, PledgeView } from '@foodshed/contracts';
import { Anchor, Code, Group, Paper, Stack, Text } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { type PageOf, useList, useThing } from '../api/lists.js';
import { useSession } from '../api/session.js';
import { useFormat } from '../format.js';
import { ListTable } from '../shell/data-table.js';
import { More } from '../shell/more.js';
import { PageTabs } from '../shell/page-tabs.js';
import { Page } from '../shell/page.js';
import { Loaded, Nothing } from '../shell/states.js';
import { PitchProgress, PitchState } from './pitch-state.js';
import { PledgesTable } from './pledges-table.js';

function Earnings() {
  const { t } = useTranslation();
  const format = useFormat();
  const list = useList<Earning>('/developing/earnings');
  const instances = useThing<PageOf<{ id: string; name: string }>>('/instances', { limit: 200 });
  const nameOf = (id: string): string =>
    instances.data?.items.find((instance) => instance.id === id)?.name ?? t('pitch.aNetwork');
  return (
    <ListTable
      list={list}
      none={t('developing.noEarnings')}
      noneNext={t('developing.noEarningsNext')}
      minWidth={480}
      keyOf={(earning) => earning.payoutId + earning.payee.id}
      columns={[
        {
          title: t('pledge.pitch'),
          cell: (earning) => (
            <Anchor component={Link} to={`/pitches/${earning.pitchId}`} size="sm">
              {earning.pitchTitle}
            </Anchor>
          ),
        },
        { title: t('developing.paidBy'), cell: (earning) => nameOf(earning.instanceId) },
        {
          title: t('statement.when'),
          cell: ({ paidAt }) => (paidAt ? format.dateTime(paidAt) : t('developing.onItsWay')),
        },
        {
          title: t('statement.amount'),
          isAmount: true,
          cell: (earning) => format.money(earning.amountMinor, earning.currency),
        },
      ]}
    />
  );
}

function OwnPitches() {
  const { t } = useTranslation();
  const list = useList<PitchView>('/pitches', { own: 'true' });
  return (
    <Loaded query={list}>
      {() =>
        list.items!.length === 0 ? (
          <Nothing title={t('developing.noPitches')}>{t('developing.noPitchesNext')}</Nothing>
        ) : (
          <Stack>
            {list.items!.map((pitch) => (
              <Paper key={pitch.pitchId}>
                <Group justify="space-between" mb="xs">
                  <Anchor component={Link} to={`/pitches/${pitch.pitchId}`}>
                    {pitch.title}
                  </Anchor>
                  <PitchState state={pitch.state} />
                </Group>
                <PitchProgress pitch={pitch} />
              </Paper>
            ))}
            <More list={list} />
          </Stack>
        )
      }
    </Loaded>
  );
}

function OwnPledges() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const list = useList<PledgeView>('/pledges');
  return (
    <Loaded query={list}>
      {() =>
        list.items!.length === 0 ? (
          <Nothing title={t('developing.noPledges')}>{t('developing.noPledgesNext')}</Nothing>
        ) : (
          <Stack>
            <PledgesTable pledges={list.items!} done={() => client.invalidateQueries()} />
            <More list={list} />
          </Stack>
        )
      }
    </Loaded>
  );
}

/** What a developer earned and pitched, and what a funder pledged. */
export function OwnDevelopingPage() {
  const { t } = useTranslation();
  const { person } = useSession();
  return (
    <Page title={t('developing.title')} lead={t('developing.lead')}>
      <PageTabs
        tabs={[
          { value: 'earnings', title: t('developing.earnings'), content: <Earnings /> },
          { value: 'pitches', title: t('developing.pitches'), content: <OwnPitches /> },
          { value: 'pledges', title: t('developing.pledges'), content: <OwnPledges /> },
        ]}
      />
      <Text size="sm" c="dimmed">
        {t('developing.yourNumber')} <Code style={{ overflowWrap: 'anywhere' }}>{person?.personId}</Code>
      </Text>
    </Page>
  );
}
