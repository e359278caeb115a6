import { afterCommit, Clock, newId, type ReceivedEvent, type Tx } from '@foodshed/platform';
import { Injectable } from '@nestjs/common';
import { insertDeliveries, type NewDelivery } from './delivery.store.js';
import { messageIdOf, payloadOf, publicMessagesOf } from './message.rules.js';
import { WebhookSending } from './sending.service.js';
import { subscribersOf, type Subscriber } from './webhook.store.js';

/** Writes down what is to be told, in the transaction that took note of what happened. */
@Injectable()
export class WebhookQueue {
  constructor(
    private readonly clock: Clock,
    private readonly sending: WebhookSending,
  ) {}

  /** Queues what is public of the events for everybody who asked for it; one small question where nobody did. */
  async add(tx: Tx, events: readonly ReceivedEvent[]): Promise<void> {
    const instanceIds = [...new Set(events.map(({ instanceId }) => instanceId))];
    const subscribers = await subscribersOf(tx, instanceIds);
    if (subscribers.length === 0) return;
    const deliveries = events.flatMap((event) =>
      deliveriesOf(
        event,
        subscribers.filter(({ instanceId }) => instanceId === event.instanceId),
      ),
    );
    if (deliveries.length === 0) return;
    await insertDeliveries(tx, deliveries, this.clock.now());
    afterCommit(tx, () => this.sending.wake());
  }
}

function deliveriesOf(event: ReceivedEvent, subscribers: readonly Subscriber[]): NewDelivery[] {
  if (subscribers.length === 0) return [];
  const { instanceId, occurredAt } = event;
  return publicMessagesOf(event).flatMap(({ type, data, forEnterprise }, index) =>
    subscribers.flatMap(({ webhookId, enterpriseId, types }) => {
      if (!types.includes(type)) return [];
      const told = enterpriseId === null ? data : forEnterprise(enterpriseId);
      if (told === null) return [];
      const payload = payloadOf({ type, occurredAt, instanceId, data: told });
      const messageId = messageIdOf(event.id, index);
      return [{ instanceId, deliveryId: newId(), webhookId, messageId, type, payload, occurredAt }];
    }),
  );
}
