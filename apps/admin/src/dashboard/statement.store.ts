import { rowsOf, type Tx } from '@foodshed/platform';

export type OwnAccount = 'administration' | 'payment-costs';

/** A period of local dates, both included; null is open. */
export interface Period {
  readonly instanceId: string;
  readonly timeZone: string;
  readonly from: string | null;
  readonly to: string | null;
}

const BEGINS = `($2::date::timestamp at time zone $4)`;
const ENDS = `(($3::date + 1)::timestamp at time zone $4)`;
const since = `($2::date is null or occurred_at >= ${BEGINS})`;
const until = `($3::date is null or occurred_at < ${ENDS})`;
const periodParams = (period: Period) => [period.instanceId, period.from, period.to, period.timeZone];

export interface OwnSums {
  account: OwnAccount;
  period_net: number;
  period_vat: number;
  balance: number;
}

/** For each own account: what the period brought, without VAT and VAT apart, and what stands today. */
export function sumOwnAccounts(tx: Tx, period: Period): Promise<OwnSums[]> {
  return rowsOf<OwnSums>(
    tx,
    `select account,
            coalesce(sum(amount_minor) filter (where ${since} and ${until} and line <> 'vat'), 0)::bigint as period_net,
            coalesce(sum(amount_minor) filter (where ${since} and ${until} and line = 'vat'), 0)::bigint as period_vat,
            sum(amount_minor)::bigint as balance
       from administration_entries where instance_id = $1 group by account`,
    periodParams(period),
  );
}

/** What stood on the account before the period, and what stands after it; income positive. */
export async function balancesAround(
  tx: Tx,
  period: Period & { account: OwnAccount },
): Promise<{ opening: number; closing: number }> {
  const [row] = await rowsOf<{ opening: number; closing: number }>(
    tx,
    `select coalesce(sum(amount_minor) filter (where $2::date is not null and occurred_at < ${BEGINS}), 0)::bigint as opening,
            coalesce(sum(amount_minor) filter (where ${until}), 0)::bigint as closing
       from administration_entries where instance_id = $1 and account = $5`,
    [...periodParams(period), period.account],
  );
  return row ?? { opening: 0, closing: 0 };
}

export interface StatementRow {
  transaction_id: string;
  entry_index: number;
  occurred_at: Date;
  recorded_at: Date;
  kind: string;
  line: string;
  share_id: string | null;
  order_id: string | null;
  producer_id: string | null;
  amount_minor: number;
  balance_minor: number;
}

/** A page of the period's entries as they occurred, each with the balance after it; may be empty. */
export function listEntries(
  tx: Tx,
  page: Period & {
    account: OwnAccount;
    after: { occurredAt: string; transactionId: string; entryIndex: number } | null;
    limit: number;
  },
): Promise<StatementRow[]> {
  return rowsOf<StatementRow>(
    tx,
    `select * from (
       select transaction_id, entry_index, occurred_at, recorded_at, kind, line, share_id, order_id, producer_id,
              amount_minor,
              sum(amount_minor) over (order by occurred_at, transaction_id, entry_index)::bigint as balance_minor
         from administration_entries where instance_id = $1 and account = $5 and ${until}) as entries
      where ${since}
        and ($6::timestamptz is null or (occurred_at, transaction_id, entry_index) > ($6, $7::uuid, $8::integer))
      order by occurred_at, transaction_id, entry_index
      limit $9`,
    [
      ...periodParams(page),
      page.account,
      page.after?.occurredAt ?? null,
      page.after?.transactionId ?? null,
      page.after?.entryIndex ?? null,
      page.limit,
    ],
  );
}
