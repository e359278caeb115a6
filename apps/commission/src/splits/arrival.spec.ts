import {
  commandsOf,
  type AttributedSale,
  type commissionEvents,
  type EventData,
  hubsEvents,
  type NetworkModel,
  networkModel,
} from '@foodshed/contracts';
import { ALL_INSTANCES, Clock, newId, Outbox, type ReceivedEvent } from '@foodshed/platform';
import { testDatabase, type TestDatabase, testingConfig } from '@foodshed/testing';
import fc from 'fast-check';
import { CreateCommission1763690500000 } from '../migrations/1763690500000-create-commission.js';
import { insertModel } from '../models/model.store.js';
import { SplitService } from './split.service.js';
import { TierService } from './tier.service.js';

// One network for every story: two producers, a referring hub with managers 60/40, a serving hub.
const [meadow, orchard, riverside, hill, ada, ben] = [newId(), newId(), newId(), newId(), newId(), newId()];
const DAY_MS = 86_400_000;
const OCTOBER = Date.parse('2026-10-01T00:00:00.000Z');
const at = (dayOfMonth: number): string => new Date(OCTOBER + dayOfMonth * DAY_MS).toISOString();

const shares: NetworkModel['splits']['paid-sale']['shares'] = [
  {
    id: 'referral',
    function: 'finding',
    payee: 'referring-hub-managers',
    rules: [{ when: { referred: true, withinMonths: 12 }, rate: '8.35 %' }],
    vat: { treatment: 'standard', rate: '22 %', country: 'IT' },
  },
  { id: 'platform', function: 'running', payee: 'administration', rules: [{ rate: '8.1 %' }] },
];
const tiered = (rates: [string, string]) => [
  {
    tiers: [
      { from: 0, rate: rates[0] },
      { from: 20, rate: rates[1] },
    ],
  },
];
const model = (list: typeof shares): NetworkModel =>
  networkModel.parse({
    name: 'a model of the spec',
    functions: {
      finding: { does: 'finds', stewards: ['hubs'] },
      running: { does: 'runs', stewards: ['all'] },
    },
    splits: { 'paid-sale': { residual: 'producer', shares: list } },
    limits: { platformMaximum: '12 %' },
  });
const flat = model(shares);
const withTiers = model([
  { ...shares[0]!, rules: tiered(['3 %', '5 %']) },
  { ...shares[1]!, rules: tiered(['4 %', '2 %']) },
]);

/** A capture as the story tells it: what each producer has left after the payment and after each refund. */
interface Told {
  orderId: string;
  captureId: string;
  paidOn: number;
  isReferred: boolean;
  versions: [number, number][];
}

function attributed(told: Told, version: number): AttributedSale {
  const producerIds = [meadow, orchard];
  const remaining = told.versions[version - 1]!;
  const paidAt = at(told.paidOn);
  const goods = (grossMinor: number) => [{ vatRateBps: 0, grossMinor, netMinor: grossMinor, units: 1 }];
  const total = remaining[0] + remaining[1];
  return {
    sale: {
      orderId: told.orderId,
      version,
      currency: 'EUR',
      timeZone: 'Europe/Rome',
      hubId: hill,
      cycleId: meadow,
      buyer: { kind: 'person', id: riverside },
      placedAt: at(0.5),
      paidAt,
      changedAt: at(told.paidOn + version),
      capture: {
        captureId: told.captureId,
        method: 'bank-transfer',
        holder: { kind: 'instance-bank', instanceId: riverside },
        amountMinor: total,
        surplusMinor: 0,
      },
      producers: producerIds.map((producerId, index) => ({
        producerId,
        goods: goods(remaining[index]!),
      })),
      hubFeeMinor: total > 0 ? 50 : 0,
    },
    attributions: producerIds.map((producerId) => ({
      producerId,
      referral: told.isReferred
        ? { referralId: riverside, hubId: riverside, via: 'link' as const, boundAt: at(0) }
        : null,
    })),
    hubs: [
      {
        hubId: riverside,
        shares: [
          { personId: ada, shareBps: 6_000 },
          { personId: ben, shareBps: 4_000 },
        ],
      },
    ],
  };
}

let db: TestDatabase;
let splits: SplitService;
beforeAll(async () => {
  db = await testDatabase('commission', [CreateCommission1763690500000]);
  splits = new SplitService(db.database, new Outbox(new Clock()), new TierService());
});
afterAll(() => db.close());

async function instanceWith(network: NetworkModel): Promise<string> {
  const instanceId = newId();
  const takesEffectAt = at(0);
  const stored = { instanceId, version: 1, name: network.name, source: '', model: network, takesEffectAt };
  await db.database.transaction(instanceId, (tx) =>
    insertModel(tx, { ...stored, uploadedAt: takesEffectAt, approvedAt: takesEffectAt, uploadedBy: ada }),
  );
  return instanceId;
}

async function deliver(instanceId: string, batches: readonly (readonly [Told, number])[][]): Promise<void> {
  for (const batch of batches) {
    const events = batch.map(([told, version]): ReceivedEvent<AttributedSale> => ({
      id: newId(),
      instanceId,
      occurredAt: at(30),
      subject: hubsEvents.attributed.subject,
      data: attributed(told, version),
    }));
    await db.database.transaction(ALL_INSTANCES, (tx) => splits.split(tx, events));
  }
}

type Split = EventData<typeof commissionEvents.split>;

/** What stands, and what each account has by line, after everything that was published is posted once per key. */
async function outcome(instanceId: string) {
  const standing = await db.database.queryIn<{ standing: unknown }>(
    instanceId,
    `select order_id, capture_id, producer_id, version, amounts as standing from splits order by order_id, capture_id, producer_id`,
  );
  const published = await db.database.queryIn<{ payload: Split }>(
    ALL_INSTANCES,
    'select payload from outbox where instance_id = $1 order by id',
    [instanceId],
  );
  const keys = new Set<string>();
  const balances = new Map<string, number>();
  for (const command of published.flatMap(({ payload }) => commandsOf(payload))) {
    const key = JSON.stringify(command.key);
    expect(keys.has(key)).toBe(false);
    keys.add(key);
    expect(command.entries.reduce((sum, entry) => sum + entry.amountMinor, 0)).toBe(0);
    for (const { account, line, amountMinor } of command.entries) {
      const name = `${command.key.orderId} ${account.owner.kind} ${account.owner.id} ${account.purpose} ${line}`;
      balances.set(name, (balances.get(name) ?? 0) + amountMinor);
    }
  }
  const nonZero = [...balances].filter(([, amount]) => amount !== 0).sort(([a], [b]) => (a < b ? -1 : 1));
  return { standing, balances: nonZero };
}

const told = fc
  .record({
    paidOn: fc.integer({ min: 1, max: 25 }),
    isReferred: fc.boolean(),
    paid: fc.tuple(fc.integer({ min: 0, max: 3_000 }), fc.integer({ min: 1, max: 3_000 })),
    left: fc.array(fc.tuple(fc.integer({ min: 0, max: 100 }), fc.integer({ min: 0, max: 100 })), {
      maxLength: 2,
    }),
  })
  .map(({ paid, left, ...rest }): Told => {
    const versions: Told['versions'] = [paid];
    for (const [first, second] of left) {
      const [a, b] = versions.at(-1)!;
      versions.push([Math.floor((a * first) / 100), Math.floor((b * second) / 100)]);
    }
    return { orderId: newId(), captureId: newId(), versions, ...rest };
  });

const story = fc.array(told, { minLength: 1, maxLength: 5 }).chain((captures) => {
  const events = captures.flatMap((capture) =>
    capture.versions.map((_, index): [Told, number] => [capture, index + 1]),
  );
  const repeated = fc.shuffledSubarray([...events, ...events], { minLength: 0 });
  return fc.tuple(
    fc.constant(events),
    fc.shuffledSubarray(events, { minLength: events.length }),
    repeated,
    fc.integer({ min: 1, max: 4 }),
  );
});

const batchesOf = <T>(list: readonly T[], size: number): T[][] =>
  Array.from({ length: Math.ceil(list.length / size) }, (_, index) =>
    list.slice(index * size, (index + 1) * size),
  );

describe('splits of a story told in any order', () => {
  test.each([
    ['flat rates and VAT', flat],
    ['two tiered shares', withTiers],
  ])('end with equal standing and equal balances under %s', async (_, network) => {
    await fc.assert(
      fc.asyncProperty(story, async ([inOrder, shuffled, repeated, size]) => {
        const [first, second] = [await instanceWith(network), await instanceWith(network)];
        await deliver(
          first,
          inOrder.map((event) => [event]),
        );
        await deliver(second, batchesOf([...shuffled, ...repeated], size));
        const normal = (found: Awaited<ReturnType<typeof outcome>>, instanceId: string) =>
          JSON.parse(JSON.stringify(found).replaceAll(instanceId, 'instance')) as unknown;
        expect(normal(await outcome(second), second)).toEqual(normal(await outcome(first), first));
      }),
      { numRuns: testingConfig.isLong ? 200 : 12 },
    );
  });

  it('end at zero for everybody once everything is refunded, whichever refund came first', async () => {
    await fc.assert(
      fc.asyncProperty(told, fc.boolean(), async (capture, isReversed) => {
        const whole = { ...capture, versions: [...capture.versions, [0, 0] as [number, number]] };
        const events = whole.versions.map((_, index): [Told, number] => [whole, index + 1]);
        const instanceId = await instanceWith(flat);
        await deliver(
          instanceId,
          (isReversed ? events.reverse() : events).map((event) => [event]),
        );
        expect((await outcome(instanceId)).balances).toEqual([]);
      }),
      { numRuns: testingConfig.isLong ? 100 : 10 },
    );
  });
});
