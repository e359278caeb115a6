import type {
  AccountRef,
  LedgerHead,
  PostingCommand,
  RpcOutput,
  SupportBooking,
  ledgerRpc,
} from '@foodshed/contracts';
import { rowsOf, type Tx } from '@foodshed/platform';
import { normalSideOf } from './account.rules.js';
import { keyOf } from './key.rules.js';

type PostedTransaction = RpcOutput<typeof ledgerRpc.listOrderEntries>['items'][number];
type OrderTotals = RpcOutput<typeof ledgerRpc.listTotals>['items'][number];
type Refusal = RpcOutput<typeof ledgerRpc.listRefusals>['items'][number];
type TrialRow = RpcOutput<typeof ledgerRpc.getTrialBalance>['rows'][number];

const NO_HASH = '0'.repeat(64);

interface HeadRow {
  batch: number;
  hash: string;
  sealed_at: Date | null;
}

const headView = (instanceId: string, row: HeadRow | undefined): LedgerHead => ({
  instanceId,
  batch: row?.batch ?? 0,
  hash: row?.hash ?? NO_HASH,
  sealedAt: row?.sealed_at?.toISOString() ?? null,
});

/** The latest sealed batch; number 0 and a hash of zeroes before the first. */
export async function findHead(tx: Tx, instanceId: string): Promise<LedgerHead> {
  const [row] = await rowsOf<HeadRow>(
    tx,
    `select batch, encode(hash, 'hex') as hash, sealed_at from chain_heads where instance_id = $1`,
    [instanceId],
  );
  return headView(instanceId, row);
}

/** The last batch sealed before an instant; number 0 and a hash of zeroes before the first. */
export async function findHeadBefore(
  tx: Tx,
  { instanceId, instant }: { instanceId: string; instant: Date },
): Promise<LedgerHead> {
  const [row] = await rowsOf<HeadRow>(
    tx,
    `select number as batch, encode(hash, 'hex') as hash, recorded_at as sealed_at from batches
     where instance_id = $1 and recorded_at < $2 order by recorded_at desc, number desc limit 1`,
    [instanceId, instant],
  );
  return headView(instanceId, row);
}

/** An order's transactions in the order of posting, with all their entries, debit positive; empty before posting. */
export async function findOrderTransactions(tx: Tx, orderId: string): Promise<PostedTransaction[]> {
  const rows = await rowsOf<{
    id: string;
    business_key: string;
    occurred_at: Date;
    recorded_at: Date;
    entries: PostedTransaction['entries'];
  }>(
    tx,
    `select t.id, t.business_key, t.occurred_at, t.recorded_at, jsonb_agg(jsonb_build_object(
         'account', jsonb_build_object('owner', jsonb_build_object('kind', a.owner_kind, 'id', a.owner_id),
           'purpose', a.purpose, 'currency', a.currency),
         'amountMinor', e.amount_minor, 'line', e.line, 'shareId', e.share_id, 'accountId', e.account_id,
         'balanceMinor', e.balance_minor) order by e.position) as entries
     from transactions t
     join entries e on e.transaction_id = t.id and e.instance_id = t.instance_id
     join accounts a on a.id = e.account_id and a.instance_id = e.instance_id
     where t.order_id = $1
     group by t.id, t.business_key, t.occurred_at, t.recorded_at, t.batch, t.position
     order by t.batch, t.position`,
    [orderId],
  );
  return rows.map((row) => ({
    transactionId: row.id,
    key: keyOf(row.business_key),
    occurredAt: row.occurred_at.toISOString(),
    recordedAt: row.recorded_at.toISOString(),
    entries: row.entries,
  }));
}

/** What stands per order and account after order id `after`, in order of order id; debit positive, zeroes included. */
export async function findTotals(
  tx: Tx,
  page: { after: string | null; limit: number },
): Promise<OrderTotals[]> {
  return rowsOf<OrderTotals>(
    tx,
    `select o.order_id as "orderId", jsonb_agg(jsonb_build_object('account', jsonb_build_object(
         'owner', jsonb_build_object('kind', a.owner_kind, 'id', a.owner_id), 'purpose', a.purpose,
         'currency', a.currency), 'amountMinor', s.amount_minor)
         order by a.purpose, a.owner_kind, a.owner_id, a.currency) as totals
     from (select distinct order_id from transactions
           where order_id is not null and ($1::uuid is null or order_id > $1) order by order_id limit $2) o
     cross join lateral (select e.account_id, sum(e.amount_minor)::bigint as amount_minor
       from transactions t join entries e on e.transaction_id = t.id and e.instance_id = t.instance_id
       where t.order_id = o.order_id group by e.account_id) s
     join accounts a on a.id = s.account_id
     group by o.order_id order by o.order_id`,
    [page.after, page.limit],
  );
}

/** The kinds of transactions that gifts and pledges make; holds are of a pitch where their payee is one. */
const OF_SUPPORT = `t.order_id is null and (split_part(t.business_key, ':', 1) in ('gift', 'pledge-receipt', 'pitch-payout')
  or t.business_key like 'hold-resolution:%' and exists (select from holds h join accounts p on p.id = h.payee_id
    where h.id = split_part(t.business_key, ':', 2)::uuid and p.owner_kind = 'pitch'))`;
const REF = `jsonb_build_object('owner', jsonb_build_object('kind', a.owner_kind, 'id', a.owner_id), 'purpose', a.purpose,
  'currency', a.currency)`;

/** Transactions of gifts and pledges, and open holds for pitches, after an id, in order of id; debit positive. */
export function findSupport(
  tx: Tx,
  page: { after: string | null; limit: number },
): Promise<(SupportBooking & { id: string })[]> {
  return rowsOf(
    tx,
    `(select t.id, t.business_key as key, (select jsonb_agg(jsonb_build_object('account', ${REF},
         'amountMinor', e.amount_minor) order by e.position)
       from entries e join accounts a on a.id = e.account_id where e.transaction_id = t.id) as totals
      from transactions t where ${OF_SUPPORT} and ($1::uuid is null or t.id > $1) order by t.id limit $2)
     union all
     (select h.id, 'hold:' || h.id, jsonb_build_array(jsonb_build_object('account', ${REF}, 'amountMinor', h.amount_minor))
      from holds h join accounts a on a.id = h.account_id join accounts p on p.id = h.payee_id
      where p.owner_kind = 'pitch' and ($1::uuid is null or h.id > $1)
        and not exists (select from hold_resolutions r where r.hold_id = h.id and r.instance_id = h.instance_id)
      order by h.id limit $2)
     order by id limit $2`,
    [page.after, page.limit],
  );
}

/** Sums over the instance's accounts by purpose and currency, debit positive; they add up to zero per currency. */
export async function sumByPurpose(tx: Tx): Promise<TrialRow[]> {
  const rows = await rowsOf<Omit<TrialRow, 'normalSide'>>(
    tx,
    `select purpose, currency, count(*) as accounts, sum(balance_minor)::bigint as "balanceMinor"
     from accounts group by purpose, currency order by currency, purpose`,
  );
  return rows.map((row) => ({ ...row, normalSide: normalSideOf(row.purpose as AccountRef['purpose']) }));
}

/** Refusals before refusal id `before`, newest first, with the command that was refused. */
export async function findRefusals(
  tx: Tx,
  page: { before: string | null; limit: number },
): Promise<Refusal[]> {
  const rows = await rowsOf<{
    id: string;
    business_key: string;
    code: string;
    field: string | null;
    detail: string;
    command: PostingCommand & { id?: string };
    refused_at: Date;
  }>(
    tx,
    `select id, business_key, code, field, detail, command - 'id' as command, refused_at from refusals
     where $1::uuid is null or id < $1 order by id desc limit $2`,
    [page.before, page.limit],
  );
  return rows.map((row) => ({
    refusalId: row.id,
    key: keyOf(row.business_key),
    code: row.code,
    field: row.field,
    detail: row.detail,
    command: row.command,
    refusedAt: row.refused_at.toISOString(),
  }));
}
