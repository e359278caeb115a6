/** The last second of a day in a time zone, as an instant; undefined for what is no date. */
export function endOfDay(date: string, timeZone: string): string | undefined {
  const asUtc = Date.parse(`${date}T23:59:59Z`);
  if (Number.isNaN(asUtc)) return undefined;
  // What the zone's clocks say at an instant, read as if it were UTC, differs from it by the zone's offset.
  const clockAt = (at: number): number => {
    const parts = new Intl.DateTimeFormat('en-US', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
    }).formatToParts(at);
    const of = (type: Intl.DateTimeFormatPartTypes): number =>
      Number(parts.find((part) => part.type === type)?.value);
    return Date.UTC(of('year'), of('month') - 1, of('day'), of('hour'), of('minute'), of('second'));
  };
  const first = asUtc - (clockAt(asUtc) - asUtc);
  // Once more, where the clocks change between the guess and the answer.
  return new Date(asUtc - (clockAt(first) - first)).toISOString();
}
