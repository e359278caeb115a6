import { useTranslation } from 'react-i18next';
import { useSession } from './api/session.js';

/** Formats by the reader's language and the instance's time zone; amounts come in minor units. */
export function useFormat() {
  const { i18n } = useTranslation();
  const session = useSession();
  const timeZone = session.instance?.timeZone;
  const locale = i18n.language;
  const decimals = (currency: string): number =>
    new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2;
  return {
    money: (minor: number, currency: string): string =>
      new Intl.NumberFormat(locale, { style: 'currency', currency }).format(minor / 10 ** decimals(currency)),
    percent: (bps: number): string =>
      new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 2 }).format(bps / 10_000),
    number: (value: number): string => new Intl.NumberFormat(locale).format(value),
    dateTime: (at: string): string =>
      new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short', timeZone }).format(
        new Date(at),
      ),
    date: (at: string): string =>
      new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeZone }).format(new Date(at)),
    decimals,
  };
}
