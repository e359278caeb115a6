import type { LedgerCommand, LedgerHead, PostingOutcome } from '@foodshed/contracts';
import { newId, rowsOf, type Tx } from '@foodshed/platform';

export interface BatchAnswer {
  readonly head: LedgerHead;
  readonly outcomes: readonly PostingOutcome[];
}

/**
 * Posts up to 100 commands of one instance through the one way into the books; answers in their order. Locks the
 * instance's chain until the transaction ends, so a caller with several instances posts in the order of their ids.
 */
export async function postBatch(
  tx: Tx,
  batch: { instanceId: string; commands: readonly LedgerCommand[]; now: Date },
): Promise<BatchAnswer> {
  const { instanceId, now } = batch;
  const commands = batch.commands.map((command) => ({ id: newId(), ...command }));
  const [row] = await rowsOf<{ answer: BatchAnswer }>(
    tx,
    { name: 'post-batch', text: 'select post_batch($1::jsonb, $2) as answer' },
    [JSON.stringify({ instanceId, commands }), now],
  );
  return row!.answer;
}
