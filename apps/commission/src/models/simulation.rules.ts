import {
  type AttributedSale,
  type CapturedSale,
  dividedFunction,
  type ModelShare,
  type ModelSimulation,
  type NetworkModel,
  type StandingSplit,
} from '@foodshed/contracts';
import type { StoredSplit } from '../splits/advance.rules.js';
import { freeze, goodsTotals } from '../splits/split.rules.js';
import { standingOf } from '../splits/standing.rules.js';
import { tieredShares, tierMonthOf } from '../splits/tier.rules.js';

interface Change {
  beforeMinor: number;
  afterMinor: number;
}
type Side = keyof Change;

/** Sums of a simulation while sales are added to it. */
export interface Simulation {
  /**
   * Counts a sale. What stood of it comes with it, or is computed by the model that is compared with. With tiers, sales
   * come by (paid at, order id), for each month counts from the sales before it.
   */
  add(attributed: AttributedSale, before?: readonly StandingSplit[]): void;
  result(currency: string): ModelSimulation;
}

export interface SimulationInput {
  model: NetworkModel;
  /** What is compared with where a sale comes without what stood of it; null: everything goes to the producers. */
  against: NetworkModel | null;
  instanceId: string;
}

/** Splits sales as the program does, each on top of what the ones before it sold in the month. */
function splitter(
  model: NetworkModel | null,
  instanceId: string,
): (attributed: AttributedSale) => StandingSplit[] {
  const sold = new Map<string, number>();
  const tiered = model ? tieredShares(model) : [];
  return (attributed) =>
    attributed.sale.producers.map(({ producerId, goods }) => {
      const monthOf = (share: ModelShare): string | null => {
        const month = tierMonthOf({ instanceId, attributed, producerId, share });
        return month && [producerId, share.id, month.payeeId, month.month].join(' ');
      };
      const frozen = freeze({
        model,
        modelVersion: 1,
        instanceId,
        attributed,
        producerId,
        positionMinor: (share) => sold.get(monthOf(share) ?? '') ?? 0,
      });
      for (const month of tiered.flatMap((share) => monthOf(share) ?? [])) {
        sold.set(month, (sold.get(month) ?? 0) + goodsTotals(goods).netMinor);
      }
      return standingOf(producerId, attributed.sale.currency, frozen, goods);
    });
}

const none = (): Change => ({ beforeMinor: 0, afterMinor: 0 });

/** What each has before and after, by a name that is made when it is first met. */
function ledger(): { all: Map<string, Change>; add: (name: string, side: Side, minor: number) => void } {
  const all = new Map<string, Change>();
  return {
    all,
    add(name, side, minor) {
      const change = all.get(name) ?? none();
      change[side] += minor;
      all.set(name, change);
    },
  };
}

const difference = ({ beforeMinor, afterMinor }: Change): number => Math.abs(afterMinor - beforeMinor);

/** Begins a simulation: sales are added one by one, split by the same rules as paid sales are. */
export function simulationOf({ model, against, instanceId }: SimulationInput): Simulation {
  const [splitAfter, splitBefore] = [splitter(model, instanceId), splitter(against, instanceId)];
  const divided = dividedFunction(model);
  const [functions, people] = [ledger(), ledger()];
  const [take, vat] = [none(), none()];
  const total = { saleCount: 0, grossMinor: 0, netMinor: 0 };
  for (const name of Object.keys(model.functions)) functions.add(name, 'afterMinor', 0);
  const count = (side: Side, standing: StandingSplit): void => {
    functions.add(divided, side, standing.residualMinor);
    people.add(`enterprise ${standing.producerId}`, side, standing.residualMinor);
    for (const share of standing.shares) {
      functions.add(share.functionId, side, share.amountMinor);
      vat[side] += share.vatMinor;
      if (share.isPlatform) take[side] += share.amountMinor;
      for (const { account, amountMinor } of share.payees) {
        if (account.owner.kind === 'instance') continue;
        people.add(`${account.owner.kind} ${account.owner.id}`, side, amountMinor);
      }
    }
  };
  return {
    add(attributed, before) {
      const after = splitAfter(attributed);
      total.saleCount += 1;
      for (const standing of after) {
        total.grossMinor += standing.grossMinor;
        total.netMinor += standing.netMinor;
        count('afterMinor', standing);
      }
      for (const standing of before ?? splitBefore(attributed)) count('beforeMinor', standing);
    },
    result(currency) {
      const beneficiaries = [...people.all].map(([name, change]) => {
        const [kind = '', id = ''] = name.split(' ');
        return { ...change, owner: { kind: kind as 'person' | 'enterprise', id } };
      });
      return {
        ...total,
        currency,
        take,
        vat,
        functions: [...functions.all].map(([functionId, change]) => ({ functionId, ...change })),
        beneficiaries: beneficiaries.sort((a, b) => difference(b) - difference(a)),
      };
    },
  };
}

/**
 * A sale as it was attributed, from what is kept of it. Managers' shares are known of hubs that were paid; of another
 * hub, which the simulated model may pay, all is its own.
 */
export function attributedFrom(sale: CapturedSale, splits: readonly StoredSplit[]): AttributedSale {
  const hubs = new Map<string, AttributedSale['hubs'][number]>();
  for (const { frozen, attribution } of splits) {
    for (const share of frozen.shares.filter(({ payee }) => payee.endsWith('-hub-managers'))) {
      const hubId =
        share.payee === 'serving-hub-managers' ? sale.hubId : (attribution.referral?.hubId ?? sale.hubId);
      const shares = share.payees
        .filter(({ owner }) => owner.kind === 'person')
        .map(({ owner, weightBps }) => ({ personId: owner.id, shareBps: weightBps }));
      hubs.set(hubId, { hubId, shares });
    }
  }
  return { sale, attributions: splits.map(({ attribution }) => attribution), hubs: [...hubs.values()] };
}

/** Whether a sale's place in its month counts, as it does where a share has tiers. */
export const needsOrder = ({ model, against }: Pick<SimulationInput, 'model' | 'against'>): boolean =>
  [model, against].some((each) => each !== null && tieredShares(each).length > 0);
