import { DomainError, giftState, type GiftSource, type GiftState } from '@foodshed/contracts';

export type GiftCommand = 'receive' | 'post' | 'be-refused' | 'withdraw';

interface GiftStep {
  readonly from: readonly GiftState[];
  readonly to: GiftState;
}

/**
 * What may become of a gift. Its money is with its giver, or on its way to whoever records it, until it is `given`;
 * then it is the receiver's, and stays so.
 */
export const giftSteps: Readonly<Record<GiftCommand, GiftStep>> = {
  receive: { from: ['promised'], to: 'posting' },
  // The ledger has the last word, also when it was asked twice and refused the other question.
  post: { from: ['posting', 'refused'], to: 'given' },
  'be-refused': { from: ['posting'], to: 'refused' },
  withdraw: { from: ['promised'], to: 'withdrawn' },
};

/** Where a gift begins: what the ledger has is asked of it at once, what must come first is a promise. */
export function firstState(source: GiftSource): GiftState {
  return source === 'transfer' || source === 'cash' ? 'promised' : 'posting';
}

/**
 * Checks the table once, at boot: every state is reached, and no step leads out of `given`.
 * @throws Error naming the fault.
 */
export function assertGiftSteps(steps: Readonly<Record<string, GiftStep>> = giftSteps): void {
  const all = Object.values(steps);
  const reached = new Set<GiftState>(['promised', 'posting', ...all.map(({ to }) => to)]);
  const unreached = giftState.options.filter((state) => !reached.has(state));
  if (unreached.length > 0) throw new Error(`no step leads to the gift state ${unreached.join(', ')}`);
  for (const [command, { from }] of Object.entries(steps)) {
    if (from.length === 0) throw new Error(`${command} can never be done`);
    if (from.includes('given')) throw new Error(`${command} takes back what was given`);
  }
  if (!all.some(({ from, to }) => from.includes('posting') && to === 'given'))
    throw new Error('what is asked of the ledger is never given');
}

/** The state that the command leads to. @throws invalid-state with the present one where it may not be done. */
export function nextGiftState(command: GiftCommand, { state }: { state: GiftState }): GiftState {
  const step = giftSteps[command];
  if (step.from.includes(state)) return step.to;
  throw new DomainError('invalid-state', {
    detail: `That cannot be done with a gift that is ${state}.`,
    state,
  });
}
