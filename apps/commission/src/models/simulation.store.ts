import { rowsOf, type Tx } from '@foodshed/platform';
import type { SaleKey } from '../splits/advance.rules.js';

/** Whether this transaction is the one that simulates, until it ends; never waits. */
export async function lockSimulation(tx: Tx): Promise<boolean> {
  const [row] = await rowsOf<{ locked: boolean }>(
    tx,
    `select pg_try_advisory_xact_lock(hashtextextended('simulation', 0)) as locked`,
  );
  return row!.locked;
}

/** At most `limit` captures paid in a calendar month of this time zone, by (paid at, order id, capture id). */
export async function salesOfMonth(
  tx: Tx,
  of: { instanceId: string; month: string; timeZone: string; limit: number },
): Promise<SaleKey[]> {
  const rows = await rowsOf<{ order_id: string; capture_id: string }>(
    tx,
    `select order_id, capture_id
     from (select order_id, capture_id, (sale->>'paidAt')::timestamptz as paid_at
           from sales where instance_id = $1 offset 0) as paid
     where paid_at >= ($2 || '-01')::timestamp at time zone $3
       and paid_at < (($2 || '-01')::timestamp + interval '1 month') at time zone $3
     order by paid_at, order_id, capture_id limit $4`,
    [of.instanceId, of.month, of.timeZone, of.limit],
  );
  return rows.map((row) => ({
    instanceId: of.instanceId,
    orderId: row.order_id,
    captureId: row.capture_id,
  }));
}
