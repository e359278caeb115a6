import type { AttributedSale, NetworkModel, CapturedSale } from '@foodshed/contracts';
import { commandsOf, networkModel } from '@foodshed/contracts';
import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readModel } from '../models/model-text.service.js';
import { advance, correctPosition, type StoredSplit } from './advance.rules.js';
import { explain } from './explain.rules.js';
import { freeze } from './split.rules.js';
import { amountsOf, entryDifferences, saleEntries, standingFrom, standingOf } from './standing.rules.js';

const id = (n: number): string => `00000000-0000-7000-8000-${String(n).padStart(12, '0')}`;
const instanceId = id(1);
const hub = id(2);
const otherHub = id(3);
const producer = id(4);
const buyer = id(5);
const [anna, bela] = [id(6), id(7)];

interface Options {
  grossMinor?: number;
  vatRateBps?: number;
  units?: number;
  referred?: boolean;
  boundAt?: string;
  paidAt?: string;
  method?: CapturedSale['capture']['method'];
  buyerKind?: 'person' | 'enterprise';
  version?: number;
  orderId?: string;
  netMinor?: number;
}

function attributed(options: Options = {}): AttributedSale {
  const { grossMinor = 2345, vatRateBps = 0, units = 1, version = 1, orderId = id(20) } = options;
  const paidAt = options.paidAt ?? '2026-11-02T10:00:00.000Z';
  const netMinor = options.netMinor ?? Math.round((grossMinor * 10_000) / (10_000 + vatRateBps));
  return {
    sale: {
      orderId,
      version,
      currency: 'EUR',
      timeZone: 'Europe/Vienna',
      hubId: otherHub,
      cycleId: id(21),
      buyer: { kind: options.buyerKind ?? 'person', id: buyer },
      placedAt: paidAt,
      paidAt,
      changedAt: paidAt,
      capture: {
        captureId: id(22),
        method: options.method ?? 'bank-transfer',
        holder: { kind: 'instance-bank', instanceId },
        amountMinor: grossMinor + 100,
        surplusMinor: 0,
      },
      producers: [{ producerId: producer, goods: [{ vatRateBps, grossMinor, netMinor, units }] }],
      hubFeeMinor: 100,
    },
    attributions: [
      {
        producerId: producer,
        referral:
          options.referred === false
            ? null
            : { referralId: id(30), hubId: hub, via: 'link', boundAt: options.boundAt ?? paidAt },
      },
    ],
    hubs: [
      {
        hubId: hub,
        shares: [
          { personId: anna, shareBps: 6000 },
          { personId: bela, shareBps: 4000 },
        ],
      },
    ],
  };
}

const demo = readModel(
  readFileSync(join(__dirname, '../../../../tools/demo/network-model.yaml'), 'utf8'),
  'EUR',
).model!;

function modelOf(shares: unknown[], limits: object = {}): NetworkModel {
  return networkModel.parse({
    name: 'test',
    functions: { f: { does: 'something', stewards: ['somebody'] } },
    flows: [{ id: 'x', from: 'f', to: 'f', what: 'a share', agreedBy: ['all'] }],
    splits: { 'paid-sale': { residual: 'producer', shares } },
    limits: { platformMaximum: '50 %', ...limits },
  });
}

const share = (payee: string, rule: object, more: object = {}) => ({
  id: payee,
  function: 'f',
  payee,
  rules: [rule],
  ...more,
});

function standing(model: NetworkModel | null, options: Options = {}, positionMinor = 0) {
  const event = attributed(options);
  const frozen = freeze({
    model,
    modelVersion: 1,
    instanceId,
    attributed: event,
    producerId: producer,
    positionMinor: () => positionMinor,
  });
  return standingOf(producer, 'EUR', frozen, event.sale.producers[0]!.goods);
}

const amounts = (split: ReturnType<typeof standing>): (string | number)[] => [
  ...split.shares.map((part) => part.amountMinor),
  split.residualMinor,
];

describe('the demo model', () => {
  test.each([
    [{ grossMinor: 2345 }, [196, 190, 45, 1914]],
    [{ grossMinor: 3333 }, [278, 270, 63, 2722]],
    [{ grossMinor: 2345, referred: false }, [190, 45, 2110]],
    [{ grossMinor: 2345, method: 'cash' as const }, [196, 190, 1959]],
    [{ grossMinor: 0 }, [0, 0, 0, 0]],
  ])('splits %j into %j', (options, expected) => {
    expect(amounts(standing(demo, options))).toEqual(expected);
  });

  test.each([
    ['the last day of the term', '2026-10-31T22:59:59.999Z', true],
    ['the same local date a year later', '2026-10-31T23:00:00.000Z', false],
  ])('on %s', (_, paidAt, earns) => {
    const split = standing(demo, { boundAt: '2025-11-01T09:00:00.000Z', paidAt });
    expect(split.shares.some((part) => part.shareId === 'referral')).toBe(earns);
  });

  it('gives the managers 60 and 40 percent of the commission', () => {
    const [referral] = standing(demo).shares;
    expect(referral!.payees.map((payee) => [payee.account.owner.id, payee.amountMinor])).toEqual([
      [anna, 118],
      [bela, 78],
    ]);
  });

  it('gives everything to the producer where no model is in force', () => {
    expect(amounts(standing(null))).toEqual([2345]);
  });
});

describe('a share for developing', () => {
  it('is the network’s fund for it, and under the platform’s cap together with the platform’s own', () => {
    const shares = [share('administration', { rate: '8 %' }), share('developing', { rate: '2 %' })];
    const split = standing(modelOf(shares, { platformMaximum: '9 %' }), { grossMinor: 10_000 });
    expect(split.shares.map((part) => [part.isPlatform, part.amountMinor])).toEqual([
      [true, 800],
      [true, 100],
    ]);
    expect(split.shares[1]!.payees[0]!.account).toEqual({
      owner: { kind: 'instance', id: instanceId },
      purpose: 'developing',
      currency: 'EUR',
    });
  });
});

describe('what no manager holds', () => {
  it('goes to the hub, never to the platform', () => {
    const event = attributed();
    event.hubs[0]!.shares = [{ personId: anna, shareBps: 2500 }];
    const frozen = freeze({
      model: demo,
      modelVersion: 1,
      instanceId,
      attributed: event,
      producerId: producer,
      positionMinor: () => 0,
    });
    expect(frozen.shares[0]!.payees).toEqual([
      { owner: { kind: 'person', id: anna }, purpose: 'pending', weightBps: 2500 },
      { owner: { kind: 'enterprise', id: hub }, purpose: 'pending', weightBps: 7500 },
    ]);
  });
});

describe('rates, bounds and limits', () => {
  test.each([
    ['a base net of VAT', { grossMinor: 2499, vatRateBps: 900 }, { rate: '5 %' }, {}, [115, 2384]],
    ['a minimum', { grossMinor: 900 }, { rate: '5 %', minimum: { EUR: 1.5 } }, {}, [150, 750]],
    ['a cap', { grossMinor: 120_000 }, { rate: '5 %', cap: { EUR: 20 } }, {}, [2000, 118_000]],
    ['a minimum above the base', { grossMinor: 100 }, { rate: '5 %', minimum: { EUR: 1.5 } }, {}, [50, 50]],
    ['an amount per unit', { grossMinor: 3000, units: 3 }, { perUnit: { EUR: 2.5 } }, {}, [750, 2250]],
    [
      'the platform’s cap, which cuts a rounded share',
      { grossMinor: 4524 },
      { rate: '12 %' },
      { platformMaximum: '12 %' },
      [542, 3982],
    ],
    [
      'the producer’s minimum',
      { grossMinor: 1000 },
      { rate: '40 %' },
      { producerMinimum: '75 %' },
      [250, 750],
    ],
  ])('apply %s', (_, options, rule, limits, expected) => {
    expect(amounts(standing(modelOf([share('administration', rule)], limits), options))).toEqual(expected);
  });

  it('take the first rule whose condition holds', () => {
    const model = modelOf([
      {
        ...share('administration', {}),
        rules: [{ when: { buyers: ['enterprise'] }, rate: '2 %' }, { rate: '5 %' }],
      },
    ]);
    expect(amounts(standing(model, { grossMinor: 1000, buyerKind: 'enterprise' }))).toEqual([20, 980]);
    expect(amounts(standing(model, { grossMinor: 1000 }))).toEqual([50, 950]);
  });

  it('take marginal tiers on top of what was sold earlier in the month', () => {
    const tiers = [
      { from: 0, rate: '3 %' },
      { from: 1000, rate: '5 %' },
      { from: 5000, rate: '7 %' },
    ];
    const model = modelOf([share('administration', { tiers })]);
    expect(amounts(standing(model, { grossMinor: 35_000 }, 90_000))[0]).toBe(1550);
    expect(amounts(standing(model, { grossMinor: 620_000 }))[0]).toBe(31_400);
  });

  it('puts VAT on shares on lines of their own: L’Alveare’s 11.00 pays the producer 7.95', () => {
    const vat = { treatment: 'standard', rate: '22 %', country: 'IT' };
    const model = modelOf([
      share('administration', { rate: '13 %' }, { vat }),
      share('serving-hub', { rate: '12 %' }, { vat }),
    ]);
    const split = standing(model, { grossMinor: 1100, vatRateBps: 1000 });
    expect(split.shares.map((part) => [part.amountMinor, part.vatMinor])).toEqual([
      [130, 29],
      [120, 26],
    ]);
    expect(split.residualMinor).toBe(795);
    const entries = saleEntries(attributed({ grossMinor: 1100 }).sale, split);
    expect(entries.reduce((sum, entry) => sum + entry.amountMinor, 0)).toBe(0);
  });

  it('never leave the producer below zero, VAT on shares included', () => {
    const vat = { treatment: 'standard', rate: '22 %', country: 'IT' };
    const rates = fc.tuple(fc.integer({ min: 0, max: 50 }), fc.integer({ min: 0, max: 50 }));
    fc.assert(
      fc.property(rates, fc.integer({ min: 0, max: 100_000 }), ([first, second], grossMinor) => {
        const model = modelOf([
          share('serving-hub', { rate: `${first} %` }, { vat }),
          share('administration', { rate: `${second} %` }, { vat }),
        ]);
        const split = standing(model, { grossMinor });
        const taken = split.shares.reduce((sum, part) => sum + part.amountMinor + part.vatMinor, 0);
        expect(split.residualMinor).toBeGreaterThanOrEqual(0);
        expect(split.residualMinor + taken).toBe(grossMinor);
        expect(split.shares[1]!.amountMinor).toBeLessThanOrEqual(Math.floor(grossMinor / 2));
      }),
    );
  });
});

describe('versions of a capture', () => {
  const versions = fc
    .array(fc.integer({ min: 0, max: 5000 }), { minLength: 1, maxLength: 6 })
    .map((list) => [5000, ...list.sort((a, b) => b - a)]);

  const sums = (entries: ReturnType<typeof saleEntries>): Record<string, number> =>
    Object.fromEntries(
      entryDifferences(entries, []).map((entry) => [
        [entry.account.owner.id, entry.account.purpose, entry.line, entry.shareId].join(),
        entry.amountMinor,
      ]),
    );

  it('end in equal balances in any order and with any repetition', () => {
    fc.assert(
      fc.property(versions, fc.infiniteStream(fc.nat()), (remaining, random) => {
        const events = remaining.map((grossMinor, index) => attributed({ grossMinor, version: index + 1 }));
        const order = [...events, ...events, ...events]
          .map((event) => ({ event, at: random.next().value as number }))
          .sort((a, b) => a.at - b.at);
        let stored = { instanceId, orderId: id(20), captureId: id(22), version: 0, sale: null } as Parameters<
          typeof advance
        >[0]['stored'];
        let present: StoredSplit[] = [];
        const posted = order.flatMap(({ event }) => {
          if (event.sale.version <= stored.version) return [];
          const result = advance({
            attributed: event,
            stored,
            present,
            model: { version: 1, model: demo },
            newSplitId: () => id(40),
            positionMinor: () => () => 0,
          });
          stored = { ...stored, version: event.sale.version, sale: event.sale };
          present = result.splits;
          return commandsOf(result.event).flatMap((command) => command.entries);
        });
        const last = events.at(-1)!;
        const fee = [
          { ...saleEntries(last.sale, present[0]!.standing)[0]!, amountMinor: 100 },
          {
            account: {
              owner: { kind: 'enterprise' as const, id: otherHub },
              purpose: 'pending' as const,
              currency: 'EUR',
            },
            amountMinor: -100,
            line: 'hub-fee' as const,
            shareId: null,
          },
        ];
        expect(sums(posted)).toEqual(sums([...saleEntries(last.sale, present[0]!.standing), ...fee]));
      }),
    );
  });
});

describe('a tier position that moves', () => {
  const model = modelOf([
    share('administration', {
      tiers: [
        { from: 0, rate: '3 %' },
        { from: 1000, rate: '5 %' },
      ],
    }),
  ]);
  const event = attributed({ grossMinor: 35_000 });
  const { splits } = advance({
    attributed: event,
    stored: { instanceId, orderId: id(20), captureId: id(22), version: 0, sale: null },
    present: [],
    model: { version: 1, model },
    newSplitId: () => id(41),
    positionMinor: () => () => 0,
  });

  it('is corrected by the difference, as a revision of the same version', () => {
    const moved = { producerId: producer, shareId: 'administration', positionMinor: 90_000 };
    const correction = correctPosition(event.sale, splits, moved)!;
    expect(correction.splits[0]!.standing.shares[0]!.amountMinor).toBe(1550);
    expect(commandsOf(correction.event).map(({ key }) => [key.kind, key.version, key.revision])).toEqual([
      ['tier-correction', 1, 1],
    ]);
    expect(correction.event.commands[0]!.entries.map((entry) => entry.amountMinor).sort()).toEqual([
      -500, 500,
    ]);
    expect(correctPosition(event.sale, correction.splits, moved)).toBeNull();
  });
});

describe('the amounts of what stands', () => {
  it('make it again, with the shares that were frozen', () => {
    fc.assert(
      fc.property(fc.nat(100_000), fc.boolean(), fc.boolean(), (grossMinor, referred, hasModel) => {
        const { splits } = advance({
          attributed: attributed({ grossMinor, referred }),
          stored: { instanceId, orderId: id(20), captureId: id(22), version: 0, sale: null },
          present: [],
          model: hasModel ? { version: 3, model: demo } : undefined,
          newSplitId: () => id(42),
          positionMinor: () => () => 0,
        });
        for (const { producerId, currency, frozen, standing } of splits) {
          const kept = JSON.parse(JSON.stringify(amountsOf(standing))) as ReturnType<typeof amountsOf>;
          expect(standingFrom(producerId, currency, frozen, kept)).toEqual(standing);
        }
      }),
    );
  });
});

describe('an explanation', () => {
  it('shows base, rule and arithmetic of each share as a person would write it', () => {
    const event = attributed({ grossMinor: 2499, vatRateBps: 900 });
    const { splits } = advance({
      attributed: event,
      stored: { instanceId, orderId: id(20), captureId: id(22), version: 0, sale: null },
      present: [],
      model: { version: 3, model: demo },
      newSplitId: () => id(42),
      positionMinor: () => () => 0,
    });
    const explanation = explain(splits[0]!, event.sale, demo.name);
    expect(explanation.base.arithmetic).toBe('24.99 EUR less 9 % VAT = 22.93 EUR');
    expect(explanation.steps.map((step) => step.arithmetic)).toEqual([
      '8.35 % of 22.93 EUR = 1.91 EUR',
      '60 % of 1.91 EUR = 1.15 EUR',
      '40 % of 1.91 EUR = 0.76 EUR',
      '8.1 % of 22.93 EUR = 1.86 EUR',
      '1.9 % of 22.93 EUR = 0.44 EUR',
    ]);
    expect(explanation.result).toBe('the producer keeps 24.99 EUR − 4.21 EUR = 20.78 EUR');
  });
});
