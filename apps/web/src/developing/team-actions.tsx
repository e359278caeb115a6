import type { PitchView } from '@foodshed/contracts';
import { Button, Group, Modal, Paper, Stack, Text, Textarea, TextInput, Title } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, fieldError } from '../api/client.js';
import { useFormat } from '../format.js';
import { Problem } from '../shell/states.js';

function DeliveryForm({ pitch, done }: { pitch: PitchView; done: () => Promise<void> }) {
  const { t } = useTranslation();
  const [url, setUrl] = useState('');
  const [text, setText] = useState('');
  const deliver = useMutation({
    mutationFn: () => api(`/pitches/${pitch.pitchId}/delivery`, { method: 'POST', body: { url, text } }),
    onSuccess: done,
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    deliver.mutate();
  };
  return (
    <Stack component="form" onSubmit={submit}>
      <TextInput
        label={t('delivery.url')}
        type="url"
        required
        value={url}
        onChange={(event) => setUrl(event.currentTarget.value)}
        error={fieldError(deliver.error, 'url')}
      />
      <Textarea
        label={t('delivery.text')}
        required
        autosize
        minRows={2}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        error={fieldError(deliver.error, 'text')}
      />
      {deliver.isError && <Problem error={deliver.error} />}
      <Group justify="flex-end">
        <Button type="submit" loading={deliver.isPending}>
          {t('delivery.submit')}
        </Button>
      </Group>
    </Stack>
  );
}

/** What the team does with its pitch: shows a delivery, or gives up. */
export function TeamActions({ pitch, done }: { pitch: PitchView; done: () => Promise<void> }) {
  const { t } = useTranslation();
  const format = useFormat();
  const [asking, { open, close }] = useDisclosure();
  const withdraw = useMutation({
    mutationFn: () => api(`/pitches/${pitch.pitchId}/withdrawal`, { method: 'POST' }),
    onSuccess: async () => {
      close();
      await done();
    },
  });
  const mayWithdraw = ['open', 'funded', 'delivered'].includes(pitch.state);
  return (
    <Paper>
      <Stack>
        <Title order={2} size="h4">
          {t('delivery.title')}
        </Title>
        <Text size="sm" c="dimmed">
          {t(`delivery.next.${pitch.state}`, { when: format.dateTime(pitch.deliverBy) })}
        </Text>
        {pitch.state === 'funded' && <DeliveryForm pitch={pitch} done={done} />}
        {mayWithdraw && (
          <Group>
            <Button variant="default" onClick={open}>
              {t('delivery.giveUp')}
            </Button>
          </Group>
        )}
        <Modal opened={asking} onClose={close} title={t('delivery.giveUpSure')}>
          <Stack>
            <Text size="sm">{t('delivery.giveUpExplained')}</Text>
            {withdraw.isError && <Problem error={withdraw.error} />}
            <Group justify="flex-end">
              <Button variant="default" onClick={close}>
                {t('action.cancel')}
              </Button>
              <Button color="red" loading={withdraw.isPending} onClick={() => withdraw.mutate()}>
                {t('delivery.giveUp')}
              </Button>
            </Group>
          </Stack>
        </Modal>
      </Stack>
    </Paper>
  );
}
