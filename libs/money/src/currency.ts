import { MoneyError, narrow, safeInteger } from './integer.js';

// ISO 4217: currencies whose minor unit is not a hundredth.
const decimalsByCurrency = new Map<string, number>([
  ...'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF'
    .split(' ')
    .map((code) => [code, 0] as const),
  ...'BHD IQD JOD KWD LYD OMR TND'.split(' ').map((code) => [code, 3] as const),
  ...'CLF UYW'.split(' ').map((code) => [code, 4] as const),
]);

/** Places after the point: EUR 2, JPY 0, KWD 3. @throws MoneyError for what is no currency code */
export function currencyDecimals(currency: string): number {
  if (!/^[A-Z]{3}$/.test(currency)) throw new MoneyError(`${currency} is not an ISO 4217 code`);
  return decimalsByCurrency.get(currency) ?? 2;
}

/** `1234` EUR is `12.34`: a plain decimal for files and other programs, not for people. */
export function toDecimal(amountMinor: number, currency: string): string {
  const places = currencyDecimals(currency);
  const digits = String(Math.abs(safeInteger(amountMinor, 'amount'))).padStart(places + 1, '0');
  const sign = amountMinor < 0 ? '-' : '';
  return places === 0 ? sign + digits : `${sign}${digits.slice(0, -places)}.${digits.slice(-places)}`;
}

const DECIMAL = /^(-?)(\d+)(?:\.(\d+))?$/;

/** Whether `fromDecimal` reads the text: a plain decimal with no more places than the currency has. */
export function isDecimal(text: string, currency: string): boolean {
  const match = DECIMAL.exec(text);
  return match !== null && (match[3] ?? '').length <= currencyDecimals(currency);
}

/** `12.34` EUR is `1234`. @throws MoneyError for text that is no such decimal, or has too many places */
export function fromDecimal(text: string, currency: string): number {
  const places = currencyDecimals(currency);
  const match = DECIMAL.exec(text);
  const fraction = match?.[3] ?? '';
  if (!match || fraction.length > places) throw new MoneyError(`${text} is not an amount in ${currency}`);
  const magnitude = narrow(BigInt(match[2]! + fraction.padEnd(places, '0')), 'amount');
  return match[1] && magnitude !== 0 ? -magnitude : magnitude;
}
