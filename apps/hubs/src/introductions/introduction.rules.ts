import { DomainError, type IntroductionState } from '@foodshed/contracts';

/** What the producer may answer in which state; an answer is final. */
const answers: Record<IntroductionState, readonly IntroductionState[]> = {
  proposed: ['accepted', 'refused'],
  accepted: [],
  refused: [],
};

/** The state after an answer. @throws invalid-state when it was answered before */
export function answered(state: IntroductionState, answer: 'accepted' | 'refused'): IntroductionState {
  if (answers[state].includes(answer)) return answer;
  throw new DomainError('invalid-state', { detail: `This introduction was ${state} already.` });
}
