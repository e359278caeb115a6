import type { ModelSimulation } from '@foodshed/contracts';
import type { DateTime } from 'luxon';

interface Change {
  beforeMinor: number;
  afterMinor: number;
}

const plus = (one: Change, other: Change): Change => ({
  beforeMinor: one.beforeMinor + other.beforeMinor,
  afterMinor: one.afterMinor + other.afterMinor,
});

function merged<T extends Change>(lists: readonly (readonly T[])[], nameOf: (item: T) => string): T[] {
  const all = new Map<string, T>();
  for (const item of lists.flat()) {
    const before = all.get(nameOf(item));
    all.set(nameOf(item), before ? { ...item, ...plus(before, item) } : item);
  }
  return [...all.values()];
}

export const differenceOf = ({ beforeMinor, afterMinor }: Change): number => afterMinor - beforeMinor;

/** The simulations of several months as one; people with the greatest difference first. */
export function togetherOf(first: ModelSimulation, ...others: readonly ModelSimulation[]): ModelSimulation {
  const all = [first, ...others];
  const sum = (amountOf: (one: ModelSimulation) => number): number =>
    all.reduce((total, one) => total + amountOf(one), 0);
  const people = merged(
    all.map((one) => one.beneficiaries),
    ({ owner }) => `${owner.kind} ${owner.id}`,
  );
  return {
    currency: first.currency,
    saleCount: sum((one) => one.saleCount),
    grossMinor: sum((one) => one.grossMinor),
    netMinor: sum((one) => one.netMinor),
    take: all.map((one) => one.take).reduce(plus),
    vat: all.map((one) => one.vat).reduce(plus),
    functions: merged(
      all.map((one) => one.functions),
      ({ functionId }) => functionId,
    ),
    beneficiaries: people.sort((a, b) => Math.abs(differenceOf(b)) - Math.abs(differenceOf(a))),
  };
}

/** The last calendar months in a zone, the present one last: `2026-09`, `2026-10`, `2026-11`. */
export function lastMonths(count: number, now: DateTime): string[] {
  return Array.from({ length: count }, (_, index) =>
    now
      .startOf('month')
      .minus({ months: count - 1 - index })
      .toFormat('yyyy-MM'),
  );
}
