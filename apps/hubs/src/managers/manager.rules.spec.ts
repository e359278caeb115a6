import fc from 'fast-check';
import {
  isManagerAt,
  managersByTime,
  peopleAt,
  setAt,
  setsWithout,
  sharesAt,
  type ShareSet,
} from './manager.rules.js';

const day = (number: number): string => new Date(Date.UTC(2026, 0, number)).toISOString();
const set = (
  shareSetId: string,
  from: number,
  shares: Record<string, number>,
  recorded = from,
): ShareSet => ({
  shareSetId,
  validFrom: day(from),
  recordedAt: day(recorded),
  shares: Object.entries(shares).map(([personId, shareBps]) => ({ personId, shareBps })),
});

const sets = [
  set('b', 10, { ann: 6_000, ben: 4_000 }),
  set('a', 1, { ann: 10_000 }),
  set('c', 20, { ben: 5_000, cleo: 0 }, 15),
];
const hub = { instanceId: 'i', ownerPersonId: 'olga', sets };

describe('The shares of a hub', () => {
  it.each([
    [1, [['ann', 10_000]]],
    [9, [['ann', 10_000]]],
    [
      10,
      [
        ['ann', 6_000],
        ['ben', 4_000],
      ],
    ],
    [20, [['ben', 5_000]]],
  ])('on day %i are %j', (number, expected) => {
    expect(sharesAt(hub, day(number)).map(({ personId, shareBps }) => [personId, shareBps])).toEqual(
      expected,
    );
  });

  it('are nobody’s before the first set, and in an enterprise that is unknown', () => {
    expect(sharesAt(hub, day(0))).toEqual([]);
    expect(sharesAt(undefined, day(1))).toEqual([]);
    expect(peopleAt(undefined, day(1)).size).toBe(0);
  });

  it('never change for a time that is past, whatever is recorded later', () => {
    const laterSet = fc.record({
      recorded: fc.integer({ min: 12, max: 40 }),
      wait: fc.integer({ min: 0, max: 9 }),
      id: fc.uuid(),
    });
    fc.assert(
      fc.property(fc.array(laterSet), (later) => {
        const added = later.map(({ recorded, wait, id }) => set(id, recorded + wait, { zoe: 1 }, recorded));
        expect(setAt([...added, ...sets], day(11))).toEqual(setAt(sets, day(11)));
      }),
    );
  });

  it('are those recorded last when two sets begin together', () => {
    const corrected = set('d', 20, { dora: 10_000 }, 16);
    expect(sharesAt({ ...hub, sets: [corrected, ...sets] }, day(21))).toEqual([
      { personId: 'dora', shareBps: 10_000 },
    ]);
  });
});

describe('The people of an enterprise', () => {
  it('are its managers, with or without a share, and its owner', () => {
    expect([...peopleAt(hub, day(25))].sort()).toEqual(['ben', 'cleo', 'olga']);
  });

  it('manage it while their set counts; an owner does not by owning', () => {
    expect(isManagerAt(hub, 'cleo', day(25))).toBe(true);
    expect(isManagerAt(hub, 'ann', day(25))).toBe(false);
    expect(isManagerAt(hub, 'olga', day(25))).toBe(false);
  });

  it('are read as present, coming and past, with what is the hub’s own', () => {
    const read = managersByTime(sets, day(12), (personId) => personId.toUpperCase());
    expect(read.current).toMatchObject({ validFrom: day(10), hubShareBps: 0 });
    expect(read.coming).toMatchObject([
      { hubShareBps: 5_000, managers: [{ displayName: 'BEN' }, { displayName: 'CLEO' }] },
    ]);
    expect(read.past).toMatchObject([{ validFrom: day(1) }]);
  });

  it('leave the present and the coming sets when they are erased', () => {
    expect(setsWithout(sets, 'ben', day(12))).toEqual([
      { validFrom: day(12), shares: [{ personId: 'ann', shareBps: 6_000 }] },
      { validFrom: day(20), shares: [{ personId: 'cleo', shareBps: 0 }] },
    ]);
    expect(setsWithout(sets, 'zoe', day(12))).toEqual([]);
  });
});
