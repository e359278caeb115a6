import type { AccountRef, MapArrow } from '@foodshed/contracts';
import { rowsOf, type Tx } from '@foodshed/platform';

/** Batches from the first to the last that were recorded in a period; null when there are none. */
export type Span = { readonly first: number; readonly last: number } | null;

export interface Period {
  readonly instanceId: string;
  readonly timeZone: string;
  /** Local dates, both included; null is open. */
  readonly from: string | null;
  readonly to: string | null;
}

/** The batches of a period; what was recorded in a time that is over never changes, so neither does its span. */
export async function findSpan(tx: Tx, period: Period): Promise<Span> {
  const since = `($2::date is null or recorded_at >= ($2::date::timestamp at time zone $4))`;
  const until = `($3::date is null or recorded_at < (($3::date + 1)::timestamp at time zone $4))`;
  const end = (direction: string): string =>
    `(select number from batches where instance_id = $1 and ${since} and ${until}
      order by recorded_at ${direction}, number ${direction} limit 1)`;
  const [row] = await rowsOf<{ first: number | null; last: number | null }>(
    tx,
    `select ${end('asc')} as first, ${end('desc')} as last`,
    [period.instanceId, period.from, period.to, period.timeZone],
  );
  return row?.first && row.last ? { first: row.first, last: row.last } : null;
}

/**
 * Entries of one sort, added up. Those of an order come from buyers (`money`, whose account is who holds it, and
 * `hub-fee`) or out of what they paid the producer (`share`, `vat`); the others from the account that was debited.
 */
export interface FlowRow {
  readonly producerId: string | null;
  readonly payerId: string | null;
  readonly accountId: string;
  readonly line: MapArrow['line'];
  readonly shareId: string | null;
  readonly amountMinor: number;
  readonly entries: number;
}

type Account = AccountRef['owner'] & { readonly purpose: AccountRef['purpose'] };

/** The same with whose accounts they are. */
export interface Flow extends FlowRow {
  readonly payer: Account | null;
  readonly payee: Account;
  readonly currency: string;
}

/**
 * The entries that bring value to somebody, one each: what buyers paid for goods at the holder's side, all else at the
 * receiver's. The producer's own entry is what the others leave, and money that came for its own owner (a surplus, the
 * receipt of a pledge) went from nobody to another.
 */
const MOVED = `
  select t.batch, t.position as place, e.position, t.id, t.business_key, t.occurred_at, t.recorded_at,
    case when t.order_id is not null then nullif(split_part(t.business_key, ':', 4), '-')::uuid end as producer_id,
    case when t.order_id is null then (select p.account_id from entries p
      where p.transaction_id = t.id and p.amount_minor > 0 order by p.position limit 1) end as payer_id,
    e.account_id, e.line, e.share_id, case when e.line = 'money' then e.amount_minor else -e.amount_minor end as amount_minor
  from transactions t
  join entries e on e.transaction_id = t.id and e.instance_id = t.instance_id
  where t.instance_id = $1 and t.batch between $2 and $3
    and case when t.order_id is null then e.amount_minor < 0 and t.business_key not like '%-receipt:%'
      when e.line = 'money' then t.business_key like 'sale:%' or t.business_key like 'correction:%'
      else e.line in ('share', 'vat', 'hub-fee') end`;

/** What moved in these batches, added up by who paid, who got it and why; in no promised order, may be empty. */
export function sumFlows(tx: Tx, instanceId: string, span: NonNullable<Span>): Promise<FlowRow[]> {
  return rowsOf<FlowRow>(
    tx,
    `select producer_id as "producerId", payer_id as "payerId", account_id as "accountId", line,
       share_id as "shareId", sum(amount_minor)::bigint as "amountMinor", count(*) as entries
     from (${MOVED}) m group by producer_id, payer_id, account_id, line, share_id`,
    [instanceId, span.first, span.last],
  );
}

/** Whose accounts flows came from and went to. */
export async function withAccounts(tx: Tx, flows: readonly FlowRow[]): Promise<Flow[]> {
  const ids = new Set(
    flows.flatMap(({ payerId, accountId }) => (payerId ? [payerId, accountId] : [accountId])),
  );
  const rows = await rowsOf<Account & { account_id: string; owner_id: string; currency: string }>(
    tx,
    `select id as account_id, owner_kind as kind, owner_id, purpose, currency from accounts where id = any ($1::uuid[])`,
    [[...ids]],
  );
  const accounts = new Map(rows.map((row) => [row.account_id, row]));
  const owner = ({ kind, owner_id, purpose }: (typeof rows)[number]): Account => ({
    kind,
    id: owner_id,
    purpose,
  });
  return flows.map((flow) => {
    const [payer, payee] = [accounts.get(flow.payerId ?? ''), accounts.get(flow.accountId)!];
    return { ...flow, payer: payer ? owner(payer) : null, payee: owner(payee), currency: payee.currency };
  });
}

/** An entry's place in the chain. */
export interface Place {
  readonly batch: number;
  readonly place: number;
  readonly position: number;
}

export interface MovedRow extends Place {
  readonly id: string;
  readonly business_key: string;
  readonly occurred_at: Date;
  readonly recorded_at: Date;
  readonly amount_minor: number;
}

/** What tells flows of one line and share apart. */
const keyOf = ({ producerId, payerId, accountId }: FlowRow): string =>
  [producerId, payerId, accountId].filter((id) => id !== null).join(' ');

/** The entries, in these batches, of flows of one line and share before a place, newest first, at most `limit`. */
export function findMoved(
  tx: Tx,
  page: {
    instanceId: string;
    span: NonNullable<Span>;
    flows: readonly Flow[];
    before: Place | null;
    limit: number;
  },
): Promise<MovedRow[]> {
  const { flows, before } = page;
  const { line, shareId } = flows[0] ?? { line: 'money', shareId: null };
  return rowsOf<MovedRow>(
    tx,
    `select m.batch, m.place, m.position, m.id, m.business_key, m.occurred_at, m.recorded_at, m.amount_minor
     from (${MOVED} and ($4::bigint is null or (t.batch, t.position, e.position) < ($4, $5::integer, $6::integer))) m
     where m.line = $7 and m.share_id is not distinct from $8
       and concat_ws(' ', m.producer_id, m.payer_id, m.account_id) = any ($9::text[])
     order by m.batch desc, m.place desc, m.position desc limit $10`,
    [
      page.instanceId,
      page.span.first,
      page.span.last,
      before?.batch ?? null,
      before?.place ?? null,
      before?.position ?? null,
      line,
      shareId,
      flows.map(keyOf),
      page.limit,
    ],
  );
}
