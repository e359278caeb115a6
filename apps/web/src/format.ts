import { useTranslation } from 'react-i18next';
import { useInstance } from './api/session.js';
import { localeOf } from './text/languages.js';

/** Making a format costs more than using it fifty times, and a page with hundreds of amounts needs few. */
const made = new Map<string, Intl.NumberFormat | Intl.DateTimeFormat>();

function numberFormat(locale: string, options: Intl.NumberFormatOptions = {}): Intl.NumberFormat {
  const key = `number ${locale} ${JSON.stringify(options)}`;
  const format = made.get(key) ?? new Intl.NumberFormat(locale, options);
  made.set(key, format);
  return format as Intl.NumberFormat;
}

function dateFormat(locale: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `date ${locale} ${JSON.stringify(options)}`;
  const format = made.get(key) ?? new Intl.DateTimeFormat(locale, options);
  made.set(key, format);
  return format as Intl.DateTimeFormat;
}

/** How many decimals a currency has. */
export function decimalsOf(currency: string): number {
  return numberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2;
}

/** What separates the decimals of a number in the reader's language. */
export function decimalSeparatorOf(locale: string): string {
  return (
    numberFormat(locale)
      .formatToParts(0.5)
      .find(({ type }) => type === 'decimal')?.value ?? '.'
  );
}

/** The reader's language with the region their browser names. */
export function useLocale(): string {
  return localeOf(useTranslation().i18n.language, navigator.languages);
}

/** Formats by the reader's language and the instance's time zone; amounts come in minor units. */
export function useFormat() {
  const locale = useLocale();
  const timeZone = useInstance()?.timeZone;
  return {
    money: (minor: number, currency: string): string =>
      numberFormat(locale, { style: 'currency', currency }).format(minor / 10 ** decimalsOf(currency)),
    percent: (bps: number): string =>
      numberFormat(locale, { style: 'percent', maximumFractionDigits: 2 }).format(bps / 10_000),
    number: (value: number): string => numberFormat(locale).format(value),
    dateTime: (at: string): string =>
      dateFormat(locale, { dateStyle: 'medium', timeStyle: 'short', timeZone }).format(new Date(at)),
    date: (at: string): string => dateFormat(locale, { dateStyle: 'medium', timeZone }).format(new Date(at)),
    /** A day of the calendar (`2026-11-16`), which is the same in every zone; short, as below a chart. */
    day: (date: string): string =>
      dateFormat(locale, { day: 'numeric', month: 'short', timeZone: 'UTC' }).format(new Date(date)),
    /** A calendar month (`2026-11`), or that of a day. */
    month: (date: string): string =>
      dateFormat(locale, { month: 'long', year: 'numeric', timeZone: 'UTC' }).format(new Date(date)),
    decimals: decimalsOf,
  };
}
