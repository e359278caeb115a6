import { rowsOf, type Tx } from '@foodshed/platform';
import type { FeeGroup, OrderGroup, SaleGroup } from './dashboard.rules.js';

export interface Filter {
  readonly instanceId: string;
  readonly from: string | null;
  readonly to: string | null;
  readonly hubId: string | null;
  readonly producerId: string | null;
}

/** What `inPeriod` and a producer's condition take, in their order. */
export const paramsOf = (filter: Filter) => [
  filter.instanceId,
  filter.from,
  filter.to,
  filter.hubId,
  filter.producerId,
];

/** The rows of a dashboard's period and hub. */
export const inPeriod = (row: string): string =>
  `${row}.instance_id = $1 and ${row}.placed_on is not null
   and ($2::date is null or ${row}.placed_on >= $2) and ($3::date is null or ${row}.placed_on <= $3)
   and ($4::uuid is null or ${row}.hub_id = $4)`;

const SALE_SUMS = {
  gross: 'gross_minor',
  split_gross: 'split_gross_minor',
  platform: 'platform_minor',
  commission: 'commission_minor',
  payment_costs: 'payment_costs_minor',
  share_vat: 'share_vat_minor',
  producers: 'producer_minor',
};
const sums = (columns: Record<string, string>): string =>
  Object.entries(columns)
    .map(([name, column]) => `coalesce(sum(${column}), 0)::bigint as ${name}`)
    .join(', ');
const again = (columns: object): string =>
  sums(Object.fromEntries(Object.keys(columns).map((name) => [name, name])));
const WEEK = `date_trunc('week', placed_on::timestamp)::date`;

/** Sums of sales over everything, by week, by hub and by producer; the rows are read once, and added up by day first. */
export function sumSales(tx: Tx, filter: Filter): Promise<SaleGroup[]> {
  return rowsOf<SaleGroup>(
    tx,
    `with days as (
       select s.placed_on, s.hub_id, s.producer_id, ${sums(SALE_SUMS)}
         from dashboard_sales s
        where ${inPeriod('s')} and ($5::uuid is null or s.producer_id = $5)
        group by s.placed_on, s.hub_id, s.producer_id)
     select ${WEEK} as week, hub_id, producer_id, ${again(SALE_SUMS)}
       from days group by grouping sets ((), (1), (hub_id), (producer_id))`,
    paramsOf(filter),
  );
}

const ORDER_COUNTS = {
  placed: 'o.is_placed::integer',
  paid: 'o.is_paid::integer',
  closed: '(o.closed_reason is not null)::integer',
  fulfilled: '(o.fulfilled_at is not null)::integer',
};

/** How many orders there are, over everything, by week and by hub. */
export function countOrders(tx: Tx, filter: Filter): Promise<OrderGroup[]> {
  return rowsOf<OrderGroup>(
    tx,
    `with days as (
       select o.placed_on, o.hub_id, ${sums(ORDER_COUNTS)}
         from dashboard_orders o
        where ${inPeriod('o')}
          and ($5::uuid is null or $5 = any(o.producer_ids))
        group by o.placed_on, o.hub_id)
     select ${WEEK} as week, hub_id, null as producer_id, ${again(ORDER_COUNTS)}
       from days group by grouping sets ((), (1), (hub_id))`,
    paramsOf(filter),
  );
}

/** How many orders each producer has goods in. */
export function countOrdersByProducer(tx: Tx, filter: Filter): Promise<OrderGroup[]> {
  return rowsOf<OrderGroup>(
    tx,
    `select null as week, null as hub_id, p.producer_id, ${sums(ORDER_COUNTS)}
       from dashboard_orders o
       cross join unnest(o.producer_ids) as p(producer_id)
      where ${inPeriod('o')} and ($5::uuid is null or p.producer_id = $5)
      group by p.producer_id`,
    paramsOf(filter),
  );
}

/** Hub fees over everything, by week and by hub; they belong to no producer. */
export function sumHubFees(tx: Tx, filter: Filter): Promise<FeeGroup[]> {
  const fees = { hub_fees: 'c.hub_fee_minor' };
  return rowsOf<FeeGroup>(
    tx,
    `with days as (
       select c.placed_on, c.hub_id, ${sums(fees)}
         from dashboard_captures c
        where ${inPeriod('c')} and $5::uuid is null
        group by c.placed_on, c.hub_id)
     select ${WEEK} as week, hub_id, null as producer_id, ${again(fees)}
       from days group by grouping sets ((), (1), (hub_id))`,
    paramsOf(filter),
  );
}

/** Names of enterprises; those whose event has not come are left out. */
export function enterprisesOf(
  tx: Tx,
  key: { instanceId: string; ids: readonly string[] },
): Promise<{ enterprise_id: string; slug: string; name: string }[]> {
  return rowsOf(
    tx,
    'select enterprise_id, slug, name from enterprises where instance_id = $1 and enterprise_id = any($2::uuid[])',
    [key.instanceId, key.ids],
  );
}

/** How many referrals stand, by hub; hubs without one are left out. */
export function countReferrals(tx: Tx, instanceId: string): Promise<{ hub_id: string; standing: number }[]> {
  return rowsOf(
    tx,
    'select hub_id, count(*) as standing from referrals where instance_id = $1 and is_standing group by hub_id',
    [instanceId],
  );
}

export interface ProgressRow {
  sequence: number;
  last_event_at: Date | null;
  last_lag_ms: number | null;
}

/** How far the read model is; 0 and nulls before the first event. */
export async function progressOf(tx: Tx, instanceId: string): Promise<ProgressRow> {
  const [row] = await rowsOf<ProgressRow>(
    tx,
    'select sequence, last_event_at, last_lag_ms from dashboard_progress where instance_id = $1',
    [instanceId],
  );
  return row ?? { sequence: 0, last_event_at: null, last_lag_ms: null };
}

export interface UnsplitRow {
  unsplit: number;
  oldest_unsplit_at: Date | null;
}

/** Which paid captures still wait for their split; reads every capture, as the sums do. */
export async function unsplitOf(tx: Tx, instanceId: string): Promise<UnsplitRow> {
  const [row] = await rowsOf<UnsplitRow>(
    tx,
    `select count(*) as unsplit, min(sale_changed_at) as oldest_unsplit_at
       from dashboard_captures where instance_id = $1 and split_version < sale_version`,
    [instanceId],
  );
  if (!row) throw new Error('an aggregate without groups has one row');
  return row;
}
