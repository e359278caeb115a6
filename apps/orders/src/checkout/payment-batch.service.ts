import { setTimeout as delay } from 'node:timers/promises';
import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import type { Order } from '@foodshed/contracts';
import { Clock, Database, Outbox, type Tx } from '@foodshed/platform';
import { orderView } from './order-view.service.js';
import {
  decidePayment,
  orderOf,
  payAll,
  savePaid,
  type AskedPayment,
  type DecidedPayment,
} from './paying.service.js';
import { findPayments, storeAnswers, type FoundPayment } from './payment-batch.store.js';
import { isRefusal } from './placing-batch.service.js';
import { inProgress, keyReused } from './placing.service.js';

/** One payment as it was asked for: by whom, under which idempotency key, and the hash of what they sent. */
export interface PaymentToRecord extends AskedPayment {
  readonly instanceId: string;
  readonly orderId: string;
  readonly caller: string;
  readonly key: string;
  readonly bodyHash: string;
}

interface Waiting {
  readonly payment: PaymentToRecord;
  readonly resolve: (order: Order) => void;
  readonly reject: (error: unknown) => void;
}

type Outcome = { readonly order: Order } | { readonly refusal: unknown };

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
      const decided = new Map<number, DecidedPayment<PaymentToRecord>>();
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
  async #write(tx: Tx, decided: readonly DecidedPayment<PaymentToRecord>[], now: Date): Promise<Order[]> {
    const instanceId = decided[0]?.asked.instanceId ?? '';
    const paid = await payAll(tx, instanceId, decided);
    const answers = paid.map(({ order, capture, found }) => {
      const made = { ...capture, remainingMinor: capture.amountMinor, goods: [] };
      return orderView(order, { seenAs: 'hub', lines: found.lines, captures: [...found.captures, made] });
    });
    await Promise.all([
      savePaid(tx, this.outbox, { instanceId, paid }),
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
function decide(
  asked: PaymentToRecord,
  found: FoundPayment,
  paidAt: Date,
): DecidedPayment<PaymentToRecord> | { answer: Order } {
  orderOf(asked, found);
  if (!found.isLocked) throw inProgress();
  if (!found.earlier) return decidePayment(asked, found, paidAt);
  if (found.earlier.bodyHash !== asked.bodyHash) throw keyReused();
  return { answer: found.earlier.answer };
}
