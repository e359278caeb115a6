import type { ReceivedGift } from '@foodshed/contracts';
import { Badge, Blockquote, Button, Group, Paper, Stack, Text, Textarea } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../api/client.js';
import { useEnterpriseNames, useList } from '../api/lists.js';
import { useSession } from '../api/session.js';
import { useFormat } from '../format.js';
import { More } from '../shell/more.js';
import { Loaded, Nothing, Problem } from '../shell/states.js';

/** Tells the giver what came of it. */
function Answer({ gift, close }: { gift: ReceivedGift; close: () => void }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [answer, setAnswer] = useState(gift.answer ?? '');
  const save = useMutation({
    mutationFn: () => api(`/gifts/${gift.giftId}/answer`, { method: 'PUT', body: { answer } }),
    onSuccess: async () => {
      await client.invalidateQueries();
      close();
    },
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    save.mutate();
  };
  return (
    <Stack component="form" gap="xs" mt="sm" onSubmit={submit}>
      <Textarea
        label={t('gift.whatCame')}
        maxLength={1_000}
        autosize
        minRows={2}
        value={answer}
        onChange={(event) => setAnswer(event.currentTarget.value)}
      />
      {save.isError && <Problem error={save.error} />}
      <Group justify="flex-end">
        <Button variant="default" size="compact-sm" onClick={close}>
          {t('action.cancel')}
        </Button>
        <Button type="submit" size="compact-sm" loading={save.isPending} disabled={!answer.trim()}>
          {t('gift.sendAnswer')}
        </Button>
      </Group>
    </Stack>
  );
}

/** Gives it back to whoever gave it, named or not; asks once more before. */
function GiveBack({ gift, close }: { gift: ReceivedGift; close: () => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const client = useQueryClient();
  const giveBack = useMutation({
    mutationFn: () =>
      // A new key each time: what was refused for a short balance may be asked again, and nothing goes back twice.
      api(`/gifts/${gift.giftId}/return`, {
        method: 'POST',
        body: { payee: gift.payee },
        idempotencyKey: crypto.randomUUID(),
      }),
    onSuccess: async () => {
      await client.invalidateQueries();
      close();
    },
  });
  return (
    <Stack gap="xs" mt="sm">
      <Text size="sm">
        {t('gift.giveBackSure', { amount: format.money(gift.amountMinor, gift.currency) })}
      </Text>
      {giveBack.isError && <Problem error={giveBack.error} />}
      <Group justify="flex-end">
        <Button variant="default" size="compact-sm" onClick={close}>
          {t('action.cancel')}
        </Button>
        <Button size="compact-sm" loading={giveBack.isPending} onClick={() => giveBack.mutate()}>
          {t('gift.giveBackNow')}
        </Button>
      </Group>
    </Stack>
  );
}

function Received({ gift, names }: { gift: ReceivedGift; names: Map<string, string> }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { instance } = useSession();
  const [doing, setDoing] = useState<'answer' | 'give-back' | null>(null);
  const close = (): void => setDoing(null);
  const ofNetwork = gift.giver.kind === 'instance' ? (instance?.name ?? t('pitch.aNetwork')) : null;
  const giver = gift.giver.name ?? (gift.giver.id ? (ofNetwork ?? t('pitch.aPerson')) : t('gift.somebody'));
  const payee = gift.payee.kind === 'person' ? null : names.get(gift.payee.id);
  return (
    <Paper component="li" style={{ listStyle: 'none' }}>
      <Group justify="space-between" align="flex-start" wrap="nowrap">
        <div>
          <Text fw={600}>{giver}</Text>
          <Text size="sm" c="dimmed">
            {[
              format.dateTime(gift.givenAt),
              gift.returns ? t('gift.cameBack') : null,
              payee,
              gift.receiver.id === gift.payee.id ? null : gift.receiverName,
            ]
              .filter(Boolean)
              .join(' · ')}
          </Text>
        </div>
        <Stack gap={4} align="flex-end">
          <Text fw={650} className="amount">
            {format.money(gift.amountMinor, gift.currency)}
          </Text>
          {gift.isReturned && (
            <Badge variant="light" color="gray">
              {t('gift.givenBack')}
            </Badge>
          )}
        </Stack>
      </Group>
      {gift.message && (
        <Text mt="xs" style={{ whiteSpace: 'pre-line' }}>
          {gift.message}
        </Text>
      )}
      {gift.answer && doing !== 'answer' && (
        <Blockquote p="sm" mt="sm" color="green">
          {gift.answer}
        </Blockquote>
      )}
      {doing === 'answer' && <Answer gift={gift} close={close} />}
      {doing === 'give-back' && <GiveBack gift={gift} close={close} />}
      {doing === null && (
        <Group justify="flex-end" mt="xs">
          {!gift.isReturned && gift.returns === null && gift.giver.kind !== 'instance' && (
            <Button size="compact-sm" variant="subtle" color="gray" onClick={() => setDoing('give-back')}>
              {t('gift.giveBack')}
            </Button>
          )}
          <Button size="compact-sm" variant="default" onClick={() => setDoing('answer')}>
            {t(gift.answer ? 'gift.changeAnswer' : 'gift.answer')}
          </Button>
        </Group>
      )}
    </Paper>
  );
}

/** What came, with the words it came with. */
export function ReceivedList() {
  const { t } = useTranslation();
  const list = useList<ReceivedGift>('/gifts/received');
  const names = useEnterpriseNames(
    (list.items ?? []).flatMap(({ payee }) => (payee.kind === 'enterprise' ? [payee.id] : [])),
  );
  return (
    <Loaded query={list}>
      {() =>
        list.items!.length === 0 ? (
          <Nothing title={t('gift.noneReceived')}>{t('gift.noneReceivedNext')}</Nothing>
        ) : (
          <Stack component="ul" gap="sm" p={0} m={0} maw={680}>
            {list.items!.map((gift) => (
              <Received key={gift.giftId + gift.payee.id} gift={gift} names={names} />
            ))}
            <More list={list} />
          </Stack>
        )
      }
    </Loaded>
  );
}
