import type { GiverRef, PayeeRef, ReceiverRef } from '@foodshed/contracts';
import { rowsOf, type Tx } from '@foodshed/platform';

/** One payee's part of a gift that was given. */
export interface ReceivedPart {
  readonly giftId: string;
  readonly instanceId: string;
  readonly payee: PayeeRef;
  readonly receiver: ReceiverRef;
  readonly receiverName: string | null;
  readonly giver: GiverRef;
  readonly isUnnamed: boolean;
  readonly amountMinor: number;
  readonly currency: string;
  readonly message: string;
  readonly answer: string | null;
  readonly givenAt: Date;
  readonly returns: string | null;
  readonly isReturned: boolean;
}

const RETURNED = `exists (select from gifts r where r.returns = g.gift_id and r.giver_id = q.payee_id
  and r.giver_kind = q.payee_kind and r.state in ('posting', 'given'))`;
const RECEIVED = `select g.gift_id as "giftId", g.instance_id as "instanceId",
    jsonb_build_object('kind', q.payee_kind, 'id', q.payee_id) as payee,
    jsonb_build_object('kind', g.receiver_kind, 'id', g.receiver_id) as receiver, g.receiver_name as "receiverName",
    jsonb_build_object('kind', g.giver_kind, 'id', g.giver_id) as giver, g.is_unnamed as "isUnnamed",
    q.amount_minor as "amountMinor", g.currency, g.message, g.answer, g.given_at as "givenAt", g.returns, ${RETURNED} as "isReturned"
  from gift_parts q join gifts g on g.gift_id = q.gift_id and g.instance_id = q.instance_id
  where q.payee_id = any($1) and g.state = 'given'`;

/** What came to these payees, before a gift's and payee's ids, newest first, at most `limit`; a row for each payee. */
export function findReceived(
  tx: Tx,
  page: { payeeIds: readonly string[]; before: string | null; limit: number },
): Promise<ReceivedPart[]> {
  return rowsOf<ReceivedPart>(
    tx,
    `${RECEIVED} and ($2::text is null or (g.gift_id::text || q.payee_id::text) < $2)
     order by g.gift_id::text || q.payee_id::text desc limit $3`,
    [page.payeeIds, page.before, page.limit],
  );
}

/** The parts of one given gift that came to these payees; empty where none did. Locks the gift. */
export function lockReceived(tx: Tx, giftId: string, payeeIds: readonly string[]): Promise<ReceivedPart[]> {
  return rowsOf<ReceivedPart>(tx, `${RECEIVED} and g.gift_id = $2 order by q.position for update of g`, [
    payeeIds,
    giftId,
  ]);
}

/** Writes what the receiver says came of a gift, over what was said before. */
export async function saveAnswer(
  tx: Tx,
  { giftId, answer, answeredBy, now }: { giftId: string; answer: string; answeredBy: string; now: Date },
): Promise<void> {
  await rowsOf(tx, 'update gifts set answer = $2, answered_by = $3, answered_at = $4 where gift_id = $1', [
    giftId,
    answer,
    answeredBy,
    now,
  ]);
}

/** What came to one payee in one month, or in all of them where it is null. */
export interface ReceivedSum {
  readonly payee: PayeeRef;
  readonly currency: string;
  readonly month: string | null;
  readonly amountMinor: number;
  readonly gifts: number;
  readonly givers: number;
}

/**
 * What came to these payees, and was not given back, since the first of a number of months ago, by local month and altogether, with the month
 * that it is now; in order of payee, currency and month, the sum of all last. Months without a gift are left out.
 */
export async function sumReceived(
  tx: Tx,
  of: { payeeIds: readonly string[]; timeZone: string; now: Date; months: number },
): Promise<{ month: string; sums: ReceivedSum[] }> {
  const values = [of.timeZone, of.now];
  const [present] = await rowsOf<{ month: string }>(
    tx,
    `select to_char($2::timestamptz at time zone $1, 'YYYY-MM') as month`,
    values,
  );
  const sums = await rowsOf<ReceivedSum>(
    tx,
    `with own as (
       select q.payee_kind, q.payee_id, g.currency, q.amount_minor, g.gift_id,
         case when g.is_unnamed then g.gift_id::text else g.giver_kind || g.giver_id end as giver,
         to_char(g.given_at at time zone $1, 'YYYY-MM') as month
       from gift_parts q join gifts g on g.gift_id = q.gift_id and g.instance_id = q.instance_id
       where q.payee_id = any($3) and g.state = 'given' and g.returns is null and not ${RETURNED}
         and g.given_at >= (date_trunc('month', $2::timestamptz at time zone $1) - make_interval(months => $4 - 1)) at time zone $1
     )
     select jsonb_build_object('kind', payee_kind, 'id', payee_id) as payee, currency, month,
       sum(amount_minor)::bigint as "amountMinor", count(distinct gift_id)::int as gifts, count(distinct giver)::int as givers
     from own
     group by grouping sets ((payee_kind, payee_id, currency, month), (payee_kind, payee_id, currency))
     order by payee_kind, payee_id, currency, month nulls last`,
    [...values, of.payeeIds, of.months],
  );
  return { month: present!.month, sums };
}
