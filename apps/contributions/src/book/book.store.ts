import type { GiftSource, GiverRef, ReceiverRef } from '@foodshed/contracts';
import { rowsOf, type Tx } from '@foodshed/platform';

/** A period of local dates of an instance, both included; null is open. */
export interface BookPeriod {
  readonly instanceId: string;
  readonly timeZone: string;
  readonly from: string | null;
  readonly to: string | null;
}

const IN_PERIOD = `g.instance_id = $1 and g.state = 'given'
  and ($2::date is null or g.given_at >= ($2::date::timestamp at time zone $4))
  and ($3::date is null or g.given_at < (($3::date + 1)::timestamp at time zone $4))`;
const paramsOf = ({ instanceId, from, to, timeZone }: BookPeriod) => [instanceId, from, to, timeZone];

export interface BookSums {
  readonly amountMinor: number;
  readonly platformPartMinor: number;
  readonly gifts: number;
  readonly givers: number;
  readonly receivers: number;
}

/** What was given in a period, by how many and to how many. */
export async function sumGiven(tx: Tx, period: BookPeriod): Promise<BookSums> {
  const [row] = await rowsOf<BookSums>(
    tx,
    `select coalesce(sum(g.amount_minor), 0)::bigint as "amountMinor",
       coalesce(sum(g.platform_part_minor), 0)::bigint as "platformPartMinor", count(*)::int as gifts,
       count(distinct g.giver_kind || g.giver_id)::int as givers,
       count(distinct (case g.receiver_kind when 'team' then 'pitch' else g.receiver_kind end) || g.receiver_id)::int
         as receivers
     from gifts g where ${IN_PERIOD}`,
    paramsOf(period),
  );
  return row!;
}

export interface GivenRow {
  readonly giftId: string;
  readonly giverKind: GiverRef['kind'];
  readonly receiver: ReceiverRef;
  readonly isReturn: boolean;
  readonly receiverName: string | null;
  readonly source: GiftSource;
  readonly amountMinor: number;
  readonly platformPartMinor: number;
  readonly givenAt: Date;
}

/** A page of a period's gifts after one, as they were given. */
export function findBooked(
  tx: Tx,
  page: BookPeriod & { after: string | null; limit: number },
): Promise<GivenRow[]> {
  return rowsOf<GivenRow>(
    tx,
    `select g.gift_id as "giftId", g.giver_kind as "giverKind",
       jsonb_build_object('kind', g.receiver_kind, 'id', g.receiver_id) as receiver, g.receiver_name as "receiverName",
       g.returns is not null as "isReturn",
       g.source, g.amount_minor as "amountMinor", g.platform_part_minor as "platformPartMinor", g.given_at as "givenAt"
     from gifts g
     where ${IN_PERIOD} and ($5::uuid is null or (g.given_at, g.gift_id) >
       (select a.given_at, a.gift_id from gifts a where a.gift_id = $5 and a.instance_id = $1))
     order by g.given_at, g.gift_id limit $6`,
    [...paramsOf(page), page.after, page.limit],
  );
}
