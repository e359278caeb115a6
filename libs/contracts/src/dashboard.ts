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
