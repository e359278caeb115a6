import { orderLines } from './order-lines.js';

describe('what is ordered', () => {
  const basket = [
    { variantId: 'bread', quantity: 2 },
    { variantId: 'milk', quantity: 1 },
  ];
  const quoted = [
    { variantId: 'bread', quantity: 2, unitPriceMinor: 450, grossMinor: 900 },
    { variantId: 'milk', quantity: 1, unitPriceMinor: 120, grossMinor: 120 },
  ];

  it('is the basket at the quoted prices', () => {
    expect(orderLines(basket, quoted)).toEqual([
      { variantId: 'bread', quantity: 2, unitPriceMinor: 450 },
      { variantId: 'milk', quantity: 1, unitPriceMinor: 120 },
    ]);
  });

  it.each([
    ['a quantity', [{ variantId: 'bread', quantity: 3 }, basket[1]!]],
    ['a line more', [...basket, { variantId: 'eggs', quantity: 1 }]],
    ['a line less', [basket[0]!]],
    ['another line', [basket[0]!, { variantId: 'eggs', quantity: 1 }]],
  ])('is nothing while the quote is of a basket that differs by %s', (_by, changed) => {
    expect(orderLines(changed, quoted)).toBeNull();
  });
});
