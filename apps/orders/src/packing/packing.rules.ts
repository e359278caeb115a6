import type { PackingTick, TickOutcome, WantedTick } from '@foodshed/contracts';

/** What stands of a line on the packing list; `leftQuantity` is 0 once nothing of it is to be packed. */
export interface TickedLine {
  readonly leftQuantity: number;
  readonly tick: PackingTick | null;
}

export interface TickDecision {
  readonly outcome: TickOutcome['outcome'];
  /** What stands afterwards. */
  readonly tick: PackingTick | null;
}

/**
 * What becomes of a tick that was made on a list others may have changed since. Who wants what stands already
 * agrees with it, whoever came first. Who wants something else must have seen what stands, the quantity too:
 * a box that holds too much is not packed.
 */
export function decideTick(
  line: TickedLine,
  wanted: WantedTick,
  by: { personId: string; now: Date },
): TickDecision {
  const { tick } = line;
  if (line.leftQuantity === 0) return { outcome: 'gone', tick };
  const { isPacked, quantity } = wanted;
  if (tick?.isPacked === isPacked && (!isPacked || tick.quantity === quantity)) {
    return { outcome: 'recorded', tick };
  }
  const isStale = wanted.version !== (tick?.version ?? 0);
  const isOtherQuantity = isPacked && quantity !== line.leftQuantity;
  if (isStale || isOtherQuantity) return { outcome: 'conflict', tick };
  return {
    outcome: 'recorded',
    tick: {
      isPacked,
      quantity,
      version: (tick?.version ?? 0) + 1,
      changedBy: by.personId,
      changedAt: by.now.toISOString(),
    },
  };
}
