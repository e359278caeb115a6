import type { CapturedSale } from '@foodshed/contracts';
import { jsonLines, rowsOf, type Tx } from '@foodshed/platform';
import type { SaleKey, StoredSale, StoredSplit } from './advance.rules.js';
import type { FrozenSplit } from './split.rules.js';
import { amountsOf, standingFrom, type StandingAmounts } from './standing.rules.js';

interface SplitRow {
  split_id: string;
  instance_id: string;
  order_id: string;
  capture_id: string;
  producer_id: string;
  version: number;
  revision: number;
  currency: string;
  frozen: FrozenSplit;
  referral: StoredSplit['attribution']['referral'];
  amounts: StandingAmounts;
}

const columns = (keys: readonly SaleKey[]): [string[], string[], string[]] => [
  keys.map((key) => key.instanceId),
  keys.map((key) => key.orderId),
  keys.map((key) => key.captureId),
];

export const splitOf = (row: SplitRow): StoredSplit => ({
  splitId: row.split_id,
  instanceId: row.instance_id,
  orderId: row.order_id,
  captureId: row.capture_id,
  producerId: row.producer_id,
  version: row.version,
  revision: row.revision,
  currency: row.currency,
  frozen: row.frozen,
  attribution: { producerId: row.producer_id, referral: row.referral },
  standing: standingFrom(row.producer_id, row.currency, row.frozen, row.amounts),
});

const KEYS = `unnest($1::uuid[], $2::uuid[], $3::uuid[]) as key(instance_id, order_id, capture_id)`;

/**
 * Keeps these captures, also new ones, to this transaction until it ends; locked in the order of their names.
 * What is posted of them is read afterwards, by `readSales` and `readSplits`.
 */
export async function lockSales(tx: Tx, keys: readonly SaleKey[]): Promise<void> {
  await rowsOf(
    tx,
    {
      name: 'sales-lock',
      text: `select pg_advisory_xact_lock(hashtextextended(name, 0))
             from (select unnest($1::text[]) as name offset 0) as sale`,
    },
    [[...new Set(keys.map(({ orderId, captureId }) => `sale ${orderId} ${captureId}`))].sort()],
  );
}

/** The captures as they are posted, in no order; none for those that are new. */
export async function readSales(tx: Tx, keys: readonly SaleKey[]): Promise<StoredSale[]> {
  const rows = await rowsOf<{
    instance_id: string;
    order_id: string;
    capture_id: string;
    version: number;
    sale: CapturedSale;
  }>(
    tx,
    {
      name: 'sales-of-keys',
      text: `select found.* from ${KEYS} cross join lateral (
               select instance_id, order_id, capture_id, version, sale from sales
               where (sales.instance_id, sales.order_id, sales.capture_id)
                 = (key.instance_id, key.order_id, key.capture_id) limit 1) as found`,
    },
    columns(keys),
  );
  return rows.map((row) => ({
    instanceId: row.instance_id,
    orderId: row.order_id,
    captureId: row.capture_id,
    version: row.version,
    sale: row.sale,
  }));
}

/** The splits of these captures, in no order; none for captures that are new. */
export async function readSplits(tx: Tx, keys: readonly SaleKey[]): Promise<StoredSplit[]> {
  const rows = await rowsOf<SplitRow>(
    tx,
    {
      name: 'splits-of-sales',
      text: `select found.* from ${KEYS} cross join lateral (
               select * from splits
               where (splits.instance_id, splits.order_id, splits.capture_id)
                 = (key.instance_id, key.order_id, key.capture_id) offset 0) as found`,
    },
    columns(keys),
  );
  return rows.map(splitOf);
}

/** Writes the present version of captures that `lockSales` locked, each named once. */
export async function saveSales(
  tx: Tx,
  sales: readonly { key: SaleKey; sale: CapturedSale }[],
): Promise<void> {
  if (sales.length === 0) return;
  await rowsOf(
    tx,
    {
      name: 'sales-save',
      text: `insert into sales (instance_id, order_id, capture_id, version, sale)
             select instance_id, order_id, capture_id, version, sale::json
             from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::int[], string_to_array($5, E'\\n'))
               as new(instance_id, order_id, capture_id, version, sale)
             on conflict (instance_id, order_id, capture_id) do update
             set version = excluded.version, sale = excluded.sale`,
    },
    [
      ...columns(sales.map(({ key }) => key)),
      sales.map(({ sale }) => sale.version),
      jsonLines(sales.map(({ sale }) => sale)),
    ],
  );
}

/** Writes splits, each named once; of one that exists, version, revision, frozen facts and standing become the new ones. */
export async function saveSplits(tx: Tx, splits: readonly StoredSplit[]): Promise<void> {
  if (splits.length === 0) return;
  await rowsOf(
    tx,
    {
      name: 'splits-save',
      text: `insert into splits (instance_id, order_id, capture_id, split_id, producer_id, version, revision,
                                 currency, frozen, referral, amounts)
             select instance_id, order_id, capture_id, split_id, producer_id, version, revision,
                    currency, frozen::json, referral::json, amounts::json
             from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::uuid[], $6::int[], $7::int[],
                         $8::text[], string_to_array($9, E'\\n'), string_to_array($10, E'\\n'),
                         string_to_array($11, E'\\n'))
               as new(instance_id, order_id, capture_id, split_id, producer_id, version, revision,
                      currency, frozen, referral, amounts)
             on conflict (instance_id, order_id, capture_id, producer_id) do update
             set version = excluded.version, revision = excluded.revision, frozen = excluded.frozen,
                 amounts = excluded.amounts`,
    },
    [
      ...columns(splits),
      splits.map(({ splitId }) => splitId),
      splits.map(({ producerId }) => producerId),
      splits.map(({ version }) => version),
      splits.map(({ revision }) => revision),
      splits.map(({ currency }) => currency),
      jsonLines(splits.map(({ frozen }) => frozen)),
      jsonLines(splits.map(({ attribution }) => attribution.referral)),
      jsonLines(splits.map(({ standing }) => amountsOf(standing))),
    ],
  );
}

const VIEW = `select splits.*, sales.sale from splits join sales using (instance_id, order_id, capture_id)`;

/** The splits of one order of the transaction's instance with their sales, by split id. */
export async function splitsOfOrder(
  tx: Tx,
  orderId: string,
): Promise<{ split: StoredSplit; sale: CapturedSale }[]> {
  const rows = await rowsOf<SplitRow & { sale: CapturedSale }>(
    tx,
    `${VIEW} where order_id = $1 order by split_id`,
    [orderId],
  );
  return rows.map((row) => ({ split: splitOf(row), sale: row.sale }));
}

/** One split with its sale, or undefined. */
export async function splitById(
  tx: Tx,
  splitId: string,
): Promise<{ split: StoredSplit; sale: CapturedSale } | undefined> {
  const [row] = await rowsOf<SplitRow & { sale: CapturedSale }>(tx, `${VIEW} where split_id = $1`, [splitId]);
  return row && { split: splitOf(row), sale: row.sale };
}

/** At most `limit` splits after `afterId`, by split id. */
export async function splitsAfter(
  tx: Tx,
  afterId: string | undefined,
  limit: number,
): Promise<{ split: StoredSplit; sale: CapturedSale }[]> {
  const rows = await rowsOf<SplitRow & { sale: CapturedSale }>(
    tx,
    `${VIEW} where ($1::uuid is null or split_id > $1) order by split_id limit $2`,
    [afterId ?? null, limit],
  );
  return rows.map((row) => ({ split: splitOf(row), sale: row.sale }));
}

/** By which version of the model each of these orders was split; orders without a split are left out. */
export function modelVersionsOf(
  tx: Tx,
  orderIds: readonly string[],
): Promise<{ orderId: string; modelVersion: number }[]> {
  return rowsOf(
    tx,
    `select order_id as "orderId", max((frozen->>'modelVersion')::int) as "modelVersion" from splits
     where order_id = any($1::uuid[]) group by order_id`,
    [orderIds],
  );
}
