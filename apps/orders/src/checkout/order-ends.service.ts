import { Injectable } from '@nestjs/common';
import {
  DomainError,
  managesEnterprise,
  ordersEvents,
  requireEnterprise,
  requireInstance,
  type CallContext,
  type Order,
  type OrderLine,
} from '@foodshed/contracts';
import { ALL_INSTANCES, Clock, Database, Outbox, rowsOf, ScheduledJob, type Tx } from '@foodshed/platform';
import { orderSteps, requireStep } from './order-state.rules.js';
import { isBuyer, OrderViewService } from './order-view.service.js';
import {
  lockOrder,
  ORDER_COLUMNS,
  readLines,
  returnStock,
  saveOrder,
  type OrderRow,
} from './orders.store.js';
import { readTermsIn } from './offers.store.js';
import { isOpen } from './placing.rules.js';
import { compare } from './pricing.rules.js';
import { closedEvent, producersOf } from './refunds.service.js';

const EXPIRED_AT_ONCE = 50;

/** The ways an order ends without money going back: handed out, cancelled, expired. */
@Injectable()
export class OrderEndsService {
  constructor(
    private readonly database: Database,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
    private readonly views: OrderViewService,
  ) {}

  /**
   * Cancels an order nothing is paid of; its stock is for sale again. A second cancelling changes nothing.
   * @throws forbidden for others than buyer and hub, cycle-closed for a buyer who comes too late, invalid-state.
   */
  async cancelOrder({ orderId }: { orderId: string }, context: CallContext): Promise<Order> {
    const { id: instanceId } = requireInstance(context);
    const now = this.clock.now();
    return this.database.transaction(instanceId, async (tx) => {
      const order = await lockOrder(tx, { instanceId, orderId });
      const isHub = managesEnterprise(context.caller, order.hubId);
      if (!isHub && !isBuyer(order, context.caller)) {
        await this.views.view(tx, order, context.caller);
        throw new DomainError('forbidden', { detail: 'Only the buyer and the hub may cancel an order.' });
      }
      if (order.state === 'cancelled') return this.views.view(tx, order, context.caller);
      // Nothing is paid of an order that costs nothing.
      requireStep('cancel', order.totalMinor === 0 ? { ...order, paymentState: 'unpaid' } : order);
      if (!isHub) await requireOpen(tx, order, now);
      const [cancelled = order] = await this.#close(tx, [order], 'cancel', now);
      return this.views.view(tx, cancelled, context.caller);
    });
  }

  /** Marks the goods as handed out. A second time changes nothing. @throws forbidden, invalid-state before payment. */
  async fulfilOrder({ orderId }: { orderId: string }, context: CallContext): Promise<Order> {
    const { id: instanceId } = requireInstance(context);
    const now = this.clock.now();
    return this.database.transaction(instanceId, async (tx) => {
      const order = await lockOrder(tx, { instanceId, orderId });
      requireEnterprise(context, order.hubId);
      if (order.state === 'fulfilled') return this.views.view(tx, order, context.caller);
      requireStep('fulfil', order);
      const fulfilled: OrderRow = { ...order, state: 'fulfilled', fulfilledAt: now };
      await saveOrder(tx, fulfilled);
      const producerIds = producersOf(await readLines(tx, order));
      const data = { orderId, hubId: order.hubId, producerIds, fulfilledAt: now.toISOString() };
      await this.outbox.add(tx, [{ event: ordersEvents.fulfilled, instanceId, data }]);
      return this.views.view(tx, fulfilled, context.caller);
    });
  }

  /** Ends the orders whose time to be paid is over and gives their stock back, each exactly once. */
  @ScheduledJob('expire-orders', { everyMs: 30_000 })
  async expireOrders(): Promise<void> {
    for (let expired = EXPIRED_AT_ONCE; expired === EXPIRED_AT_ONCE;) {
      expired = await this.database.transaction(ALL_INSTANCES, (tx) => this.#expireSome(tx));
    }
  }

  async #expireSome(tx: Tx): Promise<number> {
    const now = this.clock.now();
    const due = await rowsOf<OrderRow>(
      tx,
      {
        name: 'orders-due',
        text: `select ${ORDER_COLUMNS} from orders o
               where o.state = 'placed' and o.payment_state = 'unpaid' and o.expires_at <= $1
               order by o.expires_at limit ${EXPIRED_AT_ONCE} for update skip locked`,
      },
      [now],
    );
    const byInstance = new Map<string, OrderRow[]>();
    for (const order of due) {
      byInstance.set(order.instanceId, [...(byInstance.get(order.instanceId) ?? []), order]);
    }
    // Stock is locked in the order of instance and variant, here too.
    for (const instanceId of [...byInstance.keys()].sort(compare)) {
      await this.#close(tx, byInstance.get(instanceId) ?? [], 'expire', now);
    }
    return due.length;
  }

  /** Closes locked orders of one instance and gives their stock back in one go. */
  async #close(
    tx: Tx,
    orders: readonly OrderRow[],
    command: 'cancel' | 'expire',
    now: Date,
  ): Promise<OrderRow[]> {
    const [state] = orderSteps[command].to;
    const closed = orders.map((order) => ({ ...order, state: state ?? order.state, closedAt: now }));
    const linesOf = new Map<OrderRow, OrderLine[]>();
    for (const order of closed) {
      await saveOrder(tx, order);
      linesOf.set(order, await readLines(tx, order));
    }
    await returnStock(tx, closed[0]?.instanceId ?? '', [...linesOf.values()].flat());
    const reason = command === 'cancel' ? 'cancelled' : 'expired';
    await this.outbox.add(
      tx,
      closed.map((order) => closedEvent(order, linesOf.get(order) ?? [], reason, now)),
    );
    return closed;
  }
}

/** @throws cycle-closed for an order whose cycle takes no orders any more. */
async function requireOpen(tx: Tx, order: OrderRow, now: Date): Promise<void> {
  const terms = await readTermsIn(tx, order);
  if (terms && isOpen(terms, now)) return;
  throw new DomainError('cycle-closed', {
    detail: 'The order cycle has closed: ask the hub to cancel the order.',
  });
}
