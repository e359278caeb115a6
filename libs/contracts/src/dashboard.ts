import { z } from 'zod';
import { amountMinor, currencyCode, dateOnly, id, instant, signedMinor, slug } from './primitives.js';

/** What stands after refunds, for the orders placed in a period; amounts in the instance's currency. */
export const dashboardFigures = z.object({
  ordersPlaced: z.int().min(0),
  ordersPaid: z.int().min(0),
  ordersClosed: z.int().min(0),
  ordersFulfilled: z.int().min(0),
  /** Goods paid for, VAT included, hub fees not. */
  grossMinor: amountMinor,
  hubFeesMinor: amountMinor,
  /** The platform's own shares, without VAT on them. */
  platformMinor: amountMinor,
  /** Platform's shares ÷ gross of the sales that are split already, in basis points; null without a sale. */
  effectiveTakeBps: z.number().nullable(),
  /** What hubs' managers, and others who are not the platform, earned by shares. */
  commissionMinor: amountMinor,
  /** What the network model sets aside for payment providers. */
  paymentCostsMinor: amountMinor,
  shareVatMinor: amountMinor,
  /** What was left for the producers. */
  producersMinor: amountMinor,
});
export type DashboardFigures = z.output<typeof dashboardFigures>;

const byEnterprise = dashboardFigures.extend({ enterpriseId: id, name: z.string(), slug: slug.nullable() });

const takeBps = z.number().nullable();
const portionBps = z.number().nullable();

/** How the network treats the small, of the orders of a period; each figure's formula stands beside it on the page. */
export const fairness = z.object({
  /** Of orders that are split: the platform's shares ÷ gross. */
  takePerOrder: z.object({ orders: z.int().min(0), p50Bps: takeBps, p95Bps: takeBps, worstBps: takeBps }),
  /** Producers by gross: the smaller half, the top tenth, and those between. */
  bySize: z.array(
    z.object({
      size: z.enum(['smaller-half', 'middle', 'top-tenth']),
      producers: z.int().min(1),
      grossMinor: amountMinor,
      takeBps,
    }),
  ),
  /** Of what was left for the producers. */
  concentration: z.object({
    producers: z.int().min(0),
    bottomHalfBps: portionBps,
    topTenthBps: portionBps,
    gini: z.number().min(0).max(1).nullable(),
  }),
  /**
   * From an order's hand-over until its earnings can be withdrawn; `hours` is null before anything became available.
   * What was handed over and waits is told beside it, the longest last.
   */
  availability: z.object({
    hours: z.object({ p50: z.number(), p95: z.number(), worst: z.number() }).nullable(),
    waiting: z.object({
      orders: z.int().min(0),
      p50Since: instant.nullable(),
      p95Since: instant.nullable(),
      worstSince: instant.nullable(),
    }),
  }),
});
export type Fairness = z.output<typeof fairness>;

export const dashboardFilter = {
  /** Local dates in the instance's time zone, both included. */
  from: dateOnly.optional(),
  to: dateOnly.optional(),
  hubId: id.optional(),
  producerId: id.optional(),
};

export const dashboardView = z.object({
  sequence: z.int().min(0),
  currency: currencyCode,
  timeZone: z.string(),
  totals: dashboardFigures,
  /** Ascending; a week begins on Monday in the instance's time zone. Weeks without an order are left out. */
  weeks: z.array(dashboardFigures.extend({ weekStartsOn: dateOnly })),
  /** The shops that served, the greatest gross first, 100 at most. */
  hubs: z.array(byEnterprise.extend({ standingReferrals: z.int().min(0) })),
  /** The greatest gross first, 100 at most. */
  producers: z.array(byEnterprise),
  /** From the ledger's entries, filtered by date only; income is positive, VAT on it apart. The balance is today's. */
  administration: z.object({ incomeMinor: signedMinor, vatMinor: signedMinor, balanceMinor: signedMinor }),
  paymentCosts: z.object({ setAsideMinor: signedMinor, balanceMinor: signedMinor }),
  /** Filtered by date only, by the day of the last change; pledges that came to nothing are left out. */
  funding: z.object({
    pledges: z.array(
      z.object({
        currency: currencyCode,
        pledges: z.int().min(0),
        promisedMinor: amountMinor,
        heldMinor: amountMinor,
        paidMinor: amountMinor,
        returnedMinor: amountMinor,
      }),
    ),
    gifts: z.array(
      z.object({
        currency: currencyCode,
        gifts: z.int().min(0),
        amountMinor,
        platformPartMinor: amountMinor,
      }),
    ),
  }),
  fairness,
  lag: z.object({
    /** Paid captures whose present version has no split yet. */
    salesWithoutSplit: z.int().min(0),
    oldestWithoutSplitAt: instant.nullable(),
    lastEventAt: instant.nullable(),
    /** From the newest event's happening to its being counted, in milliseconds. */
    lastEventLagMs: z.int().min(0).nullable(),
  }),
});
export type DashboardView = z.output<typeof dashboardView>;

export const statementAccount = z.enum(['administration', 'payment-costs']);
/** Income positive; the opening balance is what stood before `from`, the closing one what stands after `to`. */
export const statementView = z.object({
  account: statementAccount,
  currency: currencyCode,
  openingMinor: signedMinor,
  closingMinor: signedMinor,
  items: z.array(
    z.object({
      transactionId: id,
      occurredAt: instant,
      recordedAt: instant,
      kind: z.string(),
      line: z.string(),
      shareId: z.string().nullable(),
      orderId: id.nullable(),
      producerId: id.nullable(),
      amountMinor: signedMinor,
      balanceMinor: signedMinor,
    }),
  ),
  nextCursor: z.string().nullable(),
});
