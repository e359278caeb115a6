import { DomainError, paidSale, type PaidSale } from '@foodshed/contracts';
import { newId } from '@foodshed/platform';
import { testDatabase, type TestDatabase } from '@foodshed/testing';
import { migrations } from '../migrations/migrations.js';
import { CheckoutProcess, contextOf, Shop, StoppedClock } from './checkout.fixture.js';

let db: TestDatabase;
let clock: StoppedClock;
let process: CheckoutProcess;

beforeAll(async () => {
  db = await testDatabase('orders', migrations);
}, 90_000);
beforeEach(() => {
  clock = new StoppedClock();
  process = new CheckoutProcess(db.database, clock);
});
afterAll(() => db.close());

const codeOf = (error: unknown): string => (error instanceof DomainError ? error.code : String(error));
const outcomeOf = (work: Promise<unknown>): Promise<string> => work.then(() => 'done', codeOf);

/** Three lines of two producers: 21.40 at 7 %, 10.00 at 0 %, 5.00 at 7 %, and 5 % hub fee: 38.22 together. */
function market(): Promise<Shop> {
  return Shop.open(
    process,
    [
      { priceMinor: 1_070, vatRateBps: 700, stock: 100 },
      { priceMinor: 1_000, producer: 1, stock: 100 },
      { priceMinor: 500, vatRateBps: 700, producer: 1, stock: 100 },
    ],
    { bps: 500 },
  );
}

/** What stands of an order after all its events: of each capture the event with the highest version. */
function standing(events: readonly PaidSale[]): PaidSale[] {
  const latest = new Map<string, PaidSale>();
  for (const event of events) {
    const known = latest.get(event.capture.captureId);
    if (!known || known.version < event.version) latest.set(event.capture.captureId, event);
  }
  return [...latest.values()];
}

const grossOf = ({ producers }: PaidSale): number =>
  producers.flatMap(({ goods }) => goods).reduce((sum, { grossMinor }) => sum + grossMinor, 0);

describe('a payment', () => {
  it('tells everything of the sale: goods by VAT rate with net, holder, first sales, hub fee', async () => {
    const shop = await market();
    const buyer = shop.person();
    const placed = await shop.place([2, 1, 1], { as: contextOf(buyer) });
    clock.at = new Date('2026-11-03T08:00:00.000Z');
    const order = await shop.pay(placed.orderId, placed.totalMinor);
    expect(order).toMatchObject({ state: 'placed', paymentState: 'paid', totals: { outstandingMinor: 0 } });
    const [event] = await shop.events();
    const firstSale = {
      sequence: 1,
      orderId: placed.orderId,
      hubId: shop.hubId,
      placedAt: placed.placedAt,
      paidAt: '2026-11-03T08:00:00.000Z',
    };
    expect(paidSale.parse(event)).toMatchObject({
      version: 1,
      buyer: { kind: 'person', id: buyer.personId },
      changedAt: '2026-11-03T08:00:00.000Z',
      capture: {
        method: 'bank-transfer',
        holder: { kind: 'instance-bank', instanceId: shop.instanceId },
        amountMinor: 3_822,
        surplusMinor: 0,
      },
      hubFeeMinor: 182,
      producers: [
        {
          producerId: shop.producerIds[0],
          goods: [{ vatRateBps: 700, grossMinor: 2_140, netMinor: 2_000, units: 2 }],
          firstSale,
        },
        {
          producerId: shop.producerIds[1],
          goods: [
            { vatRateBps: 0, grossMinor: 1_000, netMinor: 1_000, units: 1 },
            { vatRateBps: 700, grossMinor: 500, netMinor: 467, units: 1 },
          ],
          firstSale,
        },
      ],
    });
  });

  it('in parts, in cash and too much, has a state for each, and covers the order exactly', async () => {
    const shop = await market();
    const { orderId } = await shop.place([2, 1, 1]);
    expect(await shop.pay(orderId, 1_001, 'cash')).toMatchObject({
      paymentState: 'underpaid',
      totals: { outstandingMinor: 2_821 },
      captures: [{ holder: { kind: 'hub-till', hubId: shop.hubId } }],
    });
    expect(await shop.pay(orderId, 3_000)).toMatchObject({
      paymentState: 'overpaid',
      totals: { outstandingMinor: 0, surplusMinor: 179, paidMinor: 3_822 },
    });
    const events = await shop.events();
    expect(events.map(({ capture }) => capture.amountMinor)).toEqual([1_001, 2_821]);
    for (const event of events) expect(grossOf(event) + event.hubFeeMinor).toBe(event.capture.amountMinor);
    expect(events[1]?.capture.surplusMinor).toBe(179);
    expect(await shop.refund(orderId, { kind: 'surplus' })).toMatchObject({ paymentState: 'paid' });
  });

  it('is recorded once per key, and by the hub only', async () => {
    const shop = await market();
    const { orderId } = await shop.place([1, 0, 0]);
    const key = newId();
    const record = (caller = shop.hub, amountMinor = 500) =>
      process.payments.recordPayment({ orderId, method: 'cash', amountMinor }, contextOf(caller, key));
    const answers = await Promise.all(Array.from({ length: 8 }, () => record()));
    expect(new Set(answers.map(({ captures }) => captures[0]?.captureId)).size).toBe(1);
    expect(await shop.events()).toHaveLength(1);
    expect(await outcomeOf(record(shop.hub, 501))).toBe('idempotency-key-reused');
    expect(await outcomeOf(record(shop.person()))).toBe('forbidden');
    expect(await outcomeOf(record(shop.person([shop.producerIds[0] ?? ''])))).toBe('forbidden');
  });

  it('of two orders of one buyer at once makes one of them the first sale of each producer', async () => {
    const shop = await market();
    const buyer = shop.person();
    for (let round = 0; round < 5; round++) {
      const other = round % 2 === 0 ? buyer : shop.person();
      const orders = await Promise.all(
        [0, 1, 2, 3].map(() => shop.place([1, 1, 0], { as: contextOf(other) })),
      );
      await Promise.all(orders.map(({ orderId, totalMinor }) => shop.pay(orderId, totalMinor)));
      const paid = (await shop.events()).filter(({ buyer: { id } }) => id === other.personId);
      for (const producerId of shop.producerIds.slice(0, 2)) {
        const firsts = paid.flatMap(({ producers }) =>
          producers.filter((sale) => sale.producerId === producerId).map(({ firstSale }) => firstSale),
        );
        expect(new Set(firsts.map(({ orderId }) => orderId)).size).toBe(1);
        expect(new Set(firsts.map(({ sequence }) => sequence))).toEqual(new Set([1]));
      }
    }
  });
});

describe('a refund', () => {
  it('of a line and then of the rest ends at zero, with a version for each', async () => {
    const shop = await market();
    const { orderId, totalMinor } = await shop.place([2, 1, 1]);
    await shop.pay(orderId, totalMinor);
    const line = await shop.refund(orderId, { kind: 'lines', lines: [{ lineNumber: 1, quantity: 1 }] }, true);
    expect(line).toMatchObject({ state: 'placed', paymentState: 'partly-refunded' });
    expect(line.totals?.refundedMinor).toBe(1_124);
    expect(await shop.stock()).toEqual([99, 99, 99]);
    const rest = await shop.refund(orderId, { kind: 'whole' }, true);
    expect(rest).toMatchObject({
      state: 'refunded',
      paymentState: 'refunded',
      totals: { outstandingMinor: 0 },
    });
    expect(await shop.stock()).toEqual([100, 100, 100]);
    const events = await shop.events();
    expect(events.map(({ version, capture }) => [version, capture.amountMinor])).toEqual([
      [1, 3_822],
      [2, 2_698],
      [3, 0],
    ]);
    expect(events[1]?.producers[0]?.goods).toEqual([
      { vatRateBps: 700, grossMinor: 1_070, netMinor: 1_000, units: 1 },
    ]);
    expect(events[2]?.producers.map(({ goods }) => goods.map(({ units }) => units))).toEqual([[0], [0, 0]]);
    expect(await shop.events('closed')).toMatchObject([{ orderId, reason: 'refunded' }]);
    expect(await outcomeOf(shop.refund(orderId, { kind: 'whole' }))).toBe('invalid-state');
  });

  it('never gives back more than was paid, however many ask at once', async () => {
    const shop = await market();
    const { orderId, totalMinor } = await shop.place([10, 0, 0]);
    await shop.pay(orderId, totalMinor);
    const outcomes = await Promise.all(
      Array.from({ length: 14 }, () =>
        outcomeOf(shop.refund(orderId, { kind: 'lines', lines: [{ lineNumber: 1, quantity: 1 }] }, true)),
      ),
    );
    expect(outcomes.filter((outcome) => outcome === 'done')).toHaveLength(10);
    expect(await shop.stock()).toEqual([100, 100, 100]);
    const events = await shop.events();
    expect(events.map(({ version }) => version).sort((a, b) => a - b)).toEqual(
      Array.from({ length: 11 }, (_, index) => index + 1),
    );
    expect(standing(events).map(({ capture }) => capture.amountMinor)).toEqual([0]);
  });

  it('is decided by the hub, once per key', async () => {
    const shop = await market();
    const buyer = shop.person();
    const { orderId, totalMinor } = await shop.place([2, 0, 0], { as: contextOf(buyer) });
    await shop.pay(orderId, totalMinor);
    const input = {
      orderId,
      refund: { kind: 'lines' as const, lines: [{ lineNumber: 1, amountMinor: 100 }] },
      returnToStock: false,
    };
    const key = newId();
    await process.refunds.refundOrder(input, contextOf(shop.hub, key));
    const again = await process.refunds.refundOrder(input, contextOf(shop.hub, key));
    expect(again.totals?.refundedMinor).toBe(100);
    expect(await outcomeOf(process.refunds.refundOrder(input, contextOf(buyer)))).toBe('forbidden');
  });

  it('of a first sale makes the buyer new again: the next paid sale is the second first one', async () => {
    const shop = await market();
    const buyer = shop.person();
    const order = async (quantities: number[]) => {
      const placed = await shop.place(quantities, { as: contextOf(buyer) });
      await shop.pay(placed.orderId, placed.totalMinor);
      return placed.orderId;
    };
    const firstOf = async (orderId: string) =>
      (await shop.events())
        .filter((event) => event.orderId === orderId && event.version === 1)
        .flatMap(({ producers }) =>
          producers.map(({ firstSale }) => [firstSale.sequence, firstSale.orderId]),
        );
    const first = await order([1, 1, 0]);
    await shop.refund(first, { kind: 'lines', lines: [{ lineNumber: 1, quantity: 1 }] });
    const second = await order([1, 1, 0]);
    expect(await firstOf(second)).toEqual([
      [2, second],
      [1, first],
    ]);
    await shop.refund(first, { kind: 'whole' });
    const third = await order([1, 1, 0]);
    expect(await firstOf(third)).toEqual([
      [2, second],
      [2, second],
    ]);
    await shop.refund(second, { kind: 'whole' });
    await shop.refund(third, { kind: 'whole' });
    const fourth = await order([1, 0, 0]);
    expect(await firstOf(fourth)).toEqual([[4, fourth]]);
  });
});

describe('the standing of every order', () => {
  it('is what `list-sales-totals` says, page by page, and what the newest events say', async () => {
    const shop = await market();
    for (const quantity of [1, 2, 3]) {
      const { orderId, totalMinor } = await shop.place([quantity, 1, 0]);
      await shop.pay(orderId, totalMinor - 300);
      await shop.pay(orderId, 500);
      await shop.refund(orderId, { kind: 'lines', lines: [{ lineNumber: 1, quantity: 1 }] });
    }
    const operator = { ...shop.person(), roles: ['operator' as const] };
    const totals = [];
    let cursor: string | undefined;
    do {
      const page = await process.lists.listSalesTotals({ cursor, limit: 4 }, contextOf(operator));
      totals.push(...page.items);
      cursor = page.nextCursor ?? undefined;
    } while (cursor);
    const byCapture = new Map(totals.map((total) => [total.captureId, total]));
    const newest = standing(await shop.events());
    expect(byCapture.size).toBe(6);
    for (const event of newest) {
      expect(byCapture.get(event.capture.captureId)).toMatchObject({
        instanceId: shop.instanceId,
        version: event.version,
        amountMinor: event.capture.amountMinor,
        surplusMinor: event.capture.surplusMinor,
        hubFeeMinor: event.hubFeeMinor,
      });
    }
  });
});
