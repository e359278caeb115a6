import type { FunctionNet, NetworkModel } from '@foodshed/contracts';
import { fromDecimal, isDecimal, toDecimal } from '@foodshed/money';
import { error, type RuleProblem } from './model-problem.rules.js';

// Digits as a person writes them: JavaScript says 1e-7 for what no currency has anyway.
const isAmount = (amount: number, currency: string): boolean => isDecimal(String(amount), currency);

/**
 * What each function ends with at the stated needs: times × worth, summed, in minor units; by first mention. Amounts
 * finer than the currency's unit are left to `checkNeeds`. The method is e3value's: a network whose members do not
 * all end above zero will not be kept up by them.
 */
export function netsOf(model: NetworkModel, currency: string): FunctionNet[] {
  const nets = new Map<string, number>();
  for (const { times, worth } of model.needs ?? []) {
    for (const [functionId, amount] of Object.entries(worth)) {
      const each = isAmount(amount, currency) ? fromDecimal(String(amount), currency) : 0;
      nets.set(functionId, (nets.get(functionId) ?? 0) + times * each);
    }
  }
  return [...nets].map(([functionId, netMinor]) => ({ functionId, netMinor }));
}

function checkNeed(model: NetworkModel, index: number, currency: string): RuleProblem[] {
  const need = model.needs![index]!;
  const path = ['needs', index];
  const flow = model.flows.find((candidate) => candidate.id === need.flow);
  const problems: RuleProblem[] = [];
  if (need.flow !== undefined && !flow) {
    problems.push(error([...path, 'flow'], `there is no flow ${need.flow}; add it, or mend the name`));
  }
  if (need.flow === undefined && need.what === undefined) {
    problems.push(error(path, 'say which flow this is, or in `what` what is spent or earned'));
  }
  for (const [functionId, amount] of Object.entries(need.worth)) {
    const at = [...path, 'worth', functionId];
    if (!Object.hasOwn(model.functions, functionId)) {
      problems.push(error(at, `there is no function ${functionId}; add it, or mend the name`));
    } else if (flow && flow.from !== functionId && flow.to !== functionId) {
      problems.push(
        error(at, `${functionId} has no part in the flow ${flow.id}; name ${flow.from} or ${flow.to}`),
      );
    }
    if (!isAmount(amount, currency)) {
      const mend = 'write it with the places that the currency has';
      problems.push(error(at, `${amount} is not an amount in ${currency}; ${mend}`));
    }
  }
  return problems;
}

/** Needs that name what is not there, and functions that do not end above zero; none when no needs are stated. */
export function checkNeeds(model: NetworkModel, currency: string): RuleProblem[] {
  const wrong = (model.needs ?? []).flatMap((_, index) => checkNeed(model, index, currency));
  if (wrong.length > 0) return wrong;
  return netsOf(model, currency)
    .filter(({ netMinor }) => netMinor <= 0)
    .map(({ functionId, netMinor }) =>
      error(
        ['needs'],
        `${functionId} ends with ${toDecimal(netMinor, currency)} ${currency}; every function must end above zero, so change what flows to it or what it gives`,
      ),
    );
}
