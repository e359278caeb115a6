import fc from 'fast-check';
import { groupGoods, priceOrder, unitPriceMinor, vatTotals, type Offer } from './pricing.rules.js';

const offerOf = (priceMinor: number, more: Partial<Offer> = {}): Offer => ({
  variantId: 'v',
  producerId: 'p',
  productName: 'Carrots',
  unitLabel: '1 kg',
  priceMinor,
  vatRateBps: 0,
  priceIncludesVat: true,
  ...more,
});

const anOffer = fc.record({
  priceMinor: fc.nat(100_000_000),
  vatRateBps: fc.constantFrom(0, 700, 900, 1_900),
  priceIncludesVat: fc.boolean(),
  producerId: fc.constantFrom('a', 'b', 'c'),
});
const anOrder = fc.record({
  lines: fc.array(fc.record({ offer: anOffer, quantity: fc.integer({ min: 1, max: 10_000 }) }), {
    minLength: 1,
    maxLength: 20,
  }),
  hubFeeBps: fc.nat(5_000),
  hubFeeFlatMinor: fc.nat(100_000),
});

describe('the price of a sale unit', () => {
  it.each([
    [{ priceMinor: 2_499, vatRateBps: 900, priceIncludesVat: true }, 2_499],
    [{ priceMinor: 101, vatRateBps: 700, priceIncludesVat: false }, 108],
    [{ priceMinor: 50, vatRateBps: 100, priceIncludesVat: false }, 51],
    [{ priceMinor: 0, vatRateBps: 1_900, priceIncludesVat: false }, 0],
  ])('%j is %i', (basis, expected) => {
    expect(unitPriceMinor(basis)).toBe(expected);
  });
});

describe('an order', () => {
  it('of 12.90, 7.35 and 24.99 with a hub fee of 5 % spreads 2.26 as 0.64, 0.37 and 1.25', () => {
    const wanted = [1_290, 735, 2_499].map((price) => ({ offer: offerOf(price), quantity: 1 }));
    const priced = priceOrder(wanted, { hubFeeBps: 500, hubFeeFlatMinor: 0 });
    expect(priced.lines.map(({ hubFeeMinor }) => hubFeeMinor)).toEqual([64, 37, 125]);
    expect(priced).toMatchObject({ goodsMinor: 4_524, hubFeeMinor: 226, totalMinor: 4_750 });
  });

  it('of gifts spreads a flat fee by quantity', () => {
    const wanted = [1, 3].map((quantity) => ({ offer: offerOf(0), quantity }));
    const { lines, totalMinor } = priceOrder(wanted, { hubFeeBps: 500, hubFeeFlatMinor: 100 });
    expect(lines.map(({ hubFeeMinor }) => hubFeeMinor)).toEqual([25, 75]);
    expect(totalMinor).toBe(100);
  });

  it('adds up: lines to goods, fees to the hub fee, both to the total, VAT rates to the goods', () => {
    fc.assert(
      fc.property(anOrder, ({ lines: wanted, ...fee }) => {
        const priced = priceOrder(
          wanted.map(({ offer, quantity }) => ({ offer: offerOf(offer.priceMinor, offer), quantity })),
          fee,
        );
        const sum = (pick: (line: (typeof priced.lines)[number]) => number) =>
          priced.lines.reduce((total, line) => total + pick(line), 0);
        expect(sum(({ grossMinor }) => grossMinor)).toBe(priced.goodsMinor);
        expect(sum(({ hubFeeMinor }) => hubFeeMinor)).toBe(priced.hubFeeMinor);
        expect(priced.totalMinor).toBe(priced.goodsMinor + priced.hubFeeMinor);
        expect(priced.totalMinor).toBeLessThanOrEqual(Number.MAX_SAFE_INTEGER);
        for (const line of priced.lines) expect(line.grossMinor).toBe(line.unitPriceMinor * line.quantity);
        const vat = vatTotals(priced.lines);
        expect(vat.reduce((total, { netMinor, vatMinor }) => total + netMinor + vatMinor, 0)).toBe(
          priced.goodsMinor,
        );
        const groups = groupGoods(priced.lines);
        expect(groups.reduce((total, { grossMinor }) => total + grossMinor, 0)).toBe(priced.goodsMinor);
      }),
    );
  });

  it('takes net once per producer and VAT rate: two lines of 0.05 at 9 % are 0.09 net, not 0.10', () => {
    const wanted = [5, 5].map((price) => ({ offer: offerOf(price, { vatRateBps: 900 }), quantity: 1 }));
    const { lines } = priceOrder(wanted, { hubFeeBps: 0, hubFeeFlatMinor: 0 });
    expect(vatTotals(lines)).toEqual([{ vatRateBps: 900, grossMinor: 10, netMinor: 9, vatMinor: 1 }]);
  });
});
