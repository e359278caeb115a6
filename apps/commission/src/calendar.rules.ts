const formats = new Map<string, Intl.DateTimeFormat>();

/** The calendar day of an instant in a time zone, `YYYY-MM-DD`. */
export function localDate(instant: string, timeZone: string): string {
  let format = formats.get(timeZone);
  if (!format) {
    format = new Intl.DateTimeFormat('en-CA', {
      timeZone,
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
    });
    formats.set(timeZone, format);
  }
  return format.format(new Date(instant));
}

/** The calendar month of an instant in a time zone, `YYYY-MM`. */
export const localMonth = (instant: string, timeZone: string): string =>
  localDate(instant, timeZone).slice(0, 7);

/** The same day `months` later; where that month is shorter, its last day. */
export function addMonths(date: string, months: number): string {
  const [year = 0, month = 0, day = 0] = date.split('-').map(Number);
  const index = year * 12 + (month - 1) + months;
  const lastDay = new Date(Date.UTC(Math.floor(index / 12), (index % 12) + 1, 0)).getUTCDate();
  const parts = [Math.floor(index / 12), (index % 12) + 1, Math.min(day, lastDay)];
  return parts.map((part, position) => String(part).padStart(position === 0 ? 4 : 2, '0')).join('-');
}

const DAY_MS = 86_400_000;

/** Whether `at` is before the same local day `months` after `boundAt`; that day itself is outside the term. */
export function isWithinTerm(options: {
  boundAt: string;
  at: string;
  months: number;
  timeZone: string;
}): boolean {
  // A month has 28 to 31 days, and local dates are at most two days from any zone's: the calendar is asked near the end only.
  const days = (Date.parse(options.at) - Date.parse(options.boundAt)) / DAY_MS;
  if (days < options.months * 28 - 2) return true;
  if (days > options.months * 31 + 2) return false;
  const ends = addMonths(localDate(options.boundAt, options.timeZone), options.months);
  return localDate(options.at, options.timeZone) < ends;
}
