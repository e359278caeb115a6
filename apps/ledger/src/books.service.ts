import {
  hasRole,
  pageFrom,
  requireInstance,
  type CallContext,
  type LedgerHead,
  type RpcInput,
  type RpcOutput,
  type ledgerRpc,
} from '@foodshed/contracts';
import { Database, type Tx } from '@foodshed/platform';
import { Injectable } from '@nestjs/common';
import { maySee } from './account.rules.js';
import {
  findHead,
  findOrderTransactions,
  findRefusals,
  findSupport,
  findTotals,
  sumByPurpose,
} from './books.store.js';
import { idAfter } from './key.rules.js';

@Injectable()
export class BooksService {
  constructor(private readonly database: Database) {}

  head(context: CallContext): Promise<LedgerHead> {
    return this.#read(context, (tx) => findHead(tx, requireInstance(context).id));
  }

  /** Stewards get every transaction of the order, others those in which an account of theirs takes part. */
  async orderEntries(orderId: string, context: CallContext) {
    const all = await this.#read(context, (tx) => findOrderTransactions(tx, orderId));
    if (hasRole(context.caller, 'steward')) return all;
    return all.filter(({ entries }) => entries.some(({ account }) => maySee(context.caller, account.owner)));
  }

  trialBalance(context: CallContext): Promise<RpcOutput<typeof ledgerRpc.getTrialBalance>> {
    return this.#read(context, async (tx) => {
      const rows = await sumByPurpose(tx);
      const totals = new Map<string, number>();
      for (const { currency, balanceMinor } of rows) {
        totals.set(currency, (totals.get(currency) ?? 0) + balanceMinor);
      }
      return {
        head: await findHead(tx, requireInstance(context).id),
        rows,
        totals: [...totals].map(([currency, balanceMinor]) => ({ currency, balanceMinor })),
      };
    });
  }

  totals(input: RpcInput<typeof ledgerRpc.listTotals>, context: CallContext) {
    return this.#read(context, async (tx) => {
      const rows = await findTotals(tx, { after: idAfter(input.cursor), limit: input.limit + 1 });
      return pageFrom(rows, input.limit, ({ orderId }) => orderId);
    });
  }

  support(input: RpcInput<typeof ledgerRpc.listSupport>, context: CallContext) {
    return this.#read(context, async (tx) => {
      const rows = await findSupport(tx, { after: idAfter(input.cursor), limit: input.limit + 1 });
      const { items, nextCursor } = pageFrom(rows, input.limit, ({ id }) => id);
      return { items: items.map(({ key, totals }) => ({ key, totals })), nextCursor };
    });
  }

  refusals(input: RpcInput<typeof ledgerRpc.listRefusals>, context: CallContext) {
    return this.#read(context, async (tx) => {
      const rows = await findRefusals(tx, { before: idAfter(input.cursor), limit: input.limit + 1 });
      return pageFrom(rows, input.limit, ({ refusalId }) => refusalId);
    });
  }

  #read<T>(context: CallContext, work: (tx: Tx) => Promise<T>): Promise<T> {
    return this.database.transaction(requireInstance(context).id, work);
  }
}
