import { commissionRpc } from '@foodshed/contracts';
import { ALL_INSTANCES, afterCommit, Clock, Database, Outbox, RpcClient, type Tx } from '@foodshed/platform';
import { Injectable } from '@nestjs/common';
import {
  askLater,
  findDue,
  findUnknownHolds,
  findUnread,
  followCaptures,
  releaseDue,
  saveHolds,
} from './release.store.js';

/** What commission answers at once. */
const ORDERS_AT_ONCE = 200;
const BATCHES_AT_ONCE = 100;
/** As many as a batch of postings has commands; nobody else posts in the instance meanwhile. */
const CAPTURES_AT_ONCE = 100;

/** Makes earnings available: each step is due work in Postgres, in transactions of its own. */
@Injectable()
export class ReleaseService {
  constructor(
    private readonly database: Database,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
    private readonly rpc: RpcClient,
  ) {}

  /** Asks commission how long the earnings of orders wait that were handed over. */
  async askHolds(): Promise<void> {
    const now = this.clock.now();
    const orders = await this.#everywhere((tx) => findUnknownHolds(tx, { now, limit: ORDERS_AT_ONCE }));
    for (const instanceId of new Set(orders.map((order) => order.instanceId))) {
      const orderIds = orders.flatMap((order) => (order.instanceId === instanceId ? [order.orderId] : []));
      const { items } = await this.rpc.call(commissionRpc.listHolds, { instanceId, orderIds }, 'service');
      await this.learn({ instanceId, orderIds, items });
    }
  }

  /** Notes what commission said of these orders, and to ask again where it said nothing. */
  async learn(said: {
    instanceId: string;
    orderIds: readonly string[];
    items: readonly { orderId: string; holdDays: number }[];
  }): Promise<void> {
    await this.database.transaction(said.instanceId, async (tx) => {
      await saveHolds(tx, said);
      await askLater(tx, { orderIds: said.orderIds, now: this.clock.now() });
    });
  }

  /** Reads which captures came, or changed, out of the batches sealed since. */
  async follow(): Promise<void> {
    for (const { instanceId } of await this.#everywhere(findUnread)) {
      const some = () =>
        this.database.transaction(instanceId, (tx) =>
          followCaptures(tx, { instanceId, batches: BATCHES_AT_ONCE }),
        );
      while ((await some()) > 0);
    }
  }

  /** Moves everything that became available by now. */
  async release(): Promise<void> {
    const now = this.clock.now();
    for (const { instanceId } of await this.#everywhere((tx) => findDue(tx, now))) {
      const some = () =>
        this.database.transaction(instanceId, (tx) => {
          afterCommit(tx, () => this.outbox.poke());
          return releaseDue(tx, { instanceId, now, captures: CAPTURES_AT_ONCE });
        });
      while ((await some()) === CAPTURES_AT_ONCE);
    }
  }

  #everywhere<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    return this.database.transaction(ALL_INSTANCES, work);
  }
}
