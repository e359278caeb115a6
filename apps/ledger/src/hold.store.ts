import type { AccountRef, LedgerHold, RpcInput, ledgerRpc } from '@foodshed/contracts';
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

export type HoldsPayout = RpcInput<typeof ledgerRpc.settleHolds>;

export interface PayoutAnswer extends Omit<HoldAnswer, 'hold'> {
  readonly transactionId: string | null;
  readonly settledMinor: number | null;
}

/** Settles holds of one payee and pays them on, all or nothing; the same again answers `exists`. Locks the chain. */
export async function settleHolds(tx: Tx, payout: HoldsPayout, now: Date): Promise<PayoutAnswer> {
  const [row] = await rowsOf<{ answer: PayoutAnswer }>(tx, 'select settle_holds($1::jsonb, $2) as answer', [
    JSON.stringify(payout),
    now,
  ]);
  return row!.answer;
}

const ACCOUNT = (
  alias: string,
): string => `jsonb_build_object('owner', jsonb_build_object('kind', ${alias}.owner_kind,
  'id', ${alias}.owner_id), 'purpose', ${alias}.purpose, 'currency', ${alias}.currency)`;

/** The hold as it stands, or null where the instance has none of that id. */
export async function findHold(
  tx: Tx,
  { instanceId, holdId }: { instanceId: string; holdId: string },
): Promise<LedgerHold | null> {
  interface Row extends Omit<LedgerHold, 'deadline' | 'placedAt' | 'resolvedAt'> {
    deadline: Date;
    placedAt: Date;
    resolvedAt: Date | null;
  }
  const [row] = await rowsOf<Row>(
    tx,
    `select h.id as "holdId", ${ACCOUNT('a')} as account, ${ACCOUNT('p')} as payee, ${ACCOUNT('r')} as "refundTo",
       h.amount_minor as "amountMinor", h.deadline, h.placed_at as "placedAt", coalesce(x.outcome, 'open') as state,
       x.resolved_at as "resolvedAt", x.settled_minor as "settledMinor", x.transaction_id as "transactionId"
     from holds h
     join accounts a on a.instance_id = h.instance_id and a.id = h.account_id
     join accounts p on p.instance_id = h.instance_id and p.id = h.payee_id
     join accounts r on r.instance_id = h.instance_id and r.id = h.refund_to_id
     left join hold_resolutions x on x.instance_id = h.instance_id and x.hold_id = h.id
     where h.instance_id = $1 and h.id = $2`,
    [instanceId, holdId],
  );
  return row
    ? {
        ...row,
        deadline: row.deadline.toISOString(),
        placedAt: row.placedAt.toISOString(),
        resolvedAt: row.resolvedAt?.toISOString() ?? null,
      }
    : null;
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
