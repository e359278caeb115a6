import { DomainError } from '@foodshed/contracts';
import { newId } from '@foodshed/platform';
import { testDatabase, type TestDatabase } from '@foodshed/testing';
import { migrations } from '../migrations/migrations.js';
import { CheckoutProcess, contextOf, Shop, StoppedClock } from './checkout.fixture.js';

let db: TestDatabase;
let replicas: [CheckoutProcess, CheckoutProcess];

beforeAll(async () => {
  db = await testDatabase('orders', migrations);
  const clock = new StoppedClock();
  replicas = [new CheckoutProcess(db.database, clock), new CheckoutProcess(db.database, clock)];
}, 90_000);
afterAll(() => db.close());

const outcomeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'done',
    (error: unknown) => (error instanceof DomainError ? error.code : String(error)),
  );

const open = (): Promise<Shop> =>
  Shop.open(replicas[0], [{ priceMinor: 500 }, { priceMinor: 300, producer: 1 }]);

describe('payments that arrive together', () => {
  it('are each refused or recorded by themselves', async () => {
    const shop = await open();
    const buyer = shop.person();
    const orders = await Promise.all(
      Array.from({ length: 6 }, () => shop.place([1, 1], { as: contextOf(buyer) })),
    );
    await replicas[0].ends.cancelOrder({ orderId: orders[2]?.orderId ?? '' }, contextOf(shop.hub));
    const pay = (orderId: string, as = shop.hub) =>
      outcomeOf(
        replicas[0].payments.recordPayment({ orderId, method: 'cash', amountMinor: 800 }, contextOf(as)),
      );
    const outcomes = await Promise.all([
      ...orders.map(({ orderId }) => pay(orderId)),
      pay(newId()),
      pay(orders[0]?.orderId ?? '', buyer),
    ]);
    expect(outcomes).toEqual([
      ...['done', 'done', 'invalid-state', 'done', 'done', 'done'],
      ...['not-found', 'forbidden'],
    ]);
    const paid = await shop.events();
    expect(paid).toHaveLength(5);
    const firsts = paid.flatMap(({ producers }) => producers.map(({ firstSale }) => firstSale.orderId));
    expect(new Set(firsts).size).toBe(1);
  });

  it('under one key for two orders are one payment and one refusal', async () => {
    const shop = await open();
    const orders = await Promise.all([shop.place([1, 0]), shop.place([1, 0])]);
    const key = newId();
    const outcomes = await Promise.all(
      orders.map(({ orderId }) =>
        outcomeOf(
          replicas[0].payments.recordPayment(
            { orderId, method: 'cash', amountMinor: 500 },
            contextOf(shop.hub, key),
          ),
        ),
      ),
    );
    expect(outcomes.sort()).toEqual(['done', 'idempotency-key-reused']);
    expect(await shop.events()).toHaveLength(1);
  });

  it('at two replicas, in any order of the orders, are all recorded, and surplus is counted', async () => {
    const shop = await open();
    const orders = await Promise.all(Array.from({ length: 12 }, () => shop.place([1, 1])));
    const payments = orders.flatMap(({ orderId }) => [
      { orderId, replica: 0 },
      { orderId, replica: 1 },
    ]);
    const outcomes = await Promise.all(
      payments
        .sort((a, b) => (a.replica === 0 ? 1 : -1) * (a.orderId < b.orderId ? -1 : 1))
        .map(({ orderId, replica }) =>
          outcomeOf(
            (replicas[replica] ?? replicas[0]).payments.recordPayment(
              { orderId, method: 'cash', amountMinor: 600 },
              contextOf(shop.hub),
            ),
          ),
        ),
    );
    expect(new Set(outcomes)).toEqual(new Set(['done']));
    const events = await shop.events();
    const sum = (pick: (capture: (typeof events)[number]['capture']) => number) =>
      events.reduce((total, { capture }) => total + pick(capture), 0);
    expect(sum(({ amountMinor }) => amountMinor)).toBe(12 * 800);
    expect(sum(({ surplusMinor }) => surplusMinor)).toBe(12 * 400);
  });
});
