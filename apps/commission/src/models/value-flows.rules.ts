import { dividedFunction, type NetworkModel, percentageBps } from '@foodshed/contracts';
import { toDecimal } from '@foodshed/money';

const VOCABULARY = 'https://w3id.org/valueflows/ont/vf#';

/** Terms whose values are other things, not texts. */
const REFERENCES = [
  'hasUnit',
  'inScopeOf',
  'provider',
  'receiver',
  'recipeClauseOf',
  'recipeReciprocalClauseOf',
  'resourceConformsTo',
];
const CONTEXT = {
  '@vocab': VOCABULARY,
  ...Object.fromEntries(REFERENCES.map((term) => [term, { '@type': '@id' }])),
  action: { '@type': '@vocab' },
  purpose: { '@type': '@vocab' },
};

type Node = Record<string, unknown> & { '@id': string; '@type': string };

const idOf = (kind: string, name: string): string =>
  `#${kind}-${encodeURIComponent(name.replaceAll(' ', '-'))}`;

const percent = (rate: string) => ({
  '@type': 'Measure',
  hasNumericalValue: toDecimal(percentageBps(rate), 'EUR'),
  hasUnit: '#percent',
});

function agents(model: NetworkModel): Node[] {
  const stewards = new Set(Object.values(model.functions).flatMap((each) => each.stewards));
  return [
    ...Object.entries(model.functions).map(([name, { does, earns, stewards: own }]) => ({
      '@id': idOf('function', name),
      '@type': 'Organization',
      name,
      note: earns === undefined ? does : `${does}; earns ${earns}`,
      classifiedAs: 'function of a network',
      inScopeOf: own.map((steward) => idOf('steward', steward)),
    })),
    ...[...stewards].map((name) => ({ '@id': idOf('steward', name), '@type': 'Organization', name })),
  ];
}

/** Each flow as a proposal of the one who gives; what is expected of it at the stated needs is its quantity. */
function proposals(model: NetworkModel): Node[] {
  return model.flows.flatMap(({ id, from, to, what, scope, agreedBy }) => {
    const times = (model.needs ?? []).find((need) => need.flow === id)?.times;
    const intent = {
      '@id': idOf('intent', id),
      '@type': 'Intent',
      name: id,
      action: 'transfer',
      provider: idOf('function', from),
      receiver: idOf('function', to),
      resourceConformsTo: idOf('resource', id),
      ...(times === undefined
        ? {}
        : { resourceQuantity: { '@type': 'Measure', hasNumericalValue: String(times), hasUnit: '#times' } }),
    };
    return [
      {
        '@id': idOf('flow', id),
        '@type': 'Proposal',
        purpose: 'offer',
        name: id,
        note: `agreed by ${agreedBy.join(', ')}`,
        classifiedAs: scope ?? 'local',
        publishes: [intent],
      },
      { '@id': idOf('resource', id), '@type': 'ResourceSpecification', name: what },
    ];
  });
}

/** The split of a paid sale as a recipe: goods for money, and of the money each share's part, in the model's order. */
function recipe(model: NetworkModel): Node[] {
  const divided = idOf('function', dividedFunction(model));
  const { shares } = model.splits['paid-sale'];
  const flows = shares.flatMap((share) =>
    share.rules.map((rule, index) => ({
      '@id': idOf('share', `${share.id}-${index + 1}`),
      '@type': 'RecipeFlow',
      name: share.id,
      action: 'transfer',
      note: JSON.stringify(rule),
      provider: divided,
      receiver: idOf('function', share.function),
      recipeReciprocalClauseOf: '#paid-sale',
      ...(rule.rate === undefined ? {} : { resourceQuantity: percent(rule.rate) }),
    })),
  );
  return [
    {
      '@id': '#paid-sale',
      '@type': 'RecipeExchange',
      name: 'paid-sale',
      note: `what is left is the producer's; the platform's maximum is ${model.limits.platformMaximum}, the producer's minimum ${model.limits.producerMinimum}`,
    },
    {
      '@id': '#goods',
      '@type': 'RecipeFlow',
      name: 'goods',
      action: 'transfer',
      provider: divided,
      recipeClauseOf: '#paid-sale',
    },
    ...flows,
  ];
}

/**
 * The model in the words of ValueFlows 1.0, as JSON-LD: functions and stewards are organizations, flows are proposals,
 * the split of a sale is an exchange's recipe. What has no word there (conditions, tiers, bounds) is in a note.
 */
export function valueFlowsOf(model: NetworkModel): { '@context': Record<string, unknown>; '@graph': Node[] } {
  return {
    '@context': CONTEXT,
    '@graph': [
      { '@id': '#percent', '@type': 'Unit', label: 'percent', symbol: '%' },
      { '@id': '#times', '@type': 'Unit', label: 'times' },
      ...agents(model),
      ...proposals(model),
      ...recipe(model),
    ],
  };
}
