import type { AttributedSale, ModelShare, NetworkModel } from '@foodshed/contracts';
import { localMonth } from '../calendar.rules.js';
import { payeeHub } from './split.rules.js';

/** One month of one producer's sales for one payee of a tiered share. */
export interface TierMonth {
  instanceId: string;
  producerId: string;
  shareId: string;
  payeeId: string;
  month: string;
}

/** The shares of a model that depend on what was sold before in the month. */
export const tieredShares = (model: NetworkModel): ModelShare[] =>
  model.splits['paid-sale'].shares.filter((share) => share.rules.some((rule) => rule.tiers));

/** Whether any share of the model depends on what was sold before in the month. */
export const hasTiers = (model: NetworkModel | undefined): boolean =>
  model !== undefined && tieredShares(model).length > 0;

/** The month that a producer's part of a sale belongs to for a tiered share; null when the share has no payee. */
export function tierMonthOf(of: {
  instanceId: string;
  attributed: AttributedSale;
  producerId: string;
  share: ModelShare;
}): TierMonth | null {
  const { instanceId, attributed, producerId, share } = of;
  const { sale } = attributed;
  const payeeId = payeeHub(share.payee, attributed, producerId) ?? instanceId;
  if (share.payee === 'referring-hub-managers' && payeeId === instanceId) return null;
  const month = localMonth(sale.paidAt, sale.timeZone);
  return { instanceId, producerId, shareId: share.id, payeeId, month };
}
