import { ALL_INSTANCES, Database } from '@foodshed/platform';
import { Injectable } from '@nestjs/common';
import { BLOCK_SIZES, piecesOf, type Span } from './block.rules.js';
import { addUpBlock, findBehind, findBlocks, sumBlocks, sumMoved, type FlowRow } from './flow.store.js';
import { addUp } from './value-map.rules.js';

/** What moved in any batches, from sums of blocks that were added up before and from the entries of the rest. */
@Injectable()
export class FlowSumService {
  readonly sizes: readonly number[] = BLOCK_SIZES;

  constructor(private readonly database: Database) {}

  /** Adds up what is full in any instance and was not yet. */
  async addUpAll(): Promise<void> {
    const behind = await this.database.transaction(ALL_INSTANCES, (tx) => findBehind(tx, this.sizes[0]!));
    for (const instanceId of behind) await this.#addUpBlocks(instanceId);
  }

  /** What moved in a span, which is the same however much of it is added up already. */
  async sum(instanceId: string, span: NonNullable<Span>): Promise<FlowRow[]> {
    await this.#addUpBlocks(instanceId);
    const known = await this.database.transaction(instanceId, (tx) => findBlocks(tx, instanceId, span));
    const { blocks, rest } = piecesOf(span, known, this.sizes[0]!);
    const parts = [await this.database.transaction(instanceId, (tx) => sumBlocks(tx, instanceId, blocks))];
    for (const part of rest) {
      parts.push(
        await this.database.transaction(instanceId, (tx) => sumMoved(tx, instanceId, part), {
          isSmallBatch: true,
        }),
      );
    }
    return addUp(parts);
  }

  /** Each block in a transaction of its own, the small ones first, of which larger ones are made. */
  async #addUpBlocks(instanceId: string): Promise<void> {
    for (const [index, batches] of this.sizes.entries()) {
      const block = { instanceId, batches, part: this.sizes[index - 1] ?? null };
      const addNext = (): Promise<boolean> =>
        this.database.transaction(instanceId, (tx) => addUpBlock(tx, block), { isSmallBatch: true });
      while (await addNext());
    }
  }
}
