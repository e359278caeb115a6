import type { DashboardView } from '@foodshed/contracts';
import { rowsOf, type Tx } from '@foodshed/platform';
import { inPeriod, paramsOf, type Filter } from './dashboard.store.js';

type Fairness = DashboardView['fairness'];

/** The platform's shares ÷ gross of each split order, in basis points: the middle one, the 95th of 100, and the worst. */
export async function takePerOrder(tx: Tx, filter: Filter): Promise<Fairness['takePerOrder']> {
  const at = (part: string): string => `percentile_disc(${part}) within group (order by take_bps)::float8`;
  const [row] = await rowsOf<Fairness['takePerOrder']>(
    tx,
    `select count(*) as orders, ${at('0.5')} as "p50Bps", ${at('0.95')} as "p95Bps", max(take_bps)::float8 as "worstBps"
       from (select round(sum(platform_minor) * 10000.0 / sum(split_gross_minor), 2) as take_bps
               from dashboard_sales s
              where ${inPeriod('s')} and ($5::uuid is null or s.producer_id = $5)
              group by order_id having sum(split_gross_minor) > 0) t`,
    paramsOf(filter),
  );
  return row!;
}

/** Paid orders that were handed over and whose earnings nobody can withdraw: how many, and since when they wait. */
export async function waitingOrders(tx: Tx, filter: Filter): Promise<Fairness['availability']['waiting']> {
  const at = (part: string): string => `percentile_disc(${part}) within group (order by fulfilled_at)`;
  const [row] = await rowsOf<{ orders: number; p50: Date | null; p95: Date | null; worst: Date | null }>(
    tx,
    `select count(*) as orders, ${at('0.5')} as p50, ${at('0.05')} as p95, min(fulfilled_at) as worst
       from dashboard_orders o
      where ${inPeriod('o')} and ($5::uuid is null or $5 = any(o.producer_ids))
        and o.is_paid and o.fulfilled_at is not null and o.closed_reason is null
        and not exists (select from dashboard_releases r
                        where r.instance_id = o.instance_id and r.order_id = o.order_id)`,
    paramsOf(filter),
  );
  const { orders, p50, p95, worst } = row!;
  return {
    orders,
    p50Since: p50?.toISOString() ?? null,
    p95Since: p95?.toISOString() ?? null,
    worstSince: worst?.toISOString() ?? null,
  };
}

/** Hours from an order's hand-over until its earnings became available, to a hundredth; null before any did. */
export async function availableAfter(tx: Tx, filter: Filter): Promise<Fairness['availability']['hours']> {
  const at = (part: string): string =>
    `round((percentile_disc(${part}) within group (order by hours))::numeric, 2)::float8`;
  const [row] = await rowsOf<{ p50: number | null; p95: number; worst: number }>(
    tx,
    `select ${at('0.5')} as p50, ${at('0.95')} as p95, ${at('1')} as worst
       from (select greatest(0, extract(epoch from r.available_at - o.fulfilled_at)) / 3600 as hours
               from dashboard_orders o
               join dashboard_releases r on r.instance_id = o.instance_id and r.order_id = o.order_id
              where ${inPeriod('o')} and ($5::uuid is null or $5 = any(o.producer_ids))
                and o.fulfilled_at is not null) t`,
    paramsOf(filter),
  );
  const { p50, p95, worst } = row!;
  return p50 === null ? null : { p50, p95, worst };
}
