import { setTimeout as delay } from 'node:timers/promises';
import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import {
  ordersEvents,
  requireEnterprise,
  type CallContext,
  type FirstSale,
  type Order,
  type RpcInput,
  type ordersRpc,
} from '@foodshed/contracts';
import { Clock, Database, newId, Outbox, type RequestContext, type Tx } from '@foodshed/platform';
import { insertCaptures, type NewCapture } from './captures.store.js';
import { pairOf, recordFirstSales, type RecordedSale } from './first-sales.store.js';
import { orderView } from './order-view.service.js';
import { missingOrder, savePayments, type OrderRow } from './orders.store.js';
import { paidSaleOf } from './paid-sale.rules.js';
import { payWith, type Payment } from './payment.rules.js';
import { findPayments, storeAnswers, type FoundPayment } from './payment-batch.store.js';
import { isRefusal } from './placing-batch.service.js';
import { inProgress, keyReused } from './placing.service.js';

/** One payment as it was asked for: by whom, under which idempotency key, and the hash of what they sent. */
export interface PaymentToRecord {
  readonly input: RpcInput<typeof ordersRpc.recordPayment>;
  readonly orderId: string;
  readonly instanceId: string;
  readonly context: CallContext;
  readonly caller: string;
  readonly key: string;
  readonly bodyHash: string;
  readonly request?: RequestContext;
}

interface Waiting {
  readonly payment: PaymentToRecord;
  readonly resolve: (order: Order) => void;
  readonly reject: (error: unknown) => void;
}

type Outcome = { readonly order: Order } | { readonly refusal: unknown };

interface Decided {
  readonly asked: PaymentToRecord;
  readonly order: OrderRow;
  readonly found: FoundPayment;
  readonly payment: Payment;
  readonly captureId: string;
  readonly paidAt: Date;
}

/** More in one transaction would keep the first of them waiting for longer than it saves. */
const BATCH = 64;
/** While payments keep coming, a batch begins no sooner than this after the one before; the first goes at once. */
const GATHER_MS = 25;

/**
 * Payments that arrive together are recorded together, each by itself: while one batch of an instance is with the
 * database the next one gathers, and an idle system records a payment at once. An order or a key is in a batch only once.
 */
@Injectable()
export class PaymentBatchService implements OnModuleDestroy {
  readonly #waiting = new Map<string, Waiting[]>();
  readonly #running = new Map<string, Promise<void>>();
  #begunAt = -Infinity;

  constructor(
    private readonly database: Database,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
  ) {}

  /** The order after the payment. @throws forbidden, not-found, invalid-state, and the refusals of its key. */
  record(payment: PaymentToRecord): Promise<Order> {
    const { instanceId } = payment;
    return new Promise((resolve, reject) => {
      const waiting = this.#waiting.get(instanceId) ?? [];
      waiting.push({ payment, resolve, reject });
      this.#waiting.set(instanceId, waiting);
      if (!this.#running.has(instanceId)) this.#running.set(instanceId, this.#run(instanceId, waiting));
    });
  }

  async onModuleDestroy(): Promise<void> {
    await Promise.all(this.#running.values());
  }

  async #run(instanceId: string, waiting: Waiting[]): Promise<void> {
    // What came in with the same packet joins the first batch.
    await new Promise((resolve) => setImmediate(resolve));
    while (waiting.length > 0) {
      const early = this.#begunAt + GATHER_MS - performance.now();
      if (early > 0 && waiting.length < BATCH) await delay(early);
      this.#begunAt = performance.now();
      await this.#recordAll(takeDistinct(waiting));
    }
    this.#waiting.delete(instanceId);
    this.#running.delete(instanceId);
  }

  async #recordAll(batch: readonly Waiting[]): Promise<void> {
    try {
      const outcomes = await this.#record(batch.map(({ payment }) => payment));
      for (const [index, { resolve, reject }] of batch.entries()) {
        const outcome = outcomes[index] as Outcome;
        if ('order' in outcome) resolve(outcome.order);
        else reject(outcome.refusal);
      }
    } catch (error) {
      // Postgres refused the whole batch, for the sake of one: each is tried alone, so that only that one fails.
      if (batch.length > 1 && isRefusal(error)) for (const one of batch) await this.#recordAll([one]);
      else for (const { reject } of batch) reject(error);
    }
  }

  /** Records the payments of one instance in one transaction; the outcomes are in their order. */
  #record(payments: readonly PaymentToRecord[]): Promise<Outcome[]> {
    const { instanceId } = payments[0] as PaymentToRecord;
    const now = this.clock.now();
    const record = async (tx: Tx): Promise<Outcome[]> => {
      const found = await findPayments(tx, instanceId, payments);
      const outcomes: Outcome[] = [];
      const decided = new Map<number, Decided>();
      for (const [index, payment] of payments.entries()) {
        try {
          const known = decide(payment, found[index] as FoundPayment, now);
          if ('answer' in known) outcomes[index] = { order: known.answer };
          else decided.set(index, known);
        } catch (refusal) {
          outcomes[index] = { refusal };
        }
      }
      const answers = decided.size > 0 ? await this.#write(tx, [...decided.values()], now) : [];
      for (const [position, index] of [...decided.keys()].entries()) {
        outcomes[index] = { order: answers[position] as Order };
      }
      return outcomes;
    };
    return this.database.transaction(instanceId, record, { isSmallBatch: true });
  }

  /** Writes decided payments, their events and their answers; returns the answers. */
  async #write(tx: Tx, decided: readonly Decided[], now: Date): Promise<Order[]> {
    const instanceId = decided[0]?.asked.instanceId ?? '';
    const firstSales = await recordFirstSales(tx, instanceId, decided.flatMap(salesOf));
    const paid = decided.map((each) => paidOf(each, firstSales));
    const answers = paid.map(({ order, capture, found }) => {
      const made = { ...capture, remainingMinor: capture.amountMinor, goods: [] };
      return orderView(order, { seenAs: 'hub', lines: found.lines, captures: [...found.captures, made] });
    });
    await Promise.all([
      insertCaptures(tx, instanceId, paid),
      savePayments(
        tx,
        instanceId,
        paid.map(({ order }) => order),
      ),
      this.outbox.add(
        tx,
        paid.map(({ asked, order, capture }) => ({
          event: ordersEvents.paid,
          instanceId,
          data: paidSaleOf(order, capture),
          request: asked.request,
        })),
      ),
      storeAnswers(
        tx,
        paid.map(({ asked }, index) => ({ ...asked, answer: answers[index] as Order })),
        now,
      ),
    ]);
    return answers;
  }
}

/** Takes the next batch out of `waiting`; a second payment of an order or under a key waits for the next one. */
function takeDistinct(waiting: Waiting[]): Waiting[] {
  const taken: Waiting[] = [];
  const left: Waiting[] = [];
  const seen = new Set<string>();
  for (const each of waiting.splice(0)) {
    const { orderId, caller, key } = each.payment;
    const marks = [orderId, `${caller} ${key}`];
    if (taken.length === BATCH || marks.some((mark) => seen.has(mark))) left.push(each);
    else taken.push(each);
    for (const mark of marks) seen.add(mark);
  }
  waiting.push(...left);
  return taken;
}

/** @throws what refuses the payment; nothing of it is written then. */
function decide(asked: PaymentToRecord, found: FoundPayment, paidAt: Date): Decided | { answer: Order } {
  const { order, earlier, isLocked, lines, captures } = found;
  if (!order) missingOrder();
  requireEnterprise(asked.context, order.hubId);
  if (!isLocked) throw inProgress();
  if (earlier) {
    if (earlier.bodyHash !== asked.bodyHash) throw keyReused();
    return { answer: earlier.answer };
  }
  const covered = captures.flatMap(({ goods }) =>
    goods.map(({ producerId, vatRateBps, capturedMinor, capturedUnits }) => ({
      producerId,
      vatRateBps,
      amountMinor: capturedMinor,
      units: capturedUnits,
    })),
  );
  const payment = payWith(asked.input, order, { lines, covered });
  return { asked, order, found, payment, captureId: newId(), paidAt };
}

/** The sale of each producer that the payment covers goods of. */
function salesOf({ order, payment, paidAt }: Decided): RecordedSale[] {
  const producerIds = new Set(payment.cover.goods.map(({ producerId }) => producerId));
  return [...producerIds].map((producerId) => ({ ...order, producerId, paidAt }));
}

/** The order after its payment, and the capture to be stored. */
function paidOf(decided: Decided, firstSales: ReadonlyMap<string, FirstSale>) {
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
