import type { ModelExample, NetworkModel } from '@foodshed/contracts';
import { currencyDecimals } from '@foodshed/money';
import { standingOf } from '../splits/standing.rules.js';
import { frozenIn, NOBODY, type Situation } from './situation.rules.js';

interface ExampleOf {
  readonly model: NetworkModel;
  readonly currency: string;
}

/** A household buys on the day that it is brought: terms of a referral begin then. */
const SITUATIONS: Readonly<Record<ModelExample['situation'], Situation>> = {
  'brought-by-hub': { monthsSince: 0, buyer: 'person', method: 'bank-transfer' },
  'brought-by-nobody': { monthsSince: null, buyer: 'person', method: 'bank-transfer' },
  'paid-in-cash': { monthsSince: 0, buyer: 'person', method: 'cash' },
};

function exampleOf({ model, currency }: ExampleOf, situation: ModelExample['situation']): ModelExample {
  const totalMinor = Math.max(1_000, 10 ** (currencyDecimals(currency) + 1));
  const frozen = frozenIn(model, SITUATIONS[situation], { currency });
  const goods = [{ vatRateBps: 0, grossMinor: totalMinor, netMinor: totalMinor, units: 1 }];
  const standing = standingOf(NOBODY, currency, frozen, goods);
  const parts = standing.shares.map(({ shareId, functionId, amountMinor, vatMinor }, index) => ({
    shareId,
    functionId,
    payee: frozen.shares[index]!.payee,
    amountMinor: amountMinor + vatMinor,
  }));
  const producer = { shareId: null, functionId: null, payee: null, amountMinor: standing.residualMinor };
  return {
    situation,
    currency,
    totalMinor,
    parts: [producer, ...parts.filter((part) => part.amountMinor > 0)],
  };
}

/**
 * Who gets what of 10.00 without VAT, computed as a sale is; the parts add up to it. Situations in which everybody
 * gets the same as in one before are left out.
 */
export function examplesOf(of: ExampleOf): ModelExample[] {
  const situations = ['brought-by-hub', 'brought-by-nobody', 'paid-in-cash'] as const;
  const all = situations.map((situation) => exampleOf(of, situation));
  const textOf = ({ parts }: ModelExample): string => JSON.stringify(parts);
  return all.filter(
    (example, index) => all.findIndex((other) => textOf(other) === textOf(example)) === index,
  );
}
