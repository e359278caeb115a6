import { randomUUID } from 'node:crypto';
import type { Cycle, PlacedOrder, ProblemDetails } from '@foodshed/contracts';
import { eventually, type RunningSystem, startSystem } from '@foodshed/testing';
import type { Answer } from './client.js';
import { describeFaults } from './faults.suite.js';
import { describeMainJob } from './main-job.suite.js';
import { modelSource, Marketplace, type Person } from './marketplace.js';

let system: RunningSystem;
let booted: Promise<RunningSystem> | undefined;
const twins = (): Promise<RunningSystem> => (booted ??= startSystem({ replicas: 2 }));

beforeAll(async () => {
  system = await twins();
}, 240_000);
afterAll(() => system?.end(), 60_000);

describeMainJob('the main job on two replicas of every service', twins);

type Placing = Answer<PlacedOrder & ProblemDetails>;

interface Shop {
  network: Marketplace;
  cycle: Cycle;
  manager: Person;
  producerId: string;
}

async function shopWith(stock: number): Promise<Shop> {
  const network = await Marketplace.make(system);
  const [farmer, manager] = [await network.person('Farmer'), await network.person('Manager')];
  const producerId = await network.enterprise(farmer, 'Small Farm', 'producer');
  const hubId = await network.enterprise(manager, 'Small Hub', 'hub');
  await network.products(farmer, producerId, [{ name: 'Eggs', priceMinor: 300, stock }]);
  return { network, manager, producerId, cycle: await network.openCycle(manager, hubId, [producerId]) };
}

async function placing(shop: Shop, quantity = 1) {
  const item = (await shop.network.shop(shop.cycle.hubId)).get('Eggs')!;
  const { variantId, unitPriceMinor } = item;
  return { cycleId: shop.cycle.cycleId, lines: [{ variantId, quantity, unitPriceMinor }] };
}

describe('stock under a rush', () => {
  it('sells the last 10 units to exactly 10 of 50 buyers, and refuses 40 clearly', async () => {
    const shop = await shopWith(10);
    const body = await placing(shop);
    const buyers = await Promise.all(
      Array.from({ length: 50 }, (_, index) => shop.network.person(`Buyer ${index}`)),
    );
    const answers = await Promise.all(
      buyers.map(({ client }, index) => {
        const twin = shop.network.visitor(index % 2);
        return twin.send<PlacedOrder & ProblemDetails>('POST', '/orders', {
          body,
          idempotencyKey: randomUUID(),
          headers: { cookie: client.cookie! },
        });
      }),
    );
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(10);
    const refused = answers.filter(({ status }) => status !== 201);
    expect(refused.map(({ status, body: problem }) => [status, problem.code])).toEqual(
      Array.from({ length: 40 }, () => [409, 'stock-insufficient']),
    );
    expect(refused[0]!.body.fields).toEqual([
      { path: 'lines.0.quantity', message: expect.any(String) as string },
    ]);
    expect((await shop.network.shop(shop.cycle.hubId)).get('Eggs')!.availableQuantity).toBe(0);
    const { items } = await shop.manager.client.get<{ items: unknown[] }>(
      `/orders?as=hub&enterpriseId=${shop.cycle.hubId}&limit=200`,
    );
    expect(items).toHaveLength(10);
  }, 120_000);
});

describe('an Idempotency-Key', () => {
  let shop: Shop;
  let buyer: Person;
  beforeAll(async () => {
    shop = await shopWith(1000);
    buyer = await shop.network.person('Repeater');
  }, 60_000);

  const send = (body: unknown, idempotencyKey: string, replica: number): Promise<Placing> =>
    shop.network
      .visitor(replica)
      .send('POST', '/orders', { body, idempotencyKey, headers: { cookie: buyer.client.cookie! } });

  it('sent 100 times at once makes one order; every answer is that order or says it is still being made', async () => {
    const body = await placing(shop);
    const key = randomUUID();
    const answers = await Promise.all(Array.from({ length: 100 }, (_, index) => send(body, key, index % 2)));
    for (const { status, headers } of answers) {
      expect([201, 409]).toContain(status);
      if (status === 409) expect(headers['retry-after']).toBeDefined();
    }
    const again = await send(body, key, 1);
    expect(again.status).toBe(201);
    const made = answers.filter(({ status }) => status === 201).map((answer) => answer.body.orderId);
    expect(new Set([...made, again.body.orderId]).size).toBe(1);
    const { items } = await buyer.client.get<{ items: unknown[] }>('/orders?as=buyer');
    expect(items).toHaveLength(1);
  }, 60_000);

  it('with another body is refused', async () => {
    const key = randomUUID();
    expect((await send(await placing(shop), key, 0)).status).toBe(201);
    const other = await send(await placing(shop, 2), key, 1);
    expect([other.status, other.body.code]).toEqual([422, 'idempotency-key-reused']);
  });

  it('that is missing is asked for', async () => {
    const answer = await buyer.client.send<ProblemDetails>('POST', '/orders', { body: await placing(shop) });
    expect([answer.status, answer.body.code]).toEqual([400, 'idempotency-key-missing']);
  });
});

describe('independence', () => {
  it('lets people order and pay while hubs, commission and ledger are away; the money catches up', async () => {
    const shop = await shopWith(1000);
    const buyer = await shop.network.person('Early Bird');
    await system.stop('hubs', 'commission', 'ledger');
    const placed = await shop.network.order(buyer.client, shop.cycle, { Eggs: 10 });
    await shop.network.pay(shop.manager.client, placed);
    const quote = await buyer.client.post<{ split: unknown; splitMissing: string }>('/orders/quotes', {
      cycleId: shop.cycle.cycleId,
      lines: [{ variantId: (await placing(shop)).lines[0]!.variantId, quantity: 1 }],
    });
    expect(quote).toMatchObject({ split: null, splitMissing: 'unavailable' });
    await system.resume('hubs', 'commission', 'ledger');
    await eventually(
      async () => {
        const balances = await shop.network.orderBalances(placed.orderId);
        expect(balances[`${shop.network.instanceId} bank money`]).toBe(3000);
        expect(balances[`${shop.manager.personId} pending share`]).toBe(-251);
      },
      { timeoutMs: 60_000 },
    );
  }, 180_000);

  it('runs a model with one function removed: nobody earns for finding customers, and all else stands', async () => {
    const model = modelSource
      .replace(/ {2}finding-customers:[\s\S]*?(?= {2}hosting:)/, '')
      .replace(/ {2}- id: commission[\s\S]*?(?= {2}- id: platform-fee)/, '')
      .replace(/ {6}- id: referral[\s\S]*?(?= {6}- id: platform)/, '');
    const network = await Marketplace.make(system, { model });
    const [farmer, manager, buyer] = [
      await network.person('Farmer'),
      await network.person('Manager'),
      await network.person('Buyer'),
    ];
    const producerId = await network.enterprise(farmer, 'Small Farm', 'producer');
    const hubId = await network.enterprise(manager, 'Small Hub', 'hub');
    await network.products(farmer, producerId, [{ name: 'Eggs', priceMinor: 1000 }]);
    const cycle = await network.openCycle(manager, hubId, [producerId]);
    const placed = await network.order(buyer.client, cycle, { Eggs: 1 });
    await network.pay(manager.client, placed);
    await network.expectBalances(placed.orderId, {
      [`${network.instanceId} bank money`]: 1000,
      [`${producerId} pending goods`]: -900,
      [`${network.instanceId} administration share`]: -81,
      [`${network.instanceId} payment-costs share`]: -19,
    });
  }, 60_000);
});

describe('faults', () => describeFaults(twins));
