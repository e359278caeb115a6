/** A refusal of input that no rule of money can answer; it is a mistake of the caller, not of a buyer. */
export class MoneyError extends Error {
  override readonly name = 'MoneyError';
}

/** The number itself. @throws MoneyError unless it is a safe integer */
export function safeInteger(value: number, name: string): number {
  if (!Number.isSafeInteger(value)) throw new MoneyError(`${name} must be a safe integer, not ${value}`);
  return value === 0 ? 0 : value;
}

/** Back from a wide intermediate result. @throws MoneyError when it no longer fits a safe integer */
export function narrow(value: bigint, name: string): number {
  const number = Number(value);
  if (!Number.isSafeInteger(number)) throw new MoneyError(`${name} does not fit a safe integer`);
  return number === 0 ? 0 : number;
}

const absolute = (value: bigint): bigint => (value < 0n ? -value : value);

/** `value × numerator ÷ denominator`, rounded half away from zero; exact inside, so that 2^53 never loses a unit. */
export function multiplyRounded(value: number, numerator: number, denominator: number): number {
  const product = BigInt(safeInteger(value, 'value')) * BigInt(safeInteger(numerator, 'numerator'));
  const divisor = BigInt(safeInteger(denominator, 'denominator'));
  if (divisor <= 0n) throw new MoneyError('denominator must be positive');
  const rounded = (absolute(product) * 2n + divisor) / (divisor * 2n);
  return narrow(product < 0n ? -rounded : rounded, 'result');
}

/** `value × numerator ÷ denominator`, rounded down (towards minus infinity). */
export function multiplyFloor(value: number, numerator: number, denominator: number): number {
  const product = BigInt(safeInteger(value, 'value')) * BigInt(safeInteger(numerator, 'numerator'));
  const divisor = BigInt(safeInteger(denominator, 'denominator'));
  if (divisor <= 0n) throw new MoneyError('denominator must be positive');
  const quotient = product / divisor;
  return narrow(product < 0n && quotient * divisor !== product ? quotient - 1n : quotient, 'result');
}
