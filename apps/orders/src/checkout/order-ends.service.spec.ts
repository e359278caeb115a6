import { DomainError } from '@foodshed/contracts';
import { testDatabase, type TestDatabase } from '@foodshed/testing';
import { migrations } from '../migrations/migrations.js';
import { CheckoutProcess, contextOf, Shop, StoppedClock } from './checkout.fixture.js';

let db: TestDatabase;
let clock: StoppedClock;
let process: CheckoutProcess;
let other: CheckoutProcess;

beforeAll(async () => {
  db = await testDatabase('orders', migrations);
}, 90_000);
beforeEach(() => {
  clock = new StoppedClock();
  process = new CheckoutProcess(db.database, clock);
  other = new CheckoutProcess(db.database, clock);
});
afterAll(() => db.close());

const codeOf = (error: unknown): string => (error instanceof DomainError ? error.code : String(error));
const outcomeOf = (work: Promise<unknown>): Promise<string> => work.then(() => 'done', codeOf);
const stall = () =>
  Shop.open(process, [
    { priceMinor: 1_000, stock: 20 },
    { priceMinor: 500, stock: 20, producer: 1 },
  ]);

describe('an order nobody paid', () => {
  it('expires at its instant and gives its stock back once, whoever runs the job', async () => {
    const shop = await stall();
    const { orderId } = await shop.place([3, 2]);
    clock.at = new Date('2026-11-05T09:59:59.999Z');
    await process.ends.expireOrders();
    expect(await shop.stock()).toEqual([17, 18]);
    clock.at = new Date('2026-11-05T10:00:00.000Z');
    await Promise.all([process, other, process, other].map(({ ends }) => ends.expireOrders()));
    expect(await shop.stock()).toEqual([20, 20]);
    expect(await shop.events('closed')).toEqual([
      {
        orderId,
        hubId: shop.hubId,
        producerIds: expect.any(Array),
        reason: 'expired',
        closedAt: '2026-11-05T10:00:00.000Z',
      },
    ]);
    expect(await outcomeOf(shop.pay(orderId, 4_000))).toBe('invalid-state');
  });

  it('in cash waits for the hand-over', async () => {
    const shop = await stall();
    const [variantId = ''] = shop.variantIds;
    const placed = await process.placing.placeOrder(
      {
        cycleId: shop.cycleId,
        paymentMethod: 'cash',
        lines: [{ variantId, quantity: 1, unitPriceMinor: 1_000 }],
      },
      contextOf(shop.person()),
    );
    expect(placed.expiresAt).toBe('2026-11-23T00:00:00.000Z');
  });

  it('either expires or is paid when both come at once, and the stock agrees', async () => {
    const shop = await stall();
    const orders = await Promise.all(Array.from({ length: 10 }, () => shop.place([1, 1])));
    clock.at = new Date('2026-11-06T10:00:00.000Z');
    const payments = orders.map(({ orderId, totalMinor }) => outcomeOf(shop.pay(orderId, totalMinor)));
    await Promise.all([process.ends.expireOrders(), other.ends.expireOrders(), ...payments]);
    await process.ends.expireOrders();
    const paid = (await Promise.all(payments)).filter((outcome) => outcome === 'done').length;
    expect(await shop.events()).toHaveLength(paid);
    expect(await shop.events('closed')).toHaveLength(10 - paid);
    expect(await shop.stock()).toEqual([20 - paid, 20 - paid]);
  });

  it('is cancelled by its buyer while the cycle is open, by the hub also later, by nobody else', async () => {
    const shop = await stall();
    const [buyer, stranger] = [shop.person(), shop.person()];
    const producer = shop.person([shop.producerIds[0] ?? '']);
    const place = () => shop.place([1, 0], { as: contextOf(buyer) });
    const [first, second, third] = [await place(), await place(), await place()];
    const cancel = ({ orderId }: { orderId: string }, as = buyer) =>
      process.ends.cancelOrder({ orderId }, contextOf(as));
    expect(await outcomeOf(cancel(first, stranger))).toBe('not-found');
    expect(await outcomeOf(cancel(first, producer))).toBe('forbidden');
    expect(await cancel(first)).toMatchObject({ state: 'cancelled', totals: { outstandingMinor: 0 } });
    expect(await cancel(first)).toMatchObject({ state: 'cancelled' });
    expect(await shop.stock()).toEqual([18, 20]);
    clock.at = new Date('2026-11-20T00:00:00.000Z');
    expect(await outcomeOf(cancel(second))).toBe('cycle-closed');
    expect(await outcomeOf(cancel(second, shop.hub))).toBe('done');
    await shop.pay(third.orderId, 1_000);
    expect(await outcomeOf(cancel(third, shop.hub))).toBe('invalid-state');
    expect(await shop.events('closed')).toHaveLength(2);
    expect(await shop.stock()).toEqual([19, 20]);
  });
});

describe('handing out', () => {
  it('is for paid orders, by the hub, and told once', async () => {
    const shop = await stall();
    const { orderId, totalMinor } = await shop.place([1, 1]);
    const fulfil = (as = shop.hub) => process.ends.fulfilOrder({ orderId }, contextOf(as));
    expect(await outcomeOf(fulfil())).toBe('invalid-state');
    await shop.pay(orderId, totalMinor);
    expect(await outcomeOf(fulfil(shop.person()))).toBe('forbidden');
    expect(await fulfil()).toMatchObject({ state: 'fulfilled', fulfilledAt: '2026-11-02T10:00:00.000Z' });
    await fulfil();
    expect(await shop.events('fulfilled')).toHaveLength(1);
    expect(await outcomeOf(shop.refund(orderId, { kind: 'whole' }))).toBe('done');
  });
});

describe('reading orders', () => {
  it('shows buyers, hubs and stewards all of an order, producers their lines, and others nothing', async () => {
    const shop = await stall();
    const buyer = shop.person();
    const { orderId } = await shop.place([1, 2], { as: contextOf(buyer) });
    const read = (as = buyer) => process.lists.getOrder({ orderId }, contextOf(as));
    expect(await read()).toMatchObject({ seenAs: 'buyer', totals: { totalMinor: 2_000 } });
    expect(await read(shop.hub)).toMatchObject({ seenAs: 'hub' });
    expect(await read({ ...shop.person(), roles: ['steward'] })).toMatchObject({ seenAs: 'steward' });
    const seen = await read(shop.person([shop.producerIds[1] ?? '']));
    expect(seen).toMatchObject({ seenAs: 'producer', totals: null, captures: [] });
    expect(seen.lines.map(({ lineNumber }) => lineNumber)).toEqual([2]);
    expect(await outcomeOf(read(shop.person()))).toBe('not-found');
    const elsewhere = await Shop.open(process, [{ priceMinor: 1 }]);
    expect(await outcomeOf(read({ ...elsewhere.person(), roles: ['operator'] }))).toBe('not-found');
  });

  it('pages through the orders of a buyer, a hub and a producer, newest first', async () => {
    const shop = await stall();
    const buyer = shop.person();
    const ids: string[] = [];
    for (let index = 0; index < 5; index++) {
      ids.unshift((await shop.place([1, index % 2], { as: contextOf(buyer) })).orderId);
    }
    await shop.place([1, 0]);
    const all = async (
      input: { as: 'buyer' | 'hub' | 'producer'; enterpriseId?: string },
      caller: ReturnType<Shop['person']>,
    ) => {
      const found = [];
      let cursor: string | undefined;
      do {
        const page = await process.lists.listOrders({ ...input, cursor, limit: 2 }, contextOf(caller));
        found.push(...page.items);
        cursor = page.nextCursor ?? undefined;
      } while (cursor);
      return found;
    };
    expect((await all({ as: 'buyer' }, buyer)).map(({ orderId }) => orderId)).toEqual(ids);
    expect(await all({ as: 'hub', enterpriseId: shop.hubId }, shop.hub)).toHaveLength(6);
    const producerId = shop.producerIds[1] ?? '';
    const own = await all({ as: 'producer', enterpriseId: producerId }, shop.person([producerId]));
    expect(own.map(({ orderId, goodsMinor }) => [orderId, goodsMinor])).toEqual([
      [ids[1], 500],
      [ids[3], 500],
    ]);
    expect(await outcomeOf(all({ as: 'hub', enterpriseId: shop.hubId }, buyer))).toBe('forbidden');
    expect(await outcomeOf(all({ as: 'hub' }, shop.hub))).toBe('invalid-input');
  });
});
