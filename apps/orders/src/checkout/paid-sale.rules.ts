import type { BuyerRef, FirstSale, MoneyHolder, PaidSale, PaymentMethod } from '@foodshed/contracts';
import { netOfVat } from '@foodshed/money';
import { compare } from './pricing.rules.js';

/** What every event of an order's sale says of the order itself. */
export interface SoldOrder {
  readonly orderId: string;
  readonly currency: string;
  readonly timeZone: string;
  readonly hubId: string;
  readonly cycleId: string;
  readonly buyer: BuyerRef;
  readonly placedAt: Date;
}

/** One payment as it stands after a version of it; amounts are what remains, in minor units. */
export interface StandingCapture {
  readonly captureId: string;
  readonly version: number;
  readonly method: PaymentMethod;
  readonly holder: MoneyHolder;
  readonly paidAt: Date;
  readonly changedAt: Date;
  readonly hubFeeMinor: number;
  readonly surplusMinor: number;
  readonly goods: readonly StandingGoods[];
}

export interface StandingGoods {
  readonly producerId: string;
  readonly vatRateBps: number;
  readonly remainingMinor: number;
  readonly units: number;
  readonly firstSale: FirstSale;
}

/**
 * The event of one version of a capture: its full remaining amounts. Producers are in the order of their ids and
 * stay in it at zero after a refund; net is taken once per producer and VAT rate.
 */
export function paidSaleOf(order: SoldOrder, capture: StandingCapture): PaidSale {
  const producerIds = [...new Set(capture.goods.map(({ producerId }) => producerId))].sort(compare);
  const goodsMinor = capture.goods.reduce((sum, { remainingMinor }) => sum + remainingMinor, 0);
  return {
    orderId: order.orderId,
    version: capture.version,
    currency: order.currency,
    timeZone: order.timeZone,
    hubId: order.hubId,
    cycleId: order.cycleId,
    buyer: order.buyer,
    placedAt: order.placedAt.toISOString(),
    paidAt: capture.paidAt.toISOString(),
    changedAt: capture.changedAt.toISOString(),
    capture: {
      captureId: capture.captureId,
      method: capture.method,
      holder: capture.holder,
      amountMinor: goodsMinor + capture.hubFeeMinor,
      surplusMinor: capture.surplusMinor,
    },
    producers: producerIds.map((producerId) => {
      const goods = capture.goods.filter((part) => part.producerId === producerId);
      return {
        producerId,
        goods: [...goods]
          .sort((a, b) => a.vatRateBps - b.vatRateBps)
          .map(({ vatRateBps, remainingMinor, units }) => ({
            vatRateBps,
            grossMinor: remainingMinor,
            netMinor: netOfVat(remainingMinor, vatRateBps),
            units,
          })),
        firstSale: (goods[0] as StandingGoods).firstSale,
      };
    }),
    hubFeeMinor: capture.hubFeeMinor,
  };
}
