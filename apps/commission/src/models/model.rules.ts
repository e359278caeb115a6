import type {
  ModelProblem,
  ModelRule,
  ModelShare,
  NetworkModel,
  NetworkModelView,
} from '@foodshed/contracts';
import { isOfPlatform, percentageBps } from '@foodshed/contracts';
import { isDecimal } from '@foodshed/money';

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

/** What is wrong with a model beyond its shape: a path into the text, and the mend. */
export type RuleProblem = Pick<ModelProblem, 'message' | 'severity'> & { path: (string | number)[] };

const error = (path: (string | number)[], message: string): RuleProblem => ({
  path,
  message,
  severity: 'error',
});

/** The highest rate a rule can reach, in basis points of the net goods; null for amounts per unit. */
function highestRateBps(rule: ModelRule): number | null {
  if (rule.rate !== undefined) return percentageBps(rule.rate);
  if (rule.tiers) return Math.max(...rule.tiers.map((tier) => percentageBps(tier.rate)));
  return null;
}

/** Amounts that cannot be paid to the cent, or that are silent about the instance's currency. */
function checkAmounts(rule: ModelRule, path: (string | number)[], currency: string): RuleProblem[] {
  const tooFine = (amount: number, code: string): string =>
    `${amount} is not an amount in ${code}; write it with the places that the currency has`;
  const tiers = (rule.tiers ?? []).flatMap(({ from }, index) =>
    isDecimal(String(from), currency)
      ? []
      : [error([...path, 'tiers', index, 'from'], tooFine(from, currency))],
  );
  const byCurrency = (['perUnit', 'minimum', 'cap'] as const).flatMap((key) => {
    const amounts = rule[key];
    if (!amounts) return [];
    const wrong = Object.entries(amounts)
      .filter(([code, amount]) => !isDecimal(String(amount), code))
      .map(([code, amount]) => error([...path, key, code], tooFine(amount, code)));
    if (Object.hasOwn(amounts, currency)) return wrong;
    return [...wrong, error([...path, key], `say it in ${currency} too: amounts are never converted`)];
  });
  return [...tiers, ...byCurrency];
}

function checkRule(rule: ModelRule, path: (string | number)[]): RuleProblem[] {
  const given = [rule.rate, rule.tiers, rule.perUnit].filter((way) => way !== undefined).length;
  const problems: RuleProblem[] = [];
  if (given !== 1) problems.push(error(path, 'give exactly one of rate, tiers and perUnit'));
  const bounds = rule.tiers?.map((tier) => tier.from) ?? [0];
  if (bounds[0] !== 0) problems.push(error([...path, 'tiers', 0, 'from'], 'the first tier must begin at 0'));
  if (bounds.some((from, index) => index > 0 && from <= bounds[index - 1]!)) {
    problems.push(error([...path, 'tiers'], 'each tier must begin above the one before'));
  }
  for (const [currency, minimum] of Object.entries(rule.minimum ?? {})) {
    const cap = rule.cap?.[currency];
    if (cap !== undefined && cap < minimum) {
      problems.push(error([...path, 'cap', currency], `the cap is below the minimum of ${minimum}`));
    }
  }
  if (rule.when?.withinMonths !== undefined && rule.when.referred === false) {
    problems.push(error([...path, 'when'], 'a term needs a referral: set referred to true, or leave it out'));
  }
  return problems;
}

function checkShare(
  share: ModelShare,
  index: number,
  { model, currency }: { model: NetworkModel; currency: string },
): RuleProblem[] {
  const path = ['splits', 'paid-sale', 'shares', index];
  const problems = share.rules.flatMap((rule, position) => [
    ...checkRule(rule, [...path, 'rules', position]),
    ...checkAmounts(rule, [...path, 'rules', position], currency),
  ]);
  if (!Object.hasOwn(model.functions, share.function)) {
    problems.push(
      error(
        [...path, 'function'],
        `there is no function ${share.function}; add it, or name one that there is`,
      ),
    );
  }
  const always = share.rules.findIndex((rule) => Object.keys(rule.when ?? {}).length === 0);
  if (always >= 0 && always < share.rules.length - 1) {
    problems.push(
      error([...path, 'rules', always + 1], 'can never apply: a rule before it has no condition; move it up'),
    );
  }
  return problems;
}

const worstCaseBps = (shares: readonly ModelShare[]): number =>
  shares.reduce(
    (sum, share) => sum + Math.max(0, ...share.rules.map((rule) => highestRateBps(rule) ?? 0)),
    0,
  );

function checkLimits(model: NetworkModel): RuleProblem[] {
  const { shares } = model.splits['paid-sale'];
  const left = 10_000 - percentageBps(model.limits.producerMinimum);
  const platform = shares.filter((share) => isOfPlatform(share.payee));
  const cap = percentageBps(model.limits.platformMaximum);
  const problems: RuleProblem[] = [];
  if (worstCaseBps(shares) > left) {
    problems.push(
      error(
        ['splits', 'paid-sale', 'shares'],
        `together the shares can reach ${worstCaseBps(shares) / 100} %, but only ${left / 100} % may be taken; lower them or limits.producerMinimum`,
      ),
    );
  }
  if (worstCaseBps(platform) > cap) {
    problems.push(
      error(
        ['limits', 'platformMaximum'],
        `the platform's shares can reach ${worstCaseBps(platform) / 100} %, above this maximum; lower them or raise it`,
      ),
    );
  }
  return problems;
}

/** A function that takes from the producers needs a flow that says so, agreed by somebody: independence. */
function checkIndependence(model: NetworkModel): RuleProblem[] {
  const { shares } = model.splits['paid-sale'];
  const problems = shares.flatMap((share, index) =>
    model.flows.some((flow) => flow.to === share.function) || !Object.hasOwn(model.functions, share.function)
      ? []
      : [
          error(
            ['splits', 'paid-sale', 'shares', index, 'function'],
            `no flow to ${share.function} was agreed; add one to flows, with who agreed to it`,
          ),
        ],
  );
  const unknown = model.flows.flatMap((flow, index) =>
    (['from', 'to'] as const)
      .filter((end) => !Object.hasOwn(model.functions, flow[end]))
      .map((end) =>
        error(['flows', index, end], `there is no function ${flow[end]}; add it, or mend the name`),
      ),
  );
  return [
    ...problems,
    ...unknown,
    ...model.flows.flatMap((flow, index) => checkAgreement(model, flow, index)),
  ];
}

/** Both ends of a flow agree to it: each by one of its stewards. */
function checkAgreement(
  model: NetworkModel,
  flow: NetworkModel['flows'][number],
  index: number,
): RuleProblem[] {
  return [flow.from, flow.to].flatMap((end) => {
    const stewards = Object.hasOwn(model.functions, end) ? model.functions[end]!.stewards : flow.agreedBy;
    return stewards.some((steward) => flow.agreedBy.includes(steward))
      ? []
      : [
          error(
            ['flows', index, 'agreedBy'],
            `nobody agreed for ${end}; one of its stewards must: ${stewards.join(', ')}`,
          ),
        ];
  });
}

/** Everything that makes a well-formed model unsound for an instance of this currency; empty for a sound one. */
export function checkModel(model: NetworkModel, currency: string): RuleProblem[] {
  const { shares } = model.splits['paid-sale'];
  const twice = shares.flatMap((share, index) =>
    shares.findIndex((other) => other.id === share.id) < index
      ? [
          error(
            ['splits', 'paid-sale', 'shares', index, 'id'],
            `${share.id} is used twice; each share needs its own`,
          ),
        ]
      : [],
  );
  return [
    ...twice,
    ...shares.flatMap((share, index) => checkShare(share, index, { model, currency })),
    ...checkLimits(model),
    ...checkIndependence(model),
  ];
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
