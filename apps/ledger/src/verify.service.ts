import { Replay, type Finding, type VerifyOptions } from './replay.service.js';
import { readHeads, type ChainHead, type Query } from './verify.store.js';

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
