import type { BuyerRef } from '@foodshed/contracts';

/** A producer and a buyer of one instance: at most one referral stands between them. */
export interface Pair {
  readonly instanceId: string;
  readonly producerId: string;
  readonly buyer: BuyerRef;
}

/** Names a pair in maps; equal for equal pairs. */
export function pairKey({ instanceId, producerId, buyer }: Pair): string {
  return `${instanceId} ${producerId} ${buyer.kind} ${buyer.id}`;
}

/** Names a buyer within its instance. */
export function buyerKey(instanceId: string, buyer: BuyerRef): string {
  return `${instanceId} ${buyer.kind} ${buyer.id}`;
}

/** Names a first sale: the pair and which of its first sales it is. */
export function firstSaleKey(pair: Pair, sequence: number): string {
  return `${pairKey(pair)} ${sequence}`;
}

/** The items with different keys, the first of each, sorted by key so that everybody locks them in one order. */
export function distinctBy<T>(items: Iterable<T>, keyOf: (item: T) => string): T[] {
  const found = new Map<string, T>();
  for (const item of items) {
    const key = keyOf(item);
    if (!found.has(key)) found.set(key, item);
  }
  return [...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, item]) => item);
}

/** Pairs as the columns of one `unnest`. */
export function pairColumns(pairs: readonly Pair[]): [string[], string[], string[], string[]] {
  return [
    pairs.map(({ instanceId }) => instanceId),
    pairs.map(({ producerId }) => producerId),
    pairs.map(({ buyer }) => buyer.kind),
    pairs.map(({ buyer }) => buyer.id),
  ];
}
