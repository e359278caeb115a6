import { newId, rowsOf, type Tx } from '@foodshed/platform';
import type { Pledge } from '../pledges/pledge.store.js';

export type MovementKind = 'held' | 'paid' | 'returned';

/** Writes into the function's book that these pledges moved; each of them moves once in each way. */
export async function recordMovements(
  tx: Tx,
  { pledges, kind, now }: { pledges: readonly Pledge[]; kind: MovementKind; now: Date },
): Promise<void> {
  if (pledges.length === 0) return;
  const sign = kind === 'held' ? 1 : -1;
  await rowsOf(
    tx,
    `insert into movements (instance_id, movement_id, pledge_id, pitch_id, currency, kind, change_minor, moved_at)
     select instance_id, movement_id, pledge_id, pitch_id, currency, $1, change_minor, $2
     from unnest($3::uuid[], $4::uuid[], $5::uuid[], $6::uuid[], $7::text[], $8::bigint[])
       as m(instance_id, movement_id, pledge_id, pitch_id, currency, change_minor)`,
    [
      kind,
      now,
      pledges.map(({ instanceId }) => instanceId),
      pledges.map(() => newId()),
      pledges.map(({ pledgeId }) => pledgeId),
      pledges.map(({ pitchId }) => pitchId),
      pledges.map(({ currency }) => currency),
      pledges.map(({ escrowMinor }) => sign * escrowMinor),
    ],
  );
}

/** A period of local dates of an instance, both included; null is open. */
export interface BookPeriod {
  readonly instanceId: string;
  readonly currency: string;
  readonly timeZone: string;
  readonly from: string | null;
  readonly to: string | null;
}

const BEGINS = `($3::date::timestamp at time zone $5)`;
const ENDS = `(($4::date + 1)::timestamp at time zone $5)`;
const SINCE = `($3::date is null or moved_at >= ${BEGINS})`;
const UNTIL = `($4::date is null or moved_at < ${ENDS})`;
const paramsOf = (period: BookPeriod) => [
  period.instanceId,
  period.currency,
  period.from,
  period.to,
  period.timeZone,
];

export interface BookSums {
  readonly openingMinor: number;
  readonly closingMinor: number;
  readonly heldMinor: number;
  readonly paidMinor: number;
  readonly returnedMinor: number;
}

/** What was in escrow before and after a period, and what moved in it; all positive. */
export async function sumMovements(tx: Tx, period: BookPeriod): Promise<BookSums> {
  const moved = (kind: MovementKind): string =>
    `coalesce(sum(abs(change_minor)) filter (where kind = '${kind}' and ${SINCE} and ${UNTIL}), 0)::bigint`;
  const [row] = await rowsOf<BookSums>(
    tx,
    `select coalesce(sum(change_minor) filter (where $3::date is not null and moved_at < ${BEGINS}), 0)::bigint
         as "openingMinor",
       coalesce(sum(change_minor) filter (where ${UNTIL}), 0)::bigint as "closingMinor",
       ${moved('held')} as "heldMinor", ${moved('paid')} as "paidMinor", ${moved('returned')} as "returnedMinor"
     from movements where instance_id = $1 and currency = $2`,
    paramsOf(period),
  );
  return row!;
}

export interface MovementRow {
  readonly movementId: string;
  readonly pledgeId: string;
  readonly pitchId: string;
  readonly pitchTitle: string;
  readonly kind: MovementKind;
  readonly changeMinor: number;
  readonly standingMinor: number;
  readonly movedAt: Date;
}

/** A page of a period's movements after one, as they happened, each with what is in escrow after it. */
export function findMovements(
  tx: Tx,
  page: BookPeriod & { after: string | null; limit: number },
): Promise<MovementRow[]> {
  return rowsOf<MovementRow>(
    tx,
    `select m.movement_id as "movementId", m.pledge_id as "pledgeId", m.pitch_id as "pitchId", p.title as "pitchTitle",
       m.kind, m.change_minor as "changeMinor", m.standing as "standingMinor", m.moved_at as "movedAt"
     from (select *, sum(change_minor) over (order by moved_at, movement_id)::bigint as standing
           from movements where instance_id = $1 and currency = $2 and ${UNTIL}) m
     join pitches p on p.pitch_id = m.pitch_id
     where ${SINCE} and ($6::uuid is null or (m.moved_at, m.movement_id) >
       (select a.moved_at, a.movement_id from movements a where a.movement_id = $6 and a.instance_id = $1))
     order by m.moved_at, m.movement_id limit $7`,
    [...paramsOf(page), page.after, page.limit],
  );
}
