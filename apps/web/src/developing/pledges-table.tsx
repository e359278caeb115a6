import type { PitchView, PledgeView } from '@foodshed/contracts';
import { Anchor, Button, Group, Paper, Stack, Text, Title } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { api } from '../api/client.js';
import { type PageOf, useEnterpriseNames, useList, useThing } from '../api/lists.js';
import { useSession } from '../api/session.js';
import { useFormat } from '../format.js';
import { DataTable } from '../shell/data-table.js';
import { More } from '../shell/more.js';
import { Loaded, Problem } from '../shell/states.js';
import { PledgeState } from './pitch-state.js';

type Changed = () => Promise<void>;

/** What may be done with a pledge by who looks at it; the service decides again. */
function PledgeActions({ pledge, done }: { pledge: PledgeView; done: Changed }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { roles, instance } = useSession();
  const path = `/pledges/${pledge.pledgeId}`;
  const [idempotencyKey] = useState(() => crypto.randomUUID());
  const act = useMutation({
    mutationFn: ({ to, method, body }: { to: string; method: 'POST' | 'PUT'; body?: object }) =>
      api(`${path}/${to}`, { method, body, idempotencyKey }),
    onSuccess: done,
  });
  const judge = (verdict: 'accepted' | 'refused') => () =>
    act.mutate({ to: 'verdict', method: 'PUT', body: { verdict } });
  const isSteward = roles.length > 0 && instance?.id === pledge.instanceId;
  const amount = format.money(pledge.amountMinor, pledge.currency);
  return (
    <Stack gap="xs">
      <Group gap="xs" wrap="nowrap" justify="flex-end">
        {isSteward && ['promised', 'lapsed', 'withdrawn'].includes(pledge.state) && (
          <Button
            size="compact-sm"
            loading={act.isPending}
            aria-label={t('pledge.receiveNamed', { amount })}
            onClick={() =>
              act.mutate({
                to: 'receipt',
                method: 'POST',
                body: { receivedMinor: pledge.amountMinor, holder: 'instance-bank' },
              })
            }
          >
            {t('pledge.receive')}
          </Button>
        )}
        {pledge.isOwn && pledge.state === 'held' && (
          <>
            <Button
              size="compact-sm"
              loading={act.isPending}
              aria-label={t('pledge.acceptNamed', { amount })}
              onClick={judge('accepted')}
            >
              {t('pledge.accept')}
            </Button>
            <Button
              size="compact-sm"
              variant="default"
              loading={act.isPending}
              aria-label={t('pledge.refuseNamed', { amount })}
              onClick={judge('refused')}
            >
              {t('pledge.refuse')}
            </Button>
          </>
        )}
      </Group>
      {act.isError && <Problem error={act.error} />}
    </Stack>
  );
}

function TakeBack({ pledge, done }: { pledge: PledgeView; done: Changed }) {
  const { t } = useTranslation();
  const format = useFormat();
  const back = useMutation({
    mutationFn: () => api(`/pledges/${pledge.pledgeId}/withdrawal`, { method: 'POST' }),
    onSuccess: done,
  });
  if (!pledge.isOwn || !['promised', 'held'].includes(pledge.state)) return null;
  return (
    <>
      <Button
        size="compact-sm"
        variant="default"
        loading={back.isPending}
        aria-label={t('pledge.takeBackNamed', { amount: format.money(pledge.amountMinor, pledge.currency) })}
        onClick={() => back.mutate()}
      >
        {t('pledge.takeBack')}
      </Button>
      {back.isError && <Problem error={back.error} />}
    </>
  );
}

function useFunderName(pledges: readonly PledgeView[]): (pledge: PledgeView) => string {
  const { t } = useTranslation();
  const { person } = useSession();
  const instances = useThing<PageOf<{ id: string; name: string }>>('/instances', { limit: 200 });
  const names = useEnterpriseNames(
    pledges.flatMap(({ funder }) => (funder.kind === 'enterprise' && funder.id ? [funder.id] : [])),
  );
  return ({ funder }) => {
    if (funder.kind === 'enterprise') return names.get(funder.id ?? '') ?? t('pitch.anEnterprise');
    if (funder.kind === 'person') return funder.id === person?.personId ? t('pitch.you') : t('pitch.aPerson');
    return instances.data?.items.find(({ id }) => id === funder.id)?.name ?? t('pitch.aNetwork');
  };
}

/** Pledges, where their money is, and what may be done with them; with the pitch's name where they are of several. */
export function PledgesTable(props: { pledges: readonly PledgeView[]; pitch?: PitchView; done: Changed }) {
  const { t } = useTranslation();
  const format = useFormat();
  const nameOf = useFunderName(props.pledges);
  const canTakeBack = (): boolean => props.pitch?.state === 'open';
  const canJudge = (pledge: PledgeView): boolean =>
    pledge.state !== 'held' || props.pitch?.state === 'delivered';
  return (
    <DataTable
      rows={props.pledges}
      minWidth={640}
      keyOf={(pledge) => pledge.pledgeId}
      columns={[
        {
          title: t(props.pitch ? 'pledge.who' : 'pledge.pitch'),
          cell: (pledge) =>
            props.pitch ? (
              nameOf(pledge)
            ) : (
              <>
                <Anchor component={Link} to={`/pitches/${pledge.pitchId}`} size="sm">
                  {pledge.pitchTitle}
                </Anchor>
                <Text size="xs" c="dimmed">
                  {nameOf(pledge)}
                </Text>
              </>
            ),
        },
        {
          title: t('pledge.amount'),
          isAmount: true,
          cell: (pledge) => format.money(pledge.amountMinor, pledge.currency),
        },
        {
          title: t('pledge.where'),
          cell: ({ state, escrow }) => (
            <>
              <PledgeState state={state} />
              {escrow && state === 'held' && (
                <Text size="xs" c="dimmed">
                  {t('pledge.heldUntil', { when: format.date(escrow.deadline) })}
                </Text>
              )}
            </>
          ),
        },
        { title: t('pledge.said'), cell: ({ verdict }) => verdict && t(`verdict.${verdict}`) },
        {
          title: t('pledge.actions'),
          isAmount: true,
          cell: (pledge) => (
            <Group gap="xs" justify="flex-end" wrap="nowrap">
              {canJudge(pledge) && <PledgeActions pledge={pledge} done={props.done} />}
              {canTakeBack() && <TakeBack pledge={pledge} done={props.done} />}
            </Group>
          ),
        },
      ]}
    />
  );
}

/** What was pledged to one pitch; people are not named to others. */
export function PitchPledges({ pitch, done }: { pitch: PitchView; done: Changed }) {
  const { t } = useTranslation();
  const list = useList<PledgeView>(`/pitches/${pitch.pitchId}/pledges`);
  return (
    <Paper>
      <Title order={2} size="h4" mb="xs">
        {t('pledge.list')}
      </Title>
      <Loaded query={list}>
        {() =>
          list.items!.length === 0 ? (
            <Text c="dimmed">{t('pledge.none')}</Text>
          ) : (
            <PledgesTable pledges={list.items!} pitch={pitch} done={done} />
          )
        }
      </Loaded>
      <More list={list} />
    </Paper>
  );
}
