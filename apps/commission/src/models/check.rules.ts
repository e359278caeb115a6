import { dividedFunction, type ModelRule, type ModelShare, type NetworkModel } from '@foodshed/contracts';
import { isDecimal } from '@foodshed/money';
import { error, type RuleProblem, warning } from './model-problem.rules.js';
import { checkNeeds } from './needs.rules.js';
import { holdsIn, ruleIn, situationsOf } from './situation.rules.js';
import { checkLimits } from './worst-case.rules.js';

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
  problems.push(...checkReach(share, index, model));
  return problems;
}

/**
 * Rules that no sale reaches: another one before matches everything they do, or their condition contradicts itself.
 * Every situation that the model's conditions can tell apart is looked at, so nothing is guessed.
 */
function checkReach(share: ModelShare, index: number, model: NetworkModel): RuleProblem[] {
  const situations = situationsOf(model);
  const applied = new Map<number, number>();
  for (const situation of situations) {
    const rule = ruleIn(share, situation);
    applied.set(rule, (applied.get(rule) ?? 0) + 1);
  }
  return share.rules.flatMap((rule, position) => {
    if (applied.has(position)) return [];
    const path = ['splits', 'paid-sale', 'shares', index, 'rules', position];
    const matching = situations.filter((situation) => holdsIn(rule.when, situation));
    if (matching.length === 0) {
      return [error(path, 'can never apply: nothing meets its condition; mend `when`, or take the rule out')];
    }
    if (
      matching.every(
        (situation) => share.payee === 'referring-hub-managers' && situation.monthsSince === null,
      )
    ) {
      return [
        error(path, 'can never apply: without a referral nobody is paid by this share; take the rule out'),
      ];
    }
    const covers = (other: ModelShare['rules'][number]): boolean =>
      matching.every((situation) => holdsIn(other.when, situation));
    const earlier = share.rules.slice(0, position).findIndex(covers);
    const why =
      earlier >= 0
        ? `rule ${earlier + 1} before it matches everything that it does`
        : 'the rules before it together match everything that it does';
    return [error(path, `can never apply: ${why}; move it up, or take it out`)];
  });
}

/** Who takes from the divided function needs a flow from it that both signed, and nobody takes from another share. */
function checkIndependence(model: NetworkModel): RuleProblem[] {
  const { shares } = model.splits['paid-sale'];
  const divided = dividedFunction(model);
  const isKnown = (functionId: string): boolean => Object.hasOwn(model.functions, functionId);
  const whose = isKnown(divided)
    ? []
    : [
        error(
          ['splits', 'paid-sale', 'of'],
          `there is no function ${divided}; name in splits.paid-sale.of the function whose sales are divided`,
        ),
      ];
  const problems = shares.flatMap((share, index) =>
    !isKnown(share.function) ||
    share.function === divided ||
    model.flows.some((flow) => flow.from === divided && flow.to === share.function)
      ? []
      : [
          error(
            ['splits', 'paid-sale', 'shares', index, 'function'],
            `no flow to ${share.function} from ${divided} was agreed; add one to flows, with who of both agreed to it`,
          ),
        ],
  );
  const unknown = model.flows.flatMap((flow, index) =>
    (['from', 'to'] as const)
      .filter((end) => !isKnown(flow[end]))
      .map((end) =>
        error(['flows', index, end], `there is no function ${flow[end]}; add it, or mend the name`),
      ),
  );
  return [
    ...whose,
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

/** Names of a list that stand in it before. */
function checkNames(
  named: readonly { id: string }[],
  { path, noun }: { path: (string | number)[]; noun: string },
): RuleProblem[] {
  return named.flatMap(({ id }, index) =>
    named.findIndex((other) => other.id === id) < index
      ? [error([...path, index, 'id'], `${id} is used twice; each ${noun} needs its own`)]
      : [],
  );
}

/** VAT by registered hubs makes sense for hubs only; speakers speak for stewards that there are. */
function checkPeople(model: NetworkModel): RuleProblem[] {
  const vat = model.splits['paid-sale'].shares.flatMap((share, index) =>
    share.vat?.treatment === 'standard' && share.vat.registered && !share.payee.includes('-hub')
      ? [
          error(
            ['splits', 'paid-sale', 'shares', index, 'vat', 'registered'],
            'names hubs, but this share goes to no hub; take it out',
          ),
        ]
      : [],
  );
  const stewards = new Set(Object.values(model.functions).flatMap((each) => each.stewards));
  const speakers = Object.keys(model.approval?.speakers ?? {})
    .filter((steward) => !stewards.has(steward))
    .map((steward) =>
      warning(
        ['approval', 'speakers', steward],
        `no function has these stewards; mend the name, or take it out`,
      ),
    );
  return [...vat, ...speakers];
}

/** Everything that makes a well-formed model unsound for an instance of this currency; empty for a sound one. */
export function checkModel(model: NetworkModel, currency: string): RuleProblem[] {
  const { shares } = model.splits['paid-sale'];
  const ofShares = shares.flatMap((share, index) => checkShare(share, index, { model, currency }));
  const found = [
    ...checkNames(shares, { path: ['splits', 'paid-sale', 'shares'], noun: 'share' }),
    ...checkNames(model.flows, { path: ['flows'], noun: 'flow' }),
    ...ofShares,
    ...checkIndependence(model),
    ...checkPeople(model),
    ...checkNeeds(model, currency),
  ];
  // Orders are split by rules that can be computed only.
  return ofShares.length > 0 ? found : [...found, ...checkLimits(model, currency)];
}
