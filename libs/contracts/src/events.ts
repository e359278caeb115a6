import { z } from 'zod';
import { contributionsEvents } from './contributions.js';
import { defineEvent } from './define.js';
import { developersEvents } from './developers.js';
import { managersChanged } from './manager.js';
import {
  listedAccount,
  listedCommands,
  listedEntry,
  postingEntry,
  splitFigures,
  transactionKey,
} from './posting.js';
import {
  amountMinor,
  buyerRef,
  currencyCode,
  id,
  instant,
  moneyHolder,
  paymentMethod,
  rateBps,
  signedMinor,
  slug,
} from './primitives.js';

/** The first paid sale of a producer to a buyer, as orders recorded it; a wholly refunded one is followed by `sequence` + 1. */
export const firstSale = z.object({
  sequence: z.int().min(1),
  orderId: id,
  hubId: id,
  placedAt: instant,
  paidAt: instant,
  /** The hubs whose cycles had offered this producer's goods by `placedAt`; frozen with the record. */
  sellingHubIds: z.array(id).optional(),
});
export type FirstSale = z.output<typeof firstSale>;

/** What remains, after refunds, of one producer's goods in one capture. */
export const producerGoods = z.object({
  producerId: id,
  /** Goods by VAT rate; net is taken once per producer and rate. `units` counts items for rates per unit. */
  goods: z.array(
    z.object({ vatRateBps: rateBps, grossMinor: amountMinor, netMinor: amountMinor, units: z.int().min(0) }),
  ),
});
export type ProducerGoods = z.output<typeof producerGoods>;

/**
 * One capture of one order with its full remaining amounts, never a difference. A refund is the same
 * event with a higher `version`; consumers compute target − posted and ignore older versions.
 */
export const capturedSale = z.object({
  orderId: id,
  version: z.int().min(1),
  currency: currencyCode,
  timeZone: z.string(),
  hubId: id,
  cycleId: id,
  buyer: buyerRef,
  placedAt: instant,
  paidAt: instant,
  /** When the change that this version records was decided: the payment, or the refund. */
  changedAt: instant,
  capture: z.object({
    captureId: id,
    method: paymentMethod,
    holder: moneyHolder,
    /** What remains captured for the order, after refunds; equals goods + hub fee. */
    amountMinor,
    /** What the buyer paid beyond the order's total, still owed to them. */
    surplusMinor: amountMinor,
  }),
  producers: z.array(producerGoods),
  hubFeeMinor: amountMinor,
});
export type CapturedSale = z.output<typeof capturedSale>;

/** A capture as orders tells it: with the first sale of each pair of producer and buyer. */
export const paidSale = capturedSale.extend({ producers: z.array(producerGoods.extend({ firstSale })) });
export type PaidSale = z.output<typeof paidSale>;

export const ordersEvents = {
  placed: defineEvent({
    service: 'orders',
    name: 'placed',
    schema: z.object({
      orderId: id,
      hubId: id,
      cycleId: id,
      buyer: buyerRef,
      currency: currencyCode,
      timeZone: z.string(),
      totalMinor: amountMinor,
      hubFeeMinor: amountMinor,
      placedAt: instant,
      producers: z.array(z.object({ producerId: id, grossMinor: amountMinor })),
    }),
  }),
  paid: defineEvent({ service: 'orders', name: 'paid', schema: paidSale }),
  closed: defineEvent({
    service: 'orders',
    name: 'closed',
    schema: z.object({
      orderId: id,
      hubId: id,
      /** Whose goods it had. */
      producerIds: z.array(id),
      reason: z.enum(['cancelled', 'expired', 'refunded']),
      closedAt: instant,
    }),
  }),
  fulfilled: defineEvent({
    service: 'orders',
    name: 'fulfilled',
    schema: z.object({
      orderId: id,
      hubId: id,
      /** Whose goods it had. */
      producerIds: z.array(id),
      fulfilledAt: instant,
    }),
  }),
  cycleChanged: defineEvent({
    service: 'orders',
    name: 'cycle-changed',
    schema: z.object({
      cycleId: id,
      hubId: id,
      state: z.enum(['scheduled', 'open', 'closed']),
      changedAt: instant,
    }),
  }),
};

export const referralVia = z.enum(['shop', 'link', 'introduction']);
export type ReferralVia = z.output<typeof referralVia>;

/** A hub's managers and what each holds of its commission; what adds up to less than 10 000 leaves the rest to the hub. */
export const managerShares = z.object({
  hubId: id,
  shares: z.array(z.object({ personId: id, shareBps: rateBps })),
});

/** Who brought this buyer to this producer, as of the payment; null when nobody did. */
export const attribution = z.object({
  producerId: id,
  referral: z.object({ referralId: id, hubId: id, via: referralVia, boundAt: instant }).nullable(),
});

export const attributedSale = z.object({
  sale: capturedSale,
  attributions: z.array(attribution),
  /** The referring hubs and the serving hub, as of the order's placing. */
  hubs: z.array(managerShares),
});
export type AttributedSale = z.output<typeof attributedSale>;

export const hubsEvents = {
  attributed: defineEvent({ service: 'hubs', name: 'attributed', schema: attributedSale }),
  /** Enterprises are organisations; their trading name is public. Contacts never travel. */
  enterpriseChanged: defineEvent({
    service: 'hubs',
    name: 'enterprise-changed',
    schema: z.object({
      enterpriseId: id,
      slug,
      name: z.string(),
      isProducer: z.boolean(),
      isHub: z.boolean(),
      changedAt: instant,
    }),
  }),
  referralChanged: defineEvent({
    service: 'hubs',
    name: 'referral-changed',
    schema: z.object({
      referralId: id,
      producerId: id,
      hubId: id,
      buyer: buyerRef,
      via: referralVia,
      state: z.enum(['standing', 'ended']),
      changedAt: instant,
    }),
  }),
  /** For the audit: who invited whom to manage, who accepted, who left. */
  managersChanged: defineEvent({ service: 'hubs', name: 'managers-changed', schema: managersChanged }),
};

export const commissionEvents = {
  split: defineEvent({
    service: 'commission',
    name: 'split',
    schema: listedCommands.extend({
      /** Counts corrections of the same version, when an earlier sale of the month moved a tier's position. */
      revision: z.int().min(0).optional(),
      hubId: id,
      currency: currencyCode,
      placedAt: instant,
      paidAt: instant,
      /** 0 when no model was in effect and everything went to the producers. */
      modelVersion: z.int().min(0),
      standing: z.array(splitFigures),
      hubFeeMinor: amountMinor,
    }),
  }),
  modelChanged: defineEvent({
    service: 'commission',
    name: 'model-changed',
    schema: z.object({ version: z.int().min(1), takesEffectAt: instant, changedAt: instant }),
  }),
};

export const postedTransaction = z.object({
  transactionId: id,
  key: transactionKey,
  occurredAt: instant,
  recordedAt: instant,
  entries: z.array(postingEntry.extend({ accountId: id, balanceMinor: signedMinor })),
});

export const ledgerEvents = {
  /**
   * What one sealed batch recorded (a large batch comes in several events); `exists` answers are not
   * repeated here, refusals are named. `batch` is the head at that moment, 0 before anything was posted.
   */
  posted: defineEvent({
    service: 'ledger',
    name: 'posted',
    schema: z.object({
      batch: z.int().min(0),
      headHash: z.string(),
      recordedAt: instant,
      accounts: z.array(listedAccount.extend({ accountId: id })),
      transactions: z.array(
        postedTransaction.omit({ recordedAt: true }).extend({
          entries: z.array(listedEntry.extend({ balanceMinor: signedMinor })),
        }),
      ),
      refused: z.array(z.object({ key: transactionKey, code: z.string(), detail: z.string() })),
    }),
  }),
};

export const adminEvents = {
  personRegistered: defineEvent({
    service: 'admin',
    name: 'person-registered',
    schema: z.object({ personId: id, registeredAt: instant }),
  }),
  /** The person's present e-mail address is theirs. */
  emailVerified: defineEvent({
    service: 'admin',
    name: 'email-verified',
    schema: z.object({ personId: id, verifiedAt: instant }),
  }),
  personErased: defineEvent({
    service: 'admin',
    name: 'person-erased',
    schema: z.object({ personId: id, erasedAt: instant }),
  }),
  instanceChanged: defineEvent({
    service: 'admin',
    name: 'instance-changed',
    schema: z.object({
      slug,
      name: z.string(),
      currency: currencyCode,
      timeZone: z.string(),
      changedAt: instant,
    }),
  }),
  /** The read model moved on; the gateway streams it to browsers of the instance. */
  dashboardChanged: defineEvent({
    service: 'admin',
    name: 'dashboard-changed',
    schema: z.object({ sequence: z.int().min(1), changedAt: instant }),
  }),
};

export const allEvents = [
  ordersEvents,
  hubsEvents,
  commissionEvents,
  ledgerEvents,
  developersEvents,
  contributionsEvents,
  adminEvents,
].flatMap((group) => Object.values(group));
