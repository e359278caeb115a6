import fc from 'fast-check';
import { addMonths, isWithinTerm, localDate, localMonth } from './calendar.rules.js';

describe('the calendar of an instance', () => {
  test.each([
    ['2026-03-31T22:30:00.000Z', 'Europe/Vienna', '2026-04-01', '2026-04'],
    ['2026-03-31T22:30:00.000Z', 'Europe/London', '2026-03-31', '2026-03'],
  ])('puts %s in %s on %s, in %s', (instant, zone, date, month) => {
    expect(localDate(instant, zone)).toBe(date);
    expect(localMonth(instant, zone)).toBe(month);
  });

  test.each([
    ['2026-01-31', 1, '2026-02-28'],
    ['2024-01-31', 1, '2024-02-29'],
    ['2026-11-15', 12, '2027-11-15'],
    ['2026-12-31', 2, '2027-02-28'],
  ])('adds to %s %d months: %s', (date, months, expected) => {
    expect(addMonths(date, months)).toBe(expected);
  });

  test.each([
    ['2026-11-14T22:59:59.999Z', true],
    ['2026-11-14T23:00:00.000Z', false],
  ])('a term of 12 months from 2025-11-15 in Vienna at %s: %s', (at, expected) => {
    const boundAt = '2025-11-15T08:00:00.000Z';
    expect(isWithinTerm({ boundAt, at, months: 12, timeZone: 'Europe/Vienna' })).toBe(expected);
  });

  test('ends a term on the local day that the months lead to, in every zone', () => {
    const instant = fc.date({
      min: new Date('2020-01-01'),
      max: new Date('2032-01-01'),
      noInvalidDate: true,
    });
    const zones = fc.constantFrom('Europe/Vienna', 'Pacific/Kiritimati', 'Pacific/Pago_Pago', 'UTC');
    fc.assert(
      fc.property(
        instant,
        fc.integer({ min: 0, max: 36 }),
        fc.integer({ min: -4, max: 4 }),
        zones,
        (bound, months, days, timeZone) => {
          const boundAt = bound.toISOString();
          const last = addMonths(localDate(boundAt, timeZone), months);
          const at = new Date(Date.parse(`${last}T12:00:00.000Z`) + days * 86_400_000).toISOString();
          expect(isWithinTerm({ boundAt, at, months, timeZone })).toBe(localDate(at, timeZone) < last);
        },
      ),
    );
  });
});
