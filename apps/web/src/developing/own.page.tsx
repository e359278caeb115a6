import type { Earning, PitchView, PledgeView } from '@foodshed/contracts';
import { Anchor, Code, Group, Paper, Stack, Table, Tabs, Text } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { type PageOf, useList, useThing } from '../api/lists.js';
import { useSession } from '../api/session.js';
import { useFormat } from '../format.js';
import { More } from '../shell/more.js';
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
    <Loaded query={list}>
      {() =>
        list.items!.length === 0 ? (
          <Nothing title={t('developing.noEarnings')}>{t('developing.noEarningsNext')}</Nothing>
        ) : (
          <Table.ScrollContainer minWidth={480}>
            <Table>
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>{t('pledge.pitch')}</Table.Th>
                  <Table.Th>{t('developing.paidBy')}</Table.Th>
                  <Table.Th>{t('statement.when')}</Table.Th>
                  <Table.Th className="amount">{t('statement.amount')}</Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {list.items!.map((earning) => (
                  <Table.Tr key={earning.payoutId + earning.payee.id}>
                    <Table.Td>
                      <Anchor component={Link} to={`/pitches/${earning.pitchId}`} size="sm">
                        {earning.pitchTitle}
                      </Anchor>
                    </Table.Td>
                    <Table.Td>{nameOf(earning.instanceId)}</Table.Td>
                    <Table.Td>
                      {earning.paidAt ? format.dateTime(earning.paidAt) : t('developing.onItsWay')}
                    </Table.Td>
                    <Table.Td className="amount">
                      {format.money(earning.amountMinor, earning.currency)}
                    </Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </Table.ScrollContainer>
        )
      }
    </Loaded>
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
      <Tabs defaultValue="earnings" keepMounted={false}>
        <Tabs.List mb="md">
          <Tabs.Tab value="earnings">{t('developing.earnings')}</Tabs.Tab>
          <Tabs.Tab value="pitches">{t('developing.pitches')}</Tabs.Tab>
          <Tabs.Tab value="pledges">{t('developing.pledges')}</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="earnings">
          <Earnings />
        </Tabs.Panel>
        <Tabs.Panel value="pitches">
          <OwnPitches />
        </Tabs.Panel>
        <Tabs.Panel value="pledges">
          <OwnPledges />
        </Tabs.Panel>
      </Tabs>
      <Text size="sm" c="dimmed">
        {t('developing.yourNumber')} <Code style={{ overflowWrap: 'anywhere' }}>{person?.personId}</Code>
      </Text>
    </Page>
  );
}
