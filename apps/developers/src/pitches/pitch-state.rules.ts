import { DomainError, pitchState, type FailureReason, type PitchState } from '@foodshed/contracts';

export type PitchCommand =
  | 'fund'
  | 'miss-goal'
  | 'deliver'
  | 'be-late'
  | 'accept'
  | 'accept-in-silence'
  | 'refuse'
  | 'withdraw'
  | 'pay'
  | 'give-back';

interface PitchStep {
  readonly from: readonly PitchState[];
  readonly to: PitchState;
  /** Why it failed, where the step is a failure. */
  readonly because?: FailureReason;
  /** The pitch's own time at which the step happens by itself. */
  readonly at?: 'fundUntil' | 'deliverBy' | 'reviewUntil';
}

/**
 * What may become of a pitch, when, and why. Nothing else decides this. Silence is a rule: a delivery that no majority
 * refused is accepted when its review is over.
 */
export const pitchSteps: Readonly<Record<PitchCommand, PitchStep>> = {
  fund: { from: ['open'], to: 'funded' },
  'miss-goal': { from: ['open'], to: 'failed', because: 'goal-missed', at: 'fundUntil' },
  deliver: { from: ['funded'], to: 'delivered' },
  'be-late': { from: ['funded'], to: 'failed', because: 'late', at: 'deliverBy' },
  accept: { from: ['delivered'], to: 'accepted' },
  'accept-in-silence': { from: ['delivered'], to: 'accepted', at: 'reviewUntil' },
  refuse: { from: ['delivered'], to: 'failed', because: 'refused' },
  withdraw: { from: ['open', 'funded', 'delivered'], to: 'failed', because: 'withdrawn' },
  pay: { from: ['accepted'], to: 'paid' },
  // After it was accepted only when every ledger had given the money back before it could be paid.
  'give-back': { from: ['failed', 'accepted'], to: 'refunded', because: 'late' },
};

const ENDS: ReadonlySet<PitchState> = new Set(['paid', 'refunded']);

/**
 * Checks the table once, at boot: every state is reached and leads to an end, no step leads out of an end, every
 * failure has its reason, and a pitch waits for at most one time.
 * @throws Error naming the fault.
 */
export function assertPitchSteps(steps: Readonly<Record<string, PitchStep>> = pitchSteps): void {
  const all = Object.values(steps);
  for (const [command, { from, to, because }] of Object.entries(steps)) {
    if (from.length === 0) throw new Error(`${command} can never be done`);
    if (from.some((state) => ENDS.has(state))) throw new Error(`${command} leads out of an end`);
    if (to === 'failed' && because === undefined) throw new Error(`${command} fails without a reason`);
  }
  const reached = new Set<PitchState>(['open', ...all.map(({ to }) => to)]);
  const unreached = pitchState.options.filter((state) => !reached.has(state));
  if (unreached.length > 0) throw new Error(`no step leads to the pitch state ${unreached.join(', ')}`);
  for (const state of pitchState.options) {
    const leaving = all.filter(({ from }) => from.includes(state));
    if (!ENDS.has(state) && leaving.length === 0) throw new Error(`nothing leads out of the state ${state}`);
    if (leaving.filter(({ at }) => at).length > 1) throw new Error(`${state} waits for more than one time`);
  }
}

const DOING: Readonly<Record<PitchCommand, string>> = {
  fund: 'Nothing can be pledged to',
  'miss-goal': 'There is no goal to miss for',
  deliver: 'There is no delivering of',
  'be-late': 'There is no delivery to wait for on',
  accept: 'There is no delivery to accept on',
  'accept-in-silence': 'There is no delivery to accept on',
  refuse: 'There is no delivery to refuse on',
  withdraw: 'There is no withdrawing of',
  pay: 'There is nothing to pay on',
  'give-back': 'There is nothing to give back on',
};

/** @throws invalid-state with the state, unless the command may be done in it. */
export function requirePitchStep(command: PitchCommand, { state }: { state: PitchState }): void {
  if (pitchSteps[command].from.includes(state)) return;
  throw new DomainError('invalid-state', {
    detail: `${DOING[command]} a pitch that is ${state}.`,
    state,
  });
}

/** The times a pitch goes by; ISO instants. `reviewUntil` is null before there is a delivery. */
export interface PitchTimes {
  readonly fundUntil: string;
  readonly deliverBy: string;
  readonly reviewUntil: string | null;
}

/** The step that a pitch in this state takes by itself, and when; null where it waits for people or the ledger. */
export function stepByItself(
  pitch: PitchTimes & { state: PitchState },
): { command: PitchCommand; at: string } | null {
  for (const [command, { from, at }] of Object.entries(pitchSteps)) {
    const when = at && pitch[at];
    if (when && from.includes(pitch.state)) return { command: command as PitchCommand, at: when };
  }
  return null;
}
