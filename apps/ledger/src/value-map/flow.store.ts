import type { AccountRef, MapArrow } from '@foodshed/contracts';
import { rowsOf, type Tx } from '@foodshed/platform';
import type { Block, Span } from './block.rules.js';

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

const FLOW = `producer_id as "producerId", payer_id as "payerId", account_id as "accountId", line, share_id as "shareId"`;

/** What moved in some batches, from their entries, added up by who paid, who got it and why; unordered, may be empty. */
export function sumMoved(tx: Tx, instanceId: string, span: NonNullable<Span>): Promise<FlowRow[]> {
  return rowsOf<FlowRow>(
    tx,
    `select ${FLOW}, sum(amount_minor)::bigint as "amountMinor", count(*) as entries
     from moved where instance_id = $1 and batch between $2 and $3
     group by producer_id, payer_id, account_id, line, share_id`,
    [instanceId, span.first, span.last],
  );
}

/** The same of blocks that were added up before. */
export function sumBlocks(tx: Tx, instanceId: string, blocks: readonly Block[]): Promise<FlowRow[]> {
  return rowsOf<FlowRow>(
    tx,
    `select ${FLOW}, sum(amount_minor)::bigint as "amountMinor", sum(entries)::bigint as entries
     from unnest($2::bigint[], $3::bigint[]) as b(first_batch, batches)
     join flow_sums s using (first_batch, batches) where s.instance_id = $1
     group by producer_id, payer_id, account_id, line, share_id`,
    [instanceId, blocks.map(({ first }) => first), blocks.map(({ batches }) => batches)],
  );
}

/** The blocks that are added up and lie within some batches, by where they begin, the largest of these first. */
export function findBlocks(tx: Tx, instanceId: string, span: NonNullable<Span>): Promise<Block[]> {
  return rowsOf<Block>(
    tx,
    `select first_batch as first, batches from flow_blocks
     where instance_id = $1 and first_batch >= $2 and first_batch + batches - 1 <= $3
     order by first_batch, batches desc`,
    [instanceId, span.first, span.last],
  );
}

/** Adds up the next block of `batches`, of entries or of blocks of `part` batches; false when none is full. */
export async function addUpBlock(
  tx: Tx,
  block: { instanceId: string; batches: number; part: number | null },
): Promise<boolean> {
  const [row] = await rowsOf<{ is_added: boolean }>(tx, 'select add_up_flows($1, $2, $3) as is_added', [
    block.instanceId,
    block.batches,
    block.part,
  ]);
  return row!.is_added;
}

/** The instances with a full block of so many batches that is not added up yet; unordered. */
export async function findBehind(tx: Tx, batches: number): Promise<string[]> {
  const rows = await rowsOf<{ instance_id: string }>(
    tx,
    `select h.instance_id from chain_heads h where h.batch >= $1 - 1 + coalesce((select max(b.first_batch) + $1
       from flow_blocks b where b.instance_id = h.instance_id and b.batches = $1), 1)`,
    [batches],
  );
  return rows.map(({ instance_id }) => instance_id);
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
     from moved m where m.instance_id = $1 and m.batch between $2 and $3
       and ($4::bigint is null or (m.batch, m.place, m.position) < ($4, $5::integer, $6::integer))
       and m.line = $7 and m.share_id is not distinct from $8
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
