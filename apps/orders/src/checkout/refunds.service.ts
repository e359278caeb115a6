import { Injectable } from '@nestjs/common';
import {
  ordersEvents,
  requireEnterprise,
  requireInstance,
  type CallContext,
  type Order,
  type OrderLine,
  type RefundRequest,
} from '@foodshed/contracts';
import { Clock, Database, idempotent, newId, Outbox, type OutgoingEvent, type Tx } from '@foodshed/platform';
import { readCaptures, saveCapture, type CaptureRow } from './captures.store.js';
import { endFirstSales } from './first-sales.store.js';
import { nextPaymentState, requireStep } from './order-state.rules.js';
import { OrderViewService } from './order-view.service.js';
import { lockOrder, readLines, returnStock, saveOrder, type OrderRow } from './orders.store.js';
import { paidSaleOf } from './paid-sale.rules.js';
import { callerKey, requireKey } from './placing.service.js';
import { isSame, type CaptureRefund, type RefundPlan } from './refund-parts.rules.js';
import { planRefund } from './refund.rules.js';
import { insertRefund, saveLineRefunds } from './refunds.store.js';

interface Decided {
  readonly order: OrderRow;
  readonly lines: readonly OrderLine[];
  readonly captures: readonly CaptureRow[];
  readonly plan: RefundPlan;
  readonly now: Date;
}

/** Refunds that a hub's managers decide: a higher version of each capture, with what remains of it. */
@Injectable()
export class RefundsService {
  constructor(
    private readonly database: Database,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
    private readonly views: OrderViewService,
  ) {}

  /** @throws forbidden, not-found, invalid-state, refund-exceeds-paid naming the line. */
  async refundOrder(input: RefundRequest, context: CallContext): Promise<Order> {
    const { id: instanceId } = requireInstance(context);
    const key = requireKey(context);
    const now = this.clock.now();
    return this.database.transaction(instanceId, async (tx) => {
      const order = await lockOrder(tx, { instanceId, orderId: input.orderId });
      const { personId } = requireEnterprise(context, order.hubId);
      const command = { callerKey: callerKey(context), command: 'refund-order', key, body: input, now };
      return idempotent(tx, command, async () => {
        requireStep('refund', order);
        const lines = await readLines(tx, order);
        const captures = await readCaptures(tx, order);
        const plan = planRefund(input.refund, lines, captures);
        const refunded = await this.#refund(tx, { order, lines, captures, plan, now });
        const { returnToStock } = input;
        if (returnToStock) await returnStock(tx, instanceId, quantitiesOf(lines, plan));
        const decision = {
          id: newId(),
          plan,
          returnedToStock: returnToStock,
          decidedBy: personId,
          decidedAt: now,
        };
        await insertRefund(tx, order, decision);
        return this.views.view(tx, refunded, context.caller);
      });
    });
  }

  async #refund(tx: Tx, decided: Decided): Promise<OrderRow> {
    const { order, captures, plan, now } = decided;
    await saveLineRefunds(tx, order, plan.lines);
    const reduced = captures.map((capture) => {
      const part = plan.captures.find(({ captureId }) => captureId === capture.captureId);
      return part ? reduce(capture, part, now) : capture;
    });
    const changed = reduced.filter((capture) => !captures.includes(capture));
    for (const capture of changed) await saveCapture(tx, order.instanceId, capture);
    const ended = emptied(captures, reduced);
    if (ended.length > 0) await endFirstSales(tx, order, ended);
    const refunded = refundedOrder(order, plan, now);
    await saveOrder(tx, refunded);
    const { instanceId } = order;
    const events: OutgoingEvent[] = changed.map((capture) => ({
      event: ordersEvents.paid,
      instanceId,
      data: paidSaleOf(order, capture),
    }));
    if (refunded.state === 'refunded') events.push(closedEvent(refunded, decided.lines, 'refunded', now));
    await this.outbox.add(tx, events);
    return refunded;
  }
}

/** Whose goods an order's lines are, each once. */
export function producersOf(lines: readonly { producerId: string }[]): string[] {
  return [...new Set(lines.map(({ producerId }) => producerId))];
}

/** `orders.events.closed` of an order that ended at `closedAt`. */
export function closedEvent(
  { instanceId, orderId, hubId }: OrderRow,
  lines: readonly { producerId: string }[],
  reason: 'cancelled' | 'expired' | 'refunded',
  closedAt: Date,
): OutgoingEvent {
  const data = { orderId, hubId, producerIds: producersOf(lines), reason, closedAt: closedAt.toISOString() };
  return { event: ordersEvents.closed, instanceId, data };
}

function refundedOrder(order: OrderRow, plan: RefundPlan, now: Date): OrderRow {
  const standing = {
    totalMinor: order.totalMinor,
    paidMinor: order.paidMinor,
    refundedMinor: order.refundedMinor + plan.amountMinor,
    surplusMinor: order.surplusMinor - plan.surplusMinor,
  };
  const paymentState = nextPaymentState(order.paymentState, standing);
  const ends = paymentState === 'refunded';
  return {
    ...order,
    ...standing,
    paymentState,
    state: ends ? 'refunded' : order.state,
    closedAt: ends ? now : order.closedAt,
  };
}

function reduce(capture: CaptureRow, part: CaptureRefund, now: Date): CaptureRow {
  const goods = capture.goods.map((stands) => {
    const taken = part.goods.find((refunded) => isSame(refunded, stands));
    if (!taken) return stands;
    return {
      ...stands,
      remainingMinor: stands.remainingMinor - taken.amountMinor,
      units: stands.units - taken.units,
    };
  });
  const hubFeeMinor = capture.hubFeeMinor - part.hubFeeMinor;
  return {
    ...capture,
    version: capture.version + 1,
    changedAt: now,
    goods,
    hubFeeMinor,
    surplusMinor: capture.surplusMinor - part.surplusMinor,
    remainingMinor: hubFeeMinor + goods.reduce((sum, { remainingMinor }) => sum + remainingMinor, 0),
  };
}

/** The producers of whose goods something was left in the order before, and nothing is now. */
function emptied(before: readonly CaptureRow[], after: readonly CaptureRow[]): string[] {
  const left = producersWithGoods(after);
  return [...producersWithGoods(before)].filter((producerId) => !left.has(producerId));
}

function producersWithGoods(captures: readonly CaptureRow[]): Set<string> {
  const goods = captures.flatMap((capture) => capture.goods);
  return new Set(
    goods.filter(({ remainingMinor }) => remainingMinor > 0).map(({ producerId }) => producerId),
  );
}

function quantitiesOf(
  lines: readonly OrderLine[],
  plan: RefundPlan,
): { variantId: string; quantity: number }[] {
  return plan.lines.flatMap(({ lineNumber, quantity }) => {
    const line = lines.find((known) => known.lineNumber === lineNumber);
    return line ? [{ variantId: line.variantId, quantity }] : [];
  });
}
