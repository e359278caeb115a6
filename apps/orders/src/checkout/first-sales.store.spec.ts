import { newId, rowsOf } from '@foodshed/platform';
import { testDatabase, type TestDatabase } from '@foodshed/testing';
import { migrations } from '../migrations/migrations.js';
import { CheckoutProcess, contextOf, Shop, StoppedClock } from './checkout.fixture.js';

let db: TestDatabase;
let process: CheckoutProcess;

beforeAll(async () => {
  db = await testDatabase('orders', migrations);
}, 90_000);
beforeEach(() => {
  process = new CheckoutProcess(db.database, new StoppedClock());
});
afterAll(() => db.close());

const open = (): Promise<Shop> => Shop.open(process, [{ priceMinor: 1_000 }]);

async function paidBy(shop: Shop, buyer: ReturnType<Shop['person']>): Promise<string> {
  const { orderId, totalMinor } = await shop.place([1], { as: contextOf(buyer) });
  await shop.pay(orderId, totalMinor);
  return orderId;
}

describe('the first sale of a producer to a buyer', () => {
  it('names the hubs that offered the goods then, in the quote as in the event', async () => {
    const shop = await open();
    const [offering, later, ended, ending] = Array.from({ length: 4 }, () => newId()).sort();
    await db.database.transaction(shop.instanceId, (tx) =>
      rowsOf(
        tx,
        `insert into hub_producers (instance_id, producer_id, hub_id, offered_at, ended_at)
         values ($1, $2, $3, '2026-10-01', null), ($1, $2, $4, '2027-10-01', null),
           ($1, $2, $5, '2026-10-01', '2026-10-15'), ($1, $2, $6, '2026-10-01', '2027-10-15')`,
        [shop.instanceId, shop.producerIds[0], offering, later, ended, ending],
      ),
    );
    const buyer = shop.person();
    const lines = [{ variantId: shop.variantIds[0] ?? '', quantity: 1 }];
    const { preview } = await process.quotes.quoteOrder(
      { cycleId: shop.cycleId, paymentMethod: 'bank-transfer', lines },
      contextOf(buyer),
    );
    await paidBy(shop, buyer);
    const [event] = await shop.events();
    for (const sale of [preview, event]) {
      expect(sale?.producers.map(({ firstSale }) => firstSale.sellingHubIds)).toEqual([[offering, ending]]);
    }
  });

  it('is none after all orders of the buyer are given back, also at the same moment', async () => {
    const shop = await open();
    for (let round = 0; round < 5; round++) {
      const buyer = shop.person();
      const orders = [await paidBy(shop, buyer), await paidBy(shop, buyer)];
      await Promise.all(orders.map((orderId) => shop.refund(orderId, { kind: 'whole' })));
      const next = await paidBy(shop, buyer);
      const events = await shop.events();
      const firsts = events.filter(({ orderId }) => orderId === next).flatMap(({ producers }) => producers);
      expect(firsts.map(({ firstSale }) => firstSale.orderId)).toEqual([next]);
    }
  });
});
