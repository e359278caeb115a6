import type {
  AttributedSale,
  ModelCondition,
  ModelShare,
  NetworkModel,
  PaymentMethod,
  ProducerGoods,
} from '@foodshed/contracts';
import { addMonths } from '../calendar.rules.js';
import { type FrozenSplit, freeze } from '../splits/split.rules.js';

/** Nobody: a situation has no real people, and its amounts do not depend on who they are. */
export const NOBODY = '00000000-0000-4000-8000-000000000000';

/** All that a condition can ask about a sale. */
export interface Situation {
  /** Whole months since a hub brought the buyer; null when nobody did. */
  readonly monthsSince: number | null;
  readonly buyer: 'person' | 'enterprise';
  readonly method: PaymentMethod;
}

const METHODS: readonly PaymentMethod[] = ['bank-transfer', 'card', 'cash'];
const BOUND_ON = '2000-01-01';

const conditionsOf = (model: NetworkModel): ModelCondition[] =>
  model.splits['paid-sale'].shares.flatMap((share) => share.rules.flatMap((rule) => rule.when ?? []));

/**
 * Every situation that the conditions of a model can tell apart, the commonest first: so what holds in none of them
 * never holds. Terms are the only part without a fixed number of values.
 */
export function situationsOf(model: NetworkModel): Situation[] {
  const conditions = conditionsOf(model);
  const terms = conditions.flatMap(({ withinMonths }) => withinMonths ?? []);
  const months = [...new Set([0, ...terms])].sort((a, b) => a - b);
  const buyers = conditions.some(({ buyers: kinds }) => kinds)
    ? (['person', 'enterprise'] as const)
    : (['person'] as const);
  const methods = conditions.some(({ paidBy }) => paidBy) ? METHODS : METHODS.slice(0, 1);
  return [...months, null].flatMap((monthsSince) =>
    buyers.flatMap((buyer) => methods.map((method) => ({ monthsSince, buyer, method }))),
  );
}

/** A sale in such a situation, of one producer's goods. */
export function saleIn(
  { monthsSince, buyer, method }: Situation,
  { currency, goods }: { currency: string; goods: ProducerGoods['goods'] },
): AttributedSale {
  const boundAt = `${BOUND_ON}T12:00:00.000Z`;
  const at = `${addMonths(BOUND_ON, monthsSince ?? 0)}T12:00:00.000Z`;
  const amountMinor = goods.reduce((sum, { grossMinor }) => sum + grossMinor, 0);
  const referral =
    monthsSince === null ? null : { referralId: NOBODY, hubId: NOBODY, via: 'shop' as const, boundAt };
  return {
    sale: {
      orderId: NOBODY,
      version: 1,
      currency,
      timeZone: 'UTC',
      hubId: NOBODY,
      cycleId: NOBODY,
      buyer: { kind: buyer, id: NOBODY },
      placedAt: at,
      paidAt: at,
      changedAt: at,
      capture: {
        captureId: NOBODY,
        method,
        holder:
          method === 'cash'
            ? { kind: 'hub-till', hubId: NOBODY }
            : { kind: 'instance-bank', instanceId: NOBODY },
        amountMinor,
        surplusMinor: 0,
      },
      producers: [{ producerId: NOBODY, goods }],
      hubFeeMinor: 0,
    },
    attributions: [{ producerId: NOBODY, referral }],
    hubs: [],
  };
}

/** The shares that apply in a situation, frozen as a sale's are; `positionMinor` was sold earlier in the month. */
export function frozenIn(
  model: NetworkModel,
  situation: Situation,
  { currency, positionMinor = 0 }: { currency: string; positionMinor?: number },
): FrozenSplit {
  return freeze({
    model,
    modelVersion: 1,
    instanceId: NOBODY,
    attributed: saleIn(situation, { currency, goods: [] }),
    producerId: NOBODY,
    positionMinor: () => positionMinor,
  });
}

/** Whether a rule's condition holds in a situation: `holds` without dates, for the many that a check looks at. */
export function holdsIn(condition: ModelCondition | undefined, situation: Situation): boolean {
  if (!condition) return true;
  const { monthsSince, buyer, method } = situation;
  const { referred, withinMonths, buyers, paidBy } = condition;
  if (referred !== undefined && referred !== (monthsSince !== null)) return false;
  if (withinMonths !== undefined && (monthsSince === null || monthsSince >= withinMonths)) return false;
  return (buyers?.includes(buyer) ?? true) && (paidBy?.includes(method) ?? true);
}

/** The position of the rule of a share that applies; −1 when none does, or when there is nobody to be paid by it. */
export function ruleIn(share: ModelShare, situation: Situation): number {
  if (share.payee === 'referring-hub-managers' && situation.monthsSince === null) return -1;
  return share.rules.findIndex((rule) => holdsIn(rule.when, situation));
}

/** Of the situations in which the same rules apply the first; so few enough to split many sales in each. */
export function differingSituations(model: NetworkModel): Situation[] {
  const byRules = new Map<string, Situation>();
  for (const situation of situationsOf(model)) {
    const rules = model.splits['paid-sale'].shares.map((share) => ruleIn(share, situation)).join();
    if (!byRules.has(rules)) byRules.set(rules, situation);
  }
  return [...byRules.values()];
}

/** A situation as a person would say it. */
export function situationWords({ monthsSince, buyer, method }: Situation): string {
  const brought =
    monthsSince === null
      ? 'nobody brought the buyer'
      : monthsSince === 0
        ? 'a hub brought the buyer'
        : `a hub brought the buyer ${monthsSince} months before`;
  const who = buyer === 'person' ? 'a household buys' : 'an enterprise buys';
  return `${who}, ${brought}, paid by ${method}`;
}
