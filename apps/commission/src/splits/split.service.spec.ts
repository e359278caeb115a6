import { commandsOf } from '@foodshed/contracts';
import type { AttributedSale, CallContext, commissionEvents, EventData } from '@foodshed/contracts';
import { ALL_INSTANCES, Clock, newId, Outbox, type ReceivedEvent, rowsOf } from '@foodshed/platform';
import { testDatabase, type TestDatabase } from '@foodshed/testing';
import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CreateCommission1763690500000 } from '../migrations/1763690500000-create-commission.js';
import { ModelService } from '../models/model.service.js';
import { holdModels } from '../models/model.store.js';
import { SimulationService } from '../models/simulation.service.js';
import { lockSimulation } from '../models/simulation.store.js';
import { ExplanationService } from './explanation.service.js';
import { SplitService } from './split.service.js';
import { TierService } from './tier.service.js';

type SplitEvent = EventData<typeof commissionEvents.split>;

const demo = readFileSync(join(__dirname, '../../../../tools/demo/network-model.yaml'), 'utf8');
const tiered = demo.replace('- rate: 8.1 %', '- tiers: [{ from: 0, rate: 3 % }, { from: 100, rate: 5 % }]');
const [hub, producer, manager, buyer] = [newId(), newId(), newId(), newId()];
let db: TestDatabase;
const clock = new Clock();
const outbox = new Outbox(clock);

beforeAll(async () => {
  db = await testDatabase('commission', [CreateCommission1763690500000]);
}, 60_000);
afterAll(() => db?.close());

const services = () => ({
  models: new ModelService(db.database, outbox, clock),
  splits: new SplitService(db.database, outbox, new TierService()),
  explanations: new ExplanationService(db.database),
});

function contextOf(instanceId: string, roles: ('steward' | 'operator')[], personId = newId()): CallContext {
  return {
    requestId: 'spec',
    token: '',
    caller: {
      kind: 'person',
      personId,
      instance: { id: instanceId, currency: 'EUR', timeZone: 'Europe/Vienna' },
      roles,
      enterpriseIds: [],
    },
  };
}

/** An instance with a model in force. */
async function instanceWith(source: string): Promise<string> {
  const instanceId = newId();
  await services().models.upload({ source }, contextOf(instanceId, ['steward']));
  return instanceId;
}

interface Sale {
  orderId: string;
  captureId: string;
  paidAt: string;
}
const newSale = (minutes = 1): Sale => ({
  orderId: newId(),
  captureId: newId(),
  paidAt: new Date(Date.now() + minutes * 60_000).toISOString(),
});

function event(
  instanceId: string,
  sale: Sale,
  version: number,
  grossMinor: number,
): ReceivedEvent<AttributedSale> {
  const { orderId, captureId, paidAt } = sale;
  return {
    id: newId(),
    instanceId,
    occurredAt: paidAt,
    subject: 'hubs.events.attributed.v1',
    data: {
      sale: {
        orderId,
        version,
        currency: 'EUR',
        timeZone: 'Europe/Vienna',
        hubId: hub,
        cycleId: newId(),
        buyer: { kind: 'person', id: buyer },
        placedAt: paidAt,
        paidAt,
        changedAt: paidAt,
        capture: {
          captureId,
          method: 'bank-transfer',
          holder: { kind: 'instance-bank', instanceId },
          amountMinor: grossMinor,
          surplusMinor: 0,
        },
        producers: [
          {
            producerId: producer,
            goods: grossMinor === 0 ? [] : [{ vatRateBps: 0, grossMinor, netMinor: grossMinor, units: 1 }],
          },
        ],
        hubFeeMinor: 0,
      },
      attributions: [
        { producerId: producer, referral: { referralId: newId(), hubId: hub, via: 'shop', boundAt: paidAt } },
      ],
      hubs: [{ hubId: hub, shares: [{ personId: manager, shareBps: 10_000 }] }],
    },
  };
}

async function consume(...batches: ReceivedEvent<AttributedSale>[][]): Promise<void> {
  for (const batch of batches) {
    await db.database.transaction(ALL_INSTANCES, (tx) => services().splits.split(tx, batch));
  }
}

/** What the published commands add up to, by account purpose, and the latest standing of each capture. */
async function published(instanceId: string) {
  const rows = await db.database.transaction(ALL_INSTANCES, (tx) =>
    rowsOf<{ payload: SplitEvent }>(
      tx,
      `select payload from outbox where instance_id = $1 and subject like 'commission.events.split%' order by id`,
      [instanceId],
    ),
  );
  const balances: Record<string, number> = {};
  for (const entry of rows.flatMap(({ payload }) => commandsOf(payload)).flatMap(({ entries }) => entries)) {
    const name = `${entry.account.owner.kind} ${entry.account.purpose} ${entry.line}`;
    balances[name] = (balances[name] ?? 0) + entry.amountMinor;
  }
  return { events: rows.map(({ payload }) => payload), balances };
}

const nonZero = (balances: Record<string, number>): Record<string, number> =>
  Object.fromEntries(Object.entries(balances).filter(([, minor]) => minor !== 0));

describe('the split of a paid sale', () => {
  it('is published with the differences to post, once however often the event comes', async () => {
    const instanceId = await instanceWith(demo);
    const sale = newSale();
    const paid = event(instanceId, sale, 1, 2345);
    await consume([paid, paid], [paid]);
    const { events, balances } = await published(instanceId);
    expect(events).toHaveLength(1);
    expect(balances).toEqual({
      'instance bank money': 2345,
      'enterprise pending goods': -1914,
      'person pending share': -196,
      'instance administration share': -190,
      'instance payment-costs share': -45,
    });
  });

  it('of two thousand minor units, refunded in three steps in any order, is at zero for everybody', async () => {
    const instanceId = await instanceWith(demo);
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray([0, 1, 2, 3], { minLength: 4 }), async (order) => {
        const sale = newSale();
        const versions = [2345, 2012, 1679, 0].map((gross, index) =>
          event(instanceId, sale, index + 1, gross),
        );
        await consume(...order.map((index) => [versions[index]!]));
        expect(nonZero((await published(instanceId)).balances)).toEqual({});
      }),
      { numRuns: 12 },
    );
  });

  it('gives everything to the producer where the instance has no model', async () => {
    const instanceId = newId();
    await consume([event(instanceId, newSale(), 1, 1000)]);
    expect((await published(instanceId)).balances).toEqual({
      'instance bank money': 1000,
      'enterprise pending goods': -1000,
    });
  });

  it('keeps the model of the order’s placing when another takes effect later', async () => {
    const instanceId = await instanceWith(demo);
    const late = { ...newSale(), paidAt: new Date(Date.now() - 86_400_000).toISOString() };
    await consume([event(instanceId, late, 1, 1000)]);
    expect((await published(instanceId)).events[0]!.modelVersion).toBe(0);
  });

  it('is shown and explained to its beneficiaries and stewards, and to nobody else', async () => {
    const instanceId = await instanceWith(demo);
    const sale = newSale();
    await consume([event(instanceId, sale, 1, 2345)]);
    const { explanations } = services();
    const { items } = await explanations.ofOrder(sale, contextOf(instanceId, [], manager));
    expect(items.map((item) => item.standing.residualMinor)).toEqual([1914]);
    const explained = await explanations.explain(items[0]!, contextOf(instanceId, ['steward']));
    expect(explained.steps.map((step) => step.amountMinor)).toEqual([196, 190, 45]);
    await expect(explanations.ofOrder(sale, contextOf(instanceId, []))).rejects.toMatchObject({
      code: 'forbidden',
    });
    await expect(explanations.explain(items[0]!, contextOf(instanceId, []))).rejects.toMatchObject({
      code: 'not-found',
    });
    const elsewhere = contextOf(newId(), ['steward']);
    await expect(explanations.explain(items[0]!, elsewhere)).rejects.toMatchObject({ code: 'not-found' });
  });
});

describe('tiers', () => {
  it('end in equal balances whatever the order in which a month’s sales and refunds arrive', async () => {
    const gross = [[8_000, 3_000], [5_000], [9_000, 0]];
    const ends: Record<string, number>[] = [];
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray([0, 1, 2, 3, 4], { minLength: 5 }), async (order) => {
        const instanceId = await instanceWith(tiered);
        const sales = [newSale(1), newSale(2), newSale(3)];
        const all = gross.flatMap((versions, sale) =>
          versions.map((minor, index) => event(instanceId, sales[sale]!, index + 1, minor)),
        );
        await consume(...order.map((index) => [all[index]!]));
        ends.push((await published(instanceId)).balances);
      }),
      { numRuns: 15 },
    );
    for (const end of ends) expect(nonZero(end)).toEqual(nonZero(ends[0]!));
    // 8,000 at 3 % and then 30.00 of it left: 3,000 at 3 %; 5,000 on top of 8,000: 2,000 at 3 % and 3,000 at 5 %.
    expect(ends[0]!['instance administration share']).toBe(-(90 + 60 + 150));
  });
});

describe('uploading a model', () => {
  it('refuses an unsound one with every problem, and one that would reach into the past', async () => {
    const { models } = services();
    const context = contextOf(newId(), ['steward']);
    const unsound = models.upload({ source: demo.replace('12 %', '8 %') }, context);
    await expect(unsound).rejects.toMatchObject({ code: 'model-invalid' });
    const past = models.upload({ source: demo, takesEffectAt: '2020-01-01T00:00:00.000Z' }, context);
    await expect(past).rejects.toMatchObject({ code: 'invalid-input' });
  });

  it('numbers versions without a gap, also when many come at once', async () => {
    const { models } = services();
    const context = contextOf(newId(), ['steward']);
    const uploaded = await Promise.all(
      Array.from({ length: 5 }, (_, index) => models.upload({ source: `${demo}# ${index}\n` }, context)),
    );
    expect(uploaded.map(({ version }) => version).sort()).toEqual([1, 2, 3, 4, 5]);
    const { items } = await models.list({ limit: 50 }, context);
    expect(items.map(({ state }) => state)).toEqual(['in-force', 'past', 'past', 'past', 'past']);
    expect((await models.get({}, context)).version).toBe(5);
  });

  it('answers the version there is when the same text comes again, and adds one for another time', async () => {
    const { models } = services();
    const context = contextOf(newId(), ['steward']);
    const first = await models.upload({ source: demo }, context);
    expect(await models.upload({ source: demo }, context)).toEqual(first);
    const takesEffectAt = new Date(Date.now() + 86_400_000).toISOString();
    const coming = await models.upload({ source: demo, takesEffectAt }, context);
    expect(coming).toMatchObject({ version: 2, state: 'coming', takesEffectAt });
    expect(await models.upload({ source: demo, takesEffectAt }, context)).toEqual(coming);
  });

  it('waits for splits that are under way, so that none misses the version of its time', async () => {
    const { models } = services();
    const instanceId = newId();
    const order: string[] = [];
    let uploading: Promise<unknown> = Promise.resolve();
    await db.database.transaction(ALL_INSTANCES, async (tx) => {
      await holdModels(tx, [instanceId]);
      uploading = models
        .upload({ source: demo }, contextOf(instanceId, ['steward']))
        .then(() => order.push('uploaded'));
      await rowsOf(tx, 'select pg_sleep(0.1)');
      order.push('split');
    });
    await uploading;
    expect(order).toEqual(['split', 'uploaded']);
  });
});

describe('A simulation of past sales', () => {
  const laRuche = readFileSync(join(__dirname, '../../examples/la-ruche.yaml'), 'utf8');
  const simulate = (instanceId: string, source: string, month: string) =>
    new SimulationService(db.database).simulate({ source, month }, contextOf(instanceId, ['steward']));

  it('compares what stands with what another model would have made, by the month of the payment', async () => {
    const instanceId = await instanceWith(demo);
    // In Vienna the year has begun.
    const paidAt = '2025-12-31T23:30:00.000Z';
    const sales = [newSale(), newSale(), { ...newSale(), paidAt }];
    await consume(sales.map((sale) => event(instanceId, { ...sale, paidAt: sale.paidAt }, 1, 2_345)));
    const here = await simulate(instanceId, laRuche, sales[0]!.paidAt.slice(0, 7));
    expect(here).toMatchObject({
      saleCount: 2,
      netMinor: 4_690,
      take: { beforeMinor: 380, afterMinor: 546 },
    });
    expect(here.functions).toEqual(
      expect.arrayContaining([
        { functionId: 'producing', beforeMinor: 3_828, afterMinor: 3_752 },
        { functionId: 'hosting', beforeMinor: 0, afterMinor: 392 },
        { functionId: 'finding-customers', beforeMinor: 392, afterMinor: 0 },
      ]),
    );
    expect(await simulate(instanceId, laRuche, '2026-01')).toMatchObject({ saleCount: 1 });
    expect(await simulate(instanceId, laRuche, '2025-12')).toMatchObject({ saleCount: 0 });
    expect(await simulate(await instanceWith(demo), laRuche, '2026-01')).toMatchObject({ saleCount: 0 });
  });

  it('changes nothing when the model is the one in force', async () => {
    const instanceId = await instanceWith(demo);
    const sale = newSale();
    await consume([event(instanceId, sale, 1, 3_333)]);
    const { functions, beneficiaries } = await simulate(instanceId, demo, sale.paidAt.slice(0, 7));
    for (const each of [...functions, ...beneficiaries]) expect(each.afterMinor).toBe(each.beforeMinor);
    expect(beneficiaries).toHaveLength(2);
  });

  it('runs alone, and refuses a text that may not be used', async () => {
    const instanceId = await instanceWith(demo);
    await expect(simulate(instanceId, 'name: x', '2026-01')).rejects.toMatchObject({ code: 'model-invalid' });
    await db.database.transaction(ALL_INSTANCES, async (tx) => {
      expect(await lockSimulation(tx)).toBe(true);
      await expect(simulate(instanceId, demo, '2026-01')).rejects.toMatchObject({
        code: 'request-in-progress',
      });
    });
  });
});
