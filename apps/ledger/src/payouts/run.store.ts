import type { Payout, PayoutRun, PayeeOwner } from '@foodshed/contracts';
import { rowsOf, type Tx } from '@foodshed/platform';
import type { Transfer } from './sepa.rules.js';

type RunRow = Omit<PayoutRun, 'proposedAt' | 'approvedAt' | 'sentAt' | 'needsSecondPerson'> & {
  proposedAt: Date;
  approvedAt: Date | null;
  sentAt: Date | null;
  limitMinor: number;
};
// Without settings every run needs a second person.
const RUN = `select r.id as "runId", r.currency, r.state, r.total_minor as "totalMinor", r.payout_count as "payoutCount",
    coalesce((select second_person_above_minor from payout_settings s where s.instance_id = r.instance_id), 0) as "limitMinor",
    r.proposed_by as "proposedBy", r.proposed_at as "proposedAt", r.approved_by as "approvedBy",
    r.approved_at as "approvedAt", r.sent_at as "sentAt",
    exists (select from payout_files f where f.run_id = r.id and f.instance_id = r.instance_id) as "hasFile"
  from payout_runs r`;
function runOf({ limitMinor, proposedAt, approvedAt, sentAt, ...row }: RunRow): PayoutRun {
  return {
    ...row,
    needsSecondPerson: row.totalMinor > limitMinor,
    proposedAt: proposedAt.toISOString(),
    approvedAt: approvedAt?.toISOString() ?? null,
    sentAt: sentAt?.toISOString() ?? null,
  };
}

type PayoutRow = Omit<Payout, 'reservedAt' | 'changedAt'> & { reservedAt: Date; changedAt: Date };
const PAYOUT = `select id as "payoutId", run_id as "runId", owner_kind as "ownerKind", owner_id as "ownerId", currency,
    amount_minor as "amountMinor", way, state, reserved_at as "reservedAt", changed_at as "changedAt", reason from payouts`;
const payoutOf = (row: PayoutRow): Payout => ({
  ...row,
  reservedAt: row.reservedAt.toISOString(),
  changedAt: row.changedAt.toISOString(),
});

interface Step {
  readonly instanceId: string;
  readonly by: string;
  readonly now: Date;
}

/** Reserves what is available of every payee whose turn it is; returns how many. Locks the chain. */
export async function proposeRun(tx: Tx, run: Step & { runId: string; currency: string }): Promise<number> {
  const [row] = await rowsOf<{ count: number }>(tx, 'select propose_run($1, $2, $3, $4, $5) as count', [
    run.instanceId,
    run.runId,
    run.currency,
    run.by,
    run.now,
  ]);
  return row!.count;
}

/** The run, or null where the transaction's instance has none of that id. */
export async function findRun(tx: Tx, runId: string): Promise<PayoutRun | null> {
  const [row] = await rowsOf<RunRow>(tx, `${RUN} where r.id = $1`, [runId]);
  return row ? runOf(row) : null;
}

/** The same, with the instance's chain locked, so that nobody changes the run meanwhile. */
export async function lockRun(
  tx: Tx,
  { instanceId, runId }: { instanceId: string; runId: string },
): Promise<PayoutRun | null> {
  await rowsOf(tx, 'select lock_chain($1)', [instanceId]);
  return findRun(tx, runId);
}

/** Runs before an id, newest first. */
export async function findRuns(tx: Tx, page: { before: string | null; limit: number }): Promise<PayoutRun[]> {
  const rows = await rowsOf<RunRow>(
    tx,
    `${RUN} where ($1::uuid is null or r.id < $1) order by r.id desc limit $2`,
    [page.before, page.limit],
  );
  return rows.map(runOf);
}

/** A run's payouts after an id, in order of id. */
export async function findPayoutsOfRun(
  tx: Tx,
  page: { runId: string; after: string | null; limit: number },
): Promise<Payout[]> {
  const rows = await rowsOf<PayoutRow>(
    tx,
    `${PAYOUT} where run_id = $1 and ($2::uuid is null or id > $2) order by id limit $3`,
    [page.runId, page.after, page.limit],
  );
  return rows.map(payoutOf);
}

/** An owner's payouts before an id, newest first. */
export async function findPayoutsOf(
  tx: Tx,
  page: PayeeOwner & { before: string | null; limit: number },
): Promise<Payout[]> {
  const rows = await rowsOf<PayoutRow>(
    tx,
    `${PAYOUT} where owner_id = $1 and owner_kind = $2 and ($3::uuid is null or id < $3) order by id desc limit $4`,
    [page.ownerId, page.ownerKind, page.before, page.limit],
  );
  return rows.map(payoutOf);
}

/** The payout, or null where the transaction's instance has none of that id. */
export async function findPayout(tx: Tx, payoutId: string): Promise<Payout | null> {
  const [row] = await rowsOf<PayoutRow>(tx, `${PAYOUT} where id = $1`, [payoutId]);
  return row ? payoutOf(row) : null;
}

/** What of a run goes into the bank's file: payouts by IBAN that are still reserved, in order of id. */
export async function findTransfers(
  tx: Tx,
  { instanceId, runId }: { instanceId: string; runId: string },
): Promise<Transfer[]> {
  return rowsOf<Transfer>(
    tx,
    `select replace(o.id::text, '-', '') as "endToEndId", o.amount_minor as "amountMinor", p.iban,
       p.account_name as "accountName"
     from reserved_payouts($1, $2) o
     join payout_recipients p on p.payout_id = o.id and p.instance_id = o.instance_id order by o.id`,
    [instanceId, runId],
  );
}

/** Approves a run that `lockRun` locked. */
export async function approveRun(tx: Tx, step: Step & { runId: string }): Promise<void> {
  await rowsOf(
    tx,
    `update payout_runs set state = 'approved', approved_by = $2, approved_at = $3 where id = $1 and state = 'proposed'`,
    [step.runId, step.by, step.now],
  );
}

/** All of an approved run leaves, with its file; false where it is not approved. Locks the chain. */
export async function sendRun(tx: Tx, step: Step & { runId: string; file: string | null }): Promise<boolean> {
  const [row] = await rowsOf<{ done: boolean }>(tx, 'select send_run($1, $2, $3, $4, $5) as done', [
    step.instanceId,
    step.runId,
    step.file,
    step.by,
    step.now,
  ]);
  return row!.done;
}

/** Frees what a run reserved that was not sent; false where it was. Locks the chain. */
export async function cancelRun(tx: Tx, step: Step & { runId: string }): Promise<boolean> {
  const [row] = await rowsOf<{ done: boolean }>(tx, 'select cancel_run($1, $2, $3, $4) as done', [
    step.instanceId,
    step.runId,
    step.by,
    step.now,
  ]);
  return row!.done;
}

/** Records what became of a payout that was sent. Locks the chain. */
export async function movePayout(
  tx: Tx,
  step: Step & { payoutId: string; state: 'settled' | 'returned' | 'review'; reason: string | null },
): Promise<'done' | 'exists' | 'invalid-state' | 'not-found'> {
  type Outcome = 'done' | 'exists' | 'invalid-state' | 'not-found';
  const [row] = await rowsOf<{ outcome: Outcome }>(
    tx,
    'select move_payout($1, $2, $3, $4, $5, $6) as outcome',
    [step.instanceId, step.payoutId, step.state, step.reason, step.by, step.now],
  );
  return row!.outcome;
}

/** The file of a run as it was written, or null. */
export async function findFile(tx: Tx, runId: string): Promise<string | null> {
  const [row] = await rowsOf<{ content: string }>(tx, 'select content from payout_files where run_id = $1', [
    runId,
  ]);
  return row?.content ?? null;
}
