const DAY_MS = 86_400_000;

/** The instant at which clocks in the time zone show `time` (HH:MM) on the day, counted from the epoch. */
export function instantAt(day, time, timeZone) {
  const [hours, minutes] = time.split(':').map(Number);
  const shown = day * DAY_MS + (hours * 60 + minutes) * 60_000;
  // The zone's offset at about that time; the second look is for the hours around a change of the clocks.
  const guess = shown - offsetAt(shown, timeZone);
  return new Date(shown - offsetAt(guess, timeZone));
}

/** Today, counted from the epoch, in UTC. */
export function today(now = Date.now()) {
  return Math.floor(now / DAY_MS);
}

/** The day's name and date as people write it: `Friday 6 March`. */
export function dayName(day) {
  const format = { weekday: 'long', day: 'numeric', month: 'long', timeZone: 'UTC' };
  return new Intl.DateTimeFormat('en-GB', format).format(day * DAY_MS).replace(',', '');
}

function offsetAt(instant, timeZone) {
  const format = new Intl.DateTimeFormat('en-GB', { timeZone, timeZoneName: 'longOffset' });
  const name = format.formatToParts(instant).find(({ type }) => type === 'timeZoneName').value;
  const [, sign, hours, minutes] = /GMT(?:([+-])(\d{2}):(\d{2}))?/.exec(name);
  return hours ? (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000 : 0;
}
