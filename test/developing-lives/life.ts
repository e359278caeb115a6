import fc from 'fast-check';

const HOUR = 1;
const DAY = 24 * HOUR;

/** What somebody tries at an hour of a life; whether it is allowed then is for the system to say. */
export type Attempt =
  | {
      at: number;
      do: 'pledge';
      giver: number;
      part: number;
      /** Asks for its part even where less is missing. */
      isGreedy: boolean;
      source: 'balance' | 'transfer';
    }
  | { at: number; do: 'receive'; pledge: number; percent: number }
  | { at: number; do: 'take-back'; pledge: number }
  | { at: number; do: 'deliver' }
  | { at: number; do: 'judge'; pledge: number; verdict: 'accepted' | 'refused' }
  | { at: number; do: 'give-up' };

/** A pitch and everything that is tried with it; hours are counted from the beginning of all lives. */
export interface Life {
  readonly bornAt: number;
  readonly goalMinor: number;
  readonly fundUntil: number;
  readonly deliverBy: number;
  readonly reviewDays: number;
  readonly shares: readonly number[];
  readonly attempts: readonly Attempt[];
}

/** The last hour at which any life can still move: born, funded, delivered and reviewed as late as can be. */
export const LAST_HOUR = 2 * DAY + 3 * DAY + 3 * DAY + 2 * DAY + 2 * HOUR;

const hours = (min: number, max: number) => fc.integer({ min, max });

/** Parts of the goal in percent; most lives have enough pledges to be funded, some too many, some too few. */
const pledges = fc.array(
  fc.record({
    wait: hours(0, 20),
    giver: fc.nat(),
    part: fc.constantFrom(20, 34, 50, 60, 100, 100),
    isGreedy: fc.integer({ min: 0, max: 5 }).map((chance) => chance === 0),
    source: fc.constantFrom('balance' as const, 'balance' as const, 'transfer' as const),
    percent: fc.constantFrom(100, 100, 100, 50, 150),
  }),
  { minLength: 1, maxLength: 7 },
);

const shares = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 4 });

export const anyLife: fc.Arbitrary<Life> = fc
  .record({
    bornAt: hours(0, 2 * DAY - 1),
    goalMinor: fc.integer({ min: 7, max: 20_000 }),
    funding: hours(12, 3 * DAY),
    delivering: hours(12, 3 * DAY),
    reviewDays: fc.integer({ min: 1, max: 2 }),
    shares,
    pledges,
    takesBack: fc.option(fc.nat({ max: 6 }), { freq: 3 }),
    deliversAfter: fc.option(hours(1, DAY), { freq: 6 }),
    verdicts: fc.array(fc.constantFrom('accepted' as const, 'accepted' as const, 'refused' as const, null), {
      maxLength: 7,
    }),
    givesUpAfter: fc.option(hours(0, 5 * DAY), { freq: 1 }),
  })
  .map((told) => {
    const { bornAt } = told;
    const attempts: Attempt[] = told.pledges.flatMap(({ wait, percent, ...pledged }, pledge) => [
      { at: bornAt + 1 + wait, do: 'pledge' as const, ...pledged },
      ...(pledged.source === 'transfer'
        ? [{ at: bornAt + 3 + wait, do: 'receive' as const, pledge, percent }]
        : []),
    ]);
    if (told.takesBack !== null) attempts.push({ at: bornAt + 20, do: 'take-back', pledge: told.takesBack });
    const deliveredAt = bornAt + 26 + (told.deliversAfter ?? 0);
    if (told.deliversAfter !== null) attempts.push({ at: deliveredAt, do: 'deliver' });
    told.verdicts.forEach((verdict, pledge) => {
      if (verdict) attempts.push({ at: deliveredAt + 2 + pledge, do: 'judge', pledge, verdict });
    });
    if (told.givesUpAfter !== null) attempts.push({ at: bornAt + told.givesUpAfter, do: 'give-up' });
    const fundUntil = bornAt + told.funding;
    return {
      bornAt,
      goalMinor: told.goalMinor,
      fundUntil,
      deliverBy: fundUntil + told.delivering,
      reviewDays: told.reviewDays,
      shares: told.shares,
      attempts,
    };
  });

/** Weights as shares that add up to 10 000 basis points; the first takes what rounding leaves. */
export function sharesOf(weights: readonly number[]): number[] {
  const sum = weights.reduce((total, weight) => total + weight, 0);
  const parts = weights.map((weight) => Math.floor((weight * 10_000) / sum));
  parts[0]! += 10_000 - parts.reduce((total, part) => total + part, 0);
  return parts;
}
