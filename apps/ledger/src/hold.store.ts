import type { AccountRef, LedgerHold } from '@foodshed/contracts';
import { newId, rowsOf, type Tx } from '@foodshed/platform';

export interface HoldAnswer {
  readonly outcome: 'done' | 'exists' | 'refused';
  readonly code: string | null;
  readonly field: string | null;
  readonly hold: LedgerHold | null;
}

export interface NewHold {
  readonly instanceId: string;
  readonly holdId: string;
  readonly account: AccountRef;
  readonly payee: AccountRef;
  readonly refundTo: AccountRef;
  readonly amountMinor: number;
  readonly deadline: string;
}

/** Reserves; refused when the account's limit (zero where it has none) would be passed. Locks the instance's chain. */
export async function placeHold(tx: Tx, hold: NewHold, now: Date): Promise<HoldAnswer> {
  const [row] = await rowsOf<{ answer: HoldAnswer }>(tx, 'select place_hold($1::jsonb, $2) as answer', [
    JSON.stringify(hold),
    now,
  ]);
  return row!.answer;
}

/** Settles, voids or expires a hold, once; the same again answers `exists`. Locks the instance's chain. */
export async function resolveHold(
  tx: Tx,
  resolution: {
    instanceId: string;
    holdId: string;
    outcome: 'settled' | 'voided' | 'expired';
    amountMinor?: number;
  },
  now: Date,
): Promise<HoldAnswer> {
  const [row] = await rowsOf<{ answer: HoldAnswer }>(tx, 'select resolve_hold($1::jsonb, $2) as answer', [
    JSON.stringify({ ...resolution, transactionId: newId() }),
    now,
  ]);
  return row!.answer;
}

/** Up to `limit` open holds whose deadline is past, the oldest first, of all instances the transaction sees. */
export function findOverdueHolds(
  tx: Tx,
  { now, limit }: { now: Date; limit: number },
): Promise<{ instanceId: string; holdId: string }[]> {
  return rowsOf(
    tx,
    `select h.instance_id as "instanceId", h.id as "holdId" from holds h
     where h.deadline <= $1 and not exists (
       select from hold_resolutions r where r.hold_id = h.id and r.instance_id = h.instance_id)
     order by h.deadline, h.id limit $2`,
    [now, limit],
  );
}
