import { rowsOf, type Tx } from '@foodshed/platform';

/**
 * Brings what cycles repeat of these variants up to date, in cycles that have not closed: archived ones leave them,
 * names, categories and the day they become available follow. Call it after variants and products are written.
 */
export async function refreshListings(
  tx: Tx,
  { instanceId, variantIds, now }: { instanceId: string; variantIds: readonly string[]; now: Date },
): Promise<void> {
  if (variantIds.length === 0) return;
  await rowsOf(
    tx,
    `with gone as (
       delete from cycle_variants c using order_cycles o
       where c.instance_id = $1 and c.variant_id = any($2::uuid[])
         and o.instance_id = $1 and o.id = c.cycle_id and o.closes_at > $3
         and (select v.archived_at is not null or p.archived_at is not null
              from variants v join products p on p.instance_id = $1 and p.id = v.product_id
              where v.instance_id = $1 and v.id = c.variant_id)
       returning c.cycle_id),
     counts as (select cycle_id, count(*)::int as removed from gone group by cycle_id)
     update order_cycles o set variant_count = o.variant_count - counts.removed
     from counts where o.instance_id = $1 and o.id = counts.cycle_id`,
    [instanceId, variantIds, now],
  );
  await rowsOf(
    tx,
    `update cycle_variants c
     set (search_name, category, available_from) = (
       select v.search_name, p.category, v.available_from
       from variants v join products p on p.instance_id = $1 and p.id = v.product_id
       where v.instance_id = $1 and v.id = c.variant_id)
     from order_cycles o
     where c.instance_id = $1 and c.variant_id = any($2::uuid[])
       and o.instance_id = $1 and o.id = c.cycle_id and o.closes_at > $3`,
    [instanceId, variantIds, now],
  );
}
