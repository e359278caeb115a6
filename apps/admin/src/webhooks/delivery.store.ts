import type { DeliveryReason, DeliveryState, PublicEventType, WebhookDelivery } from '@foodshed/contracts';
import { jsonLines, rowsOf, type Tx } from '@foodshed/platform';
import { KEPT_MS, type Attempt } from './delivery.rules.js';

export interface NewDelivery {
  readonly instanceId: string;
  readonly deliveryId: string;
  readonly webhookId: string;
  readonly messageId: string;
  readonly type: PublicEventType;
  readonly payload: string;
  readonly occurredAt: string;
}

/** A delivery that this process tries now, with what it needs of its webhook. */
export interface TakenDelivery {
  readonly instanceId: string;
  readonly deliveryId: string;
  readonly webhookId: string;
  readonly messageId: string;
  readonly payload: string;
  /** This try included. */
  readonly tries: number;
  readonly createdAt: Date;
  readonly url: string;
  /** The present secret, and the one before while it still signs. */
  readonly sealedSecrets: readonly Buffer[];
}

/** Whoever took a delivery and was never heard of again lets go of it after this; far more than a try may take. */
const CLAIM = "interval '60 seconds'";

/** Adds deliveries that are due at once; those of a message that the webhook was told before change nothing. */
export async function insertDeliveries(tx: Tx, deliveries: readonly NewDelivery[], now: Date): Promise<void> {
  await rowsOf(
    tx,
    {
      name: 'webhook-deliveries-add',
      text: `insert into webhook_deliveries (instance_id, delivery_id, webhook_id, message_id, type, payload,
                                             occurred_at, created_at, state, next_try_at)
             select (line ->> 'instanceId')::uuid, (line ->> 'deliveryId')::uuid, (line ->> 'webhookId')::uuid,
                    line ->> 'messageId', line ->> 'type', line ->> 'payload',
                    (line ->> 'occurredAt')::timestamptz, $2, 'waiting', $2
               from (select unnest(string_to_array($1, E'\\n'))::json as line) as lines
             on conflict (instance_id, webhook_id, message_id) do nothing`,
    },
    [jsonLines(deliveries), now],
  );
}

/**
 * Takes what is due of active webhooks that this process is not busy with: of at most `webhooks` of them, `each` of
 * one, the longest due first. What is taken is nobody else's for a minute, and has one try more.
 */
export function takeDue(
  tx: Tx,
  take: { now: Date; busy: readonly string[]; webhooks: number; each: number },
): Promise<TakenDelivery[]> {
  return rowsOf<TakenDelivery>(
    tx,
    {
      name: 'webhook-deliveries-take',
      text: `with turn as materialized (
               select w.*, d.next_try_at as due_at
                 from webhooks w
                cross join lateral (
                  select next_try_at from webhook_deliveries d
                   where d.webhook_id = w.webhook_id and d.state = 'waiting' and d.next_try_at <= $1
                     and (d.claimed_until is null or d.claimed_until < now())
                   order by next_try_at limit 1) d
                where w.state = 'active' and w.webhook_id <> all($2::uuid[])
                order by due_at limit $3
             ), taken as materialized (
               select due.instance_id, due.delivery_id from turn
                cross join lateral (
                  select d.instance_id, d.delivery_id from webhook_deliveries d
                   where d.webhook_id = turn.webhook_id and d.state = 'waiting' and d.next_try_at <= $1
                     and (d.claimed_until is null or d.claimed_until < now())
                   order by d.next_try_at, d.delivery_id limit $4 for update skip locked) due
             )
             update webhook_deliveries d
                set tries = d.tries + 1, claimed_until = now() + ${CLAIM}, last_try_at = $1
               from taken join turn using (instance_id)
              where d.instance_id = taken.instance_id and d.delivery_id = taken.delivery_id
                and d.webhook_id = turn.webhook_id
             returning d.instance_id as "instanceId", d.delivery_id as "deliveryId", d.webhook_id as "webhookId",
                       d.message_id as "messageId", d.payload, d.tries, d.created_at as "createdAt", turn.url,
                       array_prepend(turn.secret, array(
                         select p.secret from unnest(turn.previous_secrets, turn.previous_until) as p(secret, until)
                          where p.until > $1)) as "sealedSecrets"`,
    },
    [take.now, take.busy, take.webhooks, take.each],
  );
}

/** Writes what came of a try; `nextTryAt` is given exactly when it waits. One that was removed is left alone. */
export async function recordAttempt(
  tx: Tx,
  { instanceId, deliveryId }: Pick<TakenDelivery, 'instanceId' | 'deliveryId'>,
  result: Attempt & { state: DeliveryState; nextTryAt: Date | null; tookMs: number },
): Promise<void> {
  await rowsOf(
    tx,
    {
      name: 'webhook-delivery-record',
      text: `update webhook_deliveries
                set state = $3, next_try_at = $4, status = $5, reason = $6, took_ms = $7, claimed_until = null
              where instance_id = $1 and delivery_id = $2`,
    },
    [instanceId, deliveryId, result.state, result.nextTryAt, result.status, result.reason, result.tookMs],
  );
}

export interface DeliveryRow {
  delivery_id: string;
  message_id: string;
  type: PublicEventType;
  payload: string;
  occurred_at: Date;
  state: DeliveryState;
  tries: number;
  last_try_at: Date | null;
  next_try_at: Date | null;
  status: number | null;
  reason: DeliveryReason | null;
  took_ms: number | null;
}

const COLUMNS = `delivery_id, message_id, type, payload, occurred_at, state, tries, last_try_at, next_try_at, status,
  reason, took_ms`;

/** The row as it is shown; `isActive` says whether its webhook is told at all. */
export function deliveryViewOf(row: DeliveryRow, isActive: boolean): WebhookDelivery {
  return {
    deliveryId: row.delivery_id,
    messageId: row.message_id,
    type: row.type,
    occurredAt: row.occurred_at.toISOString(),
    state: row.state,
    tries: row.tries,
    lastTryAt: row.last_try_at?.toISOString() ?? null,
    nextTryAt: (isActive && row.next_try_at?.toISOString()) || null,
    status: row.status,
    reason: row.reason,
    tookMs: row.took_ms,
  };
}

/** Deliveries of a webhook, the newest first; may be empty. */
export function listDeliveries(
  tx: Tx,
  page: { webhookId: string; state: DeliveryState | null; before: string | null; limit: number },
): Promise<DeliveryRow[]> {
  return rowsOf<DeliveryRow>(
    tx,
    `select ${COLUMNS.replace('payload', "'' as payload")} from webhook_deliveries
      where webhook_id = $1 and ($2::text is null or state = $2) and ($3::uuid is null or delivery_id < $3)
      order by delivery_id desc limit $4`,
    [page.webhookId, page.state, page.before, page.limit],
  );
}

/** One delivery of the webhook, or null. */
export async function findDelivery(
  tx: Tx,
  { webhookId, deliveryId }: { webhookId: string; deliveryId: string },
): Promise<DeliveryRow | null> {
  const [row] = await rowsOf<DeliveryRow>(
    tx,
    `select ${COLUMNS} from webhook_deliveries where webhook_id = $1 and delivery_id = $2`,
    [webhookId, deliveryId],
  );
  return row ?? null;
}

/**
 * Makes deliveries of the webhook due at once with all their tries ahead: one, or those of what happened since an
 * instant (only the failed ones, if so asked). Returns how many; what waits already is brought forward.
 */
export async function queueAgain(
  tx: Tx,
  which: { webhookId: string; deliveryId?: string; since?: Date; onlyFailed?: boolean },
  now: Date,
): Promise<number> {
  const rows = await rowsOf(
    tx,
    `update webhook_deliveries set state = 'waiting', tries = 0, next_try_at = $5
      where webhook_id = $1 and ($2::uuid is null or delivery_id = $2) and ($3::timestamptz is null or occurred_at >= $3)
        and (not $4 or state = 'failed')
     returning 1`,
    [which.webhookId, which.deliveryId ?? null, which.since ?? null, which.onlyFailed ?? false, now],
  );
  return rows.length;
}

/** Removes deliveries that are over 30 days old, a few thousand at a time; returns how many. */
export async function removeOldDeliveries(tx: Tx, now: Date): Promise<number> {
  const rows = await rowsOf(
    tx,
    `delete from webhook_deliveries where (instance_id, delivery_id) in
       (select instance_id, delivery_id from webhook_deliveries where created_at < $1 limit 5000)
     returning 1`,
    [new Date(now.getTime() - KEPT_MS)],
  );
  return rows.length;
}
