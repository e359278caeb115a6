import { rowsOf, type Tx } from '@foodshed/platform';
import type { SaleKey } from './advance.rules.js';
import type { TierMonth } from './tier.rules.js';

const monthOf = (tier: TierMonth): string[] => [
  tier.instanceId,
  tier.producerId,
  tier.shareId,
  tier.payeeId,
  tier.month,
];
const IN_MONTH = `(instance_id, producer_id, share_id, payee_id, month) = ($1, $2, $3, $4, $5)`;

/** Keeps the month to this transaction until it ends, so that positions are computed one after another. */
export async function lockMonth(tx: Tx, tier: TierMonth): Promise<void> {
  await rowsOf(tx, `select pg_advisory_xact_lock(hashtextextended($1, 0))`, [
    `tier ${monthOf(tier).join(' ')}`,
  ]);
}

/**
 * Records a sale's net goods in its month. Only the first version of a capture says what was bought before any
 * refund, so it replaces what a later version had to assume. Returns whether anything changed.
 */
export async function recordPosition(
  tx: Tx,
  tier: TierMonth,
  sale: SaleKey & { paidAt: string; netMinor: number; version: number },
): Promise<boolean> {
  const rows = await rowsOf(
    tx,
    `insert into tier_positions as present (instance_id, producer_id, share_id, payee_id, month, paid_at,
       order_id, capture_id, net_minor)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
     on conflict (instance_id, producer_id, share_id, payee_id, month, paid_at, order_id, capture_id)
     do update set net_minor = excluded.net_minor where $10 = 1 and present.net_minor <> excluded.net_minor
     returning 1`,
    [...monthOf(tier), sale.paidAt, sale.orderId, sale.captureId, sale.netMinor, sale.version],
  );
  return rows.length > 0;
}

/** Net goods of the month before this sale, by paid at, order id and capture id; minor units. */
export async function positionBefore(
  tx: Tx,
  tier: TierMonth,
  sale: SaleKey & { paidAt: string },
): Promise<number> {
  const [row] = await rowsOf<{ position: number }>(
    tx,
    `select coalesce(sum(net_minor), 0)::bigint as position from tier_positions
     where ${IN_MONTH} and (paid_at, order_id, capture_id) < ($6, $7, $8)`,
    [...monthOf(tier), sale.paidAt, sale.orderId, sale.captureId],
  );
  return row!.position;
}

/** The sales of the month after this one, in order: those whose position it moves. */
export async function salesAfter(
  tx: Tx,
  tier: TierMonth,
  sale: SaleKey & { paidAt: string },
): Promise<SaleKey[]> {
  const rows = await rowsOf<{ order_id: string; capture_id: string }>(
    tx,
    `select order_id, capture_id from tier_positions
     where ${IN_MONTH} and (paid_at, order_id, capture_id) > ($6, $7, $8)
     order by paid_at, order_id, capture_id`,
    [...monthOf(tier), sale.paidAt, sale.orderId, sale.captureId],
  );
  return rows.map((row) => ({
    instanceId: tier.instanceId,
    orderId: row.order_id,
    captureId: row.capture_id,
  }));
}
