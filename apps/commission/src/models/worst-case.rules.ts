import {
  isOfPlatform,
  type ModelRule,
  type NetworkModel,
  percentageBps,
  type WorstCase,
} from '@foodshed/contracts';
import { fromDecimal, multiplyFloor, platformCap, toDecimal } from '@foodshed/money';
import type { FrozenSplit } from '../splits/split.rules.js';
import { shareAmounts, shareBeforeLimits } from '../splits/standing.rules.js';
import { error, type RuleProblem, warning } from './model-problem.rules.js';
import { differingSituations, frozenIn, type Situation, situationWords } from './situation.rules.js';

type Limit = WorstCase['limit'];
const LIMITS: readonly Limit[] = ['platformMaximum', 'producerMinimum'];

/** Every small order is tried, for that is where a rounded unit weighs most. */
const SMALL_MINOR = 120;
/** An order far above every bound: there the rates decide. */
const LARGE_MINOR = 100_000_000;
const UNITS = [1, 10, 1_000];
/** No model that people read has more. */
const MOST_RATES = 50;

const rulesOf = (model: NetworkModel): ModelRule[] =>
  model.splits['paid-sale'].shares.flatMap((share) => share.rules);

/** Amounts of the model in minor units, where a minimum, a cap or a tier begins to count. */
function edgesOf(model: NetworkModel, currency: string): { amounts: number[]; positions: number[] } {
  const minor = (amount: number | undefined): number[] =>
    amount === undefined ? [] : [fromDecimal(String(amount), currency)];
  const rules = rulesOf(model);
  const positions = rules.flatMap((rule) => (rule.tiers ?? []).flatMap(({ from }) => minor(from)));
  const bounds = new Set(
    rules.flatMap((rule) =>
      [rule.minimum, rule.cap, rule.perUnit].flatMap((amounts) => minor(amounts?.[currency])),
    ),
  );
  const rates = rules.flatMap((rule) => [rule.rate, ...(rule.tiers ?? []).map(({ rate }) => rate)]);
  const { platformMaximum, producerMinimum } = model.limits;
  const bps = [platformMaximum, producerMinimum, ...rates]
    .flatMap((rate) => (rate === undefined ? [] : percentageBps(rate)))
    .filter((rate) => rate > 0);
  const few = [...new Set(bps)].slice(0, MOST_RATES);
  const crossings = [...bounds].flatMap((bound) => few.map((rate) => Math.floor((bound * 10_000) / rate)));
  const around = [...bounds, ...crossings, ...positions].flatMap((edge) => [edge - 1, edge, edge + 1]);
  return { amounts: [...new Set(around)].filter((edge) => edge > 0 && edge <= LARGE_MINOR), positions };
}

const counts = (frozen: FrozenSplit, limit: Limit, index: number): boolean =>
  limit === 'producerMinimum' || frozen.shares[index]!.isPlatform;

const allowedBy = (frozen: FrozenSplit, limit: Limit, netMinor: number): number =>
  limit === 'platformMaximum'
    ? platformCap(netMinor, frozen.platformMaximumBps)
    : multiplyFloor(netMinor, 10_000 - frozen.producerMinimumBps, 10_000);

/** Shares and tiers that are computed at most; of a model with very many only some amounts are tried, evenly. */
const MOST_COMPUTED = 200_000;
/** Of situations with many tiers only the first and the last tier are begun in. */
const MOST_FROZEN = 200;

interface Order {
  readonly frozen: FrozenSplit;
  readonly situation: Situation;
  readonly netMinor: number;
  readonly units: number;
}

/** The orders that may break a limit: each with its situation and what its producer had sold in the month. */
function* ordersOf(model: NetworkModel, currency: string): Generator<Order> {
  const { amounts, positions } = edgesOf(model, currency);
  const small = Array.from({ length: SMALL_MINOR }, (_, index) => index + 1);
  const bases = [...new Set([...small, ...amounts, LARGE_MINOR])].sort((a, b) => a - b);
  const allUnits = rulesOf(model).some((rule) => rule.perUnit) ? UNITS : UNITS.slice(0, 1);
  const situations = differingSituations(model);
  const allStarts = [...new Set([0, ...positions])];
  const isMany = situations.length * allStarts.length > MOST_FROZEN;
  const starts = isMany ? [0, Math.max(...positions)] : allStarts;
  const work = rulesOf(model).reduce((sum, rule) => sum + (rule.tiers?.length ?? 1), 0);
  const all = situations.length * starts.length * bases.length * allUnits.length;
  const every = Math.ceil((all * work) / MOST_COMPUTED);
  const tried = bases.filter((_, index) => index % every === 0 || index === bases.length - 1);
  for (const situation of situations) {
    for (const positionMinor of starts) {
      const frozen = frozenIn(model, situation, { currency, positionMinor });
      for (const netMinor of tried) {
        for (const units of allUnits) yield { frozen, situation, netMinor, units };
      }
    }
  }
}

/** What an order's shares ask and get of each limit; none of a limit that no share of it counts towards. */
function casesOf({ frozen, situation, netMinor, units }: Order): WorstCase[] {
  const goods = { grossMinor: netMinor, netMinor, units };
  const asked = frozen.shares.map((share) => shareBeforeLimits(share, goods));
  const paid = shareAmounts(frozen, goods);
  return LIMITS.filter((limit) => frozen.shares.some((_, index) => counts(frozen, limit, index))).map(
    (limit) => {
      const sum = (amounts: readonly number[]): number =>
        amounts.reduce((total, amount, index) => (counts(frozen, limit, index) ? total + amount : total), 0);
      return {
        limit,
        situation: situationWords(situation),
        netMinor,
        units,
        askedMinor: sum(asked),
        allowedMinor: allowedBy(frozen, limit, netMinor),
        paidMinor: sum(paid),
      };
    },
  );
}

const excess = (worst: WorstCase): number => worst.askedMinor - worst.allowedMinor;

/**
 * Of each limit the order whose shares ask for most above it, minor units and rounding included; the smallest one
 * where several are as bad. Found by splitting up to some thousand orders as the program would: every cent up to 1.20
 * and the amounts around each bound, in every situation. A limit cuts what it does not allow: `paidMinor` never exceeds it.
 */
export function worstCases(model: NetworkModel, currency: string): WorstCase[] {
  const worst = new Map<Limit, WorstCase>();
  for (const order of ordersOf(model, currency)) {
    for (const tried of casesOf(order)) {
      const before = worst.get(tried.limit);
      const isWorse = !before || excess(tried) > excess(before);
      const isSmaller = before && excess(tried) === excess(before) && tried.netMinor < before.netMinor;
      if (isWorse || isSmaller) worst.set(tried.limit, tried);
    }
  }
  return LIMITS.flatMap((limit) => worst.get(limit) ?? []);
}

/** The rates that can come together in one situation, in basis points of the net goods; tiers at their highest. */
function highestTogether(
  model: NetworkModel,
  limit: Limit,
  currency: string,
): { rateBps: number; situation: Situation | undefined } {
  const { shares } = model.splits['paid-sale'];
  let highest: { rateBps: number; situation: Situation | undefined } = { rateBps: 0, situation: undefined };
  for (const situation of differingSituations(model)) {
    const frozen = frozenIn(model, situation, { currency });
    const rateBps = frozen.shares
      .filter((_, index) => counts(frozen, limit, index))
      .reduce((sum, { shareId, rule }) => {
        const applied = shares.find(({ id }) => id === shareId)!.rules[rule]!;
        const rates = [applied.rate, ...(applied.tiers ?? []).map(({ rate }) => rate)];
        return sum + Math.max(0, ...rates.map((rate) => (rate === undefined ? 0 : percentageBps(rate))));
      }, 0);
    if (rateBps > highest.rateBps) highest = { rateBps, situation };
  }
  return highest;
}

const percent = (bps: number): string => `${bps / 100} %`;

function told({ netMinor, units, askedMinor, allowedMinor, situation }: WorstCase, currency: string): string {
  const money = (minor: number): string => `${toDecimal(minor, currency)} ${currency}`;
  const of = units > 1 ? ` for ${units} units` : '';
  return `of ${money(netMinor)}${of} (${situation}) they ask ${money(askedMinor)}, and ${money(allowedMinor)} is allowed`;
}

/**
 * Rates that exceed a limit together are an error. Minimums and amounts per unit that a limit would have to cut are a
 * warning that shows the order; a unit of rounding for each share is neither, as every limit cuts it.
 */
export function checkLimits(model: NetworkModel, currency: string): RuleProblem[] {
  const { shares } = model.splits['paid-sale'];
  const cases = worstCases(model, currency);
  return LIMITS.flatMap((limit): RuleProblem[] => {
    const isPlatform = limit === 'platformMaximum';
    const allowedBps = isPlatform
      ? percentageBps(model.limits.platformMaximum)
      : 10_000 - percentageBps(model.limits.producerMinimum);
    const { rateBps, situation } = highestTogether(model, limit, currency);
    const worst = cases.find((candidate) => candidate.limit === limit);
    const path = isPlatform ? ['limits', limit] : ['splits', 'paid-sale', 'shares'];
    if (rateBps > allowedBps) {
      const where = situation && worst ? ` (${situationWords(situation)}): ${told(worst, currency)}` : '';
      const message = isPlatform
        ? `the platform's shares can reach ${percent(rateBps)}, above this maximum${where}; lower them or raise it`
        : `together the shares can reach ${percent(rateBps)}, but only ${percent(allowedBps)} may be taken${where}; lower them or limits.producerMinimum`;
      return [error(path, message)];
    }
    const counted = shares.filter((share) => !isPlatform || isOfPlatform(share.payee)).length;
    if (!worst || excess(worst) <= counted) return [];
    return [
      warning(
        ['limits', limit],
        `a minimum or an amount per unit is cut by this limit: ${told(worst, currency)}; the later shares give way`,
      ),
    ];
  });
}
