import { DomainError, type BuyerRef, type EventData, type ordersEvents } from '@foodshed/contracts';
import { ALL_INSTANCES, newId, rowsOf } from '@foodshed/platform';
import { testDatabase, type TestDatabase } from '@foodshed/testing';
import { migrations } from '../migrations/migrations.js';
import { CheckoutProcess, contextOf, Shop, StoppedClock } from './checkout.fixture.js';

let db: TestDatabase;
let clock: StoppedClock;
let first: CheckoutProcess;
let second: CheckoutProcess;

beforeAll(async () => {
  db = await testDatabase('orders', migrations);
}, 90_000);
beforeEach(() => {
  clock = new StoppedClock();
  first = new CheckoutProcess(db.database, clock);
  second = new CheckoutProcess(db.database, clock);
});
afterAll(() => db.close());

const codeOf = (error: unknown): string => (error instanceof DomainError ? error.code : String(error));
const refusal = (placing: Promise<unknown>): Promise<DomainError> =>
  placing.then(
    () => Promise.reject(new Error('was not refused')),
    (error: DomainError) => error,
  );

async function settle(placings: readonly Promise<unknown>[]) {
  const outcomes = await Promise.allSettled(placings);
  const refused = outcomes.filter((outcome) => outcome.status === 'rejected');
  return {
    placed: outcomes.length - refused.length,
    codes: [...new Set(refused.map(({ reason }) => codeOf(reason)))],
    errors: refused.map(({ reason }) => reason as DomainError),
  };
}

const edit = (sql: string, params: unknown[]) =>
  db.database.transaction(ALL_INSTANCES, (tx) => rowsOf(tx, sql, params));

describe('placing an order', () => {
  it('writes what was quoted, with its event and the hub fee spread over the lines', async () => {
    const shop = await Shop.open(
      first,
      [
        { priceMinor: 1_290, vatRateBps: 700 },
        { priceMinor: 735, producer: 1 },
        { priceMinor: 2_499, producer: 1, stock: 5 },
      ],
      { bps: 500 },
    );
    const buyer = shop.person();
    const placed = await shop.place([1, 1, 1], { as: contextOf(buyer) });
    expect(placed).toMatchObject({ goodsMinor: 4_524, hubFeeMinor: 226, totalMinor: 4_750, currency: 'EUR' });
    expect(placed.expiresAt).toBe('2026-11-05T10:00:00.000Z');
    const order = await first.lists.getOrder({ orderId: placed.orderId }, contextOf(buyer));
    expect(order.lines.map(({ hubFeeMinor }) => hubFeeMinor)).toEqual([64, 37, 125]);
    expect(order.lines[2]).toMatchObject({
      productName: 'Goods "2"',
      unitLabel: '1 item',
      grossMinor: 2_499,
    });
    expect(order.totals).toMatchObject({ totalMinor: 4_750, outstandingMinor: 4_750 });
    expect(await shop.stock()).toEqual([0, 0, 4]);
    const [event] = await shop.events<EventData<typeof ordersEvents.placed>>('placed');
    expect(event).toMatchObject({
      orderId: placed.orderId,
      totalMinor: 4_750,
      buyer: { kind: 'person', id: buyer.personId },
      producers: [
        { producerId: shop.producerIds[0], grossMinor: 1_290 },
        { producerId: shop.producerIds[1], grossMinor: 3_234 },
      ],
    });
  });

  it('takes VAT into the price where the producer sells without, rounded per unit', async () => {
    const shop = await Shop.open(first, [{ priceMinor: 101, vatRateBps: 700, priceIncludesVat: false }]);
    const placed = await shop.place([3], { unitPrices: [108] });
    expect(placed.totalMinor).toBe(324);
  });

  it('gives the last 10 to exactly 10 of 50 buyers who come at once to two replicas', async () => {
    const shop = await Shop.open(first, [{ priceMinor: 100, stock: 10 }, { priceMinor: 50 }]);
    const placings = Array.from({ length: 50 }, (_, index) =>
      shop.place([1, 1], { process: index % 2 === 0 ? first : second }),
    );
    const { placed, codes, errors } = await settle(placings);
    expect(placed).toBe(10);
    expect(codes).toEqual(['stock-insufficient']);
    expect(errors[0]?.options.fields).toEqual([{ path: 'lines.0.quantity', message: 'is sold out' }]);
    expect(await shop.stock()).toEqual([0, 0]);
    expect(await shop.countOrders()).toBe(10);
    expect(await shop.events('placed')).toHaveLength(10);
  });

  it('lets an order that fits take what a larger one before it in the batch could not', async () => {
    const shop = await Shop.open(first, [
      { priceMinor: 100, stock: 4 },
      { priceMinor: 50, stock: 6 },
    ]);
    // What the cycle sells is known after the first order, so that the others arrive in this order.
    await shop.place([1, 1]);
    const outcomes = await Promise.allSettled([
      shop.place([4, 5]),
      shop.place([2, 5]),
      shop.place([2, 0]),
      shop.place([1, 0]),
    ]);
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'rejected', 'fulfilled']);
    expect(await shop.stock()).toEqual([0, 0]);
  });

  it('never takes more than there is, whatever two replicas are asked', async () => {
    const shop = await Shop.open(
      first,
      Array.from({ length: 6 }, () => ({ priceMinor: 100, stock: 40 })),
    );
    const taken = [0, 0, 0, 0, 0, 0];
    const placings = Array.from({ length: 120 }, (_, index) => {
      const quantities = taken.map((_none, item) => (index * 7 + item * 5) % 4);
      return shop
        .place(quantities, { process: index % 2 === 0 ? first : second })
        .then(() => quantities.forEach((quantity, item) => (taken[item] = (taken[item] ?? 0) + quantity)));
    });
    const { codes, placed } = await settle(placings);
    expect(codes).toEqual(['stock-insufficient']);
    expect(placed).toBeGreaterThan(15);
    expect(await shop.stock()).toEqual(taken.map((quantity) => 40 - quantity));
  });

  it('makes one order of the same request sent 100 times', async () => {
    const shop = await Shop.open(first, [{ priceMinor: 100, stock: 10 }]);
    const buyer = shop.person();
    const key = newId();
    const send = (process: CheckoutProcess) => shop.place([1], { as: contextOf(buyer, key), process });
    const outcomes = await Promise.allSettled(
      Array.from({ length: 100 }, (_, index) => send(index % 2 === 0 ? first : second)),
    );
    const codes = outcomes.flatMap((outcome) =>
      outcome.status === 'rejected' ? [codeOf(outcome.reason)] : [],
    );
    const ids = outcomes.flatMap((outcome) =>
      outcome.status === 'fulfilled' ? [outcome.value.orderId] : [],
    );
    expect(new Set(codes)).toEqual(new Set(['request-in-progress']));
    expect(new Set(ids).size).toBe(1);
    expect((await send(second)).orderId).toBe(ids[0]);
    expect(await shop.countOrders()).toBe(1);
    expect(await shop.stock()).toEqual([9]);
  });

  it('answers a repeated request as at first, also after the price changed and the cycle closed', async () => {
    const shop = await Shop.open(first, [{ priceMinor: 100 }]);
    const as = contextOf(shop.person());
    const placed = await shop.place([1], { as });
    await edit('update variants set price_minor = 200 where id = $1', [shop.variantIds[0]]);
    expect(await shop.place([1], { as })).toEqual(placed);
    await edit(`update order_cycles set state = 'closed' where id = $1`, [shop.cycleId]);
    expect(await shop.place([1], { as, process: second })).toEqual(placed);
    expect(codeOf(await refusal(shop.place([2], { as })))).toBe('idempotency-key-reused');
    expect(codeOf(await refusal(shop.place([2], { as, unitPrices: [100], process: second })))).toBe(
      'idempotency-key-reused',
    );
  });

  it('stores no refusal under the key', async () => {
    const shop = await Shop.open(first, [{ priceMinor: 100, stock: 1 }]);
    const as = contextOf(shop.person());
    expect(codeOf(await refusal(shop.place([2], { as })))).toBe('stock-insufficient');
    await edit('update variants set stock = 2 where id = $1', [shop.variantIds[0]]);
    expect((await shop.place([2], { as })).totalMinor).toBe(200);
  });

  it('refuses a price that changed since it was seen, and takes the new one at once', async () => {
    const shop = await Shop.open(first, [{ priceMinor: 100 }, { priceMinor: 70 }]);
    await shop.place([1, 1]);
    await edit('update variants set price_minor = 80 where id = $1', [shop.variantIds[1]]);
    const error = await refusal(shop.place([1, 1]));
    expect(error.code).toBe('price-changed');
    expect(error.options.fields).toEqual([{ path: 'lines.1.unitPriceMinor', message: 'is 80 now' }]);
    expect((await shop.place([1, 1], { unitPrices: [100, 80] })).totalMinor).toBe(180);
    await edit('update order_cycles set hub_fee_bps = 1000 where id = $1', [shop.cycleId]);
    expect((await shop.place([1, 1], { unitPrices: [100, 80] })).totalMinor).toBe(198);
  });

  it('takes orders from the instant the cycle opens until the one it closes', async () => {
    const shop = await Shop.open(first, [{ priceMinor: 100 }]);
    const at = async (instant: string) => {
      clock.at = new Date(instant);
      return shop.place([1]).then(() => 'placed', codeOf);
    };
    expect(await at('2026-10-31T23:59:59.999Z')).toBe('cycle-closed');
    expect(await at('2026-11-01T00:00:00.000Z')).toBe('placed');
    expect(await at('2026-11-19T23:59:59.999Z')).toBe('placed');
    expect(await at('2026-11-20T00:00:00.000Z')).toBe('cycle-closed');
  });

  it('names the line that the cycle does not sell, and a cycle that is not of this instance', async () => {
    const shop = await Shop.open(first, [{ priceMinor: 100 }, { priceMinor: 100 }]);
    const other = await Shop.open(first, [{ priceMinor: 100 }]);
    await shop.place([1, 1]);
    await edit('delete from cycle_variants where variant_id = $1', [shop.variantIds[1]]);
    const error = await refusal(shop.place([1, 1]));
    expect(error.code).toBe('not-found');
    expect(error.options.fields?.map(({ path }) => path)).toEqual(['lines.1.variantId']);
    const input = {
      cycleId: other.cycleId,
      paymentMethod: 'cash' as const,
      lines: [{ variantId: other.variantIds[0] ?? '', quantity: 1, unitPriceMinor: 100 }],
    };
    const foreign = await refusal(first.placing.placeOrder(input, contextOf(shop.person())));
    expect(foreign.options.fields?.map(({ path }) => path)).toEqual(['cycleId']);
  });

  it('is done for oneself or for an enterprise one manages, and for nobody else', async () => {
    const shop = await Shop.open(first, [{ priceMinor: 100 }]);
    const [variantId = ''] = shop.variantIds;
    const lines = [{ variantId, quantity: 1, unitPriceMinor: 100 }];
    const place = (buyer: BuyerRef) =>
      first.placing.placeOrder(
        { cycleId: shop.cycleId, paymentMethod: 'cash', buyer, lines },
        contextOf(shop.person([shop.producerIds[0] ?? ''])),
      );
    await expect(place({ kind: 'enterprise', id: shop.producerIds[0] ?? '' })).resolves.toBeDefined();
    expect(codeOf(await refusal(place({ kind: 'enterprise', id: shop.hubId })))).toBe('forbidden');
    expect(codeOf(await refusal(place({ kind: 'person', id: newId() })))).toBe('forbidden');
  });

  it('fails alone when its data breaks a rule of the database', async () => {
    const shop = await Shop.open(first, [{ priceMinor: 100 }]);
    const sound = Array.from({ length: 5 }, () => shop.place([1]));
    const broken = { ...contextOf(shop.person()), idempotencyKey: 'a\0b' };
    const { placed, errors } = await settle([...sound, shop.place([1], { as: broken })]);
    expect(placed).toBe(5);
    expect(errors).toHaveLength(1);
  });
});
