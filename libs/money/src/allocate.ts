import { MoneyError, narrow, safeInteger } from './integer.js';

/**
 * Divides `total` by weights with the largest remainder (Hamilton); ties go to the earlier position, a zero
 * weight gets zero, negative totals mirror positive ones. Same order and length as `weights`; the parts sum to
 * the total and each is within one unit of exact. @throws MoneyError without a positive weight to give to
 */
export function allocate(total: number, weights: readonly number[]): number[] {
  safeInteger(total, 'total');
  const wide = weights.map((weight) => {
    if (safeInteger(weight, 'weight') < 0) throw new MoneyError('a weight must not be negative');
    return BigInt(weight);
  });
  const sum = wide.reduce((left, right) => left + right, 0n);
  if (sum === 0n) {
    if (total === 0) return weights.map(() => 0);
    throw new MoneyError('nothing to allocate to: every weight is zero');
  }
  const magnitude = BigInt(Math.abs(total));
  const parts = wide.map((weight, position) => {
    const product = magnitude * weight;
    return { position, floor: product / sum, remainder: product % sum };
  });
  const left = Number(magnitude - parts.reduce((given, part) => given + part.floor, 0n));
  const byRemainder = [...parts].sort((a, b) =>
    a.remainder === b.remainder ? a.position - b.position : a.remainder > b.remainder ? -1 : 1,
  );
  for (const part of byRemainder.slice(0, left)) part.floor += 1n;
  return parts.map((part) => narrow(total < 0 ? -part.floor : part.floor, 'part'));
}
