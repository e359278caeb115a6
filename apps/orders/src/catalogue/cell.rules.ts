/** What a cell means, or why it means nothing, in words that continue “the cell …”. */
export type Parsed<T> = { readonly value: T } | { readonly problem: string };

const GROUPED = /^\d{1,3}(?:([.,])\d{3})(?:\1\d{3})*$/;
const SYMBOLS =
  /[\s\u00a0\u202f'’]|[€$£]|^(?:EUR|GBP|USD|CHF|SEK|NOK|DKK|PLN|CZK)|(?:EUR|GBP|USD|CHF|SEK|NOK|DKK|PLN|CZK)$/g;

/**
 * A decimal as a whole number of 10^-places: `2`, `2.50`, `2,50`, `1.234,50`, `€ 2.50`. A single separator
 * before exactly three digits is refused as ambiguous unless `dotIsDecimal` and it is a dot, or it follows a zero.
 */
export function parseDecimal(
  text: string,
  { places, dotIsDecimal = false }: { places: number; dotIsDecimal?: boolean },
): Parsed<number> {
  const plain = text.trim().replace(SYMBOLS, '');
  if (plain === '') return { problem: 'is empty' };
  if (/^[-−–(]/.test(plain)) return { problem: 'must not be negative' };
  if (!/^[\d.,]+$/.test(plain)) return { problem: `is not a number: “${shown(text)}”` };
  const parts = decimalParts(plain, dotIsDecimal);
  if (!parts)
    return {
      problem: `is not clear: “${shown(text)}” may be read in two ways; write it without thousands separators`,
    };
  const fraction = parts.fraction.replace(/0+$/, '');
  if (fraction.length > places) {
    return { problem: places === 0 ? 'must be a whole number' : `has more than ${places} decimals` };
  }
  const value = Number(parts.whole + fraction.padEnd(places, '0'));
  return Number.isSafeInteger(value) ? { value } : { problem: 'is too large' };
}

/** The digits before and after the decimal separator, or undefined when which one it is cannot be known. */
function decimalParts(text: string, dotIsDecimal: boolean): { whole: string; fraction: string } | undefined {
  if (/^\d+$/.test(text)) return { whole: text, fraction: '' };
  const last = Math.max(text.lastIndexOf('.'), text.lastIndexOf(','));
  const separator = text[last];
  const whole = text.slice(0, last);
  const fraction = text.slice(last + 1);
  const once = !whole.includes('.') && !whole.includes(',');
  if (once) {
    const ambiguous = fraction.length === 3 && whole !== '' && !/^0+$/.test(whole);
    if (ambiguous && !(dotIsDecimal && separator === '.')) return undefined;
    return whole === '' && fraction === '' ? undefined : { whole: whole || '0', fraction };
  }
  const thousands = GROUPED.exec(whole)?.[1];
  if (thousands && thousands !== separator) return { whole: whole.replaceAll(thousands, ''), fraction };
  const groups = GROUPED.exec(text)?.[1];
  if (groups === separator) return { whole: text.replaceAll(groups ?? '', ''), fraction: '' };
  return undefined;
}

/** A whole number between 0 and `max`; `19.0` is 19. */
export function parseCount(text: string, max: number): Parsed<number> {
  const parsed = parseDecimal(text, { places: 0 });
  if ('problem' in parsed) return parsed;
  return parsed.value <= max ? parsed : { problem: `must be at most ${max}` };
}

/** An amount in minor units of a currency with `decimals` places, at most `max`. */
export function parsePrice(
  text: string,
  { decimals, max }: { decimals: number; max: number },
): Parsed<number> {
  const parsed = parseDecimal(text, { places: decimals });
  if ('problem' in parsed) return parsed;
  return parsed.value <= max ? parsed : { problem: `must be at most ${max / 10 ** decimals}` };
}

/** A percentage such as `6`, `5.5` or `19 %` in basis points, at most 100 %. */
export function parsePercent(text: string): Parsed<number> {
  const parsed = parseDecimal(text.replace(/%\s*$/, ''), { places: 2 });
  if ('problem' in parsed) return parsed;
  return parsed.value <= 10_000 ? parsed : { problem: 'must be at most 100 %' };
}

const YES = new Set(['1', 'true', 't', 'yes', 'y', 'x', 'ja', 'oui', 'si', 'sí']);
const NO = new Set(['', '0', 'false', 'f', 'no', 'n', 'nein', 'nee', 'non', '-']);

/** Yes or no in the ways spreadsheets write it; empty is no. */
export function parseYesNo(text: string): Parsed<boolean> {
  const key = text.trim().toLowerCase();
  if (YES.has(key)) return { value: true };
  if (NO.has(key)) return { value: false };
  return { problem: `is neither yes (1) nor no (0): “${shown(text)}”` };
}

/** A day as `YYYY-MM-DD`, also out of a longer timestamp or `DD.MM.YYYY`; days with slashes are ambiguous and refused. */
export function parseDay(text: string): Parsed<string> {
  const trimmed = text.trim();
  const iso = /^(\d{4})-(\d{2})-(\d{2})(?:[T ].*)?$/.exec(trimmed);
  const dotted = /^(\d{1,2})\.(\d{1,2})\.(\d{4})$/.exec(trimmed);
  const [year, month, day] = iso
    ? [iso[1], iso[2], iso[3]]
    : dotted
      ? [dotted[3], dotted[2]?.padStart(2, '0'), dotted[1]?.padStart(2, '0')]
      : [];
  const text8601 = `${year}-${month}-${day}`;
  const instant = new Date(`${text8601}T00:00:00Z`);
  if (!year || Number.isNaN(instant.getTime()) || instant.toISOString().slice(0, 10) !== text8601) {
    return { problem: `is not a day such as 2026-05-31: “${shown(text)}”` };
  }
  return { value: text8601 };
}

const FORMULA = /^(?:[=@\t\r]|[+-].*[(|!])/s;
// Line breaks and tabs are what people put into descriptions; other control characters are not.
const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/;

/**
 * A text people wrote, trimmed, at most `max` long. Refused: formulas (they would run in the spreadsheet of
 * whoever exports them), control characters, and the mark that stands for bytes that were not UTF-8.
 */
export function parseText(cell: string, max: number): Parsed<string> {
  const text = quotedByFormula(cell).trim();
  if (text.includes('\ufffd'))
    return { problem: 'has characters that could not be read; save the file as UTF-8' };
  if (CONTROL.test(text)) return { problem: 'has control characters' };
  if (FORMULA.test(text)) return { problem: `looks like a spreadsheet formula: “${shown(text)}”` };
  return text.length <= max ? { value: text } : { problem: `is longer than ${max} characters` };
}

/** Spreadsheets keep leading zeros as `="00123"`: that is the text 00123, not a formula. */
function quotedByFormula(cell: string): string {
  return /^\s*="([^"]*)"\s*$/.exec(cell)?.[1] ?? cell;
}

function shown(text: string): string {
  const plain = text.trim();
  return plain.length > 40 ? `${plain.slice(0, 40)}…` : plain;
}
