import type { EventData } from '@foodshed/contracts';
import { type commissionEvents, type ordersEvents } from '@foodshed/contracts';
import { rowsOf, type Tx } from '@foodshed/platform';
import { localDate } from './order.store.js';
import { figuresOf, grossOf, newestByCapture, revisionOf, type Within } from './standing.rules.js';

type Paid = EventData<typeof ordersEvents.paid>;
type Split = EventData<typeof commissionEvents.split>;

/** What one event says of a capture: its version, and figures of producers by column, in minor units. */
interface Told {
  readonly instanceId: string;
  readonly orderId: string;
  readonly captureId: string;
  readonly version: number;
  readonly revision: number;
  readonly parts: readonly { producerId: string; figures: readonly number[] }[];
}

/** Where the figures of an event stand, and which version of the capture they belong to. */
interface Side {
  readonly name: string;
  readonly columns: readonly string[];
  /** Whether the capture `c` is at the version `k`; an event that was overtaken changes nothing. */
  readonly isAtVersion: string;
}

const PAID: Side = { name: 'paid', columns: ['gross_minor'], isAtVersion: 'c.sale_version = k.version' };
const SPLIT: Side = {
  name: 'split',
  columns: [
    'split_gross_minor',
    'platform_minor',
    'commission_minor',
    'payment_costs_minor',
    'share_vat_minor',
    'producer_minor',
  ],
  isAtVersion: 'c.split_version = k.version and c.split_revision = k.revision',
};

const KEYS = '$1::uuid[], $2::uuid[], $3::uuid[], $4::int[], $5::int[]';
const KEY = 'instance_id, order_id, capture_id';
const captureOf = (row: string): string => `(${row}.instance_id, ${row}.order_id, ${row}.capture_id)`;
const keysOf = (told: readonly Told[]) => [
  told.map(({ instanceId }) => instanceId),
  told.map(({ orderId }) => orderId),
  told.map(({ captureId }) => captureId),
  told.map(({ version }) => version),
  told.map(({ revision }) => revision),
];

/**
 * Replaces what stands for each capture when the event's version is higher than the one counted; locks the
 * captures' rows, in key order. The hub fee and each producer's gross come from here.
 */
export async function applyPaid(tx: Tx, events: readonly Within<Paid>[]): Promise<void> {
  const newest = newestByCapture(events);
  const sales = newest.map(({ instanceId, data }): Told => ({
    instanceId,
    orderId: data.orderId,
    captureId: data.capture.captureId,
    version: data.version,
    revision: 0,
    parts: data.producers.map((sale) => ({ producerId: sale.producerId, figures: [grossOf(sale)] })),
  }));
  // They travel together; Postgres runs them in this order, here and below.
  await Promise.all([
    rowsOf(
      tx,
      {
        name: 'dashboard-paid',
        text: `insert into dashboard_captures as c
                 (${KEY}, hub_id, placed_on, sale_version, sale_changed_at, hub_fee_minor)
               select ${KEY}, hub_id, ${localDate('placed_at', 'k.instance_id')}, version, changed_at, fee
                 from unnest(${KEYS}, $6::uuid[], $7::timestamptz[], $8::timestamptz[], $9::bigint[])
                   as k(${KEY}, version, revision, hub_id, placed_at, changed_at, fee)
               on conflict (${KEY})
               do update set sale_version = excluded.sale_version, sale_changed_at = excluded.sale_changed_at,
                             hub_fee_minor = excluded.hub_fee_minor
                where c.sale_version < excluded.sale_version`,
      },
      [
        ...keysOf(sales),
        newest.map(({ data }) => data.hubId),
        newest.map(({ data }) => data.placedAt),
        newest.map(({ data }) => data.changedAt),
        newest.map(({ data }) => data.hubFeeMinor),
      ],
    ),
    rowsOf(
      tx,
      {
        name: 'dashboard-paid-orders',
        text: `insert into dashboard_orders as o (instance_id, order_id, hub_id, placed_on, is_paid)
               select distinct on (instance_id, order_id)
                      instance_id, order_id, hub_id, ${localDate('placed_at', 'k.instance_id')}, true
                 from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::timestamptz[])
                   as k(instance_id, order_id, hub_id, placed_at)
                order by 1, 2
               on conflict (instance_id, order_id) do update set placed_on = excluded.placed_on, is_paid = true
                where not o.is_paid`,
      },
      [
        newest.map(({ instanceId }) => instanceId),
        newest.map(({ data }) => data.orderId),
        newest.map(({ data }) => data.hubId),
        newest.map(({ data }) => data.placedAt),
      ],
    ),
    ...replaceParts(tx, PAID, sales),
  ]);
}

/** The same for the splits: shares by kind, and what is left for each producer. */
export async function applySplit(tx: Tx, events: readonly Within<Split>[]): Promise<void> {
  const newest = newestByCapture(events);
  const splits = newest.map(({ instanceId, data }): Told => ({
    instanceId,
    orderId: data.orderId,
    captureId: data.captureId,
    version: data.version,
    revision: revisionOf(data),
    parts: data.standing.map((split) => {
      const figures = figuresOf(split);
      return {
        producerId: split.producerId,
        figures: SPLIT.columns.map((column) => figures[column as keyof typeof figures]),
      };
    }),
  }));
  await Promise.all([
    rowsOf(
      tx,
      {
        name: 'dashboard-split',
        text: `insert into dashboard_captures as c (${KEY}, hub_id, placed_on, split_version, split_revision)
               select ${KEY}, hub_id, ${localDate('placed_at', 'k.instance_id')}, version, revision
                 from unnest(${KEYS}, $6::uuid[], $7::timestamptz[])
                   as k(${KEY}, version, revision, hub_id, placed_at)
               on conflict (${KEY})
               do update set split_version = excluded.split_version, split_revision = excluded.split_revision
                where (c.split_version, c.split_revision) < (excluded.split_version, excluded.split_revision)`,
      },
      [...keysOf(splits), newest.map(({ data }) => data.hubId), newest.map(({ data }) => data.placedAt)],
    ),
    ...replaceParts(tx, SPLIT, splits),
  ]);
}

/**
 * Sets the side's columns of each producer's row, where the capture is at the event's version. A producer whom a
 * later version no longer names has nothing standing there, and who has nothing standing has no row. Before the
 * first version a side has nothing, so that there is nothing to be set back.
 */
function replaceParts(
  tx: Tx,
  { name, columns, isAtVersion }: Side,
  told: readonly Told[],
): Promise<unknown>[] {
  const parts = told.flatMap((capture) =>
    capture.parts.flatMap((part) => (part.figures.some((figure) => figure !== 0) ? [{ capture, part }] : [])),
  );
  const upsert = () =>
    rowsOf(
      tx,
      {
        name: `dashboard-${name}-parts`,
        text: `insert into dashboard_sales (${KEY}, producer_id, hub_id, placed_on, ${columns.join(', ')})
               select ${captureOf('k').slice(1, -1)}, k.producer_id, c.hub_id, c.placed_on,
                      ${columns.map((column) => `k.${column}`).join(', ')}
                 from unnest(${KEYS}, $6::uuid[], ${columns.map((_, index) => `$${index + 7}::bigint[]`).join(', ')})
                   as k(${KEY}, version, revision, producer_id, ${columns.join(', ')})
                 join dashboard_captures c on ${captureOf('c')} = ${captureOf('k')} and ${isAtVersion}
               on conflict (${KEY}, producer_id)
               do update set ${columns.map((column) => `${column} = excluded.${column}`).join(', ')}`,
      },
      [
        ...keysOf(parts.map(({ capture }) => capture)),
        parts.map(({ part }) => part.producerId),
        ...columns.map((_, index) => parts.map(({ part }) => part.figures[index] ?? 0)),
      ],
    );
  const later = told.filter(({ version, revision }) => version > 1 || revision > 0);
  if (later.length === 0) return [upsert()];
  const ofLater = `from unnest(${KEYS}) as k(${KEY}, version, revision)
                   join dashboard_captures c on ${captureOf('c')} = ${captureOf('k')} and ${isAtVersion}`;
  const reset = {
    name: `dashboard-${name}-parts-reset`,
    text: `update dashboard_sales s set ${columns.map((column) => `${column} = 0`).join(', ')}
             ${ofLater} where ${captureOf('s')} = ${captureOf('k')}`,
  };
  const empty = {
    name: `dashboard-${name}-parts-empty`,
    text: `delete from dashboard_sales s using (select c.* ${ofLater}) as c
            where ${captureOf('s')} = ${captureOf('c')}
              and ${[...PAID.columns, ...SPLIT.columns].map((column) => `s.${column} = 0`).join(' and ')}`,
  };
  return [rowsOf(tx, reset, keysOf(later)), upsert(), rowsOf(tx, empty, keysOf(later))];
}
