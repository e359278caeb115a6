import type { PaidSale, StandingSplit } from '@foodshed/contracts';
import { rowsOf, type Tx } from '@foodshed/platform';
import type { SaleKey, StoredSale, StoredSplit } from './advance.rules.js';
import type { FrozenSplit } from './split.rules.js';

interface SplitRow {
  split_id: string;
  instance_id: string;
  order_id: string;
  capture_id: string;
  producer_id: string;
  version: number;
  revision: number;
  frozen: FrozenSplit;
  attribution: StoredSplit['attribution'];
  standing: StandingSplit;
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
  frozen: row.frozen,
  attribution: row.attribution,
  standing: row.standing,
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
    sale: PaidSale;
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
export async function saveSales(tx: Tx, sales: readonly { key: SaleKey; sale: PaidSale }[]): Promise<void> {
  if (sales.length === 0) return;
  const rows = sales.map(({ key, sale }) => ({
    instance_id: key.instanceId,
    order_id: key.orderId,
    capture_id: key.captureId,
    version: sale.version,
    sale,
  }));
  await rowsOf(
    tx,
    {
      name: 'sales-save',
      text: `insert into sales (instance_id, order_id, capture_id, version, sale)
             select instance_id, order_id, capture_id, version, sale from jsonb_to_recordset($1)
               as new(instance_id uuid, order_id uuid, capture_id uuid, version int, sale jsonb)
             on conflict (instance_id, order_id, capture_id) do update
             set version = excluded.version, sale = excluded.sale`,
    },
    [JSON.stringify(rows)],
  );
}

/** Writes splits, each named once; of one that exists, version, revision, frozen facts and standing become the new ones. */
export async function saveSplits(tx: Tx, splits: readonly StoredSplit[]): Promise<void> {
  if (splits.length === 0) return;
  const rows = splits.map((split) => ({
    split_id: split.splitId,
    instance_id: split.instanceId,
    order_id: split.orderId,
    capture_id: split.captureId,
    producer_id: split.producerId,
    version: split.version,
    revision: split.revision,
    frozen: split.frozen,
    attribution: split.attribution,
    standing: split.standing,
  }));
  await rowsOf(
    tx,
    {
      name: 'splits-save',
      text: `insert into splits (split_id, instance_id, order_id, capture_id, producer_id, version, revision,
                                 frozen, attribution, standing)
             select split_id, instance_id, order_id, capture_id, producer_id, version, revision,
                    frozen, attribution, standing
             from jsonb_to_recordset($1) as new(split_id uuid, instance_id uuid, order_id uuid, capture_id uuid,
               producer_id uuid, version int, revision int, frozen jsonb, attribution jsonb, standing jsonb)
             on conflict (instance_id, order_id, capture_id, producer_id) do update
             set version = excluded.version, revision = excluded.revision, frozen = excluded.frozen,
                 standing = excluded.standing`,
    },
    [JSON.stringify(rows)],
  );
}

const VIEW = `select splits.*, sales.sale from splits join sales using (instance_id, order_id, capture_id)`;

/** The splits of one order of the transaction's instance with their sales, by split id. */
export async function splitsOfOrder(
  tx: Tx,
  orderId: string,
): Promise<{ split: StoredSplit; sale: PaidSale }[]> {
  const rows = await rowsOf<SplitRow & { sale: PaidSale }>(
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
): Promise<{ split: StoredSplit; sale: PaidSale } | undefined> {
  const [row] = await rowsOf<SplitRow & { sale: PaidSale }>(tx, `${VIEW} where split_id = $1`, [splitId]);
  return row && { split: splitOf(row), sale: row.sale };
}

/** At most `limit` splits after `afterId`, by split id. */
export async function splitsAfter(
  tx: Tx,
  afterId: string | undefined,
  limit: number,
): Promise<{ split: StoredSplit; sale: PaidSale }[]> {
  const rows = await rowsOf<SplitRow & { sale: PaidSale }>(
    tx,
    `${VIEW} where ($1::uuid is null or split_id > $1) order by split_id limit $2`,
    [afterId ?? null, limit],
  );
  return rows.map((row) => ({ split: splitOf(row), sale: row.sale }));
}
