import {
  holdDaysOf,
  type ModelRule,
  type ModelShare,
  type NetworkModel,
  type NetworkModelView,
} from '@foodshed/contracts';

/** A model's version as far as the choice between versions needs it. */
export interface ModelVersion {
  instanceId: string;
  version: number;
  takesEffectAt: string;
}

/** The version in force at an instant: of those that had taken effect the highest; undefined when none had. */
export function modelAt<M extends ModelVersion>(
  models: readonly M[],
  instanceId: string,
  at: string,
): M | undefined {
  const atMs = Date.parse(at);
  return models
    .filter((model) => model.instanceId === instanceId && Date.parse(model.takesEffectAt) <= atMs)
    .reduce<M | undefined>((best, model) => (best && best.version > model.version ? best : model), undefined);
}

const payees: Record<ModelShare['payee'], string> = {
  'referring-hub-managers': 'the managers of the hub that brought the buyer',
  'serving-hub-managers': 'the managers of the hub whose shop serves',
  'serving-hub': 'the hub whose shop serves',
  administration: 'the platform',
  developing: 'the fund for developing',
  'payment-costs': 'payment costs',
};

function conditionWords(rule: ModelRule): string {
  const { when } = rule;
  const parts = [
    when?.referred === true || when?.withinMonths !== undefined ? 'if a hub brought the buyer' : '',
    when?.referred === false ? 'if nobody brought the buyer' : '',
    when?.withinMonths !== undefined ? `for ${when.withinMonths} months` : '',
    when?.buyers ? `if the buyer is ${when.buyers.join(' or ')}` : '',
    when?.paidBy ? `if paid by ${when.paidBy.join(' or ')}` : '',
  ].filter(Boolean);
  return parts.length === 0 ? '' : ` ${parts.join(', ')}`;
}

function amountWords(rule: ModelRule): string {
  if (rule.rate !== undefined) return rule.rate;
  if (rule.tiers) return rule.tiers.map((tier) => `${tier.rate} from ${tier.from} a month`).join(', ');
  return Object.entries(rule.perUnit ?? {})
    .map(([currency, amount]) => `${amount} ${currency} a unit`)
    .join(' or ');
}

/** The model as sentences: who gets what of a producer's net goods, and what nobody may exceed. */
export function plainWords(model: NetworkModel): string[] {
  const { shares } = model.splits['paid-sale'];
  return [
    ...shares.flatMap((share) =>
      share.rules.map((rule) => `${payees[share.payee]}: ${amountWords(rule)}${conditionWords(rule)}`),
    ),
    'the producer: everything else',
    `the platform may never take more than ${model.limits.platformMaximum} of any sale`,
    holdDaysOf(model) === 0
      ? 'earnings can be paid out once the goods were handed over and the money has come'
      : `earnings can be paid out ${model.limits.hold} after the goods were handed over, once the money has come`,
  ];
}

/** The functions as they follow each other in the text, with what each does and earns in its stewards' words. */
export function functionsOf(model: NetworkModel, source: string): NetworkModelView['functions'] {
  // What was stored has its keys in another order; the first mention with a colon is the function's own.
  const place = (functionId: string): number => source.indexOf(`${functionId}:`);
  return Object.entries(model.functions)
    .sort(([one], [other]) => place(one) - place(other))
    .map(([functionId, { does, stewards, earns }]) => ({
      functionId,
      does,
      stewards,
      earns: earns ?? null,
    }));
}
