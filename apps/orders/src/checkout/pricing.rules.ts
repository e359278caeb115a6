import type { PricedLine, Quote } from '@foodshed/contracts';
import { allocate, atRate, netOfVat, vatOn } from '@foodshed/money';

/** A variant's price as its producer or the cycle set it, in minor units per sale unit. */
export interface PriceBasis {
  readonly priceMinor: number;
  readonly vatRateBps: number;
  readonly priceIncludesVat: boolean;
}

/** A variant as one order cycle sells it. */
export interface Offer extends PriceBasis {
  readonly variantId: string;
  readonly producerId: string;
  readonly productName: string;
  readonly unitLabel: string;
}

/** What a hub adds to the goods, paid by the buyer: a part of the goods' price and an amount per order. */
export interface HubFee {
  readonly hubFeeBps: number;
  readonly hubFeeFlatMinor: number;
}

export interface PricedOrder {
  readonly lines: readonly PricedLine[];
  readonly goodsMinor: number;
  readonly hubFeeMinor: number;
  readonly totalMinor: number;
}

/** What a buyer pays for one sale unit, in minor units, VAT included: it is added and rounded per unit. */
export function unitPriceMinor({ priceMinor, vatRateBps, priceIncludesVat }: PriceBasis): number {
  return priceIncludesVat ? priceMinor : priceMinor + vatOn(priceMinor, vatRateBps);
}

/** The hub fee on goods of this price in minor units: the part is rounded once, half away from zero. */
export function hubFeeOn(goodsMinor: number, fee: HubFee): number {
  return atRate(goodsMinor, fee.hubFeeBps) + fee.hubFeeFlatMinor;
}

/**
 * Prices the lines in their order. A line is unit price × quantity; the hub fee is taken once on the goods and
 * spread over the lines for display, by their price (by quantity where everything is free). In minor units.
 */
export function priceOrder(wanted: readonly { offer: Offer; quantity: number }[], fee: HubFee): PricedOrder {
  const gross = wanted.map(({ offer, quantity }) => unitPriceMinor(offer) * quantity);
  const goodsMinor = gross.reduce((sum, part) => sum + part, 0);
  const hubFeeMinor = hubFeeOn(goodsMinor, fee);
  const fees = allocate(hubFeeMinor, goodsMinor > 0 ? gross : wanted.map(({ quantity }) => quantity));
  const lines = wanted.map(({ offer, quantity }, index) => ({
    variantId: offer.variantId,
    producerId: offer.producerId,
    productName: offer.productName,
    unitLabel: offer.unitLabel,
    quantity,
    unitPriceMinor: unitPriceMinor(offer),
    vatRateBps: offer.vatRateBps,
    grossMinor: gross[index] ?? 0,
    hubFeeMinor: fees[index] ?? 0,
  }));
  return { lines, goodsMinor, hubFeeMinor, totalMinor: goodsMinor + hubFeeMinor };
}

export interface VatGroup {
  readonly producerId: string;
  readonly vatRateBps: number;
  readonly grossMinor: number;
  readonly units: number;
}

/** Goods by producer and VAT rate, in that order; gross in minor units, units in sale units. */
export function groupGoods(
  lines: readonly { producerId: string; vatRateBps: number; grossMinor: number; quantity: number }[],
): VatGroup[] {
  const groups = new Map<string, VatGroup>();
  for (const { producerId, vatRateBps, grossMinor, quantity } of lines) {
    const key = `${producerId} ${vatRateBps}`;
    const known = groups.get(key);
    groups.set(key, {
      producerId,
      vatRateBps,
      grossMinor: (known?.grossMinor ?? 0) + grossMinor,
      units: (known?.units ?? 0) + quantity,
    });
  }
  return [...groups.values()].sort(
    (a, b) => compare(a.producerId, b.producerId) || a.vatRateBps - b.vatRateBps,
  );
}

/** VAT by rate, lowest rate first: net is taken once per producer and rate, then added up. */
export function vatTotals(lines: readonly PricedLine[]): Quote['vat'] {
  const totals = new Map<number, { grossMinor: number; netMinor: number }>();
  for (const { vatRateBps, grossMinor } of groupGoods(lines)) {
    const total = totals.get(vatRateBps) ?? { grossMinor: 0, netMinor: 0 };
    totals.set(vatRateBps, {
      grossMinor: total.grossMinor + grossMinor,
      netMinor: total.netMinor + netOfVat(grossMinor, vatRateBps),
    });
  }
  return [...totals]
    .sort(([a], [b]) => a - b)
    .map(([vatRateBps, total]) => ({ vatRateBps, ...total, vatMinor: total.grossMinor - total.netMinor }));
}

/** The order of ids in Postgres: plain, by their characters. */
export function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
