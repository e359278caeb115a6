import type {
  CapturedSale,
  PostingCommand,
  PostingEntry,
  ProducerGoods,
  SplitFigures,
  StandingSplit,
} from '@foodshed/contracts';
import {
  allocate,
  atRate,
  marginal,
  multiplyFloor,
  perUnit,
  platformCap,
  vatOn,
  withinBounds,
} from '@foodshed/money';
import { type FrozenShare, type FrozenSplit, goodsTotals, holderAccount } from './split.rules.js';

interface Goods {
  grossMinor: number;
  netMinor: number;
  units: number;
}

/** What a share comes to before the limits: rate, then minimum and cap, never above the base. Minor units. */
export function shareBeforeLimits(share: FrozenShare, goods: Goods): number {
  const base = Math.max(goods.netMinor, 0);
  const { rate } = share;
  const raw =
    rate.kind === 'rate'
      ? atRate(base, rate.rateBps)
      : rate.kind === 'tiers'
        ? marginal(rate.positionMinor, base, rate.tiers)
        : perUnit(goods.units, rate.perUnitMinor);
  return withinBounds(raw, base, share.bounds);
}

/** Cuts `amounts` from the last to the first until those that `counts` sum to at most `limitMinor`. */
function cutLastFirst(amounts: number[], counts: (index: number) => boolean, limitMinor: number): number[] {
  const cut = [...amounts];
  let over = cut.reduce((sum, amount, index) => (counts(index) ? sum + amount : sum), 0) - limitMinor;
  for (let index = cut.length - 1; index >= 0 && over > 0; index -= 1) {
    if (!counts(index)) continue;
    const less = Math.min(cut[index]!, over);
    cut[index]! -= less;
    over -= less;
  }
  return cut;
}

const shareVat = (share: FrozenShare, amountMinor: number): number =>
  share.vat ? vatOn(amountMinor, share.vat.rateBps) : 0;

/** VAT on shares comes out of the producer's gross; where it does not fit, the last shares give way. */
function leaveGrossWhole(shares: FrozenShare[], amounts: number[], grossMinor: number): number[] {
  const cut = [...amounts];
  const over = (): number =>
    cut.reduce((sum, amount, index) => sum + amount + shareVat(shares[index]!, amount), 0) - grossMinor;
  for (let index = cut.length - 1; index >= 0; index -= 1) {
    while (over() > 0 && cut[index]! > 0) {
      // A share that carries VAT frees more than itself, so the first guess may be too much by that part only.
      const vatBps = shares[index]!.vat?.rateBps ?? 0;
      const less = Math.max(1, multiplyFloor(over(), 10_000, 10_000 + vatBps));
      cut[index] = Math.max(0, cut[index]! - less);
    }
  }
  return cut;
}

/**
 * What each share of a frozen split comes to for the goods that remain, in the model's order: rate, minimum
 * and cap, the platform's cap (VAT excluded), the producer's minimum. Minor units, never negative.
 */
export function shareAmounts(frozen: FrozenSplit, goods: Goods): number[] {
  const { shares } = frozen;
  const base = Math.max(goods.netMinor, 0);
  const asked = shares.map((share) => shareBeforeLimits(share, goods));
  const capped = cutLastFirst(
    asked,
    (index) => shares[index]!.isPlatform,
    platformCap(base, frozen.platformMaximumBps),
  );
  const guaranteed = cutLastFirst(
    capped,
    () => true,
    multiplyFloor(base, 10_000 - frozen.producerMinimumBps, 10_000),
  );
  return leaveGrossWhole(shares, guaranteed, goods.grossMinor);
}

/** The amounts of a standing split alone, in the order of the frozen shares and of their payees; minor units. */
export interface StandingAmounts {
  readonly grossMinor: number;
  readonly netMinor: number;
  readonly residualMinor: number;
  readonly shares: readonly { amountMinor: number; vatMinor: number; payeesMinor: readonly number[] }[];
}

/** What stands for one producer: the shares by payee, VAT on them, and the rest, which is the producer's. */
export function standingOf(
  producerId: string,
  currency: string,
  frozen: FrozenSplit,
  goods: ProducerGoods['goods'],
): StandingSplit {
  const totals = goodsTotals(goods);
  const amounts = shareAmounts(frozen, totals);
  const shares = frozen.shares.map((share, index) => {
    const amountMinor = amounts[index]!;
    const weights = share.payees.map((payee) => payee.weightBps);
    return {
      amountMinor,
      vatMinor: shareVat(share, amountMinor),
      payeesMinor: allocate(amountMinor, weights),
    };
  });
  const taken = shares.reduce((sum, share) => sum + share.amountMinor + share.vatMinor, 0);
  const { grossMinor, netMinor } = totals;
  return standingFrom(producerId, currency, frozen, {
    grossMinor,
    netMinor,
    residualMinor: grossMinor - taken,
    shares,
  });
}

/** A standing split from its amounts and the shares they were frozen with. */
export function standingFrom(
  producerId: string,
  currency: string,
  frozen: FrozenSplit,
  amounts: StandingAmounts,
): StandingSplit {
  const { grossMinor, netMinor, residualMinor } = amounts;
  const shares = frozen.shares.map((share, index) => {
    const { amountMinor, vatMinor, payeesMinor } = amounts.shares[index]!;
    return {
      shareId: share.shareId,
      functionId: share.functionId,
      isPlatform: share.isPlatform,
      amountMinor,
      vatMinor,
      payees: share.payees.map((payee, position) => ({
        account: { owner: payee.owner, purpose: payee.purpose, currency },
        amountMinor: payeesMinor[position]!,
      })),
    };
  });
  return { producerId, grossMinor, netMinor, residualMinor, shares };
}

/** The amounts of a standing split, from which and its frozen shares `standingFrom` makes it again. */
export function amountsOf(standing: StandingSplit): StandingAmounts {
  const { grossMinor, netMinor, residualMinor } = standing;
  const shares = standing.shares.map(({ amountMinor, vatMinor, payees }) => ({
    amountMinor,
    vatMinor,
    payeesMinor: payees.map((payee) => payee.amountMinor),
  }));
  return { grossMinor, netMinor, residualMinor, shares };
}

/** A standing split as events tell it: who is paid is left to the entries. */
export function figuresOf(standing: StandingSplit): SplitFigures {
  return {
    ...standing,
    shares: standing.shares.map(({ payees, ...share }) => ({
      ...share,
      paysCosts: payees.length > 0 && payees.every(({ account }) => account.purpose === 'payment-costs'),
    })),
  };
}

type Entries = PostingEntry[];

/** The entries that would post `standing` from nothing: the holder's money, the producer's rest, each payee's part. */
export function saleEntries(sale: CapturedSale, standing: StandingSplit): Entries {
  const { currency } = sale;
  const producer = {
    owner: { kind: 'enterprise' as const, id: standing.producerId },
    purpose: 'pending' as const,
    currency,
  };
  return [
    { account: holderAccount(sale), amountMinor: standing.grossMinor, line: 'money', shareId: null },
    { account: producer, amountMinor: -standing.residualMinor, line: 'goods', shareId: null },
    ...standing.shares.flatMap((share): Entries => {
      const vat = allocate(
        share.vatMinor,
        share.payees.map((payee) => payee.amountMinor),
      );
      return share.payees.flatMap((payee, index): Entries => [
        { account: payee.account, amountMinor: -payee.amountMinor, line: 'share', shareId: share.shareId },
        { account: payee.account, amountMinor: -vat[index]!, line: 'vat', shareId: share.shareId },
      ]);
    }),
  ];
}

/** Money that is the hub's fee or the buyer's surplus, as entries from nothing. */
export function otherEntries(sale: CapturedSale, line: 'hub-fee' | 'surplus', amountMinor: number): Entries {
  const { currency } = sale;
  const account =
    line === 'hub-fee'
      ? { owner: { kind: 'enterprise' as const, id: sale.hubId }, purpose: 'pending' as const, currency }
      : { owner: { kind: sale.buyer.kind, id: sale.buyer.id }, purpose: 'buyer-credit' as const, currency };
  return [
    { account: holderAccount(sale), amountMinor, line: 'money', shareId: null },
    { account, amountMinor: -amountMinor, line, shareId: null },
  ];
}

const entryKey = ({ account, line, shareId }: PostingEntry): string =>
  [account.owner.kind, account.owner.id, account.purpose, account.currency, line, shareId ?? ''].join('|');

/** `target` − `posted`, entry by entry; nothing where they agree, and it sums to zero because both do. */
export function entryDifferences(target: Entries, posted: Entries): Entries {
  const sums = new Map<string, PostingEntry>();
  const add = (entry: PostingEntry, sign: 1 | -1): void => {
    const key = entryKey(entry);
    const before = sums.get(key)?.amountMinor ?? 0;
    sums.set(key, { ...entry, amountMinor: before + sign * entry.amountMinor });
  };
  for (const entry of target) add(entry, 1);
  for (const entry of posted) add(entry, -1);
  return [...sums.values()].filter((entry) => entry.amountMinor !== 0);
}

/** A ledger command for the difference, or none when nothing changed. */
export function commandFor(
  key: PostingCommand['key'],
  occurredAt: string,
  target: Entries,
  posted: Entries,
): PostingCommand[] {
  const entries = entryDifferences(target, posted);
  return entries.length === 0 ? [] : [{ key, occurredAt, entries }];
}
