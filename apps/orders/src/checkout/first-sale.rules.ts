import type { FirstSale } from '@foodshed/contracts';

/** A first sale as it is stored. */
export type FirstSaleRow = { placedAt: Date; paidAt: Date } & Omit<FirstSale, 'placedAt' | 'paidAt'>;

/** What every event tells of a first sale: with the hubs that sold the goods, as links of theirs count. */
export function firstSaleOf(row: FirstSaleRow): FirstSale {
  const { sequence, orderId, hubId, placedAt, paidAt, sellingHubIds } = row;
  return {
    sequence,
    orderId,
    hubId,
    placedAt: placedAt.toISOString(),
    paidAt: paidAt.toISOString(),
    sellingHubIds,
  };
}
