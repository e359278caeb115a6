import { z } from 'zod';
import { defineRpc } from './define.js';
import { orderLimits, orderLine, orderQuantity, paymentState } from './order.js';
import { buyerRef, currencyCode, id, instant, pageInput, pageOf } from './primitives.js';

/** One request takes this many ticks. */
const MAX_TICKS = 500;

/** Which line of an order; a producer ticks off their own lines only. */
const lineOf = { orderId: id, lineNumber: z.int().min(1).max(orderLimits.lines) };

/** What stands of one line on the packing list; `quantity` was in the box when it was ticked. */
export const packingTick = z.object({
  isPacked: z.boolean(),
  quantity: z.int().min(0),
  /** Counts changes; send back the one that was seen. */
  version: z.int().min(1),
  changedBy: id,
  changedAt: instant,
});
export type PackingTick = z.output<typeof packingTick>;

/** `tick` is null until somebody ticked the line. */
export const packingLine = orderLine.extend({ tick: packingTick.nullable() });
export type PackingLine = z.output<typeof packingLine>;

/** What one producer has to pack for one order: what was ordered less what was refunded. */
export const packingOrder = z.object({
  orderId: id,
  reference: z.string(),
  hubId: id,
  cycleId: id,
  buyer: buyerRef,
  currency: currencyCode,
  paymentState,
  placedAt: instant,
  lines: z.array(packingLine),
});
export type PackingOrder = z.output<typeof packingOrder>;

/** What somebody ticked or unticked, on a list that showed `version` (0 for a line nobody had ticked). */
export const wantedTick = z.strictObject({
  ...lineOf,
  isPacked: z.boolean(),
  quantity: orderQuantity,
  version: z.int().min(0),
});
export type WantedTick = z.output<typeof wantedTick>;

export const packingTicks = z.strictObject({
  ticks: z
    .array(wantedTick)
    .min(1)
    .max(MAX_TICKS)
    .superRefine((ticks, context) => {
      const seen = new Set<string>();
      for (const [index, { orderId, lineNumber }] of ticks.entries()) {
        const line = `${orderId} ${lineNumber}`;
        if (seen.has(line)) {
          const path = [index, 'lineNumber'];
          context.addIssue({ code: 'custom', path, message: 'is in another tick of this list already' });
        }
        seen.add(line);
      }
    }),
});

/**
 * What became of a tick: `recorded` when the line stands as wanted, also by somebody else's hand; `conflict`
 * when others changed it since it was seen; `gone` when the line is no longer to be packed.
 */
export const tickOutcome = z.object({
  ...lineOf,
  outcome: z.enum(['recorded', 'conflict', 'gone']),
  tick: packingTick.nullable(),
});
export type TickOutcome = z.output<typeof tickOutcome>;

export const packingRpc = {
  /** A producer's own lines of the orders that are not handed out yet, oldest first; `totals` is per variant over all pages. */
  listOrdersToPack: defineRpc({
    service: 'orders',
    name: 'list-orders-to-pack',
    input: z.strictObject({ producerId: id, cycleId: id.optional(), ...pageInput }),
    output: pageOf(packingOrder).extend({
      totals: z.array(
        z.object({
          variantId: id,
          productName: z.string(),
          unitLabel: z.string(),
          quantity: z.int().min(0),
        }),
      ),
    }),
    callers: ['person'],
  }),
  /** By the producer's managers, each tick by itself; the outcomes are in their order. Needs an idempotency key. */
  recordPacking: defineRpc({
    service: 'orders',
    name: 'record-packing',
    input: packingTicks.extend({ producerId: id }),
    output: z.object({ outcomes: z.array(tickOutcome) }),
    callers: ['person'],
  }),
};
