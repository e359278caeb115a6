import {
  ordersEvents,
  requireEnterprise,
  type CallContext,
  type FirstSale,
  type RpcInput,
  type ordersRpc,
} from '@foodshed/contracts';
import { newId, type Outbox, type RequestContext, type Tx } from '@foodshed/platform';
import { insertCaptures, type NewCapture } from './captures.store.js';
import { pairOf, recordFirstSales, type RecordedSale } from './first-sales.store.js';
import { missingOrder, savePayments, type OrderRow } from './orders.store.js';
import { paidSaleOf } from './paid-sale.rules.js';
import { payWith, type Payment } from './payment.rules.js';
import type { PayableRow } from './payment-batch.store.js';

/** A payment as it was asked for, and by whom. */
export interface AskedPayment {
  readonly input: RpcInput<typeof ordersRpc.recordPayment>;
  readonly context: CallContext;
  readonly request?: RequestContext;
}

/** A payment that nothing refuses. */
export interface DecidedPayment<Asked extends AskedPayment = AskedPayment> {
  readonly asked: Asked;
  readonly order: OrderRow;
  readonly found: PayableRow;
  readonly payment: Payment;
  readonly captureId: string;
  readonly paidAt: Date;
}

/** A payment as it is stored: the order after it, and its capture. */
export interface PaidOrder<Asked extends AskedPayment = AskedPayment> {
  readonly asked: Asked;
  readonly order: OrderRow;
  readonly orderId: string;
  readonly found: PayableRow;
  readonly capture: NewCapture;
}

/** The order that is to be paid. @throws not-found, and forbidden for whoever does not manage its hub */
export function orderOf({ context }: AskedPayment, { order }: PayableRow): OrderRow {
  if (!order) missingOrder();
  requireEnterprise(context, order.hubId);
  return order;
}

/** @throws what refuses the payment; nothing of it is written then. */
export function decidePayment<Asked extends AskedPayment>(
  asked: Asked,
  found: PayableRow,
  paidAt: Date,
): DecidedPayment<Asked> {
  const order = orderOf(asked, found);
  const covered = found.captures.flatMap(({ goods }) =>
    goods.map(({ producerId, vatRateBps, capturedMinor, capturedUnits }) => ({
      producerId,
      vatRateBps,
      amountMinor: capturedMinor,
      units: capturedUnits,
    })),
  );
  const payment = payWith(asked.input, order, { lines: found.lines, covered });
  return { asked, order, found, payment, captureId: newId(), paidAt };
}

/** Records the first sales of these payments, of one instance, and returns what is to be saved, in their order. */
export async function payAll<Asked extends AskedPayment>(
  tx: Tx,
  instanceId: string,
  decided: readonly DecidedPayment<Asked>[],
): Promise<PaidOrder<Asked>[]> {
  const firstSales = await recordFirstSales(tx, instanceId, decided.flatMap(salesOf));
  return decided.map((each) => paidOf(each, firstSales));
}

/** Saves captures, orders and the events that tell of them; all travel in one packet. */
export async function savePaid(
  tx: Tx,
  outbox: Outbox,
  { instanceId, paid }: { instanceId: string; paid: readonly PaidOrder[] },
): Promise<void> {
  await Promise.all([
    insertCaptures(tx, instanceId, paid),
    savePayments(
      tx,
      instanceId,
      paid.map(({ order }) => order),
    ),
    outbox.add(
      tx,
      paid.map(({ asked, order, capture }) => ({
        event: ordersEvents.paid,
        instanceId,
        data: paidSaleOf(order, capture),
        request: asked.request,
      })),
    ),
  ]);
}

/** The sale of each producer that the payment covers goods of. */
function salesOf({ order, payment, paidAt }: DecidedPayment): RecordedSale[] {
  const producerIds = new Set(payment.cover.goods.map(({ producerId }) => producerId));
  return [...producerIds].map((producerId) => ({ ...order, producerId, paidAt }));
}

function paidOf<Asked extends AskedPayment>(
  decided: DecidedPayment<Asked>,
  firstSales: ReadonlyMap<string, FirstSale>,
): PaidOrder<Asked> {
  const { asked, found, payment, captureId, paidAt } = decided;
  const order: OrderRow = { ...decided.order, ...payment.standing };
  const { cover, holder } = payment;
  const capture: NewCapture = {
    captureId,
    version: 1,
    method: asked.input.method,
    holder,
    paidAt,
    changedAt: paidAt,
    amountMinor: cover.amountMinor,
    hubFeeMinor: cover.hubFeeMinor,
    surplusMinor: cover.surplusMinor,
    recordedBy: requireEnterprise(asked.context, order.hubId).personId,
    goods: cover.goods.map(({ producerId, vatRateBps, amountMinor, units }) => {
      const firstSale = firstSales.get(pairOf(producerId, order.buyer));
      if (!firstSale) throw new Error('a first sale was not recorded');
      return { producerId, vatRateBps, remainingMinor: amountMinor, units, firstSale };
    }),
  };
  return { asked, order, orderId: order.orderId, found, capture };
}
