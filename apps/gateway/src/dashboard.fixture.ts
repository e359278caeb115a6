import type { DashboardView } from '@foodshed/contracts';

const zeros = {
  ordersPlaced: 0,
  ordersPaid: 0,
  ordersClosed: 0,
  ordersFulfilled: 0,
  grossMinor: 0,
  hubFeesMinor: 0,
  platformMinor: 0,
  effectiveTakeBps: null,
  commissionMinor: 0,
  paymentCostsMinor: 0,
  shareVatMinor: 0,
  producersMinor: 0,
};
/** The dashboard of a network in which nothing has happened yet. */
export const emptyDashboard: Omit<DashboardView, 'sequence'> = {
  currency: 'EUR',
  timeZone: 'UTC',
  totals: zeros,
  weeks: [],
  hubs: [],
  producers: [],
  administration: { incomeMinor: 0, vatMinor: 0, balanceMinor: 0 },
  paymentCosts: { setAsideMinor: 0, balanceMinor: 0 },
  funding: { pledges: [], gifts: [] },
  fairness: {
    takePerOrder: { orders: 0, p50Bps: null, p95Bps: null, worstBps: null },
    bySize: [],
    concentration: { producers: 0, bottomHalfBps: null, topTenthBps: null, gini: null },
    availability: { hours: null, waiting: { orders: 0, p50Since: null, p95Since: null, worstSince: null } },
  },
  lag: { salesWithoutSplit: 0, oldestWithoutSplitAt: null, lastEventAt: null, lastEventLagMs: null },
};
