import type { PublicEventType, WebhookState, WebhookView } from '@foodshed/contracts';
import { rowsOf, type Tx } from '@foodshed/platform';

export interface WebhookRow {
  instance_id: string;
  webhook_id: string;
  enterprise_id: string | null;
  url: string;
  description: string;
  types: PublicEventType[];
  state: WebhookState;
  failing_because: 'gave-up' | 'gone' | null;
  state_changed_at: Date;
  secret: Buffer;
  previous_until: Date[];
  created_at: Date;
  last_delivered_at: Date | null;
  waiting: number;
}

/** So many replaced secrets sign at once. */
const MOST_PREVIOUS = 3;

const COLUMNS = `instance_id, webhook_id, enterprise_id, url, description, types, state, failing_because,
  state_changed_at, secret, previous_until, created_at, last_delivered_at,
  (select count(*) from webhook_deliveries d where d.webhook_id = w.webhook_id and d.state = 'waiting') as waiting`;

/** The row as it is shown. */
export function webhookViewOf(row: WebhookRow, now: Date): WebhookView {
  const [overlap] = row.previous_until;
  return {
    webhookId: row.webhook_id,
    enterpriseId: row.enterprise_id,
    url: row.url,
    description: row.description,
    types: row.types,
    state: row.state,
    failingBecause: row.failing_because,
    stateChangedAt: row.state_changed_at.toISOString(),
    createdAt: row.created_at.toISOString(),
    lastDeliveredAt: row.last_delivered_at?.toISOString() ?? null,
    previousSecretUntil: overlap && overlap > now ? overlap.toISOString() : null,
    waiting: row.waiting,
  };
}

export interface NewWebhook {
  readonly instanceId: string;
  readonly webhookId: string;
  readonly enterpriseId: string | null;
  readonly url: string;
  readonly description: string;
  readonly types: readonly string[];
  readonly secret: Buffer;
  readonly createdBy: string;
  readonly at: Date;
}

/** Adds an active webhook; null when its owner has `most` already. Makes owners wait for each other. */
export async function insertWebhook(tx: Tx, webhook: NewWebhook, most: number): Promise<WebhookRow | null> {
  const owner = `${webhook.instanceId} ${webhook.enterpriseId ?? ''}`;
  await rowsOf(tx, 'select pg_advisory_xact_lock(hashtextextended($1, 90))', [`webhooks ${owner}`]);
  const [row] = await rowsOf<WebhookRow>(
    tx,
    `insert into webhooks as w (instance_id, webhook_id, enterprise_id, url, description, types, secret, created_by,
                                created_at, state, state_changed_at)
     select $1, $2, $3, $4, $5, $6, $7, $8, $9, 'active', $9
      where (select count(*) from webhooks o where o.instance_id = $1 and o.enterprise_id is not distinct from $3) < $10
     returning ${COLUMNS}`,
    [
      webhook.instanceId,
      webhook.webhookId,
      webhook.enterpriseId,
      webhook.url,
      webhook.description,
      webhook.types,
      webhook.secret,
      webhook.createdBy,
      webhook.at,
      most,
    ],
  );
  return row ?? null;
}

/** Webhooks of the enterprise, or of the instance itself for null; the oldest first, may be empty. */
export function listWebhooks(tx: Tx, enterpriseId: string | null): Promise<WebhookRow[]> {
  return rowsOf<WebhookRow>(
    tx,
    `select ${COLUMNS} from webhooks w where enterprise_id is not distinct from $1 order by webhook_id`,
    [enterpriseId],
  );
}

/** The webhook, locked where `forUpdate`; null when there is none. */
export async function findWebhook(
  tx: Tx,
  webhookId: string,
  { forUpdate = false } = {},
): Promise<WebhookRow | null> {
  const [row] = await rowsOf<WebhookRow>(
    tx,
    `select ${COLUMNS} from webhooks w where webhook_id = $1 ${forUpdate ? 'for update of w' : ''}`,
    [webhookId],
  );
  return row ?? null;
}

/** Writes what people may change; whoever sets a state ends `failing`. */
export async function updateWebhook(
  tx: Tx,
  webhookId: string,
  change: { url?: string; description?: string; types?: readonly string[]; state?: WebhookState; at: Date },
): Promise<void> {
  await rowsOf(
    tx,
    `update webhooks
        set url = coalesce($2, url), description = coalesce($3, description), types = coalesce($4, types),
            state = coalesce($5, state),
            failing_because = case when $5::text is null then failing_because end,
            state_changed_at = case when $5 is distinct from state and $5 is not null then $6 else state_changed_at end
      where webhook_id = $1`,
    [
      webhookId,
      change.url ?? null,
      change.description ?? null,
      change.types ?? null,
      change.state ?? null,
      change.at,
    ],
  );
}

/**
 * Puts a new secret in place of the present one, which signs too until `until`, as do those before it while their time
 * is not over: whoever replaces a secret again, for example because the answer was lost, does not cut the receiver off.
 */
export async function replaceSecret(
  tx: Tx,
  webhookId: string,
  { secret, now, until }: { secret: Buffer; now: Date; until: Date },
): Promise<void> {
  await rowsOf(
    tx,
    `update webhooks w set secret = $2, previous_secrets = old.secrets, previous_until = old.until
       from (select array_agg(o.secret order by o.until desc) as secrets, array_agg(o.until order by o.until desc) as until
               from (select p.secret, p.until from webhooks k, unnest(k.previous_secrets, k.previous_until) as p(secret, until)
                      where k.webhook_id = $1 and p.until > $3
                      union all select secret, $4 from webhooks where webhook_id = $1
                      order by 2 desc limit ${MOST_PREVIOUS}) o) old
      where w.webhook_id = $1`,
    [webhookId, secret, now, until],
  );
}

/** Removes the webhook with its deliveries. */
export async function deleteWebhook(tx: Tx, webhookId: string): Promise<void> {
  await rowsOf(tx, 'delete from webhooks where webhook_id = $1', [webhookId]);
}

/** Notes that the receiver took a delivery. */
export async function noteDelivered(
  tx: Tx,
  { instanceId, webhookId }: { instanceId: string; webhookId: string },
  at: Date,
): Promise<void> {
  await rowsOf(tx, 'update webhooks set last_delivered_at = $3 where instance_id = $1 and webhook_id = $2', [
    instanceId,
    webhookId,
    at,
  ]);
}

/** Stops telling a webhook, unless it took something after `since`. A receiver that is gone is stopped in any case. */
export async function markFailing(
  tx: Tx,
  { instanceId, webhookId }: { instanceId: string; webhookId: string },
  failing: { because: 'gave-up' | 'gone'; since: Date; at: Date },
): Promise<void> {
  await rowsOf(
    tx,
    `update webhooks set state = 'failing', failing_because = $3, state_changed_at = $5
      where instance_id = $1 and webhook_id = $2 and state = 'active'
        and ($3 = 'gone' or last_delivered_at is null or last_delivered_at < $4)`,
    [instanceId, webhookId, failing.because, failing.since, failing.at],
  );
}

export interface Subscriber {
  readonly instanceId: string;
  readonly webhookId: string;
  readonly enterpriseId: string | null;
  readonly types: readonly PublicEventType[];
}

/** Everybody who is to be told something of these instances, also those for whom it waits; may be empty. */
export function subscribersOf(tx: Tx, instanceIds: readonly string[]): Promise<Subscriber[]> {
  return rowsOf<Subscriber>(
    tx,
    {
      name: 'webhook-subscribers',
      text: `select instance_id as "instanceId", webhook_id as "webhookId", enterprise_id as "enterpriseId", types
               from webhooks where instance_id = any($1::uuid[])`,
    },
    [instanceIds],
  );
}
