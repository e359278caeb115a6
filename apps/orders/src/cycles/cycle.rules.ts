import {
  cycleLimits,
  DomainError,
  type Cycle,
  type CycleChanges,
  type CycleState,
  type NewCycle,
} from '@foodshed/contracts';

/** A cycle as it is stored; `announced` is the state that was last told to others. */
export type CycleRow = Omit<Cycle, 'state'> & { readonly announced: CycleState };

interface Times {
  readonly opensAt: string;
  readonly closesAt: string;
}

/** The state at `now`: open from `opensAt` until `closesAt`, that instant excluded. */
export function cycleStateAt({ opensAt, closesAt }: Times, now: Date): CycleState {
  if (now.getTime() >= Date.parse(closesAt)) return 'closed';
  return now.getTime() >= Date.parse(opensAt) ? 'open' : 'scheduled';
}

/** The cycle as callers see it: its state follows from the times alone. */
export function shownCycle({ announced: _announced, ...row }: CycleRow, now: Date): Cycle {
  return { ...row, state: cycleStateAt(row, now) };
}

/** @throws invalid-input unless it closes after it opens, in the future, and is at most a year long. */
export function requireTimes({ opensAt, closesAt }: Times, now: Date): void {
  const refuse = (path: string, message: string): never => {
    throw new DomainError('invalid-input', {
      detail: `The order cycle's ${path} ${message}.`,
      fields: [{ path, message }],
    });
  };
  const [opens, closes] = [Date.parse(opensAt), Date.parse(closesAt)];
  if (closes <= opens) refuse('closesAt', 'must be after opensAt');
  if (closes <= now.getTime()) refuse('closesAt', 'must be in the future');
  if (closes - opens > cycleLimits.days * 86_400_000)
    refuse('closesAt', `must be within ${cycleLimits.days} days of opensAt`);
}

/** The row of a new cycle, with nothing to sell yet. @throws invalid-input for times that make no sense. */
export function cycleOf(
  { selection: _selection, ...cycle }: NewCycle,
  of: { cycleId: string; hubId: string; currency: string; timeZone: string },
  now: Date,
): CycleRow {
  requireTimes(cycle, now);
  return { ...of, ...cycle, variantCount: 0, version: 1, announced: cycleStateAt(cycle, now) };
}

/** What may change in each state: the deal stands once people order under it, how goods are handed out never does. */
const editable: Record<CycleState, ReadonlySet<keyof CycleChanges>> = {
  scheduled: new Set([
    'name',
    'opensAt',
    'closesAt',
    'handover',
    'hubFeeBps',
    'hubFeeFlatMinor',
    'paymentTermMinutes',
  ]),
  open: new Set(['name', 'closesAt', 'handover', 'paymentTermMinutes', 'closeNow']),
  closed: new Set(['name', 'handover']),
};

/**
 * The cycle after the changes.
 * @throws cycle-closed or invalid-state for what may no longer change, invalid-input for times that make no sense.
 */
export function changedCycle(row: CycleRow, changes: CycleChanges, now: Date): CycleRow {
  const state = cycleStateAt(row, now);
  const wanted = Object.entries(changes).filter(([, value]) => value !== undefined) as [
    keyof CycleChanges,
    never,
  ][];
  const refused = wanted.filter(([field]) => !editable[state].has(field));
  if (refused.length > 0) {
    throw new DomainError(state === 'closed' ? 'cycle-closed' : 'invalid-state', {
      detail: `While an order cycle is ${state}, ${refused.map(([field]) => field).join(', ')} cannot change.`,
      fields: refused.map(([field]) => ({
        path: `changes.${field}`,
        message: `cannot change while it is ${state}`,
      })),
    });
  }
  const { closeNow, ...fields } = Object.fromEntries(wanted) as CycleChanges;
  const changed = { ...row, ...(fields as Partial<CycleRow>) };
  if (fields.opensAt !== undefined || fields.closesAt !== undefined) requireTimes(changed, now);
  return closeNow ? { ...changed, closesAt: now.toISOString() } : changed;
}
