import {
  adminEvents,
  commissionEvents,
  hubsEvents,
  ledgerEvents,
  ordersEvents,
  type CallContext,
  type EventDefinition,
  type FirstSale,
} from '@foodshed/contracts';
import {
  ALL_INSTANCES,
  Bus,
  Clock,
  createLogger,
  managerOf,
  newId,
  Outbox,
  rowsOf,
  streamOf,
  type ReceivedEvent,
} from '@foodshed/platform';
import { testDatabase, testingConfig, testNats, type TestDatabase } from '@foodshed/testing';
import { jetstream } from '@nats-io/jetstream';
import fc from 'fast-check';
import { migrations } from '../migrations/migrations.js';
import { WebhookQueue } from '../webhooks/queue.service.js';
import type { WebhookSending } from '../webhooks/sending.service.js';
import { DashboardConsumer } from './dashboard.consumer.js';
import { takeBps } from './dashboard.rules.js';
import { DashboardService } from './dashboard.service.js';
import { applyEvents } from './read-model.store.js';
import { rebuildReadModel } from './rebuild.service.js';

let db: TestDatabase;
const clock = new Clock();
const outbox = new Outbox(clock);
// Nobody has a webhook here, so nothing is sent.
const webhooks = new WebhookQueue(clock, {} as WebhookSending);
const consumer = new DashboardConsumer(outbox, clock, webhooks);

beforeAll(async () => {
  db = await testDatabase('admin', migrations);
}, 60_000);
afterAll(() => db?.close());

const tables = [
  'dashboard_orders',
  'dashboard_captures',
  'dashboard_sales',
  'administration_entries',
  'enterprises',
  'referrals',
  'dashboard_pledges',
  'dashboard_gifts',
];

/** Every row of the read model, in an order of its own. */
async function model(): Promise<Record<string, string[]>> {
  return db.database.transaction(ALL_INSTANCES, async (tx) => {
    const rows: Record<string, string[]> = {};
    for (const table of tables) {
      const found = await rowsOf<{ row: string }>(tx, `select t::text as row from ${table} t order by 1`);
      rows[table] = found.map(({ row }) => row);
    }
    return rows;
  });
}
const clear = () =>
  db.database.transaction(ALL_INSTANCES, async (tx) => {
    for (const table of [...tables, 'dashboard_progress']) await rowsOf(tx, `delete from ${table}`);
  });
const apply = (events: ReceivedEvent[]) =>
  db.database.transaction(ALL_INSTANCES, (tx) => applyEvents(tx, events));

const hubIds = [newId(), newId()];
const producerIds = [newId(), newId(), newId()];
const start = Date.parse('2026-03-02T22:30:00.000Z');

interface Sale {
  hub: number;
  hourPlaced: number;
  hubFee: number;
  grosses: number[];
  /** Percent of the goods that remain after each version. */
  remains: number[];
  end: 'none' | 'cancelled' | 'fulfilled' | 'refunded';
}
const sale: fc.Arbitrary<Sale> = fc.record({
  hub: fc.nat(1),
  hourPlaced: fc.nat(24 * 30),
  hubFee: fc.nat(500),
  grosses: fc.array(fc.integer({ min: 1, max: 20_000 }), { minLength: 1, maxLength: 3 }),
  remains: fc.array(fc.nat(100), { maxLength: 3 }),
  end: fc.constantFrom('none', 'cancelled', 'fulfilled', 'refunded'),
});

const eventOf = <T>(instanceId: string, event: EventDefinition<T>, data: T, at: string): ReceivedEvent => ({
  id: newId(),
  instanceId,
  occurredAt: at,
  subject: event.subject,
  data: event.schema.parse(data),
});

/** What one producer's part of a version is worth, and who gets what of it: 8 % platform, 5 % commission, 2 % costs. */
const partsOf = (gross: number) => {
  const [platform, commission, costs] = [
    Math.floor(gross * 0.08),
    Math.floor(gross * 0.05),
    Math.floor(gross * 0.02),
  ];
  return { gross, platform, commission, costs, vat: Math.floor(platform * 0.2) };
};
const standing = (given: Sale, percent: number) =>
  given.grosses.map((gross, index) => ({
    producerId: producerIds[index]!,
    ...partsOf(Math.floor((gross * percent) / 100)),
  }));

type Purpose = 'administration' | 'payment-costs' | 'pending';
const accountOf = (kind: 'instance' | 'person', id: string, purpose: Purpose) => ({
  owner: { kind, id },
  purpose,
  currency: 'EUR',
});

/** The events of one sale, in the order they happen. */
function eventsOf(instanceId: string, given: Sale): ReceivedEvent[] {
  const [orderId, captureId, cycleId] = [newId(), newId(), newId()];
  const hubId = hubIds[given.hub]!;
  const placedAt = new Date(start + given.hourPlaced * 3_600_000).toISOString();
  const buyer = { kind: 'person' as const, id: newId() };
  const { end, hubFee: hubFeeMinor } = given;
  const known = { orderId, hubId, currency: 'EUR', placedAt, hubFeeMinor };
  const firstSale = { sequence: 1, orderId, hubId, placedAt, paidAt: placedAt };
  const events: ReceivedEvent[] = [];
  const happens = <T>(type: EventDefinition<T>, data: T) =>
    events.push(eventOf(instanceId, type, data, placedAt));
  const accounts = [
    accountOf('instance', instanceId, 'administration'),
    accountOf('instance', instanceId, 'payment-costs'),
    accountOf('person', buyer.id, 'pending'),
  ].map((account, number) => ({ number, account, accountId: newId() }));
  happens(ordersEvents.placed, {
    ...known,
    cycleId,
    buyer,
    timeZone: 'Europe/Lisbon',
    totalMinor: given.grosses.reduce((sum, gross) => sum + gross, given.hubFee),
    producers: given.grosses.map((grossMinor, index) => ({ producerId: producerIds[index]!, grossMinor })),
  });
  given.remains.forEach((percent, index) => {
    const version = index + 1;
    // A producer with nothing left is no longer named, now and then.
    const parts = standing(given, percent).filter((part) => part.gross > 0 || given.hub === 0);
    happens(ordersEvents.paid, {
      ...known,
      version,
      timeZone: 'Europe/Lisbon',
      cycleId,
      buyer,
      paidAt: placedAt,
      changedAt: new Date(Date.parse(placedAt) + version).toISOString(),
      capture: captureOf(captureId, hubId, sumOf(parts, hubFeeMinor)),
      producers: parts.map((part) => soldOf(part, firstSale)),
    });
    const nothing = { changedAt: placedAt, accounts: [], commands: [] };
    const split = { ...known, captureId, version, paidAt: placedAt, modelVersion: 1, ...nothing };
    // Now and then the first split of a version is corrected: an earlier sale of the month came late.
    const corrected = parts.map((part) => standingOf({ ...part, platform: 0 }));
    if (given.hub === 1) happens(commissionEvents.split, { ...split, standing: corrected });
    const stands = parts.map((part) => standingOf(part));
    happens(commissionEvents.split, { ...split, revision: given.hub, standing: stands });
    happens(ledgerEvents.posted, {
      batch: version,
      headHash: 'hash',
      recordedAt: placedAt,
      accounts,
      refused: [],
      transactions: parts.map(({ producerId, ...part }) => ({
        transactionId: newId(),
        key: { kind: 'sale' as const, orderId, captureId, producerId, version, revision: 0 },
        occurredAt: placedAt,
        entries: entriesOf(part),
      })),
    });
  });
  if (end === 'fulfilled')
    happens(ordersEvents.fulfilled, { orderId, hubId, producerIds: [], fulfilledAt: placedAt });
  else if (end !== 'none')
    happens(ordersEvents.closed, { orderId, hubId, producerIds: [], reason: end, closedAt: placedAt });
  return events;
}

type Part = ReturnType<typeof standing>[number];

const sumOf = (parts: readonly Part[], hubFeeMinor: number): number =>
  parts.reduce((sum, { gross }) => sum + gross, hubFeeMinor);
const captureOf = (captureId: string, hubId: string, amountMinor: number) => ({
  captureId,
  method: 'cash' as const,
  holder: { kind: 'hub-till' as const, hubId },
  amountMinor,
  surplusMinor: 0,
});
const soldOf = ({ producerId, gross }: Part, firstSale: FirstSale) => ({
  producerId,
  goods: [{ vatRateBps: 0, grossMinor: gross, netMinor: gross, units: 1 }],
  firstSale,
});
const standingOf = (part: Part) => ({
  producerId: part.producerId,
  grossMinor: part.gross,
  netMinor: part.gross,
  residualMinor: part.gross - part.platform - part.commission - part.costs - part.vat,
  shares: [
    share('platform', part.platform, part.vat),
    share('referral', part.commission, 0),
    share('payment', part.costs, 0),
  ],
});
const entriesOf = (part: Omit<Part, 'producerId'>) => [
  entry(0, -part.platform, 'share'),
  entry(0, -part.vat, 'vat'),
  entry(1, -part.costs, 'share'),
  entry(2, part.platform + part.vat + part.costs, 'share'),
];
const entry = (account: number, amountMinor: number, line: 'share' | 'vat') => ({
  account,
  amountMinor,
  line,
  shareId: null,
  balanceMinor: 0,
});
const share = (shareId: string, amountMinor: number, vatMinor: number) => ({
  shareId,
  functionId: shareId,
  amountMinor,
  vatMinor,
  isPlatform: shareId === 'platform',
  paysCosts: shareId === 'payment',
});

function eventsOfHubs(instanceId: string, changes: number): ReceivedEvent[] {
  const referral = {
    referralId: newId(),
    producerId: producerIds[0]!,
    hubId: hubIds[0]!,
    via: 'shop' as const,
  };
  const buyer = { kind: 'person' as const, id: newId() };
  return Array.from({ length: changes }, (_, index) => {
    // Two changes may bear the same time.
    const changedAt = new Date(start + Math.floor(index / 2) * 1_000).toISOString();
    const enterprise = { enterpriseId: hubIds[0]!, slug: `hub-${index}`, name: `Hub ${index}` };
    const is = { isProducer: false, isHub: true, changedAt };
    const state = index % 2 === 0 ? ('standing' as const) : ('ended' as const);
    return [
      eventOf(instanceId, hubsEvents.enterpriseChanged, { ...enterprise, ...is }, changedAt),
      eventOf(instanceId, hubsEvents.referralChanged, { ...referral, buyer, state, changedAt }, changedAt),
    ];
  }).flat();
}

const contextIn = (instanceId: string): CallContext => ({
  caller: {
    kind: 'person',
    personId: newId(),
    instance: { id: instanceId, currency: 'EUR', timeZone: 'Europe/Lisbon' },
    roles: ['operator'],
    enterpriseIds: [],
  },
  requestId: newId(),
  token: '',
});

async function newInstance(): Promise<string> {
  const instanceId = newId();
  await db.database.query(
    `insert into instances (instance_id, slug, name, currency, time_zone, locales, description, created_at)
     values ($1::uuid, $1::uuid::text, 'Valley', 'EUR', 'Europe/Lisbon', '{pt}', '', now())`,
    [instanceId],
  );
  return instanceId;
}

describe('The read model', () => {
  it('is the same whatever order, repetition and batches the events come in', async () => {
    const instanceId = await newInstance();
    const seed = Date.now() % 2 ** 31;
    await fc.assert(
      fc.asyncProperty(
        fc.array(sale, { minLength: 1, maxLength: 5 }),
        fc.nat(4),
        fc.infiniteStream(fc.nat(2 ** 30)),
        async (sales, changes, random) => {
          const history = [
            ...sales.flatMap((each) => eventsOf(instanceId, each)),
            ...eventsOfHubs(instanceId, changes),
          ];
          await clear();
          await apply(history);
          const expected = await model();
          await clear();
          const next = () => random.next().value as number;
          const shuffled = [...history, ...history.filter(() => next() % 3 === 0)]
            .map((event) => ({ event, at: next() }))
            .sort((a, b) => a.at - b.at)
            .map(({ event }) => event);
          while (shuffled.length > 0) await apply(shuffled.splice(0, 1 + (next() % 7)));
          expect(await model()).toEqual(expected);
        },
      ),
      { numRuns: testingConfig.isLong ? 400 : 40, seed },
    );
  }, 240_000);

  it('adds up to what stands after the last version of each sale', async () => {
    const instanceId = await newInstance();
    await fc.assert(
      fc.asyncProperty(fc.array(sale, { minLength: 1, maxLength: 6 }), async (sales) => {
        await clear();
        await apply(sales.flatMap((each) => eventsOf(instanceId, each)));
        const { totals, weeks, hubs, producers, administration } = await new DashboardService(
          db.database,
        ).dashboard({}, contextIn(instanceId));
        const parts = sales.flatMap((each) =>
          each.remains.length > 0 ? standing(each, each.remains.at(-1)!) : [],
        );
        const sum = (part: (each: (typeof parts)[number]) => number) =>
          parts.reduce((total, each) => total + part(each), 0);
        expect(totals).toEqual({
          ordersPlaced: sales.length,
          ordersPaid: sales.filter((each) => each.remains.length > 0).length,
          ordersClosed: sales.filter((each) => ['cancelled', 'refunded'].includes(each.end)).length,
          ordersFulfilled: sales.filter((each) => each.end === 'fulfilled').length,
          grossMinor: sum((each) => each.gross),
          hubFeesMinor: sales.reduce((total, each) => total + (each.remains.length > 0 ? each.hubFee : 0), 0),
          platformMinor: sum((each) => each.platform),
          effectiveTakeBps: takeBps(
            sum((each) => each.platform),
            sum((each) => each.gross),
          ),
          commissionMinor: sum((each) => each.commission),
          paymentCostsMinor: sum((each) => each.costs),
          shareVatMinor: sum((each) => each.vat),
          producersMinor: sum((each) => each.gross - each.platform - each.commission - each.costs - each.vat),
        });
        const grossOf = (list: { grossMinor: number }[]) =>
          list.reduce((total, each) => total + each.grossMinor, 0);
        expect([weeks, hubs, producers].map(grossOf)).toEqual(Array(3).fill(totals.grossMinor));
        expect(
          [weeks, hubs].map((list) => list.reduce((total, each) => total + each.ordersPlaced, 0)),
        ).toEqual(Array(2).fill(sales.length));
        // The ledger's entries here are whole amounts per version, not differences.
        const posted = sales.flatMap((each) => each.remains.flatMap((percent) => standing(each, percent)));
        expect(administration.incomeMinor).toBe(posted.reduce((total, each) => total + each.platform, 0));
      }),
      { numRuns: testingConfig.isLong ? 200 : 20 },
    );
  }, 120_000);

  it('counts an order in the week of its placing, by the clocks of the instance', async () => {
    const instanceId = await newInstance();
    await clear();
    // Sunday 29 March 2026, 23:30 in UTC, is Monday 00:30 in Lisbon: summer time began that night.
    const hourPlaced = (Date.parse('2026-03-29T23:30:00.000Z') - start) / 3_600_000;
    const given: Sale = { hub: 0, hourPlaced, hubFee: 0, grosses: [1_000], remains: [100], end: 'none' };
    await apply(eventsOf(instanceId, given));
    const service = new DashboardService(db.database);
    const weekOf = async (filter: object) => (await service.dashboard(filter, contextIn(instanceId))).weeks;
    expect(await weekOf({})).toMatchObject([{ weekStartsOn: '2026-03-30', grossMinor: 1_000 }]);
    expect(await weekOf({ from: '2026-03-30', hubId: hubIds[0], producerId: producerIds[0] })).toHaveLength(
      1,
    );
    expect(await weekOf({ to: '2026-03-29' })).toEqual([]);
    expect(await weekOf({ hubId: hubIds[1] })).toEqual([]);
    expect(await weekOf({ producerId: producerIds[1] })).toEqual([]);
    expect((await service.dashboard({}, contextIn(newId()))).totals.grossMinor).toBe(0);
  });

  it('tells its instance after each batch, once, with the next number', async () => {
    const [first, second] = [await newInstance(), await newInstance()];
    const one: Sale = { hub: 0, hourPlaced: 1, hubFee: 0, grosses: [500], remains: [], end: 'none' };
    const placed = (instanceId: string) => eventsOf(instanceId, one)[0]!;
    const batches = [[placed(first), placed(second), placed(first)], [placed(first)]];
    for (const batch of batches) {
      await db.database.transaction(ALL_INSTANCES, (tx) => consumer.count(tx, batch));
    }
    const told = await db.database.query<{ instance_id: string; payload: { sequence: number } }>(
      `select instance_id, payload from outbox where subject = $1 and instance_id = any($2::uuid[]) order by id`,
      [adminEvents.dashboardChanged.subject, [first, second]],
    );
    const sequences = (id: string) =>
      told.filter((row) => row.instance_id === id).map((row) => row.payload.sequence);
    expect([sequences(first), sequences(second)]).toEqual([[1, 2], [1]]);
  });

  it('pages through the statement of administration, whose balances follow from one another', async () => {
    const instanceId = await newInstance();
    await clear();
    const given = [0, 30, 300].map((hourPlaced): Sale => ({
      hub: 0,
      hourPlaced,
      hubFee: 0,
      grosses: [1_250],
      remains: [100],
      end: 'none',
    }));
    await apply(given.flatMap((each) => eventsOf(instanceId, each)));
    const service = new DashboardService(db.database);
    const ask = (cursor?: string) =>
      service.statement(
        { account: 'administration', from: '2026-03-04', limit: 3, cursor },
        contextIn(instanceId),
      );
    const first = await ask();
    expect(first).toMatchObject({ openingMinor: 120, closingMinor: 360 });
    const rest = await ask(first.nextCursor!);
    expect(rest.nextCursor).toBeNull();
    const items = [...first.items, ...rest.items];
    expect(items.map(({ amountMinor, line }) => [line, amountMinor])).toEqual([
      ['share', 100],
      ['vat', 20],
      ['share', 100],
      ['vat', 20],
    ]);
    expect(items.map(({ balanceMinor }) => balanceMinor)).toEqual([220, 240, 340, 360]);
  });
});

describe('Rebuilding', () => {
  it('makes the same model from the streams, also of one that was wrong, and keeps what is older than they are', async () => {
    const instanceId = await newInstance();
    await clear();
    const nats = await testNats();
    const bus = await Bus.connect(
      { service: 'tools', url: nats.url, ...nats.as('tools') },
      createLogger('admin', 'silent'),
    );
    try {
      const sales = fc.sample(sale, { numRuns: 12, seed: 7 });
      const old = eventsOf(instanceId, { ...sales[0]!, remains: [100], hourPlaced: 0 });
      const history = [
        ...sales.flatMap((each) => eventsOf(instanceId, each)),
        ...eventsOfHubs(instanceId, 5),
      ];
      await publish(bus, history);
      await apply([...old, ...history]);
      const expected = await model();
      const sequenceOf = async () =>
        (
          await db.database.queryIn<{ sequence: number }>(
            ALL_INSTANCES,
            'select coalesce(max(sequence), 0) as sequence from dashboard_progress',
          )
        )[0]!.sequence;
      const before = await sequenceOf();
      const placedIds = history
        .filter(({ subject }) => subject === ordersEvents.placed.subject)
        .map(({ data }) => (data as { orderId: string }).orderId);
      await db.database.transaction(ALL_INSTANCES, async (tx) => {
        const wrong = 'where order_id = any($1::uuid[])';
        await rowsOf(tx, `update dashboard_sales set gross_minor = gross_minor + 1 ${wrong}`, [placedIds]);
        await rowsOf(tx, `update dashboard_captures set sale_version = 99 ${wrong}`, [placedIds]);
        await rowsOf(tx, `delete from administration_entries ${wrong}`, [placedIds]);
        await rowsOf(tx, `update enterprises set name = 'wrong'`);
      });
      expect(await model()).not.toEqual(expected);
      const counted = await rebuildReadModel({ database: db.database, bus, now: new Date() });
      expect(Object.values(counted).reduce((sum, each) => sum + each, 0)).toBe(history.length);
      expect(await model()).toEqual(expected);
      expect(await sequenceOf()).toBeGreaterThan(before);
    } finally {
      await bus.close();
      await nats.close();
    }
  }, 60_000);
});

async function publish(bus: Bus, events: readonly ReceivedEvent[]): Promise<void> {
  const manager = await managerOf(bus.connection);
  for (const service of ['orders', 'hubs', 'commission', 'ledger'] as const) {
    await manager.streams.add({ name: streamOf(service), subjects: [`${service}.events.>`] });
  }
  const js = jetstream(bus.connection);
  for (const { subject, ...event } of events) {
    await js.publish(subject, JSON.stringify({ events: [{ ...event, headers: {} }] }));
  }
}
