import { z } from 'zod';
import {
  amountMinor,
  buyerRef,
  currencyCode,
  id,
  instant,
  moneyHolder,
  paymentMethod,
  rateBps,
} from './primitives.js';

/** The most lines one order may have, and the most sale units one line may have. */
export const orderLimits = { lines: 200, quantity: 10_000, refundLines: 200, payments: 100 } as const;

export const orderState = z.enum(['placed', 'fulfilled', 'cancelled', 'expired', 'refunded']);
export type OrderState = z.output<typeof orderState>;

export const paymentState = z.enum([
  'unpaid',
  'underpaid',
  'paid',
  'overpaid',
  'partly-refunded',
  'refunded',
]);
export type PaymentState = z.output<typeof paymentState>;

/** How a buyer means to pay; who really holds the money is said by each capture. */
export const intendedPayment = z.enum(['bank-transfer', 'cash']);
export type IntendedPayment = z.output<typeof intendedPayment>;

export const orderQuantity = z.int().min(1).max(orderLimits.quantity);

/** Goods by VAT rate over the whole order; net is taken once per producer and rate, then added up. */
export const vatTotal = z.object({
  vatRateBps: rateBps,
  grossMinor: amountMinor,
  netMinor: amountMinor,
  vatMinor: amountMinor,
});

/** A priced line. Amounts include VAT; `hubFeeMinor` is this line's part of the hub fee, for display. */
export const pricedLine = z.object({
  variantId: id,
  producerId: id,
  productName: z.string(),
  unitLabel: z.string(),
  quantity: orderQuantity,
  unitPriceMinor: amountMinor,
  vatRateBps: rateBps,
  grossMinor: amountMinor,
  hubFeeMinor: amountMinor,
});
export type PricedLine = z.output<typeof pricedLine>;

export const quote = z.object({
  cycleId: id,
  hubId: id,
  currency: currencyCode,
  /** `availableQuantity` is null for goods made on demand. */
  lines: z.array(pricedLine.extend({ availableQuantity: z.int().min(0).nullable() })),
  goodsMinor: amountMinor,
  hubFeeMinor: amountMinor,
  totalMinor: amountMinor,
  vat: z.array(vatTotal),
  /** Whether an order with these lines would be taken now. */
  orderable: z.boolean(),
});
export type Quote = z.output<typeof quote>;

/** The answer to placing: what was promised, the same for every repetition of the request. */
export const placedOrder = z.object({
  orderId: id,
  /** A short name for people and bank transfers, derived from the id. */
  reference: z.string(),
  hubId: id,
  cycleId: id,
  currency: currencyCode,
  goodsMinor: amountMinor,
  hubFeeMinor: amountMinor,
  totalMinor: amountMinor,
  placedAt: instant,
  /** When the order expires unless it is paid. */
  expiresAt: instant,
});
export type PlacedOrder = z.output<typeof placedOrder>;

export const orderLine = pricedLine.extend({
  lineNumber: z.int().min(1),
  refundedQuantity: z.int().min(0),
  /** Goods refunded on this line. */
  refundedMinor: amountMinor,
  /** Hub fee refunded with this line. */
  refundedHubFeeMinor: amountMinor,
});
export type OrderLine = z.output<typeof orderLine>;

/** One payment towards the order; `remainingMinor` is what of it stands for goods and hub fee after refunds. */
export const orderCapture = z.object({
  captureId: id,
  version: z.int().min(1),
  method: paymentMethod,
  holder: moneyHolder,
  amountMinor,
  remainingMinor: amountMinor,
  /** Paid beyond the order's total and not given back yet. */
  surplusMinor: amountMinor,
  paidAt: instant,
});
export type OrderCapture = z.output<typeof orderCapture>;

export const orderSummary = z.object({
  orderId: id,
  reference: z.string(),
  hubId: id,
  cycleId: id,
  buyer: buyerRef,
  currency: currencyCode,
  state: orderState,
  paymentState,
  paymentMethod: intendedPayment,
  goodsMinor: amountMinor,
  hubFeeMinor: amountMinor,
  totalMinor: amountMinor,
  /** Captured for the order before refunds, without surplus. */
  paidMinor: amountMinor,
  refundedMinor: amountMinor,
  surplusMinor: amountMinor,
  /** What the buyer still has to pay. */
  outstandingMinor: amountMinor,
  placedAt: instant,
  expiresAt: instant,
  closedAt: instant.nullable(),
  fulfilledAt: instant.nullable(),
});
export type OrderSummary = z.output<typeof orderSummary>;

/** `totals` is null for producers, who see their own lines only. */
export const order = orderSummary
  .pick({
    orderId: true,
    reference: true,
    hubId: true,
    cycleId: true,
    buyer: true,
    currency: true,
    state: true,
    paymentState: true,
    placedAt: true,
    expiresAt: true,
    closedAt: true,
    fulfilledAt: true,
  })
  .extend({
    seenAs: z.enum(['buyer', 'hub', 'producer', 'steward']),
    lines: z.array(orderLine),
    totals: orderSummary
      .pick({
        paymentMethod: true,
        goodsMinor: true,
        hubFeeMinor: true,
        totalMinor: true,
        paidMinor: true,
        refundedMinor: true,
        surplusMinor: true,
        outstandingMinor: true,
      })
      .nullable(),
    captures: z.array(orderCapture),
  });
export type Order = z.output<typeof order>;

/** What stands of one capture, as the ledger must have it. */
export const salesTotal = z.object({
  instanceId: id,
  orderId: id,
  captureId: id,
  version: z.int().min(1),
  state: orderState,
  currency: currencyCode,
  holder: moneyHolder,
  /** Remaining goods and hub fee together, without surplus. */
  amountMinor,
  surplusMinor: amountMinor,
  hubFeeMinor: amountMinor,
  producers: z.array(z.object({ producerId: id, grossMinor: amountMinor })),
  changedAt: instant,
});
export type SalesTotal = z.output<typeof salesTotal>;
