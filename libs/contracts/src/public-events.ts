import { z } from 'zod';
import { contributionsEvents } from './contributions.js';
import { developersEvents } from './developers.js';
import { commissionEvents, hubsEvents, ordersEvents, paidSale } from './events.js';
import type { EventDefinition } from './define.js';
import { businessKey, postingEntry } from './posting.js';
import { amountMinor, buyerRef, currencyCode, id, instant } from './primitives.js';

/** Fields that a producer is not told: they are about the whole order, of which it sees its own part only. */
const wholeOrder = { buyer: buyerRef.optional(), hubFeeMinor: amountMinor.optional() };

const placed = z.object({
  orderId: id,
  hubId: id,
  cycleId: id,
  ...wholeOrder,
  currency: currencyCode,
  totalMinor: amountMinor.optional(),
  producers: z.array(z.object({ producerId: id, grossMinor: amountMinor })),
  placedAt: instant,
});

/** What remains of a payment after this version of it: of version 1 all, of a higher one what was not given back. */
const captured = z.object({
  orderId: id,
  captureId: id,
  version: z.int().min(1),
  hubId: id,
  cycleId: id,
  ...wholeOrder,
  currency: currencyCode,
  method: paidSale.shape.capture.shape.method,
  amountMinor: amountMinor.optional(),
  surplusMinor: amountMinor.optional(),
  producers: z.array(z.object({ producerId: id, grossMinor: amountMinor, netMinor: amountMinor })),
  paidAt: instant,
  changedAt: instant,
});

const dataOf = <D>(event: EventDefinition<D>) => event.schema as z.ZodObject;
const cycle = z.object({ cycleId: id, hubId: id, changedAt: instant });
const referral = dataOf(hubsEvents.referralChanged).omit({ state: true });

/** One transaction of an order in the ledger. Enterprises are told the entries of their own accounts. */
const posted = z.object({
  transactionId: id,
  ...businessKey.shape,
  entries: z.array(postingEntry),
  occurredAt: instant,
  recordedAt: instant,
});

/** The giver has no id where they stay unnamed. What they added for the platform is not told to the receiver. */
const gift = dataOf(contributionsEvents.given)
  .omit({ holder: true })
  .extend({ platformPartMinor: amountMinor.optional() });

/**
 * Everything that webhooks may tell, by type: what happened, and the data that comes with it. Data are ids, amounts
 * and times; never a name, a contact or a message of anybody. A type is never taken away, a field only added.
 */
export const publicEvents = {
  'order.placed': { says: 'A buyer placed an order.', data: placed },
  'order.paid': { says: 'A payment of an order was recorded.', data: captured },
  'order.refunded': { says: 'Part of a payment was given back, or all of it.', data: captured },
  'order.closed': {
    says: 'An order was cancelled, expired or wholly refunded.',
    data: dataOf(ordersEvents.closed),
  },
  'order.fulfilled': {
    says: 'The goods of an order were handed over.',
    data: dataOf(ordersEvents.fulfilled),
  },
  'cycle.scheduled': { says: 'An order cycle was planned, or planned anew.', data: cycle },
  'cycle.opened': { says: 'An order cycle opened.', data: cycle },
  'cycle.closed': { says: 'An order cycle closed.', data: cycle },
  'referral.made': { says: 'A hub brought a buyer to a producer.', data: referral },
  'referral.ended': { says: 'A referral ended.', data: referral },
  'enterprise.changed': {
    says: 'An enterprise was made or changed.',
    data: dataOf(hubsEvents.enterpriseChanged).omit({ name: true, slug: true }),
  },
  'model.changed': {
    says: 'A version of the network model was put into force.',
    data: dataOf(commissionEvents.modelChanged),
  },
  'split.posted': { says: 'A part of an order’s money was posted in the ledger.', data: posted },
  'pitch.changed': {
    says: 'A pitch was made, or moved to another state.',
    data: dataOf(developersEvents.pitchChanged),
  },
  'pledge.changed': {
    says: 'A pledge was made, or moved to another state.',
    data: dataOf(developersEvents.pledgeChanged),
  },
  'gift.given': { says: 'A gift was posted.', data: gift },
  'gift.returned': {
    says: 'What came of a gift was given back.',
    data: dataOf(contributionsEvents.returned),
  },
  'webhook.test': { says: 'Somebody tried the webhook.', data: z.object({ webhookId: id }) },
} as const satisfies Record<string, { says: string; data: z.ZodType }>;

export type PublicEventType = keyof typeof publicEvents;
export const publicEventTypes = Object.keys(publicEvents) as PublicEventType[];
/** What one may subscribe to; tests come to every webhook that somebody tries. */
export const subscribableTypes = publicEventTypes.filter((type) => type !== 'webhook.test');

/** The body of a delivery of a type, as the Standard Webhooks scheme shapes it. */
export const webhookMessage = (type: PublicEventType) =>
  z.object({
    type: z.literal(type),
    /** When it happened. */
    timestamp: instant,
    instanceId: id,
    data: publicEvents[type].data,
  });
