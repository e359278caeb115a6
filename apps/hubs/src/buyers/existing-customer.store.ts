import { rowsOf, type Tx } from '@foodshed/platform';

/** Lists hashed contacts as a producer's existing customers; returns how many were not listed before. */
export async function addExistingCustomers(
  tx: Tx,
  list: { instanceId: string; producerId: string; hashes: readonly Buffer[]; listedAt: Date },
): Promise<number> {
  const rows = await rowsOf(
    tx,
    `insert into existing_customers (instance_id, producer_id, contact_hash, listed_at)
     select $1, $2, h, $4 from unnest($3::bytea[]) as h
     on conflict on constraint existing_customers_once do nothing
     returning 1`,
    [list.instanceId, list.producerId, list.hashes, list.listedAt],
  );
  return rows.length;
}
