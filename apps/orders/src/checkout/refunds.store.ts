import { rowsOf, type Tx } from '@foodshed/platform';
import type { OrderRow } from './orders.store.js';
import type { LineRefund, RefundPlan } from './refund-parts.rules.js';

/** Adds what is refunded to the order's lines. The caller holds the order's lock. */
export async function saveLineRefunds(
  tx: Tx,
  order: OrderRow,
  refunds: readonly LineRefund[],
): Promise<void> {
  await rowsOf(
    tx,
    {
      name: 'line-refunds-save',
      text: `update order_lines l set
               refunded_quantity = l.refunded_quantity + r.quantity,
               refunded_minor = l.refunded_minor + r.goods,
               refunded_fee_minor = l.refunded_fee_minor + r.fee
             from unnest($3::int[], $4::int[], $5::bigint[], $6::bigint[]) as r(number, quantity, goods, fee)
             where l.instance_id = $1 and l.order_id = $2 and l.line_number = r.number`,
    },
    [
      order.instanceId,
      order.orderId,
      refunds.map(({ lineNumber }) => lineNumber),
      refunds.map(({ quantity }) => quantity),
      refunds.map(({ goodsMinor }) => goodsMinor),
      refunds.map(({ hubFeeMinor }) => hubFeeMinor),
    ],
  );
}

/** Keeps what was decided, by whom and when; never changed afterwards. */
export async function insertRefund(
  tx: Tx,
  order: OrderRow,
  refund: { id: string; plan: RefundPlan; returnedToStock: boolean; decidedBy: string; decidedAt: Date },
): Promise<void> {
  const { plan } = refund;
  await rowsOf(
    tx,
    {
      name: 'refund-insert',
      text: `insert into refunds (instance_id, id, order_id, amount_minor, surplus_minor, lines, captures,
               returned_to_stock, decided_by, decided_at)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
    },
    [
      order.instanceId,
      refund.id,
      order.orderId,
      plan.amountMinor,
      plan.surplusMinor,
      JSON.stringify(plan.lines),
      JSON.stringify(plan.captures),
      refund.returnedToStock,
      refund.decidedBy,
      refund.decidedAt,
    ],
  );
}
