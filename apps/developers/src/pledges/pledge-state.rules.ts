import { DomainError, pledgeState, type PledgeSource, type PledgeState } from '@foodshed/contracts';

export type PledgeCommand =
  | 'receive'
  | 'hold'
  | 'be-refused'
  | 'keep'
  | 'give-up'
  | 'pay'
  | 'be-paid'
  | 'be-returned'
  | 'withdraw'
  | 'lapse';

interface PledgeStep {
  readonly from: readonly PledgeState[];
  readonly to: PledgeState;
}

/**
 * What may become of a pledge. Its money is with its giver in `promised`, `refused`, `withdrawn`, `lapsed` and
 * `returned`, in escrow from `held` on, and with the team in `paid`; there is no other place for it.
 */
export const pledgeSteps: Readonly<Record<PledgeCommand, PledgeStep>> = {
  // Money that comes after a promise ended is recorded too, and stays its giver's.
  receive: { from: ['promised', 'withdrawn', 'lapsed'], to: 'placing' },
  hold: { from: ['placing'], to: 'held' },
  'be-refused': { from: ['placing'], to: 'refused' },
  keep: { from: ['placing'], to: 'returned' },
  'give-up': { from: ['placing', 'held', 'paying'], to: 'returning' },
  pay: { from: ['held'], to: 'paying' },
  'be-paid': { from: ['paying'], to: 'paid' },
  'be-returned': { from: ['returning'], to: 'returned' },
  withdraw: { from: ['promised'], to: 'withdrawn' },
  lapse: { from: ['promised'], to: 'lapsed' },
};

/** Where a pledge begins: a transfer is promised first, everything else is asked of the ledger at once. */
export function firstState(source: PledgeSource): PledgeState {
  return source === 'transfer' ? 'promised' : 'placing';
}

const ENDS: ReadonlySet<PledgeState> = new Set(['paid', 'returned', 'refused']);
const IN_ESCROW: readonly PledgeState[] = ['held', 'paying', 'returning'];
/** Whose money is away from its giver or on the way: an ended pitch has none of these. */
export const waitingStates: ReadonlySet<PledgeState> = new Set([...IN_ESCROW, 'placing']);

/**
 * Checks the table once, at boot: every state is reached, no step leads out of an end, and what is in escrow can only
 * come to its payee or back to its giver.
 * @throws Error naming the fault.
 */
export function assertPledgeSteps(steps: Readonly<Record<string, PledgeStep>> = pledgeSteps): void {
  const all = Object.values(steps);
  const reached = new Set<PledgeState>(['promised', 'placing', ...all.map(({ to }) => to)]);
  const unreached = pledgeState.options.filter((state) => !reached.has(state));
  if (unreached.length > 0) throw new Error(`no step leads to the pledge state ${unreached.join(', ')}`);
  for (const [command, { from }] of Object.entries(steps)) {
    if (from.length === 0) throw new Error(`${command} can never be done`);
    if (from.some((state) => ENDS.has(state))) throw new Error(`${command} leads out of an end`);
  }
  for (const state of IN_ESCROW) {
    const next = all.filter(({ from }) => from.includes(state)).map(({ to }) => to);
    if (next.length === 0) throw new Error(`what is ${state} stays in escrow for ever`);
    const astray = next.filter((to) => !IN_ESCROW.includes(to) && to !== 'paid' && to !== 'returned');
    if (astray.length > 0) throw new Error(`what is ${state} goes astray as ${astray.join(', ')}`);
  }
}

/** The state that the command leads to. @throws invalid-state with the present one where it may not be done. */
export function nextPledgeState(command: PledgeCommand, { state }: { state: PledgeState }): PledgeState {
  const step = pledgeSteps[command];
  if (step.from.includes(state)) return step.to;
  throw new DomainError('invalid-state', {
    detail: `That cannot be done with a pledge that is ${state}.`,
    state,
  });
}
