import type { PackingLine, PackingTick } from '@foodshed/contracts';
import { rowsOf, type Tx } from '@foodshed/platform';
import { LINE_COLUMNS, ORDER_COLUMNS, type OrderRow } from '../checkout/orders.store.js';
import type { TickedLine } from './packing.rules.js';

export interface PackingFilter {
  readonly instanceId: string;
  readonly producerId: string;
  readonly cycleId?: string;
  /** Only orders whose id is higher. */
  readonly after: string | null;
  readonly limit: number;
}

export type PackingRow = OrderRow & { readonly lines: PackingLine[] };

export interface LineKey {
  readonly orderId: string;
  readonly lineNumber: number;
}

/** The tick of a line `l`, or null, as contracts write it. */
const TICK = `(select json_build_object('isPacked', p.is_packed, 'quantity', p.quantity, 'version', p.version,
    'changedBy', p.changed_by, 'changedAt', to_char(p.changed_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))
  from packing_ticks p
  where p.instance_id = l.instance_id and p.order_id = l.order_id and p.line_number = l.line_number)`;

/** Orders not handed out yet with lines of the producer still to be packed, oldest first, with those lines only. */
export function listToPack(tx: Tx, filter: PackingFilter): Promise<PackingRow[]> {
  return rowsOf<PackingRow>(
    tx,
    `select ${ORDER_COLUMNS}, packed.lines from orders o
     cross join lateral (
       select json_agg(line order by line."lineNumber") as lines from (
         select ${LINE_COLUMNS}, ${TICK} as tick from order_lines l
         where l.instance_id = o.instance_id and l.order_id = o.id and l.producer_id = $2
           and l.quantity > l.refunded_quantity) as line) as packed
     where o.instance_id = $1 and o.state = 'placed' and ($3::uuid is null or o.cycle_id = $3)
       and ($4::uuid is null or o.id > $4) and packed.lines is not null
     order by o.id limit $5`,
    [filter.instanceId, filter.producerId, filter.cycleId ?? null, filter.after, filter.limit],
  );
}

/** What a producer has to pack altogether, per variant, by product name; quantities in sale units. */
export function totalsToPack(
  tx: Tx,
  filter: Pick<PackingFilter, 'instanceId' | 'producerId' | 'cycleId'>,
): Promise<{ variantId: string; productName: string; unitLabel: string; quantity: number }[]> {
  return rowsOf(
    tx,
    `select l.variant_id as "variantId", max(l.product_name) as "productName", max(l.unit_label) as "unitLabel",
       sum(l.quantity - l.refunded_quantity)::bigint as quantity
     from orders o join order_lines l on l.instance_id = o.instance_id and l.order_id = o.id
     where o.instance_id = $1 and o.state = 'placed' and l.producer_id = $2
       and ($3::uuid is null or o.cycle_id = $3) and l.quantity > l.refunded_quantity
     group by l.variant_id order by 2, 3, 1`,
    [filter.instanceId, filter.producerId, filter.cycleId ?? null],
  );
}

/**
 * The producer's lines among these with what stands of them, those of other producers left out. One producer's
 * ticks are decided one request after the other; nothing that pays or refunds is locked.
 */
export async function lockTicks(
  tx: Tx,
  { instanceId, producerId }: { instanceId: string; producerId: string },
  lines: readonly LineKey[],
): Promise<(LineKey & TickedLine)[]> {
  await rowsOf(tx, `select pg_advisory_xact_lock(hashtextextended('packing ' || $1, 0))`, [producerId]);
  return rowsOf<LineKey & TickedLine>(
    tx,
    `select l.order_id as "orderId", l.line_number as "lineNumber", ${TICK} as tick,
       case when o.state = 'placed' then l.quantity - l.refunded_quantity else 0 end as "leftQuantity"
     from unnest($3::uuid[], $4::int[]) as w(order_id, line_number)
     join order_lines l on l.instance_id = $1 and l.order_id = w.order_id and l.line_number = w.line_number
     join orders o on o.instance_id = l.instance_id and o.id = l.order_id
     where l.producer_id = $2`,
    [instanceId, producerId, lines.map(({ orderId }) => orderId), lines.map(({ lineNumber }) => lineNumber)],
  );
}

/** Writes what was decided of these lines, in place of what stood. */
export async function saveTicks(
  tx: Tx,
  instanceId: string,
  ticks: readonly (LineKey & { tick: PackingTick })[],
): Promise<void> {
  await rowsOf(
    tx,
    `insert into packing_ticks as p (instance_id, order_id, line_number, is_packed, quantity, version, changed_by,
       changed_at)
     select $1, t.* from unnest($2::uuid[], $3::int[], $4::bool[], $5::int[], $6::int[], $7::uuid[],
       $8::timestamptz[]) as t
     on conflict (instance_id, order_id, line_number) do update set is_packed = excluded.is_packed,
       quantity = excluded.quantity, version = excluded.version, changed_by = excluded.changed_by,
       changed_at = excluded.changed_at`,
    [
      instanceId,
      ticks.map(({ orderId }) => orderId),
      ticks.map(({ lineNumber }) => lineNumber),
      ticks.map(({ tick }) => tick.isPacked),
      ticks.map(({ tick }) => tick.quantity),
      ticks.map(({ tick }) => tick.version),
      ticks.map(({ tick }) => tick.changedBy),
      ticks.map(({ tick }) => tick.changedAt),
    ],
  );
}
