import type {
  AccountRef,
  AttributedSale,
  ModelCondition,
  ModelRule,
  ModelShare,
  NetworkModel,
  CapturedSale,
  ProducerGoods,
  SharePayee,
} from '@foodshed/contracts';
import { isOfPlatform, percentageBps } from '@foodshed/contracts';
import { type Bounds, fromDecimal, type Tier } from '@foodshed/money';
import { isWithinTerm } from '../calendar.rules.js';

/** How a share is computed, with the numbers that were in force when the order was placed. */
export type FrozenRate =
  | { kind: 'rate'; rateBps: number }
  | { kind: 'tiers'; tiers: Tier[]; positionMinor: number }
  | { kind: 'per-unit'; perUnitMinor: number };

/** One share of one sale, frozen: rule, bounds, VAT and payees never change after it was first posted. */
export interface FrozenShare {
  shareId: string;
  functionId: string;
  payee: SharePayee;
  isPlatform: boolean;
  /** Position of the rule in the model's list, from 0. */
  rule: number;
  rate: FrozenRate;
  bounds: Bounds;
  vat: { treatment: string; rateBps: number; country: string; reason: string | null } | null;
  /** Who gets it, by weights that sum to 10 000. */
  payees: { owner: AccountRef['owner']; purpose: AccountRef['purpose']; weightBps: number }[];
}

/** Everything that a refund of this sale will be computed with. */
export interface FrozenSplit {
  modelVersion: number;
  platformMaximumBps: number;
  producerMinimumBps: number;
  shares: FrozenShare[];
}

export interface FreezeInput {
  model: NetworkModel | null;
  modelVersion: number;
  instanceId: string;
  attributed: AttributedSale;
  producerId: string;
  /** The month's earlier net goods of this producer for a tiered share's payee, in minor units. */
  positionMinor: (share: ModelShare) => number;
}

/** The referral of one producer's part of a sale, or null. */
export const referralOf = (attributed: AttributedSale, producerId: string) =>
  attributed.attributions.find((attribution) => attribution.producerId === producerId)?.referral ?? null;

/** Whether a rule's condition holds for a producer's part of a sale; terms are judged as of the payment. */
export function holds(
  condition: ModelCondition | undefined,
  attributed: AttributedSale,
  producerId: string,
): boolean {
  if (!condition) return true;
  const { sale } = attributed;
  const referral = referralOf(attributed, producerId);
  if (condition.referred !== undefined && condition.referred !== (referral !== null)) return false;
  if (condition.buyers && !condition.buyers.includes(sale.buyer.kind)) return false;
  if (condition.paidBy && !condition.paidBy.includes(sale.capture.method)) return false;
  if (condition.withinMonths === undefined) return true;
  return (
    referral !== null &&
    isWithinTerm({
      boundAt: referral.boundAt,
      at: sale.paidAt,
      months: condition.withinMonths,
      timeZone: sale.timeZone,
    })
  );
}

const inCurrency = (amounts: Record<string, number> | undefined, currency: string): number | undefined => {
  const amount = amounts?.[currency];
  return amount === undefined ? undefined : fromDecimal(String(amount), currency);
};

/** A rule's rate in minor units and basis points; null when it has no amount in this currency. */
function frozenRate(rule: ModelRule, currency: string, positionMinor: () => number): FrozenRate | null {
  if (rule.rate !== undefined) return { kind: 'rate', rateBps: percentageBps(rule.rate) };
  if (rule.tiers) {
    const tiers = rule.tiers.map((tier) => ({
      fromMinor: fromDecimal(String(tier.from), currency),
      rateBps: percentageBps(tier.rate),
    }));
    return { kind: 'tiers', tiers, positionMinor: positionMinor() };
  }
  const perUnitMinor = inCurrency(rule.perUnit, currency);
  return perUnitMinor === undefined ? null : { kind: 'per-unit', perUnitMinor };
}

const pending = (kind: 'person' | 'enterprise', id: string, weightBps: number) => ({
  owner: { kind, id },
  purpose: 'pending' as const,
  weightBps,
});

/** The hub whose managers or accounts a share goes to; null when the sale has none. */
export function payeeHub(payee: SharePayee, attributed: AttributedSale, producerId: string): string | null {
  if (payee === 'referring-hub-managers') return referralOf(attributed, producerId)?.hubId ?? null;
  return payee === 'serving-hub' || payee === 'serving-hub-managers' ? attributed.sale.hubId : null;
}

/** Who gets a share, by weight; what no manager holds is the hub's own, never the platform's. */
function payeesOf(payee: SharePayee, input: FreezeInput): FrozenShare['payees'] {
  const owner = { kind: 'instance' as const, id: input.instanceId };
  if (payee === 'administration') return [{ owner, purpose: 'administration', weightBps: 10_000 }];
  if (payee === 'developing') return [{ owner, purpose: 'developing', weightBps: 10_000 }];
  if (payee === 'payment-costs') return [{ owner, purpose: 'payment-costs', weightBps: 10_000 }];
  const hubId = payeeHub(payee, input.attributed, input.producerId);
  if (hubId === null) return [];
  if (payee === 'serving-hub') return [pending('enterprise', hubId, 10_000)];
  const shares = input.attributed.hubs.find((hub) => hub.hubId === hubId)?.shares ?? [];
  const held = shares.reduce((sum, share) => sum + share.shareBps, 0);
  return [
    ...shares.map((share) => pending('person', share.personId, share.shareBps)),
    pending('enterprise', hubId, 10_000 - held),
  ].filter((part) => part.weightBps > 0);
}

/** VAT on a share; where the model lists the registered hubs, one that is not on the list charges none. */
function freezeVat(vat: ModelShare['vat'], hubId: string | null): FrozenShare['vat'] {
  if (!vat) return null;
  if (vat.treatment === 'standard' && vat.registered && !vat.registered.includes(hubId ?? '')) {
    const reason = 'the hub is not registered for VAT';
    return { treatment: 'outside-scope', rateBps: 0, country: vat.country, reason };
  }
  return vat.treatment === 'standard'
    ? { treatment: vat.treatment, rateBps: percentageBps(vat.rate), country: vat.country, reason: null }
    : { treatment: vat.treatment, rateBps: 0, country: vat.country, reason: vat.reason };
}

/**
 * The shares that apply to one producer's part of a sale, in the model's order: of each share the first rule
 * whose condition holds. Without a model nobody takes anything.
 */
export function freeze(input: FreezeInput): FrozenSplit {
  const { model, attributed, producerId } = input;
  if (!model) return { modelVersion: 0, platformMaximumBps: 0, producerMinimumBps: 0, shares: [] };
  const { currency } = attributed.sale;
  const shares = model.splits['paid-sale'].shares.flatMap((share): FrozenShare[] => {
    const rule = share.rules.findIndex((candidate) => holds(candidate.when, attributed, producerId));
    const applied = share.rules[rule];
    const payees = payeesOf(share.payee, input);
    if (!applied || payees.length === 0) return [];
    const rate = frozenRate(applied, currency, () => input.positionMinor(share));
    if (!rate) return [];
    const bounds = {
      minimumMinor: inCurrency(applied.minimum, currency),
      capMinor: inCurrency(applied.cap, currency),
    };
    return [
      {
        shareId: share.id,
        functionId: share.function,
        payee: share.payee,
        isPlatform: isOfPlatform(share.payee),
        rule,
        rate,
        bounds: Object.fromEntries(Object.entries(bounds).filter(([, value]) => value !== undefined)),
        vat: freezeVat(share.vat, payeeHub(share.payee, attributed, producerId)),
        payees,
      },
    ];
  });
  return {
    modelVersion: input.modelVersion,
    platformMaximumBps: percentageBps(model.limits.platformMaximum),
    producerMinimumBps: percentageBps(model.limits.producerMinimum),
    shares,
  };
}

/** Where the money of a capture is; cash in a till is the hub's debt. */
export function holderAccount(sale: CapturedSale): AccountRef {
  const { holder } = sale.capture;
  const { currency } = sale;
  if (holder.kind === 'hub-till') {
    return { owner: { kind: 'enterprise', id: holder.hubId }, purpose: 'till', currency };
  }
  const purpose = holder.kind === 'provider' ? 'provider' : 'bank';
  return { owner: { kind: 'instance', id: holder.instanceId }, purpose, currency };
}

/** A producer's remaining goods: gross and net in minor units, and units for flat rates. */
export function goodsTotals(goods: ProducerGoods['goods']): {
  grossMinor: number;
  netMinor: number;
  units: number;
} {
  return goods.reduce(
    (sum, part) => ({
      grossMinor: sum.grossMinor + part.grossMinor,
      netMinor: sum.netMinor + part.netMinor,
      units: sum.units + part.units,
    }),
    { grossMinor: 0, netMinor: 0, units: 0 },
  );
}
