import type { TickOutcome, WantedTick } from '@foodshed/contracts';
import { newId } from '@foodshed/platform';
import { testDatabase, type TestDatabase } from '@foodshed/testing';
import { CheckoutProcess, contextOf, Shop, StoppedClock } from '../checkout/checkout.fixture.js';
import { migrations } from '../migrations/migrations.js';

let db: TestDatabase;
let process: CheckoutProcess;

beforeAll(async () => {
  db = await testDatabase('orders', migrations);
  process = new CheckoutProcess(db.database, new StoppedClock());
}, 90_000);
afterAll(() => db.close());

/** A shop whose second goods are the producer's, and what the producer's people do. */
async function stall() {
  const shop = await Shop.open(process, [
    { priceMinor: 1_000, stock: 20 },
    { priceMinor: 500, stock: 20, producer: 1 },
  ]);
  const producerId = shop.producerIds[1] ?? '';
  const packer = shop.person([producerId]);
  const list = (cycleId?: string) =>
    process.packing.listOrdersToPack({ producerId, cycleId, limit: 50 }, contextOf(packer));
  const tick = async (ticks: WantedTick[], as = packer, key?: string): Promise<TickOutcome[]> =>
    (await process.packing.recordPacking({ producerId, ticks }, contextOf(as, key))).outcomes;
  return { shop, producerId, list, tick };
}
const packed = (orderId: string, quantity: number, changes: Partial<WantedTick> = {}): WantedTick => ({
  orderId,
  lineNumber: 2,
  isPacked: true,
  quantity,
  version: 0,
  ...changes,
});

describe('what a producer has to pack', () => {
  it('is their own lines less what was refunded, with totals', async () => {
    const { shop, list } = await stall();
    const [first, second] = [await shop.place([1, 3]), await shop.place([0, 2])];
    await shop.place([2, 0]);
    await shop.pay(first.orderId, first.totalMinor);
    await shop.refund(first.orderId, { kind: 'lines', lines: [{ lineNumber: 2, quantity: 1 }] });
    const page = await list(shop.cycleId);
    expect(page.items.map(({ orderId, lines }) => [orderId, lines.length])).toEqual([
      [first.orderId, 1],
      [second.orderId, 1],
    ]);
    expect(page.totals.map(({ quantity }) => quantity)).toEqual([4]);
    expect((await list(newId())).items).toEqual([]);
  });

  it('shows what is packed, by whom and since when', async () => {
    const { shop, producerId, list, tick } = await stall();
    const { orderId } = await shop.place([1, 3]);
    const helper = shop.person([producerId]);
    expect(await tick([packed(orderId, 3)], helper)).toMatchObject([{ outcome: 'recorded' }]);
    const [order] = (await list()).items;
    expect(order?.lines[0]?.tick).toEqual({
      isPacked: true,
      quantity: 3,
      version: 1,
      changedBy: helper.personId,
      changedAt: '2026-11-02T10:00:00.000Z',
    });
  });
});

describe('ticks that were made without a connection', () => {
  it('are recorded once, however often they are sent', async () => {
    const { shop, tick, list } = await stall();
    const { orderId } = await shop.place([1, 3]);
    const packer = shop.person(shop.producerIds);
    const key = newId();
    const once = await tick([packed(orderId, 3)], packer, key);
    expect(await tick([packed(orderId, 3)], packer, key)).toEqual(once);
    expect(await tick([packed(orderId, 3)], packer)).toEqual(once);
    expect((await list()).items[0]?.lines[0]?.tick?.version).toBe(1);
  });

  it('of two people at once agree on what both want, and show what they do not', async () => {
    const { shop, tick } = await stall();
    const orders = await Promise.all(Array.from({ length: 5 }, () => shop.place([1, 3])));
    const ticks = orders.map(({ orderId }) => packed(orderId, 3));
    const [mine, theirs] = await Promise.all([tick(ticks), tick([...ticks].reverse())]);
    expect(mine.concat(theirs).filter(({ outcome }) => outcome !== 'recorded')).toEqual([]);
    const [{ orderId } = { orderId: '' }] = orders;
    await tick([packed(orderId, 3, { isPacked: false, version: 1 })]);
    expect(await tick([packed(orderId, 3)])).toMatchObject([
      { outcome: 'conflict', tick: { isPacked: false, version: 2 } },
    ]);
  });

  it('leave lines alone that were given back', async () => {
    const { shop, tick } = await stall();
    const order = await shop.place([1, 3]);
    await shop.pay(order.orderId, order.totalMinor);
    await shop.refund(order.orderId, { kind: 'lines', lines: [{ lineNumber: 2, quantity: 3 }] });
    expect(await tick([packed(order.orderId, 3)])).toMatchObject([{ outcome: 'gone' }]);
  });

  it('are refused all together when some lines are unknown or another producer’s, and name those', async () => {
    const { shop, tick } = await stall();
    const order = await shop.place([1, 3]);
    const [mine, elsewhere] = [packed(order.orderId, 3), packed(order.orderId, 1, { lineNumber: 1 })];
    await expect(tick([mine, elsewhere, packed(newId(), 1)])).rejects.toMatchObject({
      code: 'not-found',
      options: { fields: [{ path: 'ticks.1.orderId' }, { path: 'ticks.2.orderId' }] },
    });
    expect(await tick([mine])).toMatchObject([{ outcome: 'recorded', tick: { version: 1 } }]);
  });

  it('are for the producer’s managers only', async () => {
    const { shop, tick } = await stall();
    const { orderId } = await shop.place([1, 3]);
    await expect(tick([packed(orderId, 3)], shop.hub)).rejects.toMatchObject({ code: 'forbidden' });
  });
});
