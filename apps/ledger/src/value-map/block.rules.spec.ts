import fc from 'fast-check';
import { piecesOf } from './block.rules.js';

const block = (first: number, batches: number) => ({ first, batches });

describe('piecesOf', () => {
  it('takes the largest blocks, and reads what is between them in parts', () => {
    const known = [block(5, 8), block(5, 4), block(9, 4), block(17, 4)];
    expect(piecesOf({ first: 2, last: 23 }, known, 2)).toEqual({
      blocks: [block(5, 8), block(17, 4)],
      rest: [
        { first: 2, last: 3 },
        { first: 4, last: 4 },
        { first: 13, last: 14 },
        { first: 15, last: 16 },
        { first: 21, last: 22 },
        { first: 23, last: 23 },
      ],
    });
  });

  it('covers every batch of a span once, whichever blocks are there', () => {
    const sizes = [2, 4, 8];
    const known = fc
      .uniqueArray(fc.tuple(fc.constantFrom(...sizes), fc.nat(7)), { selector: String })
      .map((all) => all.map(([batches, index]) => block(index * batches + 1, batches)));
    const property = fc.property(known, fc.nat(40), fc.nat(40), (all, from, more) => {
      const span = { first: from + 1, last: from + 1 + more };
      const within = all
        .filter(({ first, batches }) => first >= span.first && first + batches - 1 <= span.last)
        .sort((a, b) => a.first - b.first || b.batches - a.batches);
      const { blocks, rest } = piecesOf(span, within, 3);
      const spans = [...blocks.map(({ first, batches }) => ({ first, last: first + batches - 1 })), ...rest];
      const covered = spans.flatMap(({ first, last }) =>
        Array.from({ length: last - first + 1 }, (_, index) => first + index),
      );
      expect(covered.sort((a, b) => a - b)).toEqual(
        Array.from({ length: more + 1 }, (_, index) => span.first + index),
      );
      expect(rest.every(({ first, last }) => last - first < 3)).toBe(true);
    });
    fc.assert(property);
  });
});
