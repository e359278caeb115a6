import type { Caller } from '@foodshed/contracts';
import {
  arrowsOf,
  isArrow,
  monthsOf,
  publicArrows,
  publicMonths,
  reachOf,
  together,
  type FlowSum,
  type MapView,
} from './value-map.rules.js';

const ids = (of: string) => `00000000-0000-4000-8000-${of.padStart(12, '0')}`;
const [farm, dairy, mill, barn] = ['1', '2', '3', '4'].map(ids) as [string, string, string, string];
const [anna, both, pitch, network] = ['11', '12', '21', '31'].map(ids) as [string, string, string, string];
const hubOf = new Map([[anna, mill]]);

type Account = FlowSum['payee'];
const enterprise = (id: string): Account => ({ kind: 'enterprise', id, purpose: 'pending' });
const person = (id: string): Account => ({ kind: 'person', id, purpose: 'pending' });
const own = (purpose: 'administration' | 'developing' | 'bank'): Account => ({
  kind: 'instance',
  id: network,
  purpose,
});

const flow = (change: Partial<FlowSum>): FlowSum => ({
  producerId: null,
  payer: null,
  payee: null,
  currency: 'EUR',
  line: 'share',
  shareId: null,
  amountMinor: 1,
  entries: 1,
  ...change,
});
const paid = (producerId: string, amountMinor: number) => flow({ producerId, line: 'money', amountMinor });
const share = (producerId: string, payee: Account, amountMinor: number, shareId = 'referral') =>
  flow({ producerId, payee, amountMinor, shareId });

const market: FlowSum[] = [
  paid(farm, 2_000),
  paid(dairy, 1_000),
  share(farm, person(anna), 167),
  share(dairy, person(both), 83),
  share(dairy, enterprise(barn), 10, 'hosting'),
  share(farm, own('administration'), 162, 'platform'),
  flow({ payee: enterprise(mill), line: 'hub-fee', amountMinor: 50 }),
  flow({
    payer: enterprise(mill),
    payee: { kind: 'pitch', id: pitch, purpose: 'pending' },
    line: 'hold',
    amountMinor: 40,
  }),
  flow({
    payer: { kind: 'pitch', id: pitch, purpose: 'pending' },
    payee: person(anna),
    line: 'payout',
    amountMinor: 40,
  }),
];

const drawn = (view: Partial<MapView>, flows = market) =>
  arrowsOf(flows, { level: 'functions', unit: 'EUR', ...view }, hubOf).map(
    ({ from, to, line, shareId, amountMinor }) =>
      [from.id ?? from.kind, to.id ?? to.kind, shareId ?? line, amountMinor] as const,
  );

describe('arrowsOf', () => {
  it('puts producers and hubs together on the level of functions', () => {
    expect(drawn({})).toEqual([
      ['buyers', 'producers', 'money', 3_000],
      ['producers', 'hubs', 'referral', 250],
      ['producers', 'administration', 'platform', 162],
      ['buyers', 'hubs', 'hub-fee', 50],
      ['hubs', 'pitches', 'hold', 40],
      ['pitches', 'people', 'payout', 40],
      ['producers', 'hubs', 'hosting', 10],
    ]);
  });

  it('shows each hub on the level of hubs, with what its manager earned; who runs several stays apart', () => {
    expect(drawn({ level: 'hubs' })).toEqual([
      ['buyers', 'producers', 'money', 3_000],
      ['producers', mill, 'referral', 167],
      ['producers', 'administration', 'platform', 162],
      ['producers', 'managers', 'referral', 83],
      ['buyers', mill, 'hub-fee', 50],
      [mill, 'pitches', 'hold', 40],
      ['pitches', 'people', 'payout', 40],
      ['producers', barn, 'hosting', 10],
    ]);
  });

  it('shows each producer on the level of producers', () => {
    expect(drawn({ level: 'producers' }).slice(0, 5)).toEqual([
      ['buyers', farm, 'money', 2_000],
      ['buyers', dairy, 'money', 1_000],
      [farm, 'hubs', 'referral', 167],
      [farm, 'administration', 'platform', 162],
      [dairy, 'managers', 'referral', 83],
    ]);
  });

  it('shows of one enterprise what it brings and gets, and from whom', () => {
    expect(drawn({ enterpriseId: mill })).toEqual([
      [farm, mill, 'referral', 167],
      ['buyers', mill, 'hub-fee', 50],
      [mill, 'pitches', 'hold', 40],
    ]);
  });

  it('does not tell an enterprise which others gave to it', () => {
    const gifts = [farm, dairy].map((id) =>
      flow({ payer: enterprise(id), payee: enterprise(mill), line: 'gift', amountMinor: 5 }),
    );
    expect(drawn({ enterpriseId: mill }, gifts)).toEqual([['enterprises', mill, 'gift', 10]]);
  });

  it.each<[string, FlowSum[], number]>([
    ['another unit', [{ ...paid(farm, 5), currency: 'USD' }], 0],
    ['a share that stays with its producer', [share(farm, enterprise(farm), 5)], 0],
    ['a payment that was given back', [paid(farm, 500), paid(farm, -500)], 1],
    [
      'a gift of one enterprise to another',
      [flow({ payer: enterprise(mill), payee: enterprise(barn), line: 'payout' })],
      1,
    ],
  ])('counts %s as it should', (_of, flows, arrows) => {
    expect(drawn({}, flows)).toHaveLength(arrows);
  });

  it('finds the flows of one arrow again', () => {
    const arrows = arrowsOf(market, { level: 'functions', unit: 'EUR' }, hubOf);
    const asked = { giver: { kind: 'producers', id: null }, receiver: { kind: 'hubs', id: null } } as const;
    const found = arrows.filter((arrow) => isArrow(arrow, { ...asked, line: 'share', shareId: 'referral' }));
    expect(found.map(({ flows, entries }) => [flows.length, entries])).toEqual([[2, 2]]);
    expect(arrows.some((arrow) => isArrow(arrow, { ...asked, line: 'share' }))).toBe(false);
  });
});

describe('what the public is shown of several months', () => {
  it('is what each of them shows, so that no month can be had by taking one sum from another', () => {
    const view = { level: 'functions', unit: 'EUR' } as const;
    const january = publicArrows(arrowsOf([paid(farm, 777)], view, hubOf), hubOf);
    const february = publicArrows(
      arrowsOf([paid(farm, 200), paid(dairy, 200), paid(mill, 200)], view, hubOf),
      hubOf,
    );
    const both = together([...january.arrows, ...february.arrows]);
    expect(both).toMatchObject([{ from: { kind: 'buyers' }, amountMinor: 600, entries: 3 }]);
    expect(february.arrows).toMatchObject([{ amountMinor: 600, entries: 3 }]);
  });

  it('are whole months, each once', () => {
    expect(monthsOf({ from: '2025-12-01', to: '2026-02-28' })).toEqual([
      { from: '2025-12-01', to: '2025-12-31' },
      { from: '2026-01-01', to: '2026-01-31' },
      { from: '2026-02-01', to: '2026-02-28' },
    ]);
  });
});

describe('publicArrows', () => {
  it('tells nothing that fewer than three stand behind, and says that something is missing', () => {
    const arrows = arrowsOf(market, { level: 'functions', unit: 'EUR' }, hubOf);
    const shown = publicArrows(arrows, hubOf);
    expect([shown.arrows, shown.isWithheld]).toEqual([[], true]);
    const many = [paid(farm, 1), paid(dairy, 1), paid(barn, 1)];
    const open = publicArrows(arrowsOf(many, { level: 'functions', unit: 'EUR' }, hubOf), hubOf);
    expect([open.arrows.length, open.isWithheld]).toEqual([1, false]);
  });
});

describe('who may look at what', () => {
  const instance = { id: network, currency: 'EUR', timeZone: 'UTC' };
  const somebody = (rest: object): Caller =>
    ({ kind: 'person', personId: anna, instance, roles: [], enterpriseIds: [], ...rest }) as Caller;
  const callers: Record<string, Caller> = {
    visitor: { kind: 'anonymous', instance },
    manager: somebody({ enterpriseIds: [mill] }),
    steward: somebody({ roles: ['steward'] }),
  };

  it.each([
    ['visitor', { level: 'functions' }, 'public'],
    ['visitor', { level: 'hubs' }, 'forbidden'],
    ['visitor', { level: 'functions', enterpriseId: mill }, 'forbidden'],
    ['manager', { level: 'functions' }, 'public'],
    ['manager', { level: 'functions', enterpriseId: mill }, 'own'],
    ['manager', { level: 'functions', enterpriseId: barn }, 'forbidden'],
    ['manager', { level: 'producers' }, 'forbidden'],
    ['steward', { level: 'hubs' }, 'everything'],
    ['steward', { level: 'functions', enterpriseId: barn }, 'everything'],
  ] as const)('a %s asking for %j: %s', (who, view, expected) => {
    const asked = () => reachOf(callers[who]!, view);
    if (expected === 'forbidden') expect(asked).toThrow(expect.objectContaining({ code: 'forbidden' }));
    else expect(asked()).toBe(expected);
  });

  it.each([
    [{}, { from: '2026-10-01', to: '2026-10-31' }],
    [{ from: '2026-01-01' }, { from: '2026-01-01', to: '2026-10-31' }],
    [
      { from: '2026-02-01', to: '2026-02-28' },
      { from: '2026-02-01', to: '2026-02-28' },
    ],
    [{ from: '2026-10-02' }, ['from']],
    [{ to: '2026-10-30' }, ['to']],
    [{ from: '2016-10-01', to: '2026-10-31' }, ['from']],
    [{ from: '2026-11-01', to: '2026-11-30' }, ['to']],
  ])('the public sees whole months that are over: %j', (asked, expected) => {
    if (!Array.isArray(expected)) return expect(publicMonths(asked, '2026-11-21')).toEqual(expected);
    const fields = expected.map((path) => expect.objectContaining({ path }));
    return expect(() => publicMonths(asked, '2026-11-21')).toThrow(
      expect.objectContaining({ code: 'invalid-input', options: expect.objectContaining({ fields }) }),
    );
  });
});
