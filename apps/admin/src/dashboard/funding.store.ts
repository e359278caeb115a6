import type { contributionsEvents, DashboardView, developersEvents, EventData } from '@foodshed/contracts';
import { rowsOf, type Tx } from '@foodshed/platform';
import type { Filter } from './dashboard.store.js';
import { localDate } from './order.store.js';
import { newestByKey, type Within } from './standing.rules.js';

type Pledge = EventData<typeof developersEvents.pledgeChanged>;
type Gift = EventData<typeof contributionsEvents.given>;
type Return = EventData<typeof contributionsEvents.returned>;
type Funding = DashboardView['funding'];

interface GiftRow {
  readonly instance_id: string;
  readonly gift_id: string;
  readonly currency: string;
  /** Less than nothing for what was given back. */
  readonly amount_minor: number;
  readonly platform_part_minor: number;
  readonly given_at: string;
}

/** Keeps the state that each pledge is in; the last change stands. Of one moment, ids grow in the order of changes. */
export async function applyPledges(
  tx: Tx,
  events: readonly (Within<Pledge> & { readonly id: string })[],
): Promise<void> {
  const rows = newestByKey(
    events.map(({ id, instanceId, data }) => ({
      instance_id: instanceId,
      pledge_id: data.pledgeId,
      pitch_id: data.pitchId,
      currency: data.currency,
      amount_minor: data.amountMinor,
      state: data.state,
      changed_at: new Date(data.changedAt).toISOString(),
      event_id: id,
    })),
    (row) => `${row.instance_id} ${row.pledge_id}`,
    (a, b) => `${a.changed_at} ${a.event_id}` > `${b.changed_at} ${b.event_id}`,
  );
  await rowsOf(
    tx,
    `insert into dashboard_pledges as known
       (instance_id, pledge_id, pitch_id, currency, amount_minor, state, changed_on, changed_at, event_id)
     select instance_id, pledge_id, pitch_id, currency, amount_minor, state,
            ${localDate('changed_at', 'e.instance_id')}, changed_at, event_id
       from jsonb_to_recordset($1::jsonb) as e(instance_id uuid, pledge_id uuid, pitch_id uuid, currency text,
            amount_minor bigint, state text, changed_at timestamptz, event_id uuid)
     on conflict (instance_id, pledge_id)
     do update set amount_minor = excluded.amount_minor, state = excluded.state, changed_on = excluded.changed_on,
                   changed_at = excluded.changed_at, event_id = excluded.event_id
      where (known.changed_at, known.event_id) < (excluded.changed_at, excluded.event_id)`,
    [JSON.stringify(rows)],
  );
}

/** Keeps each gift once. */
export function applyGifts(tx: Tx, events: readonly Within<Gift>[]): Promise<void> {
  const gifts = events.map(({ instanceId, data }) => ({
    instance_id: instanceId,
    gift_id: data.giftId,
    currency: data.currency,
    amount_minor: data.amountMinor,
    platform_part_minor: data.platformPartMinor,
    given_at: data.givenAt,
  }));
  return insertGifts(tx, gifts);
}

/** Keeps each return once, as so much less that was given. */
export function applyReturns(tx: Tx, events: readonly Within<Return>[]): Promise<void> {
  const returns = events.map(({ instanceId, data }) => ({
    instance_id: instanceId,
    gift_id: data.returnId,
    currency: data.currency,
    amount_minor: -data.amountMinor,
    platform_part_minor: 0,
    given_at: data.returnedAt,
  }));
  return insertGifts(tx, returns);
}

async function insertGifts(tx: Tx, all: readonly GiftRow[]): Promise<void> {
  const rows = newestByKey(
    all,
    (row) => `${row.instance_id} ${row.gift_id}`,
    () => false,
  );
  await rowsOf(
    tx,
    `insert into dashboard_gifts (instance_id, gift_id, currency, amount_minor, platform_part_minor, given_on)
     select instance_id, gift_id, currency, amount_minor, platform_part_minor, ${localDate('given_at', 'e.instance_id')}
       from jsonb_to_recordset($1::jsonb) as e(instance_id uuid, gift_id uuid, currency text, amount_minor bigint,
            platform_part_minor bigint, given_at timestamptz)
     on conflict do nothing`,
    [JSON.stringify(rows)],
  );
}

const inDates = (column: string): string =>
  `instance_id = $1 and ($2::date is null or ${column} >= $2) and ($3::date is null or ${column} <= $3)`;

/** Pledges by what became of them last in the period, by currency; those that came to nothing are left out. */
export function sumPledges(tx: Tx, { instanceId, from, to }: Filter): Promise<Funding['pledges']> {
  const states = (list: string): string =>
    `coalesce(sum(amount_minor) filter (where state in (${list})), 0)::bigint`;
  return rowsOf(
    tx,
    `select currency, count(*) as pledges, ${states("'promised'")} as "promisedMinor",
            ${states("'placing', 'held', 'paying'")} as "heldMinor", ${states("'paid'")} as "paidMinor",
            ${states("'returning', 'returned'")} as "returnedMinor"
       from dashboard_pledges
      where ${inDates('changed_on')} and state not in ('refused', 'withdrawn', 'lapsed')
      group by currency order by currency`,
    [instanceId, from, to],
  );
}

/** Gifts of the period by currency: what receivers got and did not give back, and what givers added for the platform. */
export function sumGifts(tx: Tx, { instanceId, from, to }: Filter): Promise<Funding['gifts']> {
  return rowsOf(
    tx,
    `select currency, count(*) filter (where amount_minor > 0) as gifts, sum(amount_minor)::bigint as "amountMinor",
            sum(platform_part_minor)::bigint as "platformPartMinor"
       from dashboard_gifts where ${inDates('given_on')} group by currency order by currency`,
    [instanceId, from, to],
  );
}
