import { multiplyFloor, multiplyRounded, MoneyError, narrow, safeInteger } from './integer.js';
import { bpsInWhole } from './split.js';

/** A flat amount per unit, however the lines are grouped: 3 × 2.50 = 7.50. */
export const perUnit = (units: number, flatMinor: number): number =>
  narrow(BigInt(safeInteger(units, 'units')) * BigInt(safeInteger(flatMinor, 'flat')), 'amount');

/** A line of weighed goods, rounded once at its final weight: 1.347 kg × 6.49 = 8.74. */
export const weighedLine = (weightThousandths: number, pricePerUnitMinor: number): number =>
  multiplyRounded(pricePerUnitMinor, weightThousandths, 1_000);

export interface Bounds {
  /** In minor units of the same currency; never converted. */
  minimumMinor?: number;
  capMinor?: number;
}

/** A share within its minimum and cap, and never above its base; a base of zero earns nothing. */
export function withinBounds(shareMinor: number, baseMinor: number, bounds: Bounds): number {
  const raised = Math.max(shareMinor, bounds.minimumMinor ?? shareMinor);
  return Math.min(raised, bounds.capMinor ?? raised, Math.max(baseMinor, 0));
}

/** The most the platform's own shares may be together: floor(net base × cap). */
export const platformCap = (netBaseMinor: number, capBps: number): number =>
  multiplyFloor(netBaseMinor, capBps, bpsInWhole);

/** A marginal tier, by its lower bound only; the first begins at zero. */
export interface Tier {
  fromMinor: number;
  rateBps: number;
}

/**
 * What `amountMinor` earns on top of `positionMinor` under marginal tiers (ascending, the first from 0),
 * rounded once. 3 % to 1,000, 5 % to 5,000, 7 % above: 350.00 on top of 900.00 earns 15.50.
 * @throws MoneyError when the tiers do not begin at zero or do not ascend
 */
export function marginal(positionMinor: number, amountMinor: number, tiers: readonly Tier[]): number {
  if (tiers[0]?.fromMinor !== 0) throw new MoneyError('the first tier must begin at zero');
  if (tiers.some((tier, index) => index > 0 && tier.fromMinor <= tiers[index - 1]!.fromMinor)) {
    throw new MoneyError('tiers must ascend');
  }
  safeInteger(positionMinor, 'position');
  const end = safeInteger(positionMinor + safeInteger(amountMinor, 'amount'), 'end');
  const weighted = tiers.reduce((sum, tier, index) => {
    const upper = Math.min(end, tiers[index + 1]?.fromMinor ?? end);
    const lower = Math.max(positionMinor, tier.fromMinor);
    return upper > lower ? sum + BigInt(upper - lower) * BigInt(tier.rateBps) : sum;
  }, 0n);
  return narrow((weighted * 2n + BigInt(bpsInWhole)) / BigInt(2 * bpsInWhole), 'share');
}
