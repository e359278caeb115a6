import { DomainError } from '@foodshed/contracts';

const lastOperator = () =>
  new DomainError('invalid-state', { detail: 'The last operator stays; name another one first.' });

/**
 * Why the roles may not be set, or null. Stewards name and unname stewards among the instance's people; who is
 * an operator is for operators, and one always remains. Nobody becomes one before they accepted their invitation,
 * which the steward who made it knows.
 */
export function refusalToSetRoles(facts: {
  callerIsOperator: boolean;
  isMember: boolean;
  isOperator: boolean;
  /** False until an invitation is accepted; whoever made it can still accept it as this person. */
  hasPassword: boolean;
  wanted: { isOperator: boolean };
  operators: number;
}): DomainError | null {
  if (!facts.isMember && !facts.callerIsOperator) {
    return new DomainError('not-found', { detail: 'There is no such person here.' });
  }
  if (facts.wanted.isOperator === facts.isOperator) return null;
  if (!facts.callerIsOperator) {
    return new DomainError('forbidden', { detail: 'Only an operator says who is an operator.' });
  }
  if (facts.wanted.isOperator && !facts.hasPassword) {
    return new DomainError('invalid-state', { detail: 'They must accept their invitation first.' });
  }
  return facts.isOperator && facts.operators <= 1 ? lastOperator() : null;
}

/**
 * Why a person may not be erased by the caller, or null. Everybody may erase themselves; an operator anybody;
 * a steward those who are in no other instance and are no operators. One operator always remains.
 */
export function refusalToErase(facts: {
  isSelf: boolean;
  callerIsOperator: boolean;
  callerIsSteward: boolean;
  callerInstanceId: string;
  instances: readonly string[];
  isOperator: boolean;
  operators: number;
}): DomainError | null {
  if (!facts.isSelf && !facts.callerIsOperator) {
    if (!facts.callerIsSteward) {
      return new DomainError('forbidden', { detail: 'You may erase yourself only.' });
    }
    if (!facts.instances.includes(facts.callerInstanceId)) {
      return new DomainError('not-found', { detail: 'There is no such person here.' });
    }
    if (facts.isOperator || facts.instances.length > 1) {
      return new DomainError('forbidden', { detail: 'Only an operator, or the person, may do this.' });
    }
  }
  return facts.isOperator && facts.operators <= 1 ? lastOperator() : null;
}
