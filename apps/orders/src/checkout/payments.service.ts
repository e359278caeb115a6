import { Injectable } from '@nestjs/common';
import {
  DomainError,
  requireEnterprise,
  requireInstance,
  type CallContext,
  type Order,
  type PaymentOutcome,
  type RpcInput,
  type ordersRpc,
} from '@foodshed/contracts';
import { bodyHash, Clock, currentRequest, Database, idempotent, Outbox, type Tx } from '@foodshed/platform';
import { decidePayment, payAll, savePaid, type AskedPayment, type DecidedPayment } from './paying.service.js';
import { PaymentBatchService } from './payment-batch.service.js';
import { findPayables, type PayableRow } from './payment-batch.store.js';
import { callerKey, requireKey } from './placing.service.js';

/** Payments that a hub's managers record: each is a capture that names who holds the money. */
@Injectable()
export class PaymentsService {
  constructor(
    private readonly batch: PaymentBatchService,
    private readonly database: Database,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
  ) {}

  /** @throws forbidden, not-found, invalid-state for an order that has ended, order-already-paid. */
  async recordPayment(input: RpcInput<typeof ordersRpc.recordPayment>, context: CallContext): Promise<Order> {
    const { id: instanceId } = requireInstance(context);
    const key = requireKey(context);
    const caller = callerKey(context);
    return this.batch.record({
      input,
      instanceId,
      context,
      orderId: input.orderId,
      caller,
      key,
      bodyHash: bodyHash(input),
      request: currentRequest(),
    });
  }

  /**
   * Records a list in one transaction; what refuses one payment leaves the others alone, and is its outcome.
   * @throws forbidden for who does not manage the hub; not-found, naming them, when orders are not the hub's.
   */
  async recordPayments(
    { hubId, payments }: RpcInput<typeof ordersRpc.recordPayments>,
    context: CallContext,
  ): Promise<{ outcomes: PaymentOutcome[] }> {
    requireEnterprise(context, hubId);
    const { id: instanceId } = requireInstance(context);
    const now = this.clock.now();
    const command = {
      callerKey: callerKey(context),
      command: 'record-payments',
      key: requireKey(context),
      body: { hubId, payments },
      now,
    };
    const asked = payments.map((input) => ({ input, context, request: currentRequest() }));
    return this.database.transaction(
      instanceId,
      (tx) =>
        idempotent(tx, command, async () => ({
          outcomes: await this.#recordAll(tx, { instanceId, hubId, asked, now }),
        })),
      { isSmallBatch: true },
    );
  }

  async #recordAll(
    tx: Tx,
    {
      instanceId,
      hubId,
      asked,
      now,
    }: { instanceId: string; hubId: string; asked: readonly AskedPayment[]; now: Date },
  ): Promise<PaymentOutcome[]> {
    const orderIds = asked.map(({ input: { orderId } }) => ({ orderId }));
    const found = await findPayables(tx, instanceId, orderIds);
    requireOrdersOf(hubId, found);
    const outcomes: PaymentOutcome[] = [];
    const decided = new Map<number, DecidedPayment>();
    for (const [index, payment] of asked.entries()) {
      try {
        decided.set(index, decidePayment(payment, found[index] as PayableRow, now));
      } catch (error) {
        if (!(error instanceof DomainError)) throw error;
        const { orderId } = payment.input;
        outcomes[index] = { outcome: 'refused', orderId, problem: error.toProblem() };
      }
    }
    const paid = decided.size > 0 ? await payAll(tx, instanceId, [...decided.values()]) : [];
    if (paid.length > 0) await savePaid(tx, this.outbox, { instanceId, paid });
    for (const [position, index] of [...decided.keys()].entries()) {
      const { orderId, order } = paid[position]!;
      const { paymentState, paidMinor, surplusMinor } = order;
      outcomes[index] = { outcome: 'recorded', orderId, paymentState, paidMinor, surplusMinor };
    }
    return outcomes;
  }
}

/** @throws not-found naming each order that is unknown or another hub's: such a list is somebody else's */
function requireOrdersOf(hubId: string, found: readonly PayableRow[]): void {
  const fields = found.flatMap(({ order }, index) =>
    order?.hubId === hubId
      ? []
      : [{ path: `payments.${index}.orderId`, message: 'is no order of this hub; take it out of the list' }],
  );
  if (fields.length === 0) return;
  throw new DomainError('not-found', {
    detail: 'Some of the orders are not this hub’s; nothing was recorded.',
    fields,
  });
}
