import type { AccountEntry, AccountRef, LedgerAccount } from '@foodshed/contracts';
import { rowsOf, type Tx } from '@foodshed/platform';
import { onNormalSide } from './account.rules.js';
import { keyOf } from './key.rules.js';

interface AccountRow {
  id: string;
  owner_kind: AccountRef['owner']['kind'];
  owner_id: string;
  purpose: AccountRef['purpose'];
  currency: string;
  normal_side: 'debit' | 'credit';
  balance_minor: number;
  reserved_minor: number;
  limit_minor: number | null;
  version: number;
}

interface EntryRow {
  version: number;
  transaction_id: string;
  business_key: string;
  amount_minor: number;
  balance_minor: number;
  line: AccountEntry['line'];
  share_id: string | null;
  occurred_at: Date;
  recorded_at: Date;
  batch: number;
}

type Side = LedgerAccount['normalSide'];

const ACCOUNT = `id, owner_kind, owner_id, purpose, currency, normal_side, balance_minor, reserved_minor, limit_minor, version`;
const ENTRY = `e.version, e.transaction_id, t.business_key, e.amount_minor, e.balance_minor, e.line, e.share_id,
  t.occurred_at, t.recorded_at, t.batch`;
const ENTRIES = `entries e join transactions t on t.id = e.transaction_id and t.instance_id = e.instance_id`;

/** The accounts of one owner in the transaction's instance, by purpose and currency; empty before the first entry. */
export async function findAccountsOf(tx: Tx, owner: AccountRef['owner']): Promise<LedgerAccount[]> {
  const rows = await rowsOf<AccountRow>(
    tx,
    {
      name: 'accounts-of-owner',
      text: `select ${ACCOUNT} from accounts where owner_id = $1 and owner_kind = $2 order by purpose, currency`,
    },
    [owner.id, owner.kind],
  );
  return rows.map(accountView);
}

/** The account, or null where the transaction's instance has none of that id. */
export async function findAccount(tx: Tx, accountId: string): Promise<LedgerAccount | null> {
  const [row] = await rowsOf<AccountRow>(
    tx,
    { name: 'account-by-id', text: `select ${ACCOUNT} from accounts where id = $1` },
    [accountId],
  );
  return row ? accountView(row) : null;
}

/** Opens the account where it is missing; returns its id and the limit it has. Locks the instance's chain. */
export async function openAccount(
  tx: Tx,
  account: { instanceId: string; ref: AccountRef; limitMinor: number | null; now: Date },
): Promise<{ accountId: string; limitMinor: number | null }> {
  const [row] = await rowsOf<{ answer: { accountId: string; limitMinor: number | null } }>(
    tx,
    'select open_account($1, $2::jsonb, $3, $4) as answer',
    [account.instanceId, JSON.stringify(account.ref), account.limitMinor, account.now],
  );
  return row!.answer;
}

/** Entries below version `before` (all for null), newest first, at most `limit`; amounts on the normal side. */
export async function findEntries(
  tx: Tx,
  page: { account: LedgerAccount; before: number | null; limit: number },
): Promise<AccountEntry[]> {
  const rows = await rowsOf<EntryRow>(
    tx,
    {
      name: 'entries-newest-first',
      text: `select ${ENTRY} from ${ENTRIES}
             where e.account_id = $1 and ($2::bigint is null or e.version < $2) order by e.version desc limit $3`,
    },
    [page.account.accountId, page.before, page.limit],
  );
  return rows.map((row) => entryView(row, page.account.normalSide));
}

/** Entries with `after` < version ≤ `until`, oldest first, at most `limit`; amounts on the normal side. */
export async function findEntriesBetween(
  tx: Tx,
  page: { account: LedgerAccount; after: number; until: number; limit: number },
): Promise<AccountEntry[]> {
  const rows = await rowsOf<EntryRow>(
    tx,
    {
      name: 'entries-oldest-first',
      text: `select ${ENTRY} from ${ENTRIES}
             where e.account_id = $1 and e.version > $2 and e.version <= $3 order by e.version limit $4`,
    },
    [page.account.accountId, page.after, page.until, page.limit],
  );
  return rows.map((row) => entryView(row, page.account.normalSide));
}

/** The sums per line of the entries with `after` < version ≤ `until`, on the normal side; empty without entries. */
export async function sumLines(
  tx: Tx,
  span: { account: LedgerAccount; after: number; until: number },
): Promise<{ line: AccountEntry['line']; changeMinor: number }[]> {
  const rows = await rowsOf<{ line: AccountEntry['line']; amount_minor: number }>(
    tx,
    `select line, sum(amount_minor)::bigint as amount_minor from entries
     where account_id = $1 and version > $2 and version <= $3 group by line order by line`,
    [span.account.accountId, span.after, span.until],
  );
  return rows.map((row) => ({
    line: row.line,
    changeMinor: onNormalSide(span.account.normalSide, row.amount_minor),
  }));
}

/** The last version recorded before an instant and its standing, zeroes where there is none; a binary search. */
export async function standingBefore(
  tx: Tx,
  { account, instant }: { account: LedgerAccount; instant: Date },
): Promise<{ version: number; standingMinor: number }> {
  const [row] = await rowsOf<{ version: number; balance_minor: number }>(
    tx,
    `select e.version, e.balance_minor from entries e where e.account_id = $1 and e.version = version_before($1, $2)`,
    [account.accountId, instant],
  );
  if (!row) return { version: 0, standingMinor: 0 };
  return { version: row.version, standingMinor: onNormalSide(account.normalSide, row.balance_minor) };
}

/** The first instants of a month and of the next one in a time zone. */
export async function boundsOfMonth(
  tx: Tx,
  { month, timeZone }: { month: string; timeZone: string },
): Promise<{ from: Date; until: Date }> {
  const [row] = await rowsOf<{ from: Date; until: Date }>(
    tx,
    `select (first at time zone $2) as "from", ((first + interval '1 month') at time zone $2) as until
     from (select ($1 || '-01')::timestamp as first) m`,
    [month, timeZone],
  );
  return row!;
}

function accountView(row: AccountRow): LedgerAccount {
  return {
    accountId: row.id,
    account: {
      owner: { kind: row.owner_kind, id: row.owner_id },
      purpose: row.purpose,
      currency: row.currency,
    },
    normalSide: row.normal_side,
    standingMinor: onNormalSide(row.normal_side, row.balance_minor),
    reservedMinor: row.reserved_minor,
    limitMinor: row.limit_minor,
    version: row.version,
  };
}

function entryView(row: EntryRow, side: Side): AccountEntry {
  return {
    version: row.version,
    transactionId: row.transaction_id,
    key: keyOf(row.business_key),
    changeMinor: onNormalSide(side, row.amount_minor),
    standingMinor: onNormalSide(side, row.balance_minor),
    line: row.line,
    shareId: row.share_id,
    occurredAt: row.occurred_at.toISOString(),
    recordedAt: row.recorded_at.toISOString(),
    batch: row.batch,
  };
}
