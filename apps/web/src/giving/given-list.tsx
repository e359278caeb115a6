import type { GiftView } from '@foodshed/contracts';
import { Badge, Blockquote, Button, Group, Paper, Stack, Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { api } from '../api/client.js';
import { useEnterpriseNames, useList } from '../api/lists.js';
import { useSession } from '../api/session.js';
import { useFormat } from '../format.js';
import { More } from '../shell/more.js';
import { Loaded, Nothing, Problem } from '../shell/states.js';
import { referenceOf } from './reference.js';

function Given({ gift, names }: { gift: GiftView; names: Map<string, string> }) {
  const { t } = useTranslation();
  const format = useFormat();
  const client = useQueryClient();
  const { person } = useSession();
  const takeBack = useMutation({
    mutationFn: () => api(`/gifts/${gift.giftId}/withdrawal`, { method: 'POST' }),
    onSuccess: () => client.invalidateQueries(),
  });
  const amount = format.money(gift.amountMinor, gift.currency);
  const nameOf = ({ kind, id }: GiftView['parts'][number]['payee']): string =>
    kind === 'enterprise' ? (names.get(id) ?? t('pitch.anEnterprise')) : t('pitch.aPerson');
  return (
    <Paper component="li" style={{ listStyle: 'none' }}>
      <Group justify="space-between" align="flex-start" wrap="nowrap">
        <div>
          <Text fw={600}>{gift.receiverName ?? t('give.aPerson')}</Text>
          <Text size="sm" c="dimmed">
            {format.dateTime(gift.givenAt ?? gift.promisedAt)}
            {gift.giver.id !== person?.personId && gift.giver.name ? ` · ${gift.giver.name}` : ''}
            {gift.isUnnamed ? ` · ${t('gift.unnamed')}` : ''}
          </Text>
        </div>
        <Stack gap={4} align="flex-end">
          <Text fw={650} className="amount">
            {amount}
          </Text>
          {gift.state !== 'given' && (
            <Badge variant="light" color={gift.state === 'refused' ? 'red' : 'gray'}>
              {t(`giftState.${gift.state}`)}
            </Badge>
          )}
        </Stack>
      </Group>
      {gift.message && (
        <Text size="sm" mt="xs" style={{ whiteSpace: 'pre-line' }}>
          {gift.message}
        </Text>
      )}
      {gift.state === 'given' && gift.parts.length > 1 && (
        <Text size="sm" c="dimmed" mt="xs">
          {gift.parts
            .map(({ payee, amountMinor }) => `${nameOf(payee)} ${format.money(amountMinor, gift.currency)}`)
            .join(' · ')}
        </Text>
      )}
      {gift.platformPartMinor > 0 && (
        <Text size="sm" c="dimmed">
          {t('gift.platformPart', { amount: format.money(gift.platformPartMinor, gift.currency) })}
        </Text>
      )}
      {gift.answer && (
        <Blockquote
          p="sm"
          mt="sm"
          color="green"
          cite={t('gift.answered', { when: format.date(gift.answeredAt!) })}
        >
          {gift.answer}
        </Blockquote>
      )}
      {gift.state === 'promised' && (
        <Group justify="space-between" mt="xs">
          <Text size="sm" c="dimmed">
            {t('gift.reference', { reference: referenceOf(gift.giftId) })}
          </Text>
          <Button
            size="compact-sm"
            variant="default"
            loading={takeBack.isPending}
            aria-label={t('pledge.takeBackNamed', { amount })}
            onClick={() => takeBack.mutate()}
          >
            {t('pledge.takeBack')}
          </Button>
        </Group>
      )}
      {takeBack.isError && <Problem error={takeBack.error} />}
    </Paper>
  );
}

/** What the person gave, and what it did: who got how much of it, and what they say came of it. */
export function GivenList() {
  const { t } = useTranslation();
  const list = useList<GiftView>('/gifts/given');
  const names = useEnterpriseNames(
    (list.items ?? []).flatMap(({ parts }) =>
      parts.flatMap(({ payee }) => (payee.kind === 'enterprise' ? [payee.id] : [])),
    ),
  );
  return (
    <Loaded query={list}>
      {() =>
        list.items!.length === 0 ? (
          <Nothing title={t('gift.noneGiven')}>{t('gift.noneGivenNext')}</Nothing>
        ) : (
          <Stack component="ul" gap="sm" p={0} m={0} maw={680}>
            {list.items!.map((gift) => (
              <Given key={gift.giftId} gift={gift} names={names} />
            ))}
            <More list={list} />
          </Stack>
        )
      }
    </Loaded>
  );
}
