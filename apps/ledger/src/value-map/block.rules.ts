/** Batches from the first to the last that were recorded in a period; null when there are none. */
export type Span = { readonly first: number; readonly last: number } | null;

/** Batches whose sums are kept. */
export interface Block {
  readonly first: number;
  readonly batches: number;
}

/**
 * How many batches are added up together: each is so many of the one before, so any period is a few blocks of each size
 * and, at its ends, fewer batches than the smallest has.
 */
export const BLOCK_SIZES: readonly number[] = [64, 64 ** 2, 64 ** 3];

/**
 * A span as blocks, the largest that are there, and what is between them in parts of at most `longest` batches. Blocks
 * come by where they begin, the largest of these first, and do not reach beyond the span.
 */
export function piecesOf(
  span: NonNullable<Span>,
  blocks: readonly Block[],
  longest: number,
): { blocks: Block[]; rest: NonNullable<Span>[] } {
  const used: Block[] = [];
  const rest: NonNullable<Span>[] = [];
  let next = span.first;
  const readUntil = (end: number): void => {
    for (; next < end; next = rest.at(-1)!.last + 1) {
      rest.push({ first: next, last: Math.min(end, next + longest) - 1 });
    }
  };
  for (const block of blocks) {
    if (block.first < next) continue;
    readUntil(block.first);
    used.push(block);
    next = block.first + block.batches;
  }
  readUntil(span.last + 1);
  return { blocks: used, rest };
}
