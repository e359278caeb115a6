import type { PublicEventType, WebhookView } from '@foodshed/contracts';
import { Button, Checkbox, Group, SimpleGrid, Stack, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, fieldError } from '../api/client.js';
import { Problem } from '../shell/states.js';

type Subscribable = Exclude<PublicEventType, 'webhook.test'>;
/** The compiler holds this to the list in the contracts, of which the pages take types only. */
const texts: Record<Subscribable, `webhookType.${string}`> = {
  'order.placed': 'webhookType.orderPlaced',
  'order.paid': 'webhookType.orderPaid',
  'order.refunded': 'webhookType.orderRefunded',
  'order.closed': 'webhookType.orderClosed',
  'order.fulfilled': 'webhookType.orderFulfilled',
  'cycle.scheduled': 'webhookType.cycleScheduled',
  'cycle.opened': 'webhookType.cycleOpened',
  'cycle.closed': 'webhookType.cycleClosed',
  'referral.made': 'webhookType.referralMade',
  'referral.ended': 'webhookType.referralEnded',
  'enterprise.changed': 'webhookType.enterpriseChanged',
  'model.changed': 'webhookType.modelChanged',
  'split.posted': 'webhookType.splitPosted',
  'pitch.changed': 'webhookType.pitchChanged',
  'pledge.changed': 'webhookType.pledgeChanged',
  'gift.given': 'webhookType.giftGiven',
  'gift.returned': 'webhookType.giftReturned',
};
/** Nobody but the network has one. */
const ofNetworkOnly = new Set<Subscribable>(['model.changed']);

/** Makes a webhook of the network or of an enterprise, or changes one. */
export function WebhookForm(props: {
  webhook?: WebhookView;
  enterpriseId: string | null;
  done: (webhook: WebhookView & { secret?: string }) => void;
}) {
  const { t } = useTranslation();
  const { webhook, enterpriseId } = props;
  const [url, setUrl] = useState(webhook?.url ?? '');
  const [description, setDescription] = useState(webhook?.description ?? '');
  const [types, setTypes] = useState<string[]>(webhook?.types ?? []);
  const offered = (Object.keys(texts) as Subscribable[]).filter(
    (type) => enterpriseId === null || !ofNetworkOnly.has(type),
  );
  const save = useMutation({
    mutationFn: () =>
      webhook
        ? api<WebhookView>(`/webhooks/${webhook.webhookId}`, {
            method: 'PATCH',
            body: { url, description, types },
          })
        : api<WebhookView & { secret: string }>('/webhooks', {
            method: 'POST',
            body: { url, description, types, ...(enterpriseId ? { enterpriseId } : {}) },
          }),
    onSuccess: props.done,
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    save.mutate();
  };
  const isAll = types.length === offered.length;
  return (
    <Stack component="form" onSubmit={submit}>
      <TextInput
        label={t('webhook.url')}
        description={t('webhook.urlHint')}
        type="url"
        required
        value={url}
        onChange={(event) => setUrl(event.currentTarget.value)}
        error={fieldError(save.error, 'url')}
      />
      <TextInput
        label={t('webhook.description')}
        value={description}
        maxLength={200}
        onChange={(event) => setDescription(event.currentTarget.value)}
      />
      <Checkbox.Group
        label={t('webhook.types')}
        required
        value={types}
        onChange={setTypes}
        error={fieldError(save.error, 'types')}
      >
        <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="xs" mt="xs">
          {offered.map((type) => (
            <Checkbox key={type} value={type} label={t(texts[type] as 'webhookType.orderPlaced')} />
          ))}
        </SimpleGrid>
      </Checkbox.Group>
      {save.isError && <Problem error={save.error} />}
      <Group>
        <Button type="submit" loading={save.isPending} disabled={types.length === 0}>
          {t(webhook ? 'webhook.save' : 'webhook.add')}
        </Button>
        <Button variant="default" onClick={() => setTypes(isAll ? [] : offered)}>
          {t(isAll ? 'webhook.noTypes' : 'webhook.allTypes')}
        </Button>
      </Group>
    </Stack>
  );
}
