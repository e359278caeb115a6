import type { ModelSimulation } from '@foodshed/contracts';
import { DateTime } from 'luxon';
import { lastMonths, togetherOf } from './simulation.js';

const month = (beforeMinor: number, afterMinor: number, id: string): ModelSimulation => ({
  currency: 'EUR',
  saleCount: 1,
  grossMinor: 110,
  netMinor: 100,
  take: { beforeMinor, afterMinor },
  vat: { beforeMinor: 0, afterMinor: 1 },
  functions: [{ functionId: 'administering', beforeMinor, afterMinor }],
  beneficiaries: [{ owner: { kind: 'person', id }, beforeMinor, afterMinor }],
});

describe('Simulations of several months', () => {
  it('add up by function and person, those with the greatest difference first', () => {
    expect(togetherOf(month(8, 9, 'a'), month(8, 10, 'a'), month(1, 9, 'b'))).toEqual({
      currency: 'EUR',
      saleCount: 3,
      grossMinor: 330,
      netMinor: 300,
      take: { beforeMinor: 17, afterMinor: 28 },
      vat: { beforeMinor: 0, afterMinor: 3 },
      functions: [{ functionId: 'administering', beforeMinor: 17, afterMinor: 28 }],
      beneficiaries: [
        { owner: { kind: 'person', id: 'b' }, beforeMinor: 1, afterMinor: 9 },
        { owner: { kind: 'person', id: 'a' }, beforeMinor: 16, afterMinor: 19 },
      ],
    });
  });

  it('are of the last months, over the turn of a year, also on its longest days', () => {
    const now = DateTime.fromISO('2026-01-31T23:30:00', { zone: 'Europe/Vienna' });
    expect(lastMonths(3, now)).toEqual(['2025-11', '2025-12', '2026-01']);
  });
});
