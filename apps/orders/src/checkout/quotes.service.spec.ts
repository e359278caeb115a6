import { type DomainError, paidSale } from '@foodshed/contracts';
import { newId, rowsOf } from '@foodshed/platform';
import { testDatabase, type TestDatabase } from '@foodshed/testing';
import { migrations } from '../migrations/migrations.js';
import { CheckoutProcess, contextOf, Shop, StoppedClock } from './checkout.fixture.js';

let db: TestDatabase;
let process: CheckoutProcess;
const clock = new StoppedClock();

beforeAll(async () => {
  db = await testDatabase('orders', migrations);
  process = new CheckoutProcess(db.database, clock);
}, 90_000);
afterAll(() => db.close());

const market = () =>
  Shop.open(
    process,
    [
      { priceMinor: 1_070, vatRateBps: 700, stock: 3 },
      { priceMinor: 1_000, producer: 1 },
    ],
    { bps: 500, flatMinor: 20 },
  );
const quoteOf = (shop: Shop, quantities: readonly number[], caller: Parameters<typeof contextOf>[0]) =>
  process.quotes.quoteOrder(
    {
      cycleId: shop.cycleId,
      paymentMethod: 'bank-transfer',
      lines: quantities.map((quantity, index) => ({ variantId: shop.variantIds[index] ?? '', quantity })),
    },
    contextOf(caller),
  );

describe('a quote', () => {
  it('is what the order then costs and what its payment then tells', async () => {
    const shop = await market();
    const buyer = shop.person();
    const { quote, preview } = await quoteOf(shop, [2, 1], buyer);
    expect(quote).toMatchObject({
      goodsMinor: 3_140,
      hubFeeMinor: 177,
      totalMinor: 3_317,
      orderable: true,
      vat: [
        { vatRateBps: 0, grossMinor: 1_000, netMinor: 1_000, vatMinor: 0 },
        { vatRateBps: 700, grossMinor: 2_140, netMinor: 2_000, vatMinor: 140 },
      ],
    });
    expect(quote.lines.map(({ availableQuantity }) => availableQuantity)).toEqual([3, null]);
    const placed = await shop.place([2, 1], { as: contextOf(buyer) });
    expect(placed.totalMinor).toBe(quote.totalMinor);
    await shop.pay(placed.orderId, placed.totalMinor);
    const [event] = await shop.events();
    const amounts = ({ capture, producers, hubFeeMinor }: NonNullable<typeof preview>) => ({
      amountMinor: capture.amountMinor,
      hubFeeMinor,
      producers: producers.map(({ producerId, goods, firstSale: { sequence, hubId } }) => ({
        producerId,
        goods,
        sequence,
        hubId,
      })),
    });
    expect(amounts(paidSale.parse(preview))).toEqual(amounts(paidSale.parse(event)));
  });

  it('foresees the first sale of each producer: the standing one, or the next', async () => {
    const shop = await market();
    const buyer = shop.person();
    const placed = await shop.place([1, 1], { as: contextOf(buyer) });
    await shop.pay(placed.orderId, placed.totalMinor);
    await shop.refund(placed.orderId, { kind: 'lines', lines: [{ lineNumber: 1, quantity: 1 }] });
    const { preview } = await quoteOf(shop, [1, 1], buyer);
    const firsts = preview?.producers.map(({ firstSale }) => [firstSale.sequence, firstSale.orderId]);
    expect(firsts).toEqual([
      [2, preview?.orderId],
      [1, placed.orderId],
    ]);
  });

  it('has prices but no sale for somebody unknown', async () => {
    const shop = await market();
    const { instance } = shop.hub;
    const { quote, preview } = await quoteOf(shop, [4, 1], { kind: 'anonymous', instance });
    expect(preview).toBeNull();
    expect(quote.orderable).toBe(false);
  });

  it('names the line that the cycle does not sell', async () => {
    const shop = await market();
    const lines = [{ variantId: newId(), quantity: 1 }];
    const error = await process.quotes
      .quoteOrder({ cycleId: shop.cycleId, paymentMethod: 'bank-transfer', lines }, contextOf(shop.person()))
      .catch((refusal: unknown) => refusal as DomainError);
    expect((error as DomainError).options.fields?.map(({ path }) => path)).toEqual(['lines.0.variantId']);
  });
});

describe('the wall between instances', () => {
  it('hides the orders, payments and first sales of one from the other', async () => {
    const [shop, other] = [await market(), await market()];
    const placed = await shop.place([1, 1]);
    await shop.pay(placed.orderId, placed.totalMinor);
    await shop.refund(placed.orderId, { kind: 'whole' });
    for (const table of ['orders', 'order_lines', 'captures', 'capture_goods', 'first_sales', 'refunds']) {
      const count = (instanceId: string) =>
        db.database.transaction(instanceId, async (tx) => {
          const [row] = await rowsOf<{ count: number }>(tx, `select count(*) as count from ${table}`);
          return row?.count;
        });
      expect(await count(shop.instanceId)).toBeGreaterThan(0);
      expect(await count(other.instanceId)).toBe(0);
      expect(await db.database.query(`select 1 from ${table}`)).toEqual([]);
    }
    const steal = db.database.transaction(other.instanceId, (tx) =>
      rowsOf(tx, 'update orders set instance_id = $1 where id = $2', [shop.instanceId, placed.orderId]),
    );
    await expect(steal).resolves.toEqual([]);
    await other.place([1, 1]);
    const move = db.database.transaction(other.instanceId, (tx) =>
      rowsOf(tx, 'update orders set instance_id = $1', [shop.instanceId]),
    );
    await expect(move).rejects.toThrow(/row-level security/);
  });
});
