import type { PackingTick, WantedTick } from '@foodshed/contracts';
import { decideTick } from './packing.rules.js';

const now = new Date('2026-11-06T07:00:00.000Z');
const wanted = (changes: Partial<WantedTick> = {}): WantedTick => ({
  orderId: 'order',
  lineNumber: 1,
  isPacked: true,
  quantity: 2,
  version: 0,
  ...changes,
});
const standing = (changes: Partial<PackingTick> = {}): PackingTick => ({
  isPacked: true,
  quantity: 2,
  version: 1,
  changedBy: 'other',
  changedAt: '2026-11-06T06:00:00.000Z',
  ...changes,
});

describe('a tick on the packing list', () => {
  it.each([
    ['of a line nobody ticked is recorded', null, wanted(), 'recorded', 1],
    ['that another made too agrees', standing(), wanted(), 'recorded', 1],
    [
      'taken back by who saw it is recorded',
      standing(),
      wanted({ isPacked: false, version: 1 }),
      'recorded',
      2,
    ],
    [
      'taken back by who did not see it is a conflict',
      standing(),
      wanted({ isPacked: false }),
      'conflict',
      1,
    ],
    [
      'of a line others unticked since is a conflict',
      standing({ isPacked: false, version: 2 }),
      wanted(),
      'conflict',
      2,
    ],
    [
      'of another quantity than is wanted now is a conflict',
      null,
      wanted({ quantity: 3 }),
      'conflict',
      undefined,
    ],
    [
      'of the quantity that is left is recorded anew',
      standing({ quantity: 3 }),
      wanted({ version: 1 }),
      'recorded',
      2,
    ],
    [
      'taken back counts whatever the quantity',
      standing(),
      wanted({ isPacked: false, quantity: 9, version: 1 }),
      'recorded',
      2,
    ],
  ] as const)('%s', (_, tick, want, outcome, version) => {
    const decided = decideTick({ leftQuantity: 2, tick }, want, { personId: 'me', now });
    expect(decided.outcome).toBe(outcome);
    expect(decided.tick?.version).toBe(version);
  });

  it('says who packed it and when, and only when it changes something', () => {
    const by = { personId: 'me', now };
    expect(decideTick({ leftQuantity: 2, tick: null }, wanted(), by).tick).toEqual({
      isPacked: true,
      quantity: 2,
      version: 1,
      changedBy: 'me',
      changedAt: now.toISOString(),
    });
    expect(decideTick({ leftQuantity: 2, tick: standing() }, wanted(), by).tick).toEqual(standing());
  });

  it('is gone with a line that is not to be packed any more', () => {
    const by = { personId: 'me', now };
    expect(decideTick({ leftQuantity: 0, tick: standing() }, wanted(), by).outcome).toBe('gone');
  });
});
