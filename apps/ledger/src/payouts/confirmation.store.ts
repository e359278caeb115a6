import type { AccountRef, CashHandover, UnconfirmedCapture } from '@foodshed/contracts';
import { rowsOf, type Tx } from '@foodshed/platform';

/** Whose hands money is in: a hub's till, or the instance's bank account for null. */
export type Holder = { readonly instanceId: string; readonly hubId: string | null };

const HOLDER = (holder: Holder): [string, AccountRef['purpose']] =>
  holder.hubId === null ? [holder.instanceId, 'bank'] : [holder.hubId, 'till'];

const UNCONFIRMED = `select c.capture_id as "captureId", c.order_id as "orderId", a.currency,
    case a.purpose when 'till' then a.owner_id end as "hubId", c.amount_minor as "amountMinor", c.taken_at as "takenAt",
    c.handover_id as "handoverId"
  from captures c join accounts a on a.id = c.holder_id and a.instance_id = c.instance_id
  where c.confirmed_at is null and c.amount_minor > 0 and a.owner_id = $1 and a.purpose = $2`;

type CaptureRow = Omit<UnconfirmedCapture, 'takenAt'> & { takenAt: Date };
const captureOf = (row: CaptureRow): UnconfirmedCapture => ({ ...row, takenAt: row.takenAt.toISOString() });

/** Captures that nobody confirmed of one holder, in order of id, which is that of their time; may be empty. */
export async function findUnconfirmed(
  tx: Tx,
  page: { holder: Holder; after: string | null; limit: number },
): Promise<UnconfirmedCapture[]> {
  const rows = await rowsOf<CaptureRow>(
    tx,
    `${UNCONFIRMED} and ($3::uuid is null or c.capture_id > $3) order by c.capture_id limit $4`,
    [...HOLDER(page.holder), page.after, page.limit],
  );
  return rows.map(captureOf);
}

/** Those of these captures that nobody confirmed of one holder; locks them. The transaction has the bookkeeping's lock. */
export async function lockUnconfirmed(
  tx: Tx,
  { holder, captureIds }: { holder: Holder; captureIds: readonly string[] },
): Promise<UnconfirmedCapture[]> {
  const rows = await rowsOf<CaptureRow>(
    tx,
    `${UNCONFIRMED} and c.capture_id = any ($3::uuid[]) order by c.capture_id for update of c`,
    [...HOLDER(holder), captureIds],
  );
  return rows.map(captureOf);
}

/** Which of these captures are confirmed already, or have nothing left to confirm. */
export async function findSettled(
  tx: Tx,
  { holder, captureIds }: { holder: Holder; captureIds: readonly string[] },
): Promise<string[]> {
  const rows = await rowsOf<{ id: string }>(
    tx,
    `select c.capture_id as id from captures c join accounts a on a.id = c.holder_id and a.instance_id = c.instance_id
     where c.capture_id = any ($3::uuid[]) and a.owner_id = $1 and a.purpose = $2
       and (c.confirmed_at is not null or c.amount_minor <= 0)`,
    [...HOLDER(holder), captureIds],
  );
  return rows.map(({ id }) => id);
}

/** Confirms captures that `lockUnconfirmed` locked; they are looked at once their hold is over. */
export async function confirmCaptures(
  tx: Tx,
  confirmation: { captureIds: readonly string[]; by: string; now: Date },
): Promise<void> {
  await rowsOf(
    tx,
    `update captures c set confirmed_at = $3, confirmed_by = $2, look_at = coalesce(c.look_at, f.hold_over_at)
     from captures k left join fulfilments f on f.order_id = k.order_id and f.instance_id = k.instance_id
     where k.capture_id = c.capture_id and k.instance_id = c.instance_id and c.capture_id = any ($1::uuid[])`,
    [confirmation.captureIds, confirmation.by, confirmation.now],
  );
}

type HandoverRow = Omit<CashHandover, 'recordedAt' | 'decidedAt'> & {
  recordedAt: Date;
  decidedAt: Date | null;
};
const HANDOVER = `id as "handoverId", hub_id as "hubId", currency, amount_minor as "amountMinor", state,
  recorded_at as "recordedAt", decided_at as "decidedAt"`;
const handoverOf = (row: HandoverRow): CashHandover => ({
  ...row,
  recordedAt: row.recordedAt.toISOString(),
  decidedAt: row.decidedAt?.toISOString() ?? null,
});

/** Keeps what a hub says it handed over, and marks its locked captures with it. */
export async function addHandover(
  tx: Tx,
  handover: Pick<CashHandover, 'handoverId' | 'hubId' | 'currency' | 'amountMinor'> & {
    instanceId: string;
    captureIds: readonly string[];
    by: string;
    now: Date;
  },
): Promise<CashHandover> {
  const { instanceId, handoverId, hubId, currency, amountMinor, captureIds, by, now } = handover;
  const [row] = await rowsOf<HandoverRow>(
    tx,
    `insert into cash_handovers (instance_id, id, hub_id, currency, amount_minor, state, recorded_by, recorded_at)
     values ($1, $2, $3, $4, $5, 'recorded', $6, $7) returning ${HANDOVER}`,
    [instanceId, handoverId, hubId, currency, amountMinor, by, now],
  );
  await rowsOf(tx, `update captures set handover_id = $1 where capture_id = any ($2::uuid[])`, [
    handoverId,
    captureIds,
  ]);
  return handoverOf(row!);
}

/** The hand-over, or null where the transaction's instance has none of that id. */
export async function findHandover(tx: Tx, handoverId: string): Promise<CashHandover | null> {
  const [row] = await rowsOf<HandoverRow>(tx, `select ${HANDOVER} from cash_handovers where id = $1`, [
    handoverId,
  ]);
  return row ? handoverOf(row) : null;
}

/** Hand-overs of one hub, or of all for null, before an id, newest first; may be empty. */
export async function findHandovers(
  tx: Tx,
  page: { hubId: string | null; before: string | null; limit: number },
): Promise<CashHandover[]> {
  const rows = await rowsOf<HandoverRow>(
    tx,
    `select ${HANDOVER} from cash_handovers
     where ($1::uuid is null or hub_id = $1) and ($2::uuid is null or id < $2) order by id desc limit $3`,
    [page.hubId, page.before, page.limit],
  );
  return rows.map(handoverOf);
}

/** Takes the cash into the instance's bank and confirms its captures; false where it was answered. Locks the chain. */
export async function receiveCash(
  tx: Tx,
  receipt: { instanceId: string; handoverId: string; by: string; now: Date },
): Promise<boolean> {
  const [row] = await rowsOf<{ outcome: string }>(tx, 'select receive_cash($1, $2, $3, $4) as outcome', [
    receipt.instanceId,
    receipt.handoverId,
    receipt.by,
    receipt.now,
  ]);
  return row!.outcome === 'done';
}

/** The cash is in the till as before; false where the hand-over was answered. */
export async function refuseCash(
  tx: Tx,
  refusal: { handoverId: string; by: string; now: Date },
): Promise<boolean> {
  const refused = await rowsOf(
    tx,
    `update cash_handovers set state = 'refused', decided_by = $2, decided_at = $3
     where id = $1 and state = 'recorded' returning id`,
    [refusal.handoverId, refusal.by, refusal.now],
  );
  if (refused.length === 0) return false;
  await rowsOf(tx, `update captures set handover_id = null where handover_id = $1`, [refusal.handoverId]);
  return true;
}
