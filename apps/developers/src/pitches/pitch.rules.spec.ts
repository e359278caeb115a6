import type { NewPitch } from '@foodshed/contracts';
import fc from 'fast-check';
import {
  decisionOf,
  equalAsks,
  heldUntil,
  isOnTeam,
  requireDates,
  reviewUntil,
  verdictsOf,
} from './pitch.rules.js';

const now = new Date('2026-11-02T10:00:00.000Z');
const after = (days: number): string => new Date(now.getTime() + days * 86_400_000).toISOString();
const dates = (fundUntil: number, deliverBy: number, reviewDays = 14) =>
  ({ fundUntil: after(fundUntil), deliverBy: after(deliverBy), reviewDays }) as NewPitch;

describe('the dates of a pitch', () => {
  it.each([
    [1, 2, []],
    [366, 1_097, []],
    [0, 2, ['fundUntil']],
    [367, 400, ['fundUntil']],
    [10, 10, ['deliverBy']],
    [10, 742, ['deliverBy']],
    [-1, -2, ['fundUntil', 'deliverBy']],
  ])('with funding in %i and delivery in %i days are wrong at %j', (fundUntil, deliverBy, wrong) => {
    const attempt = () => requireDates(dates(fundUntil, deliverBy), now);
    if (wrong.length === 0) return expect(attempt).not.toThrow();
    const fields = wrong.map((path) => expect.objectContaining({ path }));
    expect(attempt).toThrow(expect.objectContaining({ options: expect.objectContaining({ fields }) }));
  });

  it('leave the ledger’s deadline 30 days behind the latest review', () => {
    expect(heldUntil(dates(1, 10, 14))).toBe(after(54));
    expect(reviewUntil(now, 14)).toBe(after(14));
  });
});

describe('equal sharing among instances', () => {
  it('of 10,000.00 among three is 3,333.34, 3,333.33 and 3,333.33', () => {
    expect(equalAsks(1_000_000, ['a', 'b', 'c']).map(({ amountMinor }) => amountMinor)).toEqual([
      333_334, 333_333, 333_333,
    ]);
    expect(equalAsks(1_000_000, [])).toEqual([]);
  });

  it('adds up to the goal, and nobody is asked for more than a unit more than another', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e12 }), fc.integer({ min: 1, max: 100 }), (goal, count) => {
        const asks = equalAsks(
          goal,
          Array.from({ length: count }, (_, index) => `i${index}`),
        );
        const amounts = asks.map(({ amountMinor }) => amountMinor);
        expect(amounts.reduce((sum, amount) => sum + amount, 0)).toBe(goal);
        expect(Math.max(...amounts) - Math.min(...amounts)).toBeLessThanOrEqual(1);
      }),
    );
  });
});

describe('the funders’ decision', () => {
  const pledge = (escrowMinor: number, verdict: 'accepted' | 'refused' | null) => ({ escrowMinor, verdict });
  it.each([
    ['more than half accepts at once', [pledge(51, 'accepted'), pledge(49, null)], false, 'accept'],
    ['half is not more than half', [pledge(50, 'accepted'), pledge(50, null)], false, null],
    ['more than half refuses at once', [pledge(51, 'refused'), pledge(49, 'accepted')], false, 'refuse'],
    [
      'amounts count, not heads',
      [pledge(51, 'refused'), pledge(25, 'accepted'), pledge(24, 'accepted')],
      false,
      'refuse',
    ],
    ['silence accepts when the review is over', [pledge(100, null)], true, 'accept-in-silence'],
    [
      'a few who refuse and silence besides refuse',
      [pledge(10, 'refused'), pledge(90, null)],
      true,
      'refuse',
    ],
    ['a tie accepts', [pledge(50, 'refused'), pledge(50, 'accepted')], true, 'accept-in-silence'],
  ] as const)('%s', (_, pledges, isOver, expected) => {
    expect(decisionOf(pledges, { isOver })).toBe(expected);
  });

  it('is always one when the review is over, and never both ways', () => {
    const pledges = fc.array(
      fc.record({
        escrowMinor: fc.integer({ min: 1, max: 1e9 }),
        verdict: fc.constantFrom('accepted' as const, 'refused' as const, null),
      }),
      { minLength: 1, maxLength: 20 },
    );
    fc.assert(
      fc.property(pledges, (all) => {
        const [early, late] = [decisionOf(all, { isOver: false }), decisionOf(all, { isOver: true })];
        expect(late).not.toBeNull();
        if (early) expect(late).toBe(early);
        const { acceptedMinor, refusedMinor } = verdictsOf(all);
        expect(late === 'refuse').toBe(refusedMinor > acceptedMinor);
      }),
    );
  });
});

describe('the team', () => {
  it('is its people and the managers of its enterprises', () => {
    const team = [
      { kind: 'person' as const, id: 'p', shareBps: 5_000 },
      { kind: 'enterprise' as const, id: 'e', shareBps: 5_000 },
    ];
    expect(isOnTeam(team, { personId: 'p', enterpriseIds: [] })).toBe(true);
    expect(isOnTeam(team, { personId: 'q', enterpriseIds: ['e'] })).toBe(true);
    expect(isOnTeam(team, { personId: 'q', enterpriseIds: ['p'] })).toBe(false);
    expect(isOnTeam(team, { personId: 'e', enterpriseIds: [] })).toBe(false);
  });
});
