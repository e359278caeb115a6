import { keyOf } from './key.rules.js';
import type { SealedEntry } from './seal.rules.js';

/** Runs a statement and gives its rows as arrays, `bigint` as numbers and instants as milliseconds. */
export type Query = (text: string, values: unknown[]) => Promise<unknown[][]>;

export interface ChainHead {
  readonly instanceId: string;
  readonly batch: number;
  readonly hash: string;
  readonly sealedAt: number | null;
}

export interface StoredAccount {
  readonly id: string;
  readonly instanceId: string;
  readonly ownerKind: string;
  readonly ownerId: string;
  readonly purpose: string;
  readonly currency: string;
  readonly normalSide: string;
  readonly limitMinor: number | null;
  readonly openedAt: number;
  readonly identityHash: string;
  readonly balanceMinor: number;
  readonly version: number;
  readonly reservedMinor: number;
  /** What the account's open holds add up to. */
  readonly heldMinor: number;
}

export interface StoredBatch {
  readonly number: number;
  readonly previousHash: string;
  readonly hash: string;
  readonly transactionCount: number;
  readonly recordedAt: number;
}

export interface StoredTransaction {
  readonly id: string;
  readonly businessKey: string;
  readonly orderId: string | null;
  readonly corrects: string | null;
  readonly occurredAt: number;
  readonly recordedAt: number;
  readonly batch: number;
  readonly position: number;
  readonly contentHash: string;
  readonly seal: string;
  entries: StoredEntry[];
}

export type StoredEntry = Omit<SealedEntry, 'reference'> & { readonly position: number };

const WINDOW_TRANSACTIONS = 2_000;
const MS = (column: string): string => `round(extract(epoch from ${column}) * 1000)::bigint`;
const HEX = (column: string): string => `encode(${column}, 'hex')`;

/** The last version of account `a` in the batches up to `$2`; walks back from its newest entry, so what is new costs. */
const LAST_VERSION = `select s.version from entries s
  join transactions t on t.id = s.transaction_id and t.instance_id = s.instance_id
  where s.account_id = a.id and t.batch <= $2 order by s.version desc limit 1`;

/** The head of every instance's chain, in order of instance id. */
export async function readHeads(query: Query): Promise<ChainHead[]> {
  const rows = await query(
    `select instance_id, batch, ${HEX('hash')}, ${MS('sealed_at')} from chain_heads order by instance_id`,
    [],
  );
  return rows.map(
    ([instanceId, batch, hash, sealedAt]) => ({ instanceId, batch, hash, sealedAt }) as ChainHead,
  );
}

/** Accounts of an instance after account id `after`, in order of id, at most `limit`, with what is held on each. */
export async function readAccounts(
  query: Query,
  page: { instanceId: string; after: string; limit: number },
): Promise<StoredAccount[]> {
  const rows = await query(
    `select id, instance_id, owner_kind, owner_id, purpose, currency, normal_side, limit_minor, ${MS('opened_at')},
       ${HEX('identity_hash')}, balance_minor, version, reserved_minor, coalesce(o.held_minor, 0)
     from accounts a
     left join (select h.account_id, sum(h.amount_minor)::bigint as held_minor from holds h
       where not exists (select from hold_resolutions r where r.hold_id = h.id and r.instance_id = h.instance_id)
       group by h.account_id) o on o.account_id = a.id
     where instance_id = $1 and id > $2 order by id limit $3`,
    [page.instanceId, page.after, page.limit],
  );
  return rows.map(
    ([
      id,
      instanceId,
      ownerKind,
      ownerId,
      purpose,
      currency,
      normalSide,
      limitMinor,
      openedAt,
      ...numbers
    ]) => {
      const [identityHash, balanceMinor, version, reservedMinor, heldMinor] = numbers;
      const meaning = { ownerKind, ownerId, purpose, currency, normalSide, limitMinor, openedAt };
      return {
        id,
        instanceId,
        ...meaning,
        identityHash,
        balanceMinor,
        version,
        reservedMinor,
        heldMinor,
      } as StoredAccount;
    },
  );
}

/** Batches of an instance after a number, in order, at most `limit`. */
export async function readBatches(
  query: Query,
  page: { instanceId: string; after: number; limit: number },
): Promise<StoredBatch[]> {
  const rows = await query(
    `select number, ${HEX('previous_hash')}, ${HEX('hash')}, transaction_count, ${MS('recorded_at')}
     from batches where instance_id = $1 and number > $2 order by number limit $3`,
    [page.instanceId, page.after, page.limit],
  );
  return rows.map(
    ([number, previousHash, hash, transactionCount, recordedAt]) =>
      ({ number, previousHash, hash, transactionCount, recordedAt }) as StoredBatch,
  );
}

/** The transactions of batches `from` to `to`, in the order of posting, each with its entries in order. */
export async function readTransactions(
  query: Query,
  span: { instanceId: string; from: number; to: number },
): Promise<StoredTransaction[]> {
  const values = [span.instanceId, span.from, span.to];
  const [transactions, entries] = await Promise.all([
    query(
      `select id, business_key, order_id, corrects, ${MS('occurred_at')}, ${MS('recorded_at')}, batch, position,
         ${HEX('content_hash')}, ${HEX('seal')}
       from transactions where instance_id = $1 and batch between $2 and $3 order by batch, position`,
      values,
    ),
    query(
      `select e.transaction_id, e.position, e.account_id, e.version, e.amount_minor, e.balance_minor, e.line, e.share_id
       from transactions t join entries e on e.transaction_id = t.id and e.instance_id = t.instance_id
       where t.instance_id = $1 and t.batch between $2 and $3 order by t.batch, t.position, e.position`,
      values,
    ),
  ]);
  const byId = new Map<string, StoredTransaction>();
  for (const row of transactions) {
    const [id, businessKey, orderId, corrects, occurredAt, recordedAt, batch, position, contentHash, seal] =
      row;
    const head = { id, businessKey, orderId, corrects, occurredAt, recordedAt };
    byId.set(id as string, { ...head, batch, position, contentHash, seal, entries: [] } as StoredTransaction);
  }
  for (const [id, position, accountId, version, amountMinor, balanceMinor, line, shareId] of entries) {
    const entry = { position, accountId, version, amountMinor, balanceMinor, line, shareId } as StoredEntry;
    byId.get(id as string)?.entries.push(entry);
  }
  return [...byId.values()];
}

/** How many transactions and entries an instance has after a batch (0: at all), to find those outside every batch. */
export async function countRows(
  query: Query,
  { instanceId, after }: { instanceId: string; after: number },
): Promise<{ transactions: number; entries: number }> {
  const [row] = await query(
    `select (select count(*) from transactions where instance_id = $1 and batch > $2),
       case when $2 = 0 then (select count(*) from entries where instance_id = $1)
       else (select sum(n.count) from accounts a cross join lateral (
         select count(*) from entries e where e.account_id = a.id
           and e.version > coalesce((${LAST_VERSION}), 0)) n where a.instance_id = $1) end::bigint`,
    [instanceId, after],
  );
  return { transactions: row![0] as number, entries: (row![1] as number | null) ?? 0 };
}

/** Where each account of an instance stood once a batch was sealed; accounts without an entry until then are left out. */
export async function readStandings(
  query: Query,
  { instanceId, batch }: { instanceId: string; batch: number },
): Promise<{ accountId: string; version: number; balanceMinor: number }[]> {
  const rows = await query(
    `select a.id, e.version, e.balance_minor from accounts a
     join entries e on e.account_id = a.id and e.version = (${LAST_VERSION}) where a.instance_id = $1`,
    [instanceId, batch],
  );
  return rows.map(
    ([accountId, version, balanceMinor]) =>
      ({ accountId, version, balanceMinor }) as { accountId: string; version: number; balanceMinor: number },
  );
}

/** The order that a stored key names, or null. */
export function orderOfKey(businessKey: string): string | null {
  const key = keyOf(businessKey);
  return 'orderId' in key ? key.orderId : null;
}

/** Batches grouped so that each group has some 2,000 transactions, in order; empty for none. */
export function windowsOf(batches: readonly StoredBatch[]): StoredBatch[][] {
  const windows: StoredBatch[][] = [];
  let count = WINDOW_TRANSACTIONS;
  for (const batch of batches) {
    if (count >= WINDOW_TRANSACTIONS) {
      windows.push([]);
      count = 0;
    }
    windows.at(-1)!.push(batch);
    count += batch.transactionCount;
  }
  return windows;
}
