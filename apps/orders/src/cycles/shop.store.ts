import type { ShopItem } from '@foodshed/contracts';
import { rowsOf, type Tx } from '@foodshed/platform';
import { CYCLE, cycleRow, type CycleId } from './cycle.store.js';
import type { CycleRow } from './cycle.rules.js';

export interface ShopPage {
  readonly producerId: string | null;
  readonly category: string | null;
  /** A pattern for `like`, or null for all. */
  readonly pattern: string | null;
  /** The variant that the page before ended with. */
  readonly afterVariantId: string | null;
  readonly limit: number;
  readonly now: Date;
}

/** A thing in a shop with what its price follows from. */
export interface ShopRow extends Omit<ShopItem, 'unitPriceMinor'> {
  readonly priceMinor: number;
  readonly priceIncludesVat: boolean;
}

const ITEM = `v.id as "variantId", v.product_id as "productId", v.producer_id as "producerId", p.name,
  v.display_name as "displayName", p.description, p.category, v.unit_label as "unitLabel",
  coalesce(page.price_minor, v.price_minor) as "priceMinor", v.vat_rate_bps as "vatRateBps",
  v.price_includes_vat as "priceIncludesVat", v.deposit_minor as "depositMinor",
  case when not v.on_demand then v.stock end as "availableQuantity"`;

// Statements with optional filters are not prepared by name: the general plan of a small table would stay when it
// has grown.
/** What a cycle sells, by name, read from one index; `cycle` is SQL for the cycle's id. Parameters $2 to $7. */
const itemsOf = (cycle: string) => `
  (select c.variant_id, c.price_minor, c.search_name from cycle_variants c
   where c.instance_id = $1 and c.cycle_id = ${cycle}
     and ($2::uuid is null or c.producer_id = $2)
     and ($3::text is null or c.category = $3)
     and ($4::text is null or c.search_name like $4)
     and ($5::uuid is null or (c.search_name, c.variant_id) >
           (select a.search_name, a.id from variants a where a.instance_id = $1 and a.id = $5))
     and (c.available_from is null or c.available_from <= $7)
   order by c.search_name, c.variant_id limit $6)`;
const JOINED = `join variants v on v.instance_id = $1 and v.id = page.variant_id
  join products p on p.instance_id = $1 and p.id = v.product_id`;

function pageParameters(instanceId: string, page: ShopPage): unknown[] {
  const { producerId, category, pattern, afterVariantId, limit, now } = page;
  return [instanceId, producerId, category, pattern, afterVariantId, limit, now];
}

/** A page of what a cycle sells by name, in one statement; at most `limit` rows, may be empty. */
export function findCycleItems(tx: Tx, { instanceId, cycleId }: CycleId, page: ShopPage): Promise<ShopRow[]> {
  return rowsOf<ShopRow>(
    tx,
    `select ${ITEM} from ${itemsOf('$8')} page ${JOINED} order by page.search_name, page.variant_id`,
    [...pageParameters(instanceId, page), cycleId],
  );
}

/**
 * The hub's open cycle that closes first, or else the next to open, with a page of what it sells while it is
 * open; one statement. Undefined without a cycle that is open or to come.
 */
export async function findShop(
  tx: Tx,
  { instanceId, hubId }: { instanceId: string; hubId: string },
  page: ShopPage,
): Promise<{ cycle: CycleRow; items: ShopRow[] } | undefined> {
  const [row] = await rowsOf<Parameters<typeof cycleRow>[0] & { items: ShopRow[] }>(
    tx,
    `
        with current as (
          select * from order_cycles o
          where o.instance_id = $1 and o.hub_id = $8 and o.state <> 'closed' and o.closes_at > $7
          order by o.opens_at > $7, case when o.opens_at > $7 then o.opens_at else o.closes_at end, o.id limit 1)
        select ${CYCLE}, coalesce((
          select json_agg(items) from (
            select ${ITEM} from ${itemsOf('o.id')} page ${JOINED}
            where o.opens_at <= $7 order by page.search_name, page.variant_id) items), '[]') as items
        from current o`,
    [...pageParameters(instanceId, page), hubId],
  );
  if (!row) return undefined;
  const { items, ...cycle } = row;
  return { cycle: cycleRow(cycle), items };
}

/** The producers and the categories of a cycle's goods with how many variants each has; categories by name. */
export async function findCycleFilters(
  tx: Tx,
  { instanceId, cycleId }: CycleId,
): Promise<{
  producers: { producerId: string; variantCount: number }[];
  categories: { category: string; variantCount: number }[];
}> {
  const rows = await rowsOf<{ producerId: string | null; category: string; variantCount: number }>(
    tx,
    `select producer_id as "producerId", category, count(*)::int as "variantCount" from cycle_variants
     where instance_id = $1 and cycle_id = $2
     group by grouping sets ((producer_id), (category)) order by category, producer_id`,
    [instanceId, cycleId],
  );
  return {
    producers: rows.flatMap(({ producerId, variantCount }) =>
      producerId ? [{ producerId, variantCount }] : [],
    ),
    categories: rows.flatMap(({ producerId, category, variantCount }) =>
      producerId ? [] : [{ category, variantCount }],
    ),
  };
}
