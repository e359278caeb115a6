import { Replay, type Finding, type KeptHead, type VerifyOptions } from './replay.service.js';
import { readBatches, readHeads, type ChainHead, type Query } from './verify.store.js';

export interface Verification {
  readonly heads: readonly ChainHead[];
  readonly findings: readonly Finding[];
  readonly entries: number;
  readonly transactions: number;
}

/**
 * Replays every chain from its first batch, or from the head it was verified up to before: every hash, every version
 * and balance, every account's end. Nothing that is stored after it is believed. The statements must see one snapshot
 * when the ledger is running.
 */
export async function verifyBooks(query: Query, options: VerifyOptions = {}): Promise<Verification> {
  const heads = await readHeads(query);
  const findings: Finding[] = [];
  for (const kept of [...(options.earlierHeads ?? []), ...(options.since ?? [])]) {
    const what = await whatBecameOf(kept, heads, query);
    if (what !== null) findings.push({ instanceId: kept.instanceId, where: `batch ${kept.batch}`, what });
  }
  let entries = 0;
  let transactions = 0;
  for (const head of heads) {
    const replay = new Replay(query, head, findings, options);
    await replay.run();
    entries += replay.entryCount;
    transactions += replay.transactionCount;
  }
  return { heads, findings, entries, transactions };
}

/** What is wrong with the chain that a kept head was of; null when it still has that head. */
async function whatBecameOf(
  { instanceId, batch, hash }: KeptHead,
  heads: readonly ChainHead[],
  query: Query,
): Promise<string | null> {
  if (batch === 0) return null;
  const head = heads.find((each) => each.instanceId === instanceId);
  if (!head) return `there is no chain of this instance; the head that was kept is ${hash}`;
  if (batch > head.batch)
    return `history was cut after batch ${head.batch}; the head that was kept is ${hash}`;
  const [found] = await readBatches(query, { instanceId, after: batch - 1, limit: 1 });
  const isThere = found?.number === batch && found.hash === hash;
  return isThere ? null : `history was rewritten: the head that was kept is ${hash}`;
}
