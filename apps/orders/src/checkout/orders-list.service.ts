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
import { pageOfRows, readCursor } from '../catalogue/cursor.rules.js';
import { listOfBuyer, listOfHub, listOfProducer, listSales, type OrderFilter } from './orders-list.store.js';
import { OrderViewService } from './order-view.service.js';
import { findOrder, summaryOf, type OrderRow } from './orders.store.js';

type ListOrders = RpcInput<typeof ordersRpc.listOrders>;
type ListSales = RpcInput<typeof ordersRpc.listSalesTotals>;

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
      before: readCursor(input.cursor),
      limit: input.limit + 1,
    };
    const rows = await this.database.transaction(instanceId, (tx) => list(tx, filter));
    const { page, nextCursor } = pageOfRows(rows, input.limit, ({ orderId }) => orderId);
    return { items: page.map(summaryOf), nextCursor };
  }

  /** By capture id: a service reads every instance, an operator their own. */
  async listSalesTotals(
    input: ListSales,
    context: CallContext,
  ): Promise<RpcOutput<typeof ordersRpc.listSalesTotals>> {
    const scope = context.caller.kind === 'service' ? ALL_INSTANCES : requireInstance(context).id;
    const after = readCursor(input.cursor);
    const rows = await listSales(this.database, scope, { after, limit: input.limit + 1 });
    const { page, nextCursor } = pageOfRows(rows, input.limit, ({ captureId }) => captureId);
    return { items: page, nextCursor };
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
