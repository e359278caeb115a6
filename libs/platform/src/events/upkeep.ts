import { jetstream } from '@nats-io/jetstream';
import { DomainError } from '@foodshed/contracts';
import type { NatsConnection } from '@nats-io/transport-node';
import { rowsOf, type Database } from '../database/database.js';
import { ALL_INSTANCES } from '../database/tables.js';
import { newId } from '../service/ids.js';
import type { OutboxRow } from './message.js';
import { publicationsOf, publish } from './publication.js';
import { RETENTION_MS } from './streams.js';

const PAGE = 1_000;

/** What waits in the outbox: how many events, and the age of the oldest in seconds (0 when none waits). */
export async function outboxState(database: Database): Promise<{ pending: number; ageSeconds: number }> {
  // Ids are UUIDv7: their first 48 bits are the milliseconds at which the event was made, in real time.
  const [row] = await database.query<{ pending: number; oldest: string | null }>(
    `select count(*) as pending, (select id from outbox_pending order by id limit 1) as oldest from outbox_pending`,
  );
  const made = row?.oldest ? Number.parseInt(row.oldest.replaceAll('-', '').slice(0, 12), 16) : Date.now();
  return { pending: row?.pending ?? 0, ageSeconds: Math.max(0, (Date.now() - made) / 1000) };
}

/**
 * Removes published outbox rows after 30 days, inbox rows and stored answers after 60, a few thousand at a time.
 * An inbox row outlives every copy of its event, so that none is handled twice.
 */
export async function removeOldRows(database: Database): Promise<number> {
  const days = RETENTION_MS / 86_400_000;
  const statements = [
    `delete from outbox where id in
       (select id from outbox o where recorded_at < now() - interval '${days} days'
          and not exists (select from outbox_pending p where p.id = o.id) limit 5000)`,
    `delete from inbox where (consumer, event_id) in
       (select consumer, event_id from inbox where received_at < now() - interval '${2 * days} days' limit 5000)`,
    `delete from idempotency_keys where (caller, command, key) in
       (select caller, command, key from idempotency_keys where created_at < now() - interval '${2 * days} days' limit 5000)`,
  ];
  let removed = 0;
  for (const statement of statements) {
    for (let last = 5_000; last === 5_000; removed += last) {
      last = await database.transaction(ALL_INSTANCES, async (tx) => {
        const [row] = await rowsOf<{ count: number }>(
          tx,
          `with gone as (${statement} returning 1) select count(*) as count from gone`,
        );
        return row?.count ?? 0;
      });
    }
  }
  return removed;
}

/**
 * Publishes one event of the outbox again; consumers that handled it know it from their inbox.
 * @throws DomainError not-found when the outbox does not have it (any more).
 */
export async function republishOne(
  database: Database,
  connection: NatsConnection,
  eventId: string,
): Promise<void> {
  const rows = await database.query<OutboxRow>(
    `select id, instance_id, subject, payload::text as payload, headers::text as headers, occurred_at
     from outbox where id = $1`,
    [eventId],
  );
  if (rows.length === 0) {
    throw new DomainError('not-found', {
      detail: 'The event is no longer kept by the service that it is of.',
    });
  }
  await publish(jetstream(connection), publicationsOf(rows), `-${newId()}`);
}

/**
 * Publishes again every event of the outbox that was published between two instants of real time; consumers
 * know from their inbox what they had. Returns how many. For reconciliation after NATS lost data.
 */
export async function republish(
  database: Database,
  connection: NatsConnection,
  { from, to }: { from: Date; to: Date },
): Promise<number> {
  const client = jetstream(connection);
  const round = newId();
  let after = '00000000-0000-0000-0000-000000000000';
  let count = 0;
  for (;;) {
    const rows = await database.query<OutboxRow>(
      `select id, instance_id, subject, payload::text as payload, headers::text as headers, occurred_at
       from outbox where recorded_at between $1 and $2 and id > $3 order by id limit ${PAGE}`,
      [from, to, after],
    );
    const last = rows.at(-1);
    if (!last) return count;
    await publish(client, publicationsOf(rows), `-${round}`);
    after = last.id;
    count += rows.length;
  }
}
