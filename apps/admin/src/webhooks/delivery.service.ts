import {
  DomainError,
  requirePerson,
  type CallContext,
  type RpcInput,
  type WebhookDelivery,
  type webhooksRpc,
} from '@foodshed/contracts';
import { afterCommit, Clock, Database, newId, type Tx } from '@foodshed/platform';
import { Injectable } from '@nestjs/common';
import { idAfter, pageFrom } from '../pages.rules.js';
import {
  deliveryViewOf,
  findDelivery,
  insertDeliveries,
  listDeliveries,
  queueAgain,
  type DeliveryRow,
} from './delivery.store.js';
import { payloadOf } from './message.rules.js';
import { WebhookSending } from './sending.service.js';
import { requireWebhook } from './webhook.service.js';
import type { WebhookRow } from './webhook.store.js';

type In<K extends keyof typeof webhooksRpc> = RpcInput<(typeof webhooksRpc)[K]>;
type Key = { webhookId: string; deliveryId: string };

/** What a webhook was told, and is to be told. */
@Injectable()
export class DeliveryService {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly sending: WebhookSending,
  ) {}

  list(input: In<'listWebhookDeliveries'>, context: CallContext) {
    const { webhookId, state = null, cursor, limit } = input;
    return this.#with(webhookId, context, async (tx, webhook) => {
      const page = { webhookId, state, before: idAfter(cursor), limit: limit + 1 };
      const { items, nextCursor } = pageFrom(await listDeliveries(tx, page), limit, (row) => row.delivery_id);
      return { items: items.map((row) => deliveryViewOf(row, webhook.state === 'active')), nextCursor };
    });
  }

  get(key: Key, context: CallContext): Promise<WebhookDelivery & { payload: string }> {
    return this.#with(key.webhookId, context, async (tx, { state }) => {
      const row = await requireDelivery(tx, key);
      return { ...deliveryViewOf(row, state === 'active'), payload: row.payload };
    });
  }

  /** Tells a test, to a webhook that is told things at all. */
  test(webhookId: string, context: CallContext): Promise<WebhookDelivery> {
    return this.#with(webhookId, context, async (tx, { instance_id: instanceId, state }) => {
      if (state !== 'active') {
        throw new DomainError('invalid-state', { detail: 'The webhook is not active; switch it on first.' });
      }
      const now = this.clock.now();
      const type = 'webhook.test';
      const occurredAt = now.toISOString();
      const deliveryId = newId();
      const payload = payloadOf({ type, occurredAt, instanceId, data: { webhookId } });
      const messageId = `test_${deliveryId}`;
      const delivery = { instanceId, deliveryId, webhookId, messageId, type, payload, occurredAt } as const;
      await insertDeliveries(tx, [delivery], now);
      afterCommit(tx, () => this.sending.wake());
      return deliveryViewOf(await requireDelivery(tx, { webhookId, deliveryId }), true);
    });
  }

  replay(key: Key, context: CallContext): Promise<WebhookDelivery> {
    return this.#with(key.webhookId, context, async (tx, { state }) => {
      await requireDelivery(tx, key);
      await queueAgain(tx, key, this.clock.now());
      afterCommit(tx, () => this.sending.wake());
      return deliveryViewOf(await requireDelivery(tx, key), state === 'active');
    });
  }

  replaySince({ webhookId, since, onlyFailed }: In<'replayWebhook'>, context: CallContext) {
    return this.#with(webhookId, context, async (tx) => {
      const which = { webhookId, since: new Date(since), onlyFailed };
      const queued = await queueAgain(tx, which, this.clock.now());
      afterCommit(tx, () => this.sending.wake());
      return { queued };
    });
  }

  #with<T>(
    webhookId: string,
    context: CallContext,
    work: (tx: Tx, row: WebhookRow) => Promise<T>,
  ): Promise<T> {
    const caller = requirePerson(context);
    return this.database.transaction(caller.instance.id, async (tx) =>
      work(tx, await requireWebhook(tx, webhookId, { caller })),
    );
  }
}

async function requireDelivery(tx: Tx, key: Key): Promise<DeliveryRow> {
  const row = await findDelivery(tx, key);
  if (!row) throw new DomainError('not-found', { detail: 'The webhook has no such delivery.' });
  return row;
}
