import type { AttributedSale, CapturedSale, ModelExample, NetworkModel } from '@foodshed/contracts';
import { currencyDecimals } from '@foodshed/money';
import { freeze } from '../splits/split.rules.js';
import { standingOf } from '../splits/standing.rules.js';

/** Nobody: an example has no real people, and its amounts do not depend on who they are. */
const NOBODY = '00000000-0000-4000-8000-000000000000';

interface ExampleOf {
  readonly model: NetworkModel;
  readonly modelVersion: number;
  readonly currency: string;
  /** When the example is bought: terms of a referral begin then. */
  readonly at: string;
}

/** Goods worth 10.00 without VAT of one producer, bought by a person in the shop of a hub. */
function saleOf(
  { currency, at }: ExampleOf,
  { totalMinor, isCash }: { totalMinor: number; isCash: boolean },
): CapturedSale {
  const goods = [{ vatRateBps: 0, grossMinor: totalMinor, netMinor: totalMinor, units: 1 }];
  return {
    orderId: NOBODY,
    version: 1,
    currency,
    timeZone: 'UTC',
    hubId: NOBODY,
    cycleId: NOBODY,
    buyer: { kind: 'person', id: NOBODY },
    placedAt: at,
    paidAt: at,
    changedAt: at,
    capture: {
      captureId: NOBODY,
      method: isCash ? 'cash' : 'bank-transfer',
      holder: isCash ? { kind: 'hub-till', hubId: NOBODY } : { kind: 'instance-bank', instanceId: NOBODY },
      amountMinor: totalMinor,
      surplusMinor: 0,
    },
    producers: [{ producerId: NOBODY, goods }],
    hubFeeMinor: 0,
  };
}

function exampleOf(of: ExampleOf, situation: ModelExample['situation']): ModelExample {
  const { model, modelVersion, currency, at } = of;
  const totalMinor = Math.max(1_000, 10 ** (currencyDecimals(currency) + 1));
  const isReferred = situation !== 'brought-by-nobody';
  const referral = { referralId: NOBODY, hubId: NOBODY, via: 'shop' as const, boundAt: at };
  const attributed: AttributedSale = {
    sale: saleOf(of, { totalMinor, isCash: situation === 'paid-in-cash' }),
    attributions: [{ producerId: NOBODY, referral: isReferred ? referral : null }],
    hubs: [],
  };
  const frozen = freeze({
    model,
    modelVersion,
    instanceId: NOBODY,
    attributed,
    producerId: NOBODY,
    positionMinor: () => 0,
  });
  const standing = standingOf(NOBODY, currency, frozen, attributed.sale.producers[0]!.goods);
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
