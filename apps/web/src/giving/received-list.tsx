import type { ReceivedGift } from '@foodshed/contracts';
import { Blockquote, Button, Group, Paper, Stack, Text, Textarea } from '@mantine/core';
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

function Received({ gift, names }: { gift: ReceivedGift; names: Map<string, string> }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { instance } = useSession();
  const [isAnswering, setAnswering] = useState(false);
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
              payee,
              gift.receiver.id === gift.payee.id ? null : gift.receiverName,
            ]
              .filter(Boolean)
              .join(' · ')}
          </Text>
        </div>
        <Text fw={650} className="amount">
          {format.money(gift.amountMinor, gift.currency)}
        </Text>
      </Group>
      {gift.message && (
        <Text mt="xs" style={{ whiteSpace: 'pre-line' }}>
          {gift.message}
        </Text>
      )}
      {gift.answer && !isAnswering && (
        <Blockquote p="sm" mt="sm" color="green">
          {gift.answer}
        </Blockquote>
      )}
      {isAnswering ? (
        <Answer gift={gift} close={() => setAnswering(false)} />
      ) : (
        <Group justify="flex-end" mt="xs">
          <Button size="compact-sm" variant="default" onClick={() => setAnswering(true)}>
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
