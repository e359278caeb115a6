import {
  commissionRpc,
  contributionsRpc,
  developersRpc,
  ledgerRpc,
  ordersRpc,
  type CallContext,
  type Caller,
  type Rpc,
} from '@foodshed/contracts';
import { newId, type RpcClient, type Tokens } from '@foodshed/platform';
import type { InstanceRow } from '../instances/instance.store.js';
import { compareBooks } from './compare.rules.js';
import { compareSupport } from './support.rules.js';

export interface Comparison {
  readonly instanceId: string;
  readonly slug: string;
  readonly paidOrders: number;
  readonly postedOrders: number;
  readonly gifts: number;
  readonly pledges: number;
  readonly findings: readonly string[];
}

/** What a comparison asks with, and for whom. */
export interface Asking {
  readonly rpc: RpcClient;
  readonly tokens: Tokens;
  /** The operator on whose behalf the services are asked. */
  readonly personId: string;
}

/** Compares what orders, commission, contributions, developers and ledger say stands in one instance; it only reads. */
export async function compareInstance(asking: Asking, instance: InstanceRow): Promise<Comparison> {
  const as = await operatorIn(asking, instance);
  const all = <T>(rpc: Rpc<{ cursor?: string; limit: number }, Page<T>>, limit: number) =>
    everything(asking.rpc, rpc, { as, limit });
  // The ledger first: what is posted meanwhile was sold before.
  const totals = await all(ledgerRpc.listTotals, 200);
  const booked = await all(ledgerRpc.listSupport, 200);
  const splits = await all(commissionRpc.listStanding, 500);
  const sales = await all(ordersRpc.listSalesTotals, 500);
  const gifts = await all(contributionsRpc.listExpectedGifts, 200);
  const pledges = await all(developersRpc.listExpectedPledges, 200);
  const payouts = await all(developersRpc.listExpectedPayouts, 200);
  const expected = [...gifts, ...pledges, ...payouts].flatMap(({ bookings }) => bookings);
  return {
    instanceId: instance.instance_id,
    slug: instance.slug,
    paidOrders: new Set(sales.map(({ orderId }) => orderId)).size,
    postedOrders: totals.length,
    gifts: gifts.length,
    pledges: pledges.length,
    findings: [...compareBooks({ sales, splits, totals }), ...compareSupport({ expected, booked })],
  };
}

interface Page<T> {
  items: T[];
  nextCursor: string | null;
}

async function everything<T>(
  rpc: RpcClient,
  list: Rpc<{ cursor?: string; limit: number }, Page<T>>,
  { as, limit }: { as: CallContext; limit: number },
): Promise<T[]> {
  const items: T[] = [];
  let cursor: string | undefined;
  do {
    const page = await rpc.call(list, { limit, cursor }, as);
    items.push(...page.items);
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
  return items;
}

/** Admin says who asks, in whatever instance; a comparison outlives the token of whoever began it. */
async function operatorIn({ tokens, personId }: Asking, row: InstanceRow): Promise<CallContext> {
  const instance = { id: row.instance_id, currency: row.currency, timeZone: row.time_zone };
  const caller: Caller = { kind: 'person', personId, instance, roles: ['operator'], enterpriseIds: [] };
  const { token } = await tokens.issue(caller);
  return { caller, token, requestId: newId() };
}
