import { endOfDay } from './dates.js';

describe('the last second of a day', () => {
  it.each([
    ['2026-12-11', 'UTC', '2026-12-11T23:59:59.000Z'],
    ['2026-12-11', 'Europe/Vienna', '2026-12-11T22:59:59.000Z'],
    ['2026-07-01', 'Europe/Vienna', '2026-07-01T21:59:59.000Z'],
    ['2026-03-29', 'Europe/Vienna', '2026-03-29T21:59:59.000Z'],
    ['2026-10-25', 'Europe/Vienna', '2026-10-25T22:59:59.000Z'],
    ['2026-12-11', 'America/New_York', '2026-12-12T04:59:59.000Z'],
    ['', 'UTC', undefined],
  ])('of %s in %s is %s', (date, zone, instant) => {
    expect(endOfDay(date, zone)).toBe(instant);
  });
});
