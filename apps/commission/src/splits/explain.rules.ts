import type { CapturedSale, SplitExplanation, SplitView, StandingSplit } from '@foodshed/contracts';
import { toDecimal } from '@foodshed/money';
import type { StoredSplit } from './advance.rules.js';
import { type FrozenShare, goodsTotals } from './split.rules.js';
import { shareBeforeLimits } from './standing.rules.js';

/** A split as callers see it. */
export function splitView(split: StoredSplit, sale: CapturedSale): SplitView {
  return {
    splitId: split.splitId,
    orderId: split.orderId,
    captureId: split.captureId,
    version: split.version,
    currency: sale.currency,
    modelVersion: split.frozen.modelVersion,
    placedAt: sale.placedAt,
    paidAt: sale.paidAt,
    standing: split.standing,
  };
}

const percent = (bps: number): string => `${(bps / 100).toFixed(2).replace(/\.?0+$/, '')} %`;

type Money = (minor: number) => string;

function rateArithmetic(share: FrozenShare, goods: ReturnType<typeof goodsTotals>, money: Money): string {
  const { rate } = share;
  if (rate.kind === 'rate') return `${percent(rate.rateBps)} of ${money(goods.netMinor)}`;
  if (rate.kind === 'per-unit') return `${goods.units} × ${money(rate.perUnitMinor)}`;
  const tiers = rate.tiers.map((tier) => `${percent(tier.rateBps)} from ${money(tier.fromMinor)}`).join(', ');
  return `${tiers}, on ${money(goods.netMinor)} above the ${money(rate.positionMinor)} sold earlier in the month`;
}

function boundsArithmetic(share: FrozenShare, money: Money): string {
  const { minimumMinor, capMinor } = share.bounds;
  const words = [
    minimumMinor === undefined ? '' : `at least ${money(minimumMinor)}`,
    capMinor === undefined ? '' : `at most ${money(capMinor)}`,
  ].filter(Boolean);
  return words.length === 0 ? '' : ` (${words.join(', ')})`;
}

function whyItApplies(share: FrozenShare, split: StoredSplit): string {
  const rule = `rule ${share.rule + 1} of share ${share.shareId}, model version ${split.frozen.modelVersion}`;
  const { referral } = split.attribution;
  if (share.payee !== 'referring-hub-managers' || !referral) return rule;
  return `${rule}; hub ${referral.hubId} brought this buyer (${referral.via}, ${referral.boundAt.slice(0, 10)})`;
}

function shareSteps(
  share: FrozenShare,
  standing: StandingSplit['shares'][number],
  split: StoredSplit,
  { sale, money }: { sale: CapturedSale; money: Money },
): SplitExplanation['steps'] {
  const goods = goodsTotals(goodsOf(sale, split.producerId));
  const asked = shareBeforeLimits(share, goods);
  const cut = asked - standing.amountMinor;
  const limit = cut > 0 ? `, cut by ${money(cut)} to stay within the model's limits` : '';
  const arithmetic = `${rateArithmetic(share, goods, money)}${boundsArithmetic(share, money)} = ${money(asked)}${limit}`;
  const total = {
    subject: share.shareId,
    rule: whyItApplies(share, split),
    arithmetic,
    amountMinor: standing.amountMinor,
  };
  const payees = standing.payees.map((payee, index) => ({
    subject: `${payee.account.owner.kind} ${payee.account.owner.id}`,
    rule: `holds ${percent(share.payees[index]!.weightBps)} of ${share.shareId}`,
    arithmetic: `${percent(share.payees[index]!.weightBps)} of ${money(standing.amountMinor)} = ${money(payee.amountMinor)}`,
    amountMinor: payee.amountMinor,
  }));
  const vat = share.vat && {
    subject: `VAT on ${share.shareId}`,
    rule: `${share.vat.treatment}, ${share.vat.country}${share.vat.reason ? `: ${share.vat.reason}` : ''}`,
    arithmetic: `${percent(share.vat.rateBps)} of ${money(standing.amountMinor)} = ${money(standing.vatMinor)}`,
    amountMinor: standing.vatMinor,
  };
  return [total, ...(payees.length > 1 ? payees : []), ...(vat ? [vat] : [])];
}

const goodsOf = (sale: CapturedSale, producerId: string) =>
  sale.producers.find((producer) => producer.producerId === producerId)?.goods ?? [];

/** The arithmetic of one split as a person would write it: base, each share with its rule, and the rest. */
export function explain(split: StoredSplit, sale: CapturedSale, modelName: string): SplitExplanation {
  const money: Money = (minor) => `${toDecimal(minor, sale.currency)} ${sale.currency}`;
  const { standing } = split;
  const goods = goodsOf(sale, split.producerId);
  const net = goods
    .map((part) =>
      part.vatRateBps === 0
        ? money(part.netMinor)
        : `${money(part.grossMinor)} less ${percent(part.vatRateBps)} VAT = ${money(part.netMinor)}`,
    )
    .join('; ');
  const steps = split.frozen.shares.flatMap((share) => {
    const own = standing.shares.find((candidate) => candidate.shareId === share.shareId);
    return own ? shareSteps(share, own, split, { sale, money }) : [];
  });
  const taken = standing.grossMinor - standing.residualMinor;
  return {
    split: splitView(split, sale),
    modelName,
    base: {
      grossMinor: standing.grossMinor,
      netMinor: standing.netMinor,
      arithmetic: goods.length === 0 ? 'everything was refunded' : net,
    },
    steps,
    result: `the producer keeps ${money(standing.grossMinor)} − ${money(taken)} = ${money(standing.residualMinor)}`,
  };
}

/** Whether a person's own part is in a split: they or an enterprise of theirs produce, buy, serve or are paid. */
export function takesPart(
  split: StoredSplit,
  sale: CapturedSale,
  who: { personId: string; enterpriseIds: readonly string[] },
): boolean {
  const own = new Set([who.personId, ...who.enterpriseIds]);
  const payees = split.standing.shares.flatMap((share) =>
    share.payees.map((payee) => payee.account.owner.id),
  );
  const referrer = split.attribution.referral?.hubId;
  return [split.producerId, sale.buyer.id, sale.hubId, referrer, ...payees].some(
    (id) => id !== undefined && own.has(id),
  );
}
