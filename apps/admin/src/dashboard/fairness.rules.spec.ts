import fc from 'fast-check';
import { concentrationOf, gini, shareOfLowest, takeBySize, type ProducerSums } from './fairness.rules.js';

const sums = (grossMinor: number, platformMinor = 0, producerMinor = grossMinor): ProducerSums => ({
  grossMinor,
  splitGrossMinor: grossMinor,
  platformMinor,
  producerMinor,
});

describe('gini', () => {
  it.each([
    ['all have the same', [5, 5, 5, 5], 0],
    ['one has everything of two', [0, 9], 1 / 2],
    ['one has everything of ten', [...Array<number>(9).fill(0), 7], 9 / 10],
    ['1, 2, 3', [3, 1, 2], 2 / 9],
    ['one alone', [12], 0],
    ['what is less than nothing counts as nothing', [-5, 9], 1 / 2],
  ])('%s', (_of, amounts, expected) => {
    expect(gini(amounts)).toBeCloseTo(expected, 12);
  });

  it.each([[[]], [[0, 0]]])('says nothing where there is nothing to divide: %j', (amounts) => {
    expect([gini(amounts), shareOfLowest(amounts, 0.5)]).toEqual([null, null]);
  });

  it('is between 0 and (n − 1) ÷ n, and half of how far every two are apart ÷ the mean', () => {
    const amounts = fc.array(fc.nat(10_000), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(amounts, (list) => {
        const total = list.reduce((sum, amount) => sum + amount, 0);
        fc.pre(total > 0);
        const apart = list.flatMap((a) => list.map((b) => Math.abs(a - b))).reduce((sum, d) => sum + d, 0);
        expect(gini(list)).toBeCloseTo(apart / (2 * list.length * total), 9);
        expect(gini(list)!).toBeLessThanOrEqual((list.length - 1) / list.length + 1e-12);
      }),
    );
  });
});

describe('shareOfLowest', () => {
  it.each([
    [[1, 1, 1, 1], 0.5, 0.5],
    [[1, 2, 3, 4], 0.5, 0.3],
    [[1, 2, 3], 0.5, (1 + 0.5 * 2) / 6],
    [[0, 0, 0, 10], 0.9, 0.6],
    [[4], 0.9, 0.9],
    [[1, 2], 1, 1],
  ])('of %j the lowest %d have %d', (amounts, part, expected) => {
    expect(shareOfLowest(amounts, part)).toBeCloseTo(expected, 12);
  });
});

describe('the fairness of a period', () => {
  it('says what halves and tenths have, and how unequal it is', () => {
    const equal = Array.from({ length: 10 }, () => sums(100));
    expect(concentrationOf(equal)).toEqual({
      producers: 10,
      bottomHalfBps: 5_000,
      topTenthBps: 1_000,
      gini: 0,
    });
    const one = [...Array.from({ length: 9 }, () => sums(100, 0, 0)), sums(100)];
    expect(concentrationOf(one)).toEqual({ producers: 10, bottomHalfBps: 0, topTenthBps: 10_000, gini: 0.9 });
    expect(concentrationOf([])).toEqual({ producers: 0, bottomHalfBps: null, topTenthBps: null, gini: null });
  });

  it.each([
    [1, ['top-tenth 1']],
    [2, ['smaller-half 1', 'top-tenth 1']],
    [3, ['smaller-half 1', 'middle 1', 'top-tenth 1']],
    [20, ['smaller-half 10', 'middle 8', 'top-tenth 2']],
  ])('divides %i producers by size', (count, expected) => {
    const producers = Array.from({ length: count }, (_, index) => sums((index + 1) * 100, index + 1));
    const classes = takeBySize(producers);
    expect(classes.map(({ size, producers: members }) => `${size} ${members}`)).toEqual(expected);
    expect(classes.reduce((sum, { grossMinor }) => sum + grossMinor, 0)).toBe(
      (count * (count + 1) * 100) / 2,
    );
    expect(classes.every(({ takeBps }) => takeBps === 100)).toBe(true);
  });
});
