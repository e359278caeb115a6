import { allocate } from '@foodshed/money';
import type { VatGroup } from './pricing.rules.js';

/** Goods of one producer at one VAT rate, as far as something covers them: minor units and sale units. */
export interface CoveredGoods {
  readonly producerId: string;
  readonly vatRateBps: number;
  readonly amountMinor: number;
  readonly units: number;
}

/** What an order consists of, and what earlier captures cover of it before any refund. */
export interface ToCover {
  readonly goods: readonly VatGroup[];
  readonly hubFeeMinor: number;
  /** Parts for goods that are not in the list count as nothing. */
  readonly covered: readonly CoveredGoods[];
  readonly coveredFeeMinor: number;
}

export interface Cover {
  /** In the order of the goods; parts of zero are left out. */
  readonly goods: readonly CoveredGoods[];
  readonly hubFeeMinor: number;
  /** Goods and hub fee together. */
  readonly amountMinor: number;
  /** Paid beyond what was outstanding. */
  readonly surplusMinor: number;
}

/**
 * Spreads a payment over what is outstanding: goods by producer and VAT rate, and the hub fee, in proportion. No
 * part exceeds what is outstanding of it, and after the last payment every part is covered exactly. Units are
 * counted as paid in whole ones, rounded down until all are paid.
 */
export function coverWith(paymentMinor: number, order: ToCover): Cover {
  const sold = order.goods.filter(({ grossMinor }) => grossMinor > 0);
  const before = sold.map((goods) => coveredOf(order.covered, goods));
  const outstanding = sold.map((goods, index) => goods.grossMinor - (before[index]?.amountMinor ?? 0));
  const weights = [...outstanding, order.hubFeeMinor - order.coveredFeeMinor];
  const outstandingMinor = weights.reduce((sum, part) => sum + part, 0);
  const amountMinor = Math.min(paymentMinor, outstandingMinor);
  const parts = allocate(amountMinor, weights);
  const goods = sold.map((group, index) => {
    const earlier = before[index] ?? { amountMinor: 0, units: 0 };
    const part = parts[index] ?? 0;
    const units = Math.floor((group.units * (earlier.amountMinor + part)) / group.grossMinor);
    return {
      producerId: group.producerId,
      vatRateBps: group.vatRateBps,
      amountMinor: part,
      units: units - earlier.units,
    };
  });
  return {
    goods: goods.filter((part) => part.amountMinor > 0),
    hubFeeMinor: parts.at(-1) ?? 0,
    amountMinor,
    surplusMinor: paymentMinor - amountMinor,
  };
}

function coveredOf(
  covered: readonly CoveredGoods[],
  { producerId, vatRateBps }: VatGroup,
): { amountMinor: number; units: number } {
  const same = covered.filter((part) => part.producerId === producerId && part.vatRateBps === vatRateBps);
  return {
    amountMinor: same.reduce((sum, part) => sum + part.amountMinor, 0),
    units: same.reduce((sum, part) => sum + part.units, 0),
  };
}
