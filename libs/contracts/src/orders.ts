import { z } from 'zod';
import { defineRpc } from './define.js';
import { paidSale } from './events.js';
import { standingSplit } from './posting.js';
import {
  intendedPayment,
  order,
  orderLimits,
  orderQuantity,
  orderState,
  orderSummary,
  paymentState,
  placedOrder,
  quote,
  salesTotal,
} from './order.js';
import { amountMinor, buyerRef, id, pageInput, pageOf } from './primitives.js';
import { problemDetails } from './problems.js';

/** Each variant at most once, so that a refusal can name one line. */
const linesOf = <T extends z.ZodObject<{ variantId: typeof id }>>(line: T) =>
  z
    .array(line)
    .min(1)
    .max(orderLimits.lines)
    .superRefine((lines, context) => {
      const seen = new Set<string>();
      for (const [index, { variantId }] of (lines as { variantId: string }[]).entries()) {
        if (seen.has(variantId)) {
          context.addIssue({
            code: 'custom',
            path: [index, 'variantId'],
            message: 'is in another line already',
          });
        }
        seen.add(variantId);
      }
    });

export const quoteRequest = z.strictObject({
  cycleId: id,
  /** The caller when absent; an enterprise only by its managers. */
  buyer: buyerRef.optional(),
  /** What is taken for moving the money depends on it, so that what is quoted is what is posted. */
  paymentMethod: intendedPayment.default('bank-transfer'),
  lines: linesOf(z.strictObject({ variantId: id, quantity: orderQuantity })),
});
export type QuoteRequest = z.output<typeof quoteRequest>;

export const placeOrderRequest = z.strictObject({
  cycleId: id,
  /** The caller when absent; an enterprise only by its managers. */
  buyer: buyerRef.optional(),
  paymentMethod: intendedPayment.default('bank-transfer'),
  /** `unitPriceMinor` is the price the buyer saw; another one refuses the order with `price-changed`. */
  lines: linesOf(z.strictObject({ variantId: id, quantity: orderQuantity, unitPriceMinor: amountMinor })),
});
export type PlaceOrderRequest = z.output<typeof placeOrderRequest>;

export const recordPaymentRequest = z.strictObject({
  orderId: id,
  /** A bank transfer reached the instance's account; cash is in the hub's till and the hub's debt. */
  method: intendedPayment,
  amountMinor: amountMinor.min(1).max(1_000_000_000),
  /** Says that a buyer paid once more for an order that is paid; without it such a payment is refused. */
  isSurplus: z.boolean().optional(),
});

/** What came in together for one hub, as a bank statement lists it: each order at most once. */
export const recordPaymentsRequest = z.strictObject({
  hubId: id,
  payments: z
    .array(recordPaymentRequest)
    .min(1)
    .max(orderLimits.payments)
    .superRefine((payments, refinement) => {
      const seen = new Set<string>();
      for (const [index, { orderId }] of payments.entries()) {
        if (seen.has(orderId)) {
          refinement.addIssue({
            code: 'custom',
            path: [index, 'orderId'],
            message: 'is in another payment of this list already; record the second one afterwards',
          });
        }
        seen.add(orderId);
      }
    }),
});

/** What became of one payment of a list; a refused one leaves the others alone. Amounts are the order's, in minor units. */
export const paymentOutcome = z.discriminatedUnion('outcome', [
  z.object({
    outcome: z.literal('recorded'),
    orderId: id,
    paymentState,
    paidMinor: amountMinor,
    surplusMinor: amountMinor,
  }),
  z.object({ outcome: z.literal('refused'), orderId: id, problem: problemDetails }),
]);
export type PaymentOutcome = z.output<typeof paymentOutcome>;

/**
 * By `quantity` the line's goods and its part of the hub fee go back, by `amountMinor` goods only; each
 * payment gives back the part of the line that it paid. `capture` gives back one payment, `surplus` what
 * was paid beyond the total, `whole` everything.
 */
export const refundRequest = z.strictObject({
  orderId: id,
  refund: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('whole') }),
    z.strictObject({ kind: z.literal('capture'), captureId: id }),
    z.strictObject({ kind: z.literal('surplus') }),
    z.strictObject({
      kind: z.literal('lines'),
      lines: z
        .array(
          z
            .strictObject({
              lineNumber: z.int().min(1).max(orderLimits.lines),
              quantity: orderQuantity.optional(),
              amountMinor: amountMinor.min(1).optional(),
            })
            .refine((line) => (line.quantity === undefined) !== (line.amountMinor === undefined), {
              path: ['quantity'],
              error: 'give either a quantity or an amount',
            }),
        )
        .min(1)
        .max(orderLimits.refundLines),
    }),
  ]),
  /** Whether refunded quantities are for sale again. */
  returnToStock: z.boolean().default(false),
});
export type RefundRequest = z.output<typeof refundRequest>;

export const listOrdersRequest = z.strictObject({
  as: z.enum(['buyer', 'hub', 'producer']),
  /** The hub or the producer; for `buyer` the buying enterprise, the caller when absent. */
  enterpriseId: id.optional(),
  cycleId: id.optional(),
  state: orderState.optional(),
  paymentState: paymentState.optional(),
  ...pageInput,
});

/**
 * What the gateway answers to a quote. Who gets what needs hubs and commission: without them the amounts
 * still stand, and `splitMissing` says why there is no split.
 */
export const composedQuote = z.object({
  quote,
  split: z.object({ modelVersion: z.int().min(0), standing: z.array(standingSplit) }).nullable(),
  splitMissing: z.enum(['not-signed-in', 'nothing-to-split', 'unavailable']).nullable(),
});
export type ComposedQuote = z.output<typeof composedQuote>;

/** Every list of orders is newest first. */
export const ordersRpc = {
  /** Prices and a preview of the paid sale; `preview` is null while nobody is signed in or nothing would be owed. */
  quoteOrder: defineRpc({
    service: 'orders',
    name: 'quote-order',
    input: quoteRequest,
    output: z.object({ quote, preview: paidSale.nullable() }),
    callers: ['anonymous'],
  }),
  /** The one hot command. Needs an idempotency key. */
  placeOrder: defineRpc({
    service: 'orders',
    name: 'place-order',
    input: placeOrderRequest,
    output: placedOrder,
    callers: ['person'],
    timeoutMs: 10_000,
  }),
  listOrders: defineRpc({
    service: 'orders',
    name: 'list-orders',
    input: listOrdersRequest,
    output: pageOf(orderSummary),
    callers: ['person'],
  }),
  getOrder: defineRpc({
    service: 'orders',
    name: 'get-order',
    input: z.strictObject({ orderId: id }),
    output: order,
    callers: ['person'],
  }),
  /** By the hub's managers. Needs an idempotency key. */
  recordPayment: defineRpc({
    service: 'orders',
    name: 'record-payment',
    input: recordPaymentRequest,
    output: order,
    callers: ['person'],
  }),
  /** By the hub's managers, each payment by itself; the outcomes are in their order. Needs an idempotency key. */
  recordPayments: defineRpc({
    service: 'orders',
    name: 'record-payments',
    input: recordPaymentsRequest,
    output: z.object({ outcomes: z.array(paymentOutcome) }),
    callers: ['person'],
  }),
  /** By the hub's managers. Needs an idempotency key. */
  refundOrder: defineRpc({
    service: 'orders',
    name: 'refund-order',
    input: refundRequest,
    output: order,
    callers: ['person'],
  }),
  /** By the buyer while the cycle is open and nothing is paid, by the hub while nothing is paid. */
  cancelOrder: defineRpc({
    service: 'orders',
    name: 'cancel-order',
    input: z.strictObject({ orderId: id }),
    output: order,
    callers: ['person'],
  }),
  /** The hub handed the goods out. */
  fulfilOrder: defineRpc({
    service: 'orders',
    name: 'fulfil-order',
    input: z.strictObject({ orderId: id }),
    output: order,
    callers: ['person'],
  }),
  /** Every capture with what stands of it, in order of capture id; a service sees every instance, an operator their own. */
  listSalesTotals: defineRpc({
    service: 'orders',
    name: 'list-sales-totals',
    input: z.strictObject({
      cursor: z.string().max(200).optional(),
      limit: z.int().min(1).max(1_000).default(500),
    }),
    output: pageOf(salesTotal),
    callers: ['operator'],
    services: ['admin'],
    timeoutMs: 15_000,
  }),
};
