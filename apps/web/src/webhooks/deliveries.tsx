import type { WebhookDelivery, WebhookView } from '@foodshed/contracts';
import { Button, Code, Group, Modal, NativeSelect, Stack, Text, Title } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../api/client.js';
import { useList, useThing } from '../api/lists.js';
import { useFormat } from '../format.js';
import { ListTable } from '../shell/data-table.js';
import { Loaded, Problem } from '../shell/states.js';
import { DeliveryState } from './webhook-state.js';

const states = ['waiting', 'delivered', 'failed'] as const;

/** What was sent, byte for byte, and the means to send it again. */
function DeliveryModal({ path, close }: { path: string; close: () => void }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const query = useThing<WebhookDelivery & { payload: string }>(path);
  const replay = useMutation({
    mutationFn: () => api(`${path}/replay`, { method: 'POST', body: {} }),
    onSuccess: async () => {
      close();
      await client.invalidateQueries();
    },
  });
  return (
    <Modal opened onClose={close} title={t('webhook.delivery')} size="lg">
      <Loaded query={query}>
        {({ messageId, payload }) => (
          <Stack>
            <Text size="sm">
              <Code>webhook-id: {messageId}</Code>
            </Text>
            <Code block tabIndex={0}>
              {JSON.stringify(JSON.parse(payload), null, 2)}
            </Code>
            {replay.isError && <Problem error={replay.error} />}
            <Group justify="flex-end">
              <Button loading={replay.isPending} onClick={() => replay.mutate()}>
                {t('webhook.replayOne')}
              </Button>
            </Group>
          </Stack>
        )}
      </Loaded>
    </Modal>
  );
}

/** What a webhook was told, and what waits: how often it was tried, when it is tried next, and why it was not taken. */
export function Deliveries({ webhook }: { webhook: WebhookView }) {
  const { t } = useTranslation();
  const format = useFormat();
  const path = `/webhooks/${webhook.webhookId}/deliveries`;
  const [state, setState] = useState('');
  const list = useList<WebhookDelivery>(path, { state });
  const [opened, setOpened] = useState<string>();
  const client = useQueryClient();
  const resultOf = ({ status, reason }: WebhookDelivery): string => {
    if (reason && reason !== 'refused-status') return t(`deliveryReason.${reason}`);
    return status === null ? '' : t('webhook.answered', { status });
  };
  return (
    <Stack>
      <Group justify="space-between" align="flex-end">
        <Title order={2} size="h4">
          {t('webhook.deliveries')}
        </Title>
        <Group gap="xs" align="flex-end">
          <NativeSelect
            aria-label={t('webhook.state')}
            value={state}
            onChange={(event) => setState(event.currentTarget.value)}
            data={[
              { value: '', label: t('webhook.anyState') },
              ...states.map((value) => ({ value, label: t(`deliveryState.${value}`) })),
            ]}
          />
          <Button variant="default" onClick={() => void client.invalidateQueries()}>
            {t('webhook.refresh')}
          </Button>
        </Group>
      </Group>
      <ListTable
        list={list}
        none={t('webhook.noDeliveries')}
        noneNext={t('webhook.noDeliveriesNext')}
        minWidth={760}
        keyOf={({ deliveryId }) => deliveryId}
        columns={[
          { title: t('webhook.occurred'), cell: ({ occurredAt }) => format.dateTime(occurredAt) },
          { title: t('webhook.type'), cell: ({ type }) => <Code>{type}</Code> },
          { title: t('webhook.state'), cell: (delivery) => <DeliveryState state={delivery.state} /> },
          { title: t('webhook.tries'), isAmount: true, cell: ({ tries }) => format.number(tries) },
          { title: t('webhook.result'), cell: resultOf },
          {
            title: t('webhook.nextTry'),
            cell: ({ nextTryAt }) => (nextTryAt ? format.dateTime(nextTryAt) : ''),
          },
          {
            title: '',
            cell: ({ deliveryId }) => (
              <Button size="compact-xs" variant="default" onClick={() => setOpened(deliveryId)}>
                {t('webhook.open')}
              </Button>
            ),
          },
        ]}
      />
      {opened && <DeliveryModal path={`${path}/${opened}`} close={() => setOpened(undefined)} />}
    </Stack>
  );
}
