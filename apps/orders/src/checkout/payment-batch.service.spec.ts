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

  it('written down by two people are one payment, unless one says that it is surplus', async () => {
    const shop = await open();
    const { orderId } = await shop.place([1, 1]);
    const pay = (isSurplus?: boolean) =>
      outcomeOf(
        replicas[0].payments.recordPayment(
          { orderId, method: 'cash', amountMinor: 800, isSurplus },
          contextOf(shop.hub),
        ),
      );
    expect((await Promise.all([pay(), pay()])).sort()).toEqual(['done', 'order-already-paid']);
    expect(await pay(true)).toBe('done');
    expect((await shop.events()).map(({ capture }) => capture.surplusMinor)).toEqual([0, 800]);
  });
});

describe('a list of payments', () => {
  const list = (shop: Shop, orderIds: readonly string[], as = contextOf(shop.hub), amountMinor = 800) =>
    replicas[0].payments.recordPayments(
      {
        hubId: shop.hubId,
        payments: orderIds.map((orderId) => ({ orderId, method: 'bank-transfer' as const, amountMinor })),
      },
      as,
    );

  it('records each by itself, says what became of it, and is recorded once', async () => {
    const shop = await open();
    const orders = await Promise.all(Array.from({ length: 5 }, () => shop.place([1, 1])));
    const orderIds = orders.map(({ orderId }) => orderId);
    await replicas[0].ends.cancelOrder({ orderId: orderIds[1] ?? '' }, contextOf(shop.hub));
    await shop.pay(orderIds[2] ?? '', 800);
    const context = contextOf(shop.hub);
    const { outcomes } = await list(shop, orderIds, context);
    expect(outcomes.map((each) => (each.outcome === 'recorded' ? 'recorded' : each.problem.code))).toEqual([
      ...['recorded', 'invalid-state', 'order-already-paid', 'recorded', 'recorded'],
    ]);
    expect(outcomes[0]).toEqual({
      outcome: 'recorded',
      orderId: orderIds[0],
      paymentState: 'paid',
      paidMinor: 800,
      surplusMinor: 0,
    });
    expect(await list(shop, orderIds, context)).toEqual({ outcomes });
    expect(await shop.events()).toHaveLength(4);
    expect(await outcomeOf(list(shop, orderIds, { ...context }, 801))).toBe('idempotency-key-reused');
  });

  it('is refused whole when it has orders that are not the hub’s, and names them', async () => {
    const [shop, other] = [await open(), await open()];
    const [own, foreign] = [await shop.place([1, 1]), await other.place([1, 1])];
    const error = await list(shop, [own.orderId, foreign.orderId, newId()]).catch(
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(DomainError);
    const { code, options } = error as DomainError;
    expect([code, ...(options.fields ?? []).map(({ path }) => path)]).toEqual([
      ...['not-found', 'payments.1.orderId', 'payments.2.orderId'],
    ]);
    expect([...(await shop.events()), ...(await other.events())]).toEqual([]);
  });

  it('is refused whole to who does not manage the hub', async () => {
    const shop = await open();
    const { orderId } = await shop.place([1, 1]);
    expect(await outcomeOf(list(shop, [orderId], contextOf(shop.person())))).toBe('forbidden');
    expect(await shop.events()).toHaveLength(0);
  });

  it('and single payments of the same orders at two replicas pay each order once', async () => {
    const shop = await open();
    const orders = await Promise.all(Array.from({ length: 12 }, () => shop.place([1, 1])));
    const orderIds = orders.map(({ orderId }) => orderId);
    const single = (orderId: string) =>
      outcomeOf(
        replicas[1].payments.recordPayment(
          { orderId, method: 'cash', amountMinor: 800 },
          contextOf(shop.hub),
        ),
      );
    const [{ outcomes }, ...singles] = await Promise.all([
      list(shop, [...orderIds].reverse()),
      ...orderIds.map(single),
    ]);
    for (const [index, orderId] of orderIds.entries()) {
      const listed = outcomes.find((each) => each.orderId === orderId)?.outcome === 'recorded';
      expect([orderId, listed, singles[index]]).toEqual([
        orderId,
        listed,
        listed ? 'order-already-paid' : 'done',
      ]);
    }
    const events = await shop.events();
    expect(events.map((event) => event.orderId).sort()).toEqual([...orderIds].sort());
    expect(events.every(({ capture }) => capture.surplusMinor === 0)).toBe(true);
  });
});
