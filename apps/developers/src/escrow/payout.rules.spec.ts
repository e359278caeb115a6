import { allocate } from '@foodshed/money';
import fc from 'fast-check';
import { planPayouts, PLEDGES_AT_ONCE } from './payout.rules.js';

const member = (id: string, shareBps: number) => ({ kind: 'person' as const, id, shareBps });
const pledge = (instanceId: string, pledgeId: string, escrowMinor: number) => ({
  instanceId,
  pledgeId,
  escrowMinor,
});

describe('what a team is paid', () => {
  it('of three equal pledges of 10,000.00 is half each to the cent, out of three ledgers', () => {
    const plans = planPayouts(
      [pledge('a', '1', 333_334), pledge('b', '2', 333_333), pledge('c', '3', 333_333)],
      [member('anna', 5_000), member('bela', 5_000)],
    );
    expect(plans.map(({ parts }) => parts.map(({ amountMinor }) => amountMinor))).toEqual([
      [166_667, 166_667],
      [166_667, 166_666],
      [166_666, 166_667],
    ]);
  });

  it('is in order of ledgers, and as much at once as a ledger takes', () => {
    const pledges = Array.from({ length: 120 }, (_, index) =>
      pledge(index % 2 === 0 ? 'b' : 'a', String(index).padStart(3, '0'), 10),
    );
    const plans = planPayouts(pledges, [member('anna', 10_000)]);
    expect(plans.map(({ instanceId, pledgeIds }) => [instanceId, pledgeIds.length])).toEqual([
      ['a', PLEDGES_AT_ONCE],
      ['a', 10],
      ['b', PLEDGES_AT_ONCE],
      ['b', 10],
    ]);
  });

  it('is for each member what allocate gives of the whole, and of each ledger exactly what was pledged there', () => {
    const pledges = fc.array(
      fc.record({
        instanceId: fc.constantFrom('a', 'b', 'c', 'd'),
        pledgeId: fc.uuid(),
        escrowMinor: fc.integer({ min: 1, max: 1e9 }),
      }),
      { minLength: 1, maxLength: 30 },
    );
    const shares = fc.array(fc.integer({ min: 1, max: 10_000 }), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(pledges, shares, (all, weights) => {
        const team = weights.map((shareBps, index) => member(`m${index}`, shareBps));
        const plans = planPayouts(all, team);
        const parts = plans.flatMap((plan) => plan.parts);
        const total = all.reduce((sum, { escrowMinor }) => sum + escrowMinor, 0);
        const got = team.map(({ id }) =>
          parts.reduce((sum, part) => sum + (part.member.id === id ? part.amountMinor : 0), 0),
        );
        expect(got).toEqual(allocate(total, weights));
        for (const plan of plans) {
          expect(plan.parts.reduce((sum, { amountMinor }) => sum + amountMinor, 0)).toBe(plan.totalMinor);
          expect(plan.parts.every(({ amountMinor }) => amountMinor > 0)).toBe(true);
        }
        expect(plans.flatMap(({ pledgeIds }) => pledgeIds).sort()).toEqual(
          all.map(({ pledgeId }) => pledgeId).sort(),
        );
      }),
    );
  });
});
