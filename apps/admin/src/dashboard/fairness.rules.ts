import type { DashboardView } from '@foodshed/contracts';
import { takeBps } from './dashboard.rules.js';

type Fairness = DashboardView['fairness'];

/** What one producer sold and kept in a period, in minor units. */
export interface ProducerSums {
  readonly grossMinor: number;
  readonly splitGrossMinor: number;
  readonly platformMinor: number;
  readonly producerMinor: number;
}

const ascending = (amounts: readonly number[]): number[] =>
  amounts.map((amount) => Math.max(0, amount)).sort((a, b) => a - b);
const sumOf = (amounts: readonly number[]): number => amounts.reduce((sum, amount) => sum + amount, 0);

/**
 * The Gini coefficient: with amounts x₁ ≤ … ≤ xₙ, G = 2·Σ i·xᵢ ÷ (n·Σ xᵢ) − (n + 1) ÷ n. 0 when all have the same,
 * (n − 1) ÷ n when one has everything; null when there is nothing to divide. Less than nothing counts as nothing.
 */
export function gini(amounts: readonly number[]): number | null {
  const sorted = ascending(amounts);
  const [count, total] = [sorted.length, sumOf(sorted)];
  if (total === 0) return null;
  const weighted = sorted.reduce((sum, amount, index) => sum + (index + 1) * amount, 0);
  return Math.max(0, (2 * weighted) / (count * total) - (count + 1) / count);
}

/**
 * What the lowest part of the earners has of everything, both as fractions of 1; of who stands on the border, the part
 * that is below it (the Lorenz curve). Null when there is nothing to divide.
 */
export function shareOfLowest(amounts: readonly number[], part: number): number | null {
  const sorted = ascending(amounts);
  const total = sumOf(sorted);
  if (total === 0) return null;
  const heads = sorted.length * part;
  const whole = Math.floor(heads + 1e-9);
  const below = sumOf(sorted.slice(0, whole)) + Math.max(0, heads - whole) * (sorted[whole] ?? 0);
  return Math.min(1, below / total);
}

/** A fraction of 1 in basis points, to a hundredth of one. */
const bps = (fraction: number | null): number | null =>
  fraction === null ? null : Math.round(fraction * 1_000_000) / 100;

/** How evenly the producers earned: by what was left for each of them. */
export function concentrationOf(producers: readonly ProducerSums[]): Fairness['concentration'] {
  const amounts = producers.map(({ producerMinor }) => producerMinor);
  const rest = shareOfLowest(amounts, 0.9);
  const coefficient = gini(amounts);
  return {
    producers: producers.length,
    bottomHalfBps: bps(shareOfLowest(amounts, 0.5)),
    topTenthBps: bps(rest === null ? null : 1 - rest),
    gini: coefficient === null ? null : Math.round(coefficient * 10_000) / 10_000,
  };
}

/**
 * What the platform takes of small and great producers: by gross, the top tenth (one at least), the smaller half of
 * all, and those between. Classes without a producer are left out.
 */
export function takeBySize(producers: readonly ProducerSums[]): Fairness['bySize'] {
  const sorted = [...producers].sort((a, b) => a.grossMinor - b.grossMinor);
  const top = sorted.length - Math.ceil(sorted.length / 10);
  const half = Math.min(top, Math.floor(sorted.length / 2));
  const classes = [
    ['smaller-half', sorted.slice(0, half)],
    ['middle', sorted.slice(half, top)],
    ['top-tenth', sorted.slice(top)],
  ] as const;
  return classes.flatMap(([size, members]) => {
    if (members.length === 0) return [];
    const of = (figure: keyof ProducerSums): number => sumOf(members.map((member) => member[figure]));
    return [
      {
        size,
        producers: members.length,
        grossMinor: of('grossMinor'),
        takeBps: takeBps(of('platformMinor'), of('splitGrossMinor')),
      },
    ];
  });
}
