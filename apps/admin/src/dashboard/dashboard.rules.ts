import type { DashboardFigures } from '@foodshed/contracts';

/** One group of figures: all, or one week, hub or producer; what it is a group of is not null. */
export interface Group {
  week: string | null;
  hub_id: string | null;
  producer_id: string | null;
}
export interface SaleGroup extends Group {
  gross: number;
  split_gross: number;
  platform: number;
  commission: number;
  payment_costs: number;
  share_vat: number;
  producers: number;
}
export interface OrderGroup extends Group {
  placed: number;
  paid: number;
  closed: number;
  fulfilled: number;
}
export interface FeeGroup extends Group {
  hub_fees: number;
}

export interface Groups {
  readonly sales: readonly SaleGroup[];
  readonly orders: readonly OrderGroup[];
  readonly fees: readonly FeeGroup[];
}

/** Of which groups the figures are: all rows together, or by one of these. */
export type Dimension = 'all' | 'week' | 'hub_id' | 'producer_id';

function keyOf(group: Group, dimension: Dimension): string | null {
  if (dimension !== 'all') return group[dimension];
  return group.week === null && group.hub_id === null && group.producer_id === null ? 'all' : null;
}

/** Platform's shares ÷ gross in basis points, to a hundredth of one; null when nothing was sold. */
export function takeBps(platformMinor: number, grossMinor: number): number | null {
  return grossMinor === 0 ? null : Math.round((platformMinor / grossMinor) * 1_000_000) / 100;
}

/** The figures of each group of the dimension that has any, in no promised order. */
export function figuresBy(groups: Groups, dimension: Dimension): Map<string, DashboardFigures> {
  const parts = <T extends Group>(list: readonly T[]): Map<string, T> =>
    new Map(
      list.flatMap((group) => {
        const key = keyOf(group, dimension);
        return key === null ? [] : [[key, group] as const];
      }),
    );
  const [sales, orders, fees] = [parts(groups.sales), parts(groups.orders), parts(groups.fees)];
  const keys = new Set([...sales.keys(), ...orders.keys(), ...fees.keys()]);
  return new Map(
    [...keys].map((key) => [key, figures(sales.get(key), orders.get(key), fees.get(key))] as const),
  );
}

/** One group's figures; what is missing counts zero. */
export function figures(sale?: SaleGroup, order?: OrderGroup, fee?: FeeGroup): DashboardFigures {
  return {
    ordersPlaced: order?.placed ?? 0,
    ordersPaid: order?.paid ?? 0,
    ordersClosed: order?.closed ?? 0,
    ordersFulfilled: order?.fulfilled ?? 0,
    grossMinor: sale?.gross ?? 0,
    hubFeesMinor: fee?.hub_fees ?? 0,
    platformMinor: sale?.platform ?? 0,
    effectiveTakeBps: takeBps(sale?.platform ?? 0, sale?.split_gross ?? 0),
    commissionMinor: sale?.commission ?? 0,
    paymentCostsMinor: sale?.payment_costs ?? 0,
    shareVatMinor: sale?.share_vat ?? 0,
    producersMinor: sale?.producers ?? 0,
  };
}

/** The groups with the greatest gross first, then by key; `limit` at most. */
export function greatestFirst<T extends { enterpriseId: string; grossMinor: number }>(
  rows: T[],
  limit: number,
): T[] {
  return rows
    .sort((a, b) => b.grossMinor - a.grossMinor || (a.enterpriseId < b.enterpriseId ? -1 : 1))
    .slice(0, limit);
}
