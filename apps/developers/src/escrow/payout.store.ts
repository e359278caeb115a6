import type { Earning } from '@foodshed/contracts';
import { rowsOf, type Tx } from '@foodshed/platform';

/** Pledges of one ledger that are settled together, and who is paid of them. */
export interface Payout {
  readonly instanceId: string;
  readonly payoutId: string;
  readonly pitchInstanceId: string;
  readonly pitchId: string;
  readonly currency: string;
  readonly totalMinor: number;
  readonly parts: readonly { kind: 'person' | 'enterprise'; payeeId: string; amountMinor: number }[];
}

const PAYOUT = `select o.instance_id as "instanceId", o.payout_id as "payoutId", o.pitch_instance_id as "pitchInstanceId",
       o.pitch_id as "pitchId", o.currency, o.total_minor as "totalMinor",
       (select jsonb_agg(jsonb_build_object('kind', q.kind, 'payeeId', q.payee_id, 'amountMinor', q.amount_minor)
          order by q.position)
        from payout_parts q where q.payout_id = o.payout_id and q.instance_id = o.instance_id) as parts
     from payouts o`;

/** Adds a payout with its parts. */
export async function insertPayout(tx: Tx, payout: Payout): Promise<void> {
  const { instanceId, payoutId, parts } = payout;
  await rowsOf(
    tx,
    `insert into payouts (instance_id, payout_id, pitch_instance_id, pitch_id, currency, total_minor)
     values ($1, $2, $3, $4, $5, $6)`,
    [instanceId, payoutId, payout.pitchInstanceId, payout.pitchId, payout.currency, payout.totalMinor],
  );
  await rowsOf(
    tx,
    `insert into payout_parts (instance_id, payout_id, position, kind, payee_id, amount_minor)
     select $1, $2, position, kind, payee_id, amount_minor
     from unnest($3::text[], $4::uuid[], $5::bigint[]) with ordinality as p(kind, payee_id, amount_minor, position)`,
    [
      instanceId,
      payoutId,
      parts.map(({ kind }) => kind),
      parts.map(({ payeeId }) => payeeId),
      parts.map(({ amountMinor }) => amountMinor),
    ],
  );
}

/** The payouts of a pitch that no ledger has confirmed yet, in order of instance. */
export async function findUnpaid(tx: Tx, pitchId: string): Promise<Payout[]> {
  return rowsOf<Payout>(
    tx,
    `${PAYOUT} where o.pitch_id = $1 and o.paid_at is null order by o.instance_id, o.payout_id`,
    [pitchId],
  );
}

/** A page of an instance's payouts after an id, in order of id, with whether the ledger confirmed each. */
export function findPayoutsIn(
  tx: Tx,
  page: { instanceId: string; after: string | null; limit: number },
): Promise<(Payout & { isPaid: boolean })[]> {
  return rowsOf(
    tx,
    `select p.*, exists (select from payouts c where c.payout_id = p."payoutId" and c.paid_at is not null) as "isPaid"
     from (${PAYOUT} where o.instance_id = $1 and ($2::uuid is null or o.payout_id > $2) order by o.payout_id limit $3) p
     order by p."payoutId"`,
    [page.instanceId, page.after, page.limit],
  );
}

/** Confirms a payout; false when it was confirmed before. */
export async function confirmPayout(
  tx: Tx,
  paid: { payoutId: string; transactionId: string; paidAt: Date },
): Promise<boolean> {
  const rows = await rowsOf(
    tx,
    `update payouts set transaction_id = $2, paid_at = $3 where payout_id = $1 and paid_at is null returning payout_id`,
    [paid.payoutId, paid.transactionId, paid.paidAt],
  );
  return rows.length > 0;
}

/** Removes a payout whose holds the ledger had given back; nothing was paid of it. */
export async function removePayout(tx: Tx, payoutId: string): Promise<void> {
  await rowsOf(tx, 'delete from payouts where payout_id = $1 and paid_at is null', [payoutId]);
}

/** What these payees earned, before a payout's id, newest first, at most `limit`; one row for each payout and payee. */
export async function findEarnings(
  tx: Tx,
  page: { payeeIds: readonly string[]; before: string | null; limit: number },
): Promise<Earning[]> {
  const rows = await rowsOf<Omit<Earning, 'paidAt'> & { paidAt: Date | null }>(
    tx,
    `select o.payout_id as "payoutId", o.pitch_id as "pitchId", p.title as "pitchTitle", o.instance_id as "instanceId",
       jsonb_build_object('kind', q.kind, 'id', q.payee_id) as payee, q.amount_minor as "amountMinor", o.currency,
       o.paid_at as "paidAt"
     from payout_parts q
     join payouts o on o.payout_id = q.payout_id and o.instance_id = q.instance_id
     join pitches p on p.pitch_id = o.pitch_id
     where q.payee_id = any($1) and ($2::text is null or (o.payout_id::text || q.payee_id::text) < $2)
     order by o.payout_id::text || q.payee_id::text desc limit $3`,
    [page.payeeIds, page.before, page.limit],
  );
  return rows.map((row) => ({ ...row, paidAt: row.paidAt?.toISOString() ?? null }));
}
