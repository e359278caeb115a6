import { Injectable } from '@nestjs/common';
import {
  DomainError,
  requireEnterprise,
  requireInstance,
  requirePerson,
  type CallContext,
  type Order,
  type ordersRpc,
  type RpcInput,
  type RpcOutput,
} from '@foodshed/contracts';
import { ALL_INSTANCES, Database, type Tx } from '@foodshed/platform';
import {
  listOfBuyer,
  listOfHub,
  listOfProducer,
  listSales,
  listToPack,
  totalsToPack,
  type OrderFilter,
} from './orders-list.store.js';
import { OrderViewService } from './order-view.service.js';
import { findOrder, summaryOf, type OrderRow } from './orders.store.js';
import { orderReference } from './placing.rules.js';

type ListOrders = RpcInput<typeof ordersRpc.listOrders>;
type ListToPack = RpcInput<typeof ordersRpc.listOrdersToPack>;
type ListSales = RpcInput<typeof ordersRpc.listSalesTotals>;

const ID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Orders as buyers, hubs, producers and operators read them. */
@Injectable()
export class OrdersListService {
  constructor(
    private readonly database: Database,
    private readonly views: OrderViewService,
  ) {}

  /** @throws not-found also for an order that is none of the caller's business. */
  async getOrder({ orderId }: { orderId: string }, context: CallContext): Promise<Order> {
    const { id: instanceId } = requireInstance(context);
    return this.database.transaction(instanceId, async (tx) =>
      this.views.view(tx, await findOrder(tx, { instanceId, orderId }), context.caller),
    );
  }

  /** Newest first. @throws forbidden for an enterprise the caller does not manage. */
  async listOrders(input: ListOrders, context: CallContext): Promise<RpcOutput<typeof ordersRpc.listOrders>> {
    const { id: instanceId } = requireInstance(context);
    const list = listOf(input, context);
    const filter: OrderFilter = {
      instanceId,
      cycleId: input.cycleId,
      state: input.state,
      paymentState: input.paymentState,
      before: idOfCursor(input.cursor),
      limit: input.limit + 1,
    };
    const rows = await this.database.transaction(instanceId, (tx) => list(tx, filter));
    const { items, nextCursor } = pageOfRows(rows, input.limit, ({ orderId }) => orderId);
    return { items: items.map(summaryOf), nextCursor };
  }

  /** Oldest first. @throws forbidden for a producer the caller does not manage. */
  async listOrdersToPack(
    input: ListToPack,
    context: CallContext,
  ): Promise<RpcOutput<typeof ordersRpc.listOrdersToPack>> {
    const { id: instanceId } = requireInstance(context);
    requireEnterprise(context, input.producerId);
    const { producerId, cycleId, limit } = input;
    const filter = { instanceId, producerId, cycleId, after: idOfCursor(input.cursor), limit: limit + 1 };
    return this.database.transaction(instanceId, async (tx) => {
      const { items, nextCursor } = pageOfRows(await listToPack(tx, filter), limit, ({ orderId }) => orderId);
      return {
        items: items.map((row) => ({
          orderId: row.orderId,
          reference: orderReference(row.orderId),
          hubId: row.hubId,
          cycleId: row.cycleId,
          buyer: row.buyer,
          currency: row.currency,
          paymentState: row.paymentState,
          placedAt: row.placedAt.toISOString(),
          lines: row.lines,
        })),
        nextCursor,
        totals: await totalsToPack(tx, filter),
      };
    });
  }

  /** By capture id: a service reads every instance, an operator their own. */
  async listSalesTotals(
    input: ListSales,
    context: CallContext,
  ): Promise<RpcOutput<typeof ordersRpc.listSalesTotals>> {
    const scope = context.caller.kind === 'service' ? ALL_INSTANCES : requireInstance(context).id;
    const after = idOfCursor(input.cursor);
    const rows = await listSales(this.database, scope, { after, limit: input.limit + 1 });
    return pageOfRows(rows, input.limit, ({ captureId }) => captureId);
  }
}

function listOf(
  input: ListOrders,
  context: CallContext,
): (tx: Tx, filter: OrderFilter) => Promise<OrderRow[]> {
  const { as, enterpriseId } = input;
  if (enterpriseId === undefined) {
    const { personId } = requirePerson(context);
    if (as === 'buyer') return (tx, filter) => listOfBuyer(tx, personId, filter);
    throw new DomainError('invalid-input', {
      detail: `Say which ${as} with enterpriseId.`,
      fields: [{ path: 'enterpriseId', message: `is needed for a ${as}'s orders` }],
    });
  }
  requireEnterprise(context, enterpriseId);
  const list = { buyer: listOfBuyer, hub: listOfHub, producer: listOfProducer }[as];
  return (tx, filter) => list(tx, enterpriseId, filter);
}

/** The cursor of these lists is the id of the last row; ids grow with time. @throws invalid-input for another text. */
function idOfCursor(cursor: string | undefined): string | undefined {
  if (cursor === undefined || ID.test(cursor)) return cursor;
  throw new DomainError('invalid-input', {
    detail: 'The cursor is not one of this list.',
    fields: [{ path: 'cursor', message: 'is not a nextCursor of this list' }],
  });
}

function pageOfRows<T>(
  rows: readonly T[],
  limit: number,
  idOf: (row: T) => string,
): { items: T[]; nextCursor: string | null } {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return { items, nextCursor: rows.length > limit && last ? idOf(last) : null };
}
