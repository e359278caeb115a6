import { monthsUpTo, summariesOf } from './summary.rules.js';

const farm = { kind: 'enterprise' as const, id: 'farm' };

describe('months', () => {
  it.each([
    ['2026-11', 3, ['2026-09', '2026-10', '2026-11']],
    ['2026-01', 3, ['2025-11', '2025-12', '2026-01']],
    ['2026-12', 1, ['2026-12']],
  ])('up to %s, %d of them', (month, count, expected) => {
    expect(monthsUpTo(month, count)).toEqual(expected);
  });
});

describe('what came', () => {
  it('is by month with zeros between, and counts a giver of two months once', () => {
    const sum = (month: string | null, amountMinor: number, gifts: number, givers: number) => ({
      payee: farm,
      currency: 'EUR',
      month,
      amountMinor,
      gifts,
      givers,
    });
    const sums = [sum('2026-09', 500, 1, 1), sum('2026-11', 700, 2, 2), sum(null, 1_200, 3, 2)];
    expect(summariesOf(sums, monthsUpTo('2026-11', 3))).toEqual([
      {
        payee: farm,
        currency: 'EUR',
        totalMinor: 1_200,
        givers: 2,
        months: [
          { month: '2026-09', amountMinor: 500, gifts: 1, givers: 1 },
          { month: '2026-10', amountMinor: 0, gifts: 0, givers: 0 },
          { month: '2026-11', amountMinor: 700, gifts: 2, givers: 2 },
        ],
      },
    ]);
  });
});
