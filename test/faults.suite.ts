import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { Order, PlacedOrder } from '@foodshed/contracts';
import { eventually, type RunningSystem } from '@foodshed/testing';
import type { Answer, Client } from './client.js';
import { Marketplace, type Person } from './marketplace.js';

const orderCount = process.env['LONG'] ? 2000 : 200;
const atOnce = 8;
const victims = [
  'gateway',
  'orders',
  'hubs',
  'commission',
  'ledger',
  'admin',
  'postgres',
  'nats',
  'redis',
] as const;
type Victim = (typeof victims)[number];

/**
 * Sends until there is an answer that stands: a lost connection, a server's error and "still running" are tried
 * again with the same key, as any careful client does. A pause between tries is what such a client makes.
 */
async function untilAnswered<T>(client: Client, path: string, body: unknown): Promise<Answer<T>> {
  const idempotencyKey = randomUUID();
  const deadline = Date.now() + 120_000;
  for (;;) {
    const answer = await client.send<T>('POST', path, { body, idempotencyKey }).catch(() => undefined);
    const isFinal = answer && answer.status < 500 && answer.status !== 409 && answer.status !== 429;
    if (isFinal) return answer;
    if (Date.now() > deadline) throw new Error(`${path} had no answer: ${JSON.stringify(answer?.body)}`);
    await pause(150);
  }
}

interface Stage {
  network: Marketplace;
  manager: Person;
  hubId: string;
  cycleId: string;
  variantId: string;
  buyers: Person[];
}

async function stageOn(system: RunningSystem): Promise<Stage> {
  const network = await Marketplace.make(system);
  const [farmer, manager] = [await network.person('Farmer'), await network.person('Manager')];
  const producerId = await network.enterprise(farmer, 'Steady Farm', 'producer');
  const hubId = await network.enterprise(manager, 'Steady Hub', 'hub');
  await network.products(farmer, producerId, [{ name: 'Potatoes', priceMinor: 333, stock: 100_000 }]);
  const { cycleId } = await network.openCycle(manager, hubId, [producerId], 25);
  const { variantId } = (await network.shop(hubId)).get('Potatoes')!;
  const buyers = await Promise.all(
    Array.from({ length: atOnce }, (_, index) => network.person(`Buyer ${index}`)),
  );
  return { network, manager, hubId, cycleId, variantId, buyers };
}

/** 200 orders are placed and paid while every process and server is killed once. */
export function describeFaults(system: () => Promise<RunningSystem>): void {
  let stage: Stage;
  const answered: PlacedOrder[] = [];

  const placeAndPay = async (buyer: Person, number: number): Promise<void> => {
    const lines = [{ variantId: stage.variantId, quantity: 1 + (number % 3), unitPriceMinor: 333 }];
    const placed = await untilAnswered<PlacedOrder>(buyer.client, '/orders', {
      cycleId: stage.cycleId,
      lines,
    });
    expect(placed.status).toBe(201);
    answered.push(placed.body);
    const paid = await untilAnswered<Order>(stage.manager.client, `/orders/${placed.body.orderId}/payments`, {
      method: 'bank-transfer',
      amountMinor: placed.body.totalMinor,
    });
    expect(paid.status).toBeLessThan(300);
  };

  const kill = (running: RunningSystem, victim: Victim): Promise<void> =>
    victim === 'postgres' || victim === 'nats' || victim === 'redis'
      ? running.killServer(victim)
      : running.kill(victim);

  it(`no answered order is lost, doubled or half made while each of ${victims.join(', ')} is killed`, async () => {
    const running = await system();
    stage = await stageOn(running);
    let next = 0;
    let left = victims.length;
    // Orders keep coming until the last victim is back and all of them are placed.
    const workers = stage.buyers.map(async (buyer) => {
      while (next < orderCount || left > 0) await placeAndPay(buyer, (next += 1));
    });
    const killing = (async () => {
      for (const [index, victim] of victims.entries()) {
        await eventually(() => expect(answered.length).toBeGreaterThan(index), { timeoutMs: 60_000 });
        await kill(running, victim);
        left -= 1;
      }
    })();
    await Promise.all([killing, ...workers]);
    expect(answered.length).toBeGreaterThanOrEqual(orderCount);
    expect(new Set(answered.map(({ orderId }) => orderId)).size).toBe(answered.length);
  }, 600_000);

  it('every order is there once and paid, and stock is less by exactly what was sold', async () => {
    const { manager, network, hubId } = stage;
    const found = new Map<string, { paymentState: string; goodsMinor: number }>();
    let cursor: string | null = '';
    do {
      const page: {
        items: { orderId: string; paymentState: string; goodsMinor: number }[];
        nextCursor: string | null;
      } = await manager.client.get(
        `/orders?as=hub&enterpriseId=${hubId}&limit=200${cursor && `&cursor=${cursor}`}`,
      );
      for (const order of page.items) found.set(order.orderId, order);
      cursor = page.nextCursor;
    } while (cursor);
    expect([...found.keys()].sort()).toEqual(answered.map(({ orderId }) => orderId).sort());
    expect(new Set([...found.values()].map(({ paymentState }) => paymentState))).toEqual(new Set(['paid']));
    const sold = answered.reduce((sum, { goodsMinor }) => sum + goodsMinor / 333, 0);
    expect((await network.shop(hubId)).get('Potatoes')!.availableQuantity).toBe(100_000 - sold);
  }, 60_000);

  it('the money of all of them arrives, the ledger verifies, and orders, splits and entries agree', async () => {
    const { network } = stage;
    const paidMinor = answered.reduce((sum, { totalMinor }) => sum + totalMinor, 0);
    await eventually(
      async () => {
        const { items } = await network.operator.get<{
          items: { account: { purpose: string }; standingMinor: number }[];
        }>(`/accounts?ownerKind=instance&ownerId=${network.instanceId}`);
        const bank = items.find(({ account }) => account.purpose === 'bank');
        expect(bank?.standingMinor).toBe(paidMinor);
      },
      { timeoutMs: 90_000 },
    );
    const verified = await network.system.runCommand('ledger', ['verify']);
    expect(verified).toMatchObject({ code: 0 });
    const reconciled = await network.system.runCommand('admin', ['reconcile']);
    expect(reconciled).toMatchObject({ code: 0 });
  }, 180_000);
}
