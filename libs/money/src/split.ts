import { multiplyRounded, MoneyError, safeInteger } from './integer.js';

/** Basis points in the whole: 835 of 10 000 is 8.35 %. */
export const bpsInWhole = 10_000;

/** `amountMinor` at a rate in basis points, rounded once, half away from zero. */
export const atRate = (amountMinor: number, rateBps: number): number =>
  multiplyRounded(amountMinor, rateBps, bpsInWhole);

export interface SplitResult {
  /** One part per share, in their order. */
  parts: number[];
  /** What is left for the one residual recipient. */
  residualMinor: number;
}

/**
 * Divides `baseMinor` by rates in basis points; each share is rounded once and the residual recipient takes
 * what is left. If rounding would overrun the base, the last share is cut. Negative bases mirror positive
 * ones. @throws MoneyError when the rates exceed the whole
 */
export function split(baseMinor: number, sharesBps: readonly number[]): SplitResult {
  safeInteger(baseMinor, 'base');
  const totalBps = sharesBps.reduce((sum, rate) => sum + safeInteger(rate, 'rate'), 0);
  if (sharesBps.some((rate) => rate < 0)) throw new MoneyError('a rate must not be negative');
  if (totalBps > bpsInWhole) throw new MoneyError('the shares exceed the whole');
  const magnitude = Math.abs(baseMinor);
  let left = magnitude;
  const parts = sharesBps.map((rate) => {
    const part = Math.min(atRate(magnitude, rate), left);
    left -= part;
    return part;
  });
  const sign = baseMinor < 0 ? -1 : 1;
  return { parts: parts.map((part) => sign * part || 0), residualMinor: sign * left || 0 };
}
