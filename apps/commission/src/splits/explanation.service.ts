import {
  type CallContext,
  type commissionRpc,
  DomainError,
  hasRole,
  holdDaysOf,
  type CapturedSale,
  requireInstance,
  requirePerson,
  type RpcInput,
  type RpcOutput,
} from '@foodshed/contracts';
import { ALL_INSTANCES, Database } from '@foodshed/platform';
import { Injectable } from '@nestjs/common';
import { modelsOf } from '../models/model.store.js';
import type { StoredSplit } from './advance.rules.js';
import { explain, splitView, takesPart } from './explain.rules.js';
import { modelVersionsOf, splitById, splitsAfter, splitsOfOrder } from './split.store.js';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Shows splits to those who take part in them, and explains them. */
@Injectable()
export class ExplanationService {
  constructor(private readonly database: Database) {}

  /** The buyer and the serving hub see the whole order, stewards too; others the splits they take part in. */
  async ofOrder(
    input: RpcInput<typeof commissionRpc.listOrderSplits>,
    context: CallContext,
  ): Promise<RpcOutput<typeof commissionRpc.listOrderSplits>> {
    const { id: instanceId } = requireInstance(context);
    const splits = await this.database.transaction(instanceId, (tx) => splitsOfOrder(tx, input.orderId));
    const visible = splits.filter(({ split, sale }) => this.#maySee(context, split, sale));
    if (splits.length > 0 && visible.length === 0) {
      throw new DomainError('forbidden', { detail: 'Only those who take part in an order see its splits.' });
    }
    return { items: visible.map(({ split, sale }) => splitView(split, sale)), nextCursor: null };
  }

  /** @throws not-found, also for splits the caller takes no part in */
  async explain(
    input: RpcInput<typeof commissionRpc.explainSplit>,
    context: CallContext,
  ): Promise<RpcOutput<typeof commissionRpc.explainSplit>> {
    const { id: instanceId } = requireInstance(context);
    return this.database.transaction(instanceId, async (tx) => {
      const found = await splitById(tx, input.splitId);
      if (!found || !this.#maySee(context, found.split, found.sale)) {
        throw new DomainError('not-found', { detail: 'There is no such split, or you take no part in it.' });
      }
      const { modelVersion } = found.split.frozen;
      const models = await modelsOf(tx, [instanceId]);
      const name = models.find((model) => model.version === modelVersion)?.name;
      return explain(
        found.split,
        found.sale,
        name ?? 'no model was in force: everything goes to the producer',
      );
    });
  }

  /** The holds of orders by the model that each was split by; none where there was no model. */
  listHolds({ instanceId, orderIds }: RpcInput<typeof commissionRpc.listHolds>) {
    return this.database.transaction(instanceId, async (tx) => {
      const models = new Map(
        (await modelsOf(tx, [instanceId])).map(({ version, model }) => [version, model]),
      );
      return (await modelVersionsOf(tx, orderIds)).map(({ orderId, modelVersion }) => {
        const model = models.get(modelVersion);
        return { orderId, holdDays: model ? holdDaysOf(model) : 0 };
      });
    });
  }

  /** Every split, for reconciling the books; an operator sees those of their instance. */
  async listStanding(
    input: RpcInput<typeof commissionRpc.listStanding>,
    context: CallContext,
  ): Promise<RpcOutput<typeof commissionRpc.listStanding>> {
    if (input.cursor !== undefined && !UUID.test(input.cursor)) {
      const fields = [{ path: 'cursor', message: 'must be the nextCursor of another page' }];
      throw new DomainError('invalid-input', { detail: 'The cursor is not one that was given out.', fields });
    }
    const scope = context.caller.kind === 'service' ? ALL_INSTANCES : requireInstance(context).id;
    const rows = await this.database.transaction(scope, (tx) =>
      splitsAfter(tx, input.cursor, input.limit + 1),
    );
    const items = rows.slice(0, input.limit).map(({ split, sale }) => splitView(split, sale));
    return { items, nextCursor: rows.length > input.limit ? items.at(-1)!.splitId : null };
  }

  #maySee(context: CallContext, split: StoredSplit, sale: CapturedSale): boolean {
    return hasRole(context.caller, 'steward') || takesPart(split, sale, requirePerson(context));
  }
}
