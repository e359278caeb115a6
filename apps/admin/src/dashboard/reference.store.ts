import type { EventData } from '@foodshed/contracts';
import { type hubsEvents, type ledgerEvents } from '@foodshed/contracts';
import { rowsOf, type Tx } from '@foodshed/platform';
import { newestByKey, ownEntriesOf, type Within } from './standing.rules.js';

type Enterprise = EventData<typeof hubsEvents.enterpriseChanged>;
type Referral = EventData<typeof hubsEvents.referralChanged>;
type Posted = EventData<typeof ledgerEvents.posted>;
type Told<T> = Within<T> & { readonly id: string };

interface Dated {
  changed_at: string;
  event_id: string;
}

// Changes of one moment are told apart by their events' ids, which grow in the order they were made.
const isNewer = (a: Dated, b: Dated): boolean =>
  `${a.changed_at} ${a.event_id}` > `${b.changed_at} ${b.event_id}`;
const dated = <T extends { changedAt: string }>(event: Told<T>): Dated => ({
  changed_at: new Date(event.data.changedAt).toISOString(),
  event_id: event.id,
});

/** Keeps trading names, which are public, and what each enterprise is; the last change stands. */
export async function applyEnterprises(tx: Tx, events: readonly Told<Enterprise>[]): Promise<void> {
  const rows = newestByKey(
    events.map((event) => ({
      instance_id: event.instanceId,
      enterprise_id: event.data.enterpriseId,
      slug: event.data.slug,
      name: event.data.name,
      is_producer: event.data.isProducer,
      is_hub: event.data.isHub,
      ...dated(event),
    })),
    (row) => `${row.instance_id} ${row.enterprise_id}`,
    isNewer,
  );
  await rowsOf(
    tx,
    `insert into enterprises as known
       (instance_id, enterprise_id, slug, name, is_producer, is_hub, changed_at, event_id)
     select instance_id, enterprise_id, slug, name, is_producer, is_hub, changed_at, event_id
       from jsonb_to_recordset($1::jsonb) as e(instance_id uuid, enterprise_id uuid, slug text, name text,
            is_producer boolean, is_hub boolean, changed_at timestamptz, event_id uuid)
     on conflict (instance_id, enterprise_id)
     do update set slug = excluded.slug, name = excluded.name, is_producer = excluded.is_producer,
                   is_hub = excluded.is_hub, changed_at = excluded.changed_at, event_id = excluded.event_id
      where (known.changed_at, known.event_id) <= (excluded.changed_at, excluded.event_id)`,
    [JSON.stringify(rows)],
  );
}

/** Keeps which referrals stand; the last change stands. */
export async function applyReferrals(tx: Tx, events: readonly Told<Referral>[]): Promise<void> {
  const rows = newestByKey(
    events.map((event) => ({
      instance_id: event.instanceId,
      referral_id: event.data.referralId,
      hub_id: event.data.hubId,
      producer_id: event.data.producerId,
      is_standing: event.data.state === 'standing',
      ...dated(event),
    })),
    (row) => `${row.instance_id} ${row.referral_id}`,
    isNewer,
  );
  await rowsOf(
    tx,
    `insert into referrals as known (instance_id, referral_id, hub_id, producer_id, is_standing, changed_at, event_id)
     select instance_id, referral_id, hub_id, producer_id, is_standing, changed_at, event_id
       from jsonb_to_recordset($1::jsonb) as e(instance_id uuid, referral_id uuid, hub_id uuid, producer_id uuid,
            is_standing boolean, changed_at timestamptz, event_id uuid)
     on conflict (instance_id, referral_id)
     do update set hub_id = excluded.hub_id, producer_id = excluded.producer_id, is_standing = excluded.is_standing,
                   changed_at = excluded.changed_at, event_id = excluded.event_id
      where (known.changed_at, known.event_id) <= (excluded.changed_at, excluded.event_id)`,
    [JSON.stringify(rows)],
  );
}

/** Keeps the entries on the instance's own accounts, each once; the ledger never changes them. */
export async function applyPosted(tx: Tx, events: readonly Within<Posted>[]): Promise<void> {
  await applyReleases(tx, events);
  const entries = ownEntriesOf(events.map(({ data }) => data));
  if (entries.length === 0) return;
  await rowsOf(
    tx,
    {
      name: 'dashboard-posted',
      text: `insert into administration_entries (instance_id, transaction_id, entry_index, account, kind, line,
               share_id, order_id, producer_id, amount_minor, occurred_at, recorded_at)
             select * from unnest($1::uuid[], $2::uuid[], $3::int[], $4::text[], $5::text[], $6::text[], $7::text[],
                                  $8::uuid[], $9::uuid[], $10::bigint[], $11::timestamptz[], $12::timestamptz[])
              order by 1, 2, 3
             on conflict do nothing`,
    },
    [
      entries.map((entry) => entry.instance_id),
      entries.map((entry) => entry.transaction_id),
      entries.map((entry) => entry.entry_index),
      entries.map((entry) => entry.account),
      entries.map((entry) => entry.kind),
      entries.map((entry) => entry.line),
      entries.map((entry) => entry.share_id),
      entries.map((entry) => entry.order_id),
      entries.map((entry) => entry.producer_id),
      entries.map((entry) => entry.amount_minor),
      entries.map((entry) => entry.occurred_at),
      entries.map((entry) => entry.recorded_at),
    ],
  );
}

/** Notes when all that an order earned first became available: of its captures, the last one. */
async function applyReleases(tx: Tx, events: readonly Within<Posted>[]): Promise<void> {
  const released = events.flatMap(({ instanceId, data }) =>
    data.transactions.flatMap(({ key, occurredAt }) =>
      key.kind === 'release' && key.version === 1 ? [{ instanceId, orderId: key.orderId, occurredAt }] : [],
    ),
  );
  if (released.length === 0) return;
  await rowsOf(
    tx,
    `insert into dashboard_releases as r (instance_id, order_id, available_at)
     select e.instance_id, e.order_id, max(e.available_at)
       from unnest($1::uuid[], $2::uuid[], $3::timestamptz[]) as e(instance_id, order_id, available_at)
      group by 1, 2 order by 1, 2
     on conflict (instance_id, order_id)
     do update set available_at = greatest(r.available_at, excluded.available_at)`,
    [
      released.map(({ instanceId }) => instanceId),
      released.map(({ orderId }) => orderId),
      released.map(({ occurredAt }) => occurredAt),
    ],
  );
}
