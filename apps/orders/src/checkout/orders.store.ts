import {
  DomainError,
  type BuyerRef,
  type IntendedPayment,
  type OrderLine,
  type OrderState,
  type OrderSummary,
  type PaymentState,
} from '@foodshed/contracts';
import { rowsOf, type Tx } from '@foodshed/platform';
import { outstandingMinor } from './order-state.rules.js';
import { orderReference } from './placing.rules.js';

/** One order without its lines. Amounts in minor units; `paidMinor` before refunds and without surplus. */
export interface OrderRow {
  readonly instanceId: string;
  readonly orderId: string;
  readonly hubId: string;
  readonly cycleId: string;
  readonly buyer: BuyerRef;
  readonly placedBy: string;
  readonly currency: string;
  readonly timeZone: string;
  readonly paymentMethod: IntendedPayment;
  readonly state: OrderState;
  readonly paymentState: PaymentState;
  readonly goodsMinor: number;
  readonly hubFeeMinor: number;
  readonly totalMinor: number;
  readonly paidMinor: number;
  readonly refundedMinor: number;
  readonly surplusMinor: number;
  readonly placedAt: Date;
  readonly expiresAt: Date;
  readonly closedAt: Date | null;
  readonly fulfilledAt: Date | null;
}

/** The columns of OrderRow, of a table or alias named `o`. */
export const ORDER_COLUMNS = `o.instance_id as "instanceId", o.id as "orderId", o.hub_id as "hubId",
  o.cycle_id as "cycleId", json_build_object('kind', o.buyer_kind, 'id', o.buyer_id) as buyer,
  o.placed_by as "placedBy", o.currency, o.time_zone as "timeZone", o.payment_method as "paymentMethod", o.state,
  o.payment_state as "paymentState", o.goods_minor as "goodsMinor", o.hub_fee_minor as "hubFeeMinor",
  o.goods_minor + o.hub_fee_minor as "totalMinor", o.paid_minor as "paidMinor",
  o.refunded_minor as "refundedMinor", o.surplus_minor as "surplusMinor", o.placed_at as "placedAt",
  o.expires_at as "expiresAt", o.closed_at as "closedAt", o.fulfilled_at as "fulfilledAt"`;

/** The columns of OrderLine, of a table or alias named `l`. */
export const LINE_COLUMNS = `l.line_number as "lineNumber", l.variant_id as "variantId",
  l.producer_id as "producerId", l.product_name as "productName", l.unit_label as "unitLabel", l.quantity,
  l.unit_price_minor as "unitPriceMinor", l.vat_rate_bps as "vatRateBps", l.gross_minor as "grossMinor",
  l.hub_fee_minor as "hubFeeMinor", l.refunded_quantity as "refundedQuantity", l.refunded_minor as "refundedMinor",
  l.refunded_fee_minor as "refundedHubFeeMinor"`;

interface OrderId {
  readonly instanceId: string;
  readonly orderId: string;
}

/** The order. @throws not-found when the instance has none with this id. Locks nothing. */
export async function findOrder(tx: Tx, { instanceId, orderId }: OrderId): Promise<OrderRow> {
  const [row] = await rowsOf<OrderRow>(
    tx,
    {
      name: 'order-find',
      text: `select ${ORDER_COLUMNS} from orders o where o.instance_id = $1 and o.id = $2`,
    },
    [instanceId, orderId],
  );
  return row ?? missingOrder();
}

/** The order, its row locked against every other change. @throws not-found when the instance has none. */
export async function lockOrder(tx: Tx, { instanceId, orderId }: OrderId): Promise<OrderRow> {
  const [row] = await rowsOf<OrderRow>(
    tx,
    {
      name: 'order-lock',
      text: `select ${ORDER_COLUMNS} from orders o where o.instance_id = $1 and o.id = $2 for update`,
    },
    [instanceId, orderId],
  );
  return row ?? missingOrder();
}

/** The order's lines by number; of one producer only when given. Locks nothing, lines change under their order's lock. */
export async function readLines(
  tx: Tx,
  { instanceId, orderId }: OrderId,
  producerIds?: readonly string[],
): Promise<OrderLine[]> {
  return rowsOf<OrderLine>(
    tx,
    {
      name: 'order-lines',
      text: `select ${LINE_COLUMNS} from order_lines l
             where l.instance_id = $1 and l.order_id = $2 and ($3::uuid[] is null or l.producer_id = any($3))
             order by l.line_number`,
    },
    [instanceId, orderId, producerIds ?? null],
  );
}

/** Writes the state, payment and times of a locked order. */
export async function saveOrder(tx: Tx, order: OrderRow): Promise<void> {
  await rowsOf(
    tx,
    {
      name: 'order-save',
      text: `update orders set state = $3, payment_state = $4, paid_minor = $5, refunded_minor = $6,
                    surplus_minor = $7, closed_at = $8, fulfilled_at = $9
             where instance_id = $1 and id = $2`,
    },
    [
      order.instanceId,
      order.orderId,
      order.state,
      order.paymentState,
      order.paidMinor,
      order.refundedMinor,
      order.surplusMinor,
      order.closedAt,
      order.fulfilledAt,
    ],
  );
}

/** Writes what is paid of locked orders of one instance. */
export async function savePayments(tx: Tx, instanceId: string, orders: readonly OrderRow[]): Promise<void> {
  await rowsOf(
    tx,
    {
      name: 'orders-paid-save',
      text: `update orders o set payment_state = p.state, paid_minor = p.paid, surplus_minor = p.surplus
             from unnest($2::uuid[], $3::text[], $4::bigint[], $5::bigint[]) as p(id, state, paid, surplus)
             where o.instance_id = $1 and o.id = p.id`,
    },
    [
      instanceId,
      orders.map(({ orderId }) => orderId),
      orders.map(({ paymentState }) => paymentState),
      orders.map(({ paidMinor }) => paidMinor),
      orders.map(({ surplusMinor }) => surplusMinor),
    ],
  );
}

/** Gives quantities of variants back to stock, in variant order; goods made on demand have none. */
export async function returnStock(
  tx: Tx,
  instanceId: string,
  returned: readonly { variantId: string; quantity: number }[],
): Promise<void> {
  const quantities = new Map<string, number>();
  for (const { variantId, quantity } of returned) {
    quantities.set(variantId, (quantities.get(variantId) ?? 0) + quantity);
  }
  const sorted = [...quantities].filter(([, quantity]) => quantity > 0).sort(([a], [b]) => (a < b ? -1 : 1));
  if (sorted.length === 0) return;
  const variantIds = sorted.map(([variantId]) => variantId);
  await rowsOf(
    tx,
    {
      name: 'stock-lock',
      text: `select 1 from variants where instance_id = $1 and id = any($2::uuid[]) and not on_demand
             order by id for no key update`,
    },
    [instanceId, variantIds],
  );
  await rowsOf(
    tx,
    {
      name: 'stock-return',
      text: `update variants v set stock = v.stock + r.quantity
             from unnest($2::uuid[], $3::int[]) as r(id, quantity)
             where v.instance_id = $1 and v.id = r.id and not v.on_demand`,
    },
    [instanceId, variantIds, sorted.map(([, quantity]) => quantity)],
  );
}

/** The order as lists show it; amounts in minor units. */
export function summaryOf(order: OrderRow): OrderSummary {
  return {
    orderId: order.orderId,
    reference: orderReference(order.orderId),
    hubId: order.hubId,
    cycleId: order.cycleId,
    buyer: order.buyer,
    currency: order.currency,
    state: order.state,
    paymentState: order.paymentState,
    paymentMethod: order.paymentMethod,
    goodsMinor: order.goodsMinor,
    hubFeeMinor: order.hubFeeMinor,
    totalMinor: order.totalMinor,
    paidMinor: order.paidMinor,
    refundedMinor: order.refundedMinor,
    surplusMinor: order.surplusMinor,
    outstandingMinor: outstandingMinor(order),
    placedAt: order.placedAt.toISOString(),
    expiresAt: order.expiresAt.toISOString(),
    closedAt: order.closedAt?.toISOString() ?? null,
    fulfilledAt: order.fulfilledAt?.toISOString() ?? null,
  };
}

/** @throws not-found, as for every order that the instance does not have. */
export function missingOrder(): never {
  throw new DomainError('not-found', { detail: 'There is no such order.' });
}
