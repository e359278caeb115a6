import type { CycleSelection, CycleState } from '@foodshed/contracts';
import { rowsOf, type Tx } from '@foodshed/platform';
import type { CycleRow } from './cycle.rules.js';

export interface CycleId {
  readonly instanceId: string;
  readonly cycleId: string;
}

interface StoredCycle extends Omit<CycleRow, 'opensAt' | 'closesAt' | 'handover'> {
  readonly opensAt: Date;
  readonly closesAt: Date;
  readonly handover: { readonly kind: 'pickup' | 'delivery'; readonly place: string; readonly times: string };
  readonly pickupAt: Date | null;
}

export const CYCLE = `o.id as "cycleId", o.hub_id as "hubId", o.name, o.state as announced, o.currency,
  o.time_zone as "timeZone", o.opens_at as "opensAt", o.closes_at as "closesAt",
  json_build_object('kind', o.handover_kind, 'place', o.handover_place, 'times', o.handover_times) as handover,
  o.pickup_at as "pickupAt", o.hub_fee_bps as "hubFeeBps", o.hub_fee_flat_minor as "hubFeeFlatMinor",
  o.payment_term_minutes as "paymentTermMinutes", o.variant_count as "variantCount", o.version`;

/** A row of CYCLE as the rules know it. */
export function cycleRow({ opensAt, closesAt, handover, pickupAt, ...row }: StoredCycle): CycleRow {
  return {
    ...row,
    opensAt: opensAt.toISOString(),
    closesAt: closesAt.toISOString(),
    handover: { ...handover, at: pickupAt?.toISOString() ?? null },
  };
}

/** Adds a cycle that sells nothing yet. */
export async function insertCycle(tx: Tx, instanceId: string, cycle: CycleRow, now: Date): Promise<void> {
  await rowsOf(
    tx,
    `insert into order_cycles (instance_id, id, hub_id, name, currency, time_zone, state, opens_at, closes_at,
       handover_kind, handover_place, handover_times, pickup_at, payment_term_minutes, hub_fee_bps,
       hub_fee_flat_minor, created_at, changed_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $17)`,
    [
      instanceId,
      cycle.cycleId,
      cycle.hubId,
      cycle.name,
      cycle.currency,
      cycle.timeZone,
      ...changeable(cycle),
      now,
    ],
  );
}

/** Writes what may change of a cycle; counts one version more. */
export async function updateCycle(tx: Tx, instanceId: string, cycle: CycleRow, now: Date): Promise<void> {
  await rowsOf(
    tx,
    `update order_cycles
     set name = $3, state = $4, opens_at = $5, closes_at = $6, handover_kind = $7, handover_place = $8,
         handover_times = $9, pickup_at = $10, payment_term_minutes = $11, hub_fee_bps = $12,
         hub_fee_flat_minor = $13, changed_at = $14, version = version + 1
     where instance_id = $1 and id = $2`,
    [instanceId, cycle.cycleId, cycle.name, ...changeable(cycle), now],
  );
}

function changeable(cycle: CycleRow): unknown[] {
  const { handover } = cycle;
  return [
    cycle.announced,
    cycle.opensAt,
    cycle.closesAt,
    handover.kind,
    handover.place,
    handover.times,
    handover.at,
    cycle.paymentTermMinutes,
    cycle.hubFeeBps,
    cycle.hubFeeFlatMinor,
  ];
}

/** The cycle, locked when it is to be edited; undefined when there is none in the instance. */
export async function findCycle(
  tx: Tx,
  { instanceId, cycleId }: CycleId,
  { lock = false }: { lock?: boolean } = {},
): Promise<CycleRow | undefined> {
  const [row] = await rowsOf<StoredCycle>(
    tx,
    `select ${CYCLE} from order_cycles o where o.instance_id = $1 and o.id = $2 ${lock ? 'for update' : ''}`,
    [instanceId, cycleId],
  );
  return row && cycleRow(row);
}

/** A hub's cycles, the one that opens last first; at most `limit` rows, may be empty. */
export async function findCycles(
  tx: Tx,
  page: {
    instanceId: string;
    hubId: string;
    state: CycleState | null;
    now: Date;
    afterCycleId: string | null;
    limit: number;
  },
): Promise<CycleRow[]> {
  const rows = await rowsOf<StoredCycle>(
    tx,
    `select ${CYCLE} from order_cycles o
     where o.instance_id = $1 and o.hub_id = $2
       and ($3::text is null or $3 = case when o.closes_at <= $4 then 'closed'
                                          when o.opens_at <= $4 then 'open' else 'scheduled' end)
       and ($5::uuid is null or (o.opens_at, o.id) <
             (select a.opens_at, a.id from order_cycles a where a.instance_id = $1 and a.id = $5))
     order by o.opens_at desc, o.id desc limit $6`,
    [page.instanceId, page.hubId, page.state, page.now, page.afterCycleId, page.limit],
  );
  return rows.map(cycleRow);
}

/** Those of the listed variants that are not there or archived, in no order. */
export async function missingVariants(
  tx: Tx,
  { instanceId, variantIds }: { instanceId: string; variantIds: readonly string[] },
): Promise<string[]> {
  if (variantIds.length === 0) return [];
  const rows = await rowsOf<{ id: string }>(
    tx,
    `select id from unnest($2::uuid[]) as wanted(id)
     where not exists (select from variants v where v.instance_id = $1 and v.id = wanted.id and v.archived_at is null)`,
    [instanceId, variantIds],
  );
  return rows.map(({ id }) => id);
}

/** Those of the producers who have no product at all, such as ids of nobody; in no order. */
export async function producersWithoutProducts(
  tx: Tx,
  { instanceId, producerIds }: { instanceId: string; producerIds: readonly string[] },
): Promise<string[]> {
  if (producerIds.length === 0) return [];
  const rows = await rowsOf<{ id: string }>(
    tx,
    `select id from unnest($2::uuid[]) as wanted(id)
     where not exists (select from products p where p.instance_id = $1 and p.producer_id = wanted.id)`,
    [instanceId, producerIds],
  );
  return rows.map(({ id }) => id);
}

const LISTED = `(instance_id, cycle_id, variant_id, price_minor, producer_id, category, search_name, available_from)`;
const ON_SALE = `v.archived_at is null and p.archived_at is null`;
const UPSERT = `on conflict (instance_id, cycle_id, variant_id) do update
    set price_minor = excluded.price_minor, category = excluded.category, search_name = excluded.search_name,
        available_from = excluded.available_from
    where (cycle_variants.price_minor, cycle_variants.category, cycle_variants.search_name,
           cycle_variants.available_from)
          is distinct from (excluded.price_minor, excluded.category, excluded.search_name, excluded.available_from)`;

/**
 * Makes the cycle sell exactly the selection: one statement each for what leaves, what producers sell and what is
 * listed one by one. None joins a list to a list: without statistics of fresh rows that plan is quadratic.
 */
export async function replaceCycleVariants(
  tx: Tx,
  { instanceId, cycleId }: CycleId,
  { producerIds, variants }: CycleSelection,
): Promise<void> {
  const variantIds = variants.map(({ variantId }) => variantId);
  const prices = variants.map(({ priceMinor }) => priceMinor);
  await rowsOf(
    tx,
    `delete from cycle_variants where instance_id = $1 and cycle_id = $2
       and not (producer_id = any($3::uuid[]) or variant_id = any($4::uuid[]))`,
    [instanceId, cycleId, producerIds, variantIds],
  );
  await rowsOf(
    tx,
    `insert into cycle_variants ${LISTED}
     select $1, $2, v.id, null, v.producer_id, p.category, v.search_name, v.available_from
     from variants v join products p on p.instance_id = $1 and p.id = v.product_id
     where v.instance_id = $1 and v.producer_id = any($3::uuid[]) and not (v.id = any($4::uuid[])) and ${ON_SALE}
     ${UPSERT}`,
    [instanceId, cycleId, producerIds, variantIds],
  );
  await rowsOf(
    tx,
    `insert into cycle_variants ${LISTED}
     select $1, $2, v.id, listed.price_minor, v.producer_id, p.category, v.search_name, v.available_from
     from unnest($3::uuid[], $4::bigint[]) as listed(variant_id, price_minor)
     join variants v on v.instance_id = $1 and v.id = listed.variant_id
     join products p on p.instance_id = $1 and p.id = v.product_id
     where ${ON_SALE}
     ${UPSERT}`,
    [instanceId, cycleId, variantIds, prices],
  );
}

/**
 * Counts what the cycle sells, on its row and as the answer, and remembers since when the hub has offered its
 * producers' goods.
 */
export async function countCycleVariants(
  tx: Tx,
  { instanceId, cycleId, hubId, offeredAt }: CycleId & { hubId: string; offeredAt: Date },
): Promise<number> {
  await rowsOf(
    tx,
    `insert into hub_producers (instance_id, producer_id, hub_id, offered_at)
     select distinct $1::uuid, producer_id, $3::uuid, $4::timestamptz from cycle_variants
     where instance_id = $1 and cycle_id = $2
     on conflict (instance_id, producer_id, hub_id)
       do update set offered_at = least(hub_producers.offered_at, excluded.offered_at), ended_at = null
       where hub_producers.offered_at > excluded.offered_at or hub_producers.ended_at is not null`,
    [instanceId, cycleId, hubId, offeredAt],
  );
  const [row] = await rowsOf<{ variantCount: number }>(
    tx,
    `update order_cycles o
     set variant_count = (select count(*) from cycle_variants c where c.instance_id = $1 and c.cycle_id = $2)
     where o.instance_id = $1 and o.id = $2 returning o.variant_count as "variantCount"`,
    [instanceId, cycleId],
  );
  return row?.variantCount ?? 0;
}

/** Marks cycles of every instance whose announced state is behind their times; returns the marked, at most `limit`. */
export function announceDueCycles(
  tx: Tx,
  { now, limit }: { now: Date; limit: number },
): Promise<{ instanceId: string; cycleId: string; hubId: string; state: CycleState }[]> {
  return rowsOf(
    tx,
    `with due as (
       select o.instance_id, o.id from order_cycles o
       where o.state <> 'closed' and (case o.state when 'scheduled' then o.opens_at else o.closes_at end) <= $1
       limit $2 for update skip locked)
     update order_cycles o set state = case when o.closes_at <= $1 then 'closed' else 'open' end
     from due where o.instance_id = due.instance_id and o.id = due.id
     returning o.instance_id as "instanceId", o.id as "cycleId", o.hub_id as "hubId", o.state`,
    [now, limit],
  );
}
