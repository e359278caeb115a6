import type { LedgerCommand, LedgerHead, PostingOutcome } from '@foodshed/contracts';
import { newId, rowsOf, type Tx } from '@foodshed/platform';
import { columnsOf } from './batch.rules.js';

export interface BatchAnswer {
  readonly head: LedgerHead;
  readonly outcomes: readonly PostingOutcome[];
}

/** What became of the command with this number, from 1; the function names only those that were not posted now. */
interface OtherOutcome extends Pick<PostingOutcome, 'outcome' | 'transactionId' | 'code' | 'field'> {
  readonly ord: number;
}

/**
 * Posts up to 100 commands of one instance through the one way into the books; answers in their order. Locks the
 * instance's chain until the transaction ends, so a caller with several instances posts in the order of their ids.
 */
export async function postBatch(
  tx: Tx,
  batch: { instanceId: string; commands: readonly LedgerCommand[]; now: Date },
): Promise<BatchAnswer> {
  const { instanceId, commands, now } = batch;
  const ids = commands.map(() => newId());
  const [row] = await rowsOf<{ answer: { head: LedgerHead; others: OtherOutcome[] } }>(
    tx,
    { name: 'post-batch', text: 'select post_batch($1::jsonb, $2) as answer' },
    [JSON.stringify({ instanceId, ...columnsOf(commands, ids) }), now],
  );
  const { head, others } = row!.answer;
  const outcomes = commands.map(({ key }, index): PostingOutcome => ({
    key,
    outcome: 'posted',
    transactionId: ids[index]!,
    code: null,
    field: null,
    detail: null,
  }));
  for (const { ord, outcome, transactionId, code, field } of others) {
    const detail = code === null ? null : `${code} at ${field}`;
    outcomes[ord - 1] = { key: commands[ord - 1]!.key, outcome, transactionId, code, field, detail };
  }
  return { head, outcomes };
}
