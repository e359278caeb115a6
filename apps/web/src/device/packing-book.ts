import type { PackingOrder, packingRpc, RpcOutput } from '@foodshed/contracts';
import { api } from '../api/client.js';
import type { PageOf } from '../api/lists.js';
import { keep, type KeptAnswer, keptAnswer, readKept } from './kept-answer.js';
import type { Answered } from './ticks.js';

type Page = RpcOutput<(typeof packingRpc)['listOrdersToPack']>;

const ORDERS_AT_ONCE = 200;
const NAMES_AT_ONCE = 50;

/** Everything that a market stall needs of the orders to pack: all of them, and who everybody is. */
export interface PackingBook {
  orders: PackingOrder[];
  totals: Page['totals'];
  /** Of buyers, hubs and the producer's managers, by id. */
  names: Record<string, string>;
}

export const packingKey = (producerId: string): string[] => ['packing', producerId];
const nameOf = (producerId: string): string => `packing ${producerId}`;

/** Names of what these ids stand for, asked in parts. */
async function namesOf<T>(
  path: string,
  ids: string[],
  entry: (item: T) => [string, string],
  patienceMs?: number,
) {
  const wanted = [...new Set(ids)];
  const names: [string, string][] = [];
  for (let from = 0; from < wanted.length; from += NAMES_AT_ONCE) {
    const part = wanted.slice(from, from + NAMES_AT_ONCE).join(',');
    const { items } = await api<PageOf<T>>(path, { query: { ids: part }, patienceMs });
    names.push(...items.map(entry));
  }
  return names;
}

async function loadBook(
  producerId: string,
  progress: (orders: number) => void,
  patienceMs?: number,
): Promise<PackingBook> {
  const orders: PackingOrder[] = [];
  let totals: Page['totals'] = [];
  for (let cursor: string | null | undefined; cursor !== null;) {
    const query = { cursor, limit: ORDERS_AT_ONCE };
    const page = await api<Page>(`/producers/${producerId}/orders-to-pack`, { query, patienceMs });
    orders.push(...page.items);
    totals = page.totals;
    cursor = page.nextCursor;
    progress(orders.length);
  }
  const buyers = await namesOf<{ buyer: { id: string }; displayName: string }>(
    '/buyers',
    orders.map(({ buyer }) => buyer.id),
    ({ buyer, displayName }) => [buyer.id, displayName],
    patienceMs,
  );
  const hubs = await namesOf<{ enterpriseId: string; name: string }>(
    '/enterprises',
    orders.map(({ hubId }) => hubId),
    ({ enterpriseId, name }) => [enterpriseId, name],
    patienceMs,
  );
  return { orders, totals, names: Object.fromEntries([...buyers, ...hubs]) };
}

/** The producer's packing list, as it is or as it was kept on this device; `progress` counts the orders that came. */
export function packingBook(
  producerId: string,
  progress: (orders: number) => void,
): Promise<KeptAnswer<PackingBook>> {
  return keptAnswer(nameOf(producerId), (patienceMs) => loadBook(producerId, progress, patienceMs));
}

/** Enters in the kept list what the server recorded, so that a connection lost right afterwards loses nothing of it. */
export async function recordInBook({
  producerId,
  outcomes,
}: Answered): Promise<KeptAnswer<PackingBook> | undefined> {
  const kept = await readKept<PackingBook>(nameOf(producerId));
  if (!kept) return undefined;
  const ticks = new Map(outcomes.map(({ orderId, lineNumber, tick }) => [`${orderId} ${lineNumber}`, tick]));
  const orders = kept.body.orders.map((order) => ({
    ...order,
    lines: order.lines.map((line) => ({
      ...line,
      tick: ticks.get(`${order.orderId} ${line.lineNumber}`) ?? line.tick,
    })),
  }));
  const body = { ...kept.body, orders };
  await keep(nameOf(producerId), body);
  return { body, keptAt: null };
}
