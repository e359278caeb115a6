import { rowsOf, type Tx } from '@foodshed/platform';
import type { ProductRow, ProductWithVariants, VariantRow } from './product.rules.js';

export interface WriteScope {
  readonly instanceId: string;
  /** Of the instance; a day that goods become available begins there. */
  readonly timeZone: string;
  readonly now: Date;
}

export interface ProductPage {
  readonly instanceId: string;
  readonly producerId: string;
  readonly archived: boolean;
  /** A pattern for `like`, or null for all. */
  readonly pattern: string | null;
  readonly category: string | null;
  /** The product that the page before ended with. */
  readonly afterProductId: string | null;
  readonly limit: number;
}

const UNIT = `json_build_object('kind', v.unit_kind, 'amount', trim_scale(v.unit_amount)::text,
  case v.unit_kind when 'items' then 'name' else 'scale' end, v.unit_scale)`;

const VARIANT = `json_build_object('variantId', v.id, 'productId', v.product_id, 'producerId', v.producer_id,
  'displayName', v.display_name, 'sku', v.sku, 'unit', ${UNIT}, 'unitLabel', v.unit_label,
  'variantKey', v.variant_key, 'searchName', v.search_name, 'priceMinor', v.price_minor,
  'vatRateBps', v.vat_rate_bps, 'priceIncludesVat', v.price_includes_vat, 'depositMinor', v.deposit_minor,
  'packSize', v.pack_size, 'onDemand', v.on_demand, 'stock', v.stock, 'availableOn', v.available_on,
  'archived', v.archived_at is not null, 'version', v.version)`;

const PRODUCT = `p.id as "productId", p.producer_id as "producerId", p.name, p.name_key as "nameKey",
  p.search_name as "searchName", p.description, p.category, p.archived_at is not null as archived, p.version`;

/**
 * The product's variants; archived ones only of an archived product, or where `archivedToo` is SQL for true. Looked up by
 * producer too, because that index has the archived ones: without it each product of a page reads every variant there is.
 */
const variantsOf = (archivedToo: string) => `coalesce((
  select json_agg(${VARIANT} order by v.position, v.id) from variants v
  where v.instance_id = p.instance_id and v.producer_id = p.producer_id and v.product_id = p.id
    and (v.archived_at is null or p.archived_at is not null or ${archivedToo})), '[]')`;

/** A page of a producer's products by name, with their variants; at most `limit` rows, may be empty. */
export function findProducts(tx: Tx, page: ProductPage): Promise<ProductWithVariants[]> {
  return rowsOf<ProductWithVariants>(
    tx,
    `select ${PRODUCT}, ${variantsOf('false')} as variants from products p
             where p.instance_id = $1 and p.producer_id = $2 and (p.archived_at is not null) = $3
               and ($4::text is null or p.search_name like $4)
               and ($5::text is null or p.category = $5)
               and ($6::uuid is null or (p.search_name, p.id) >
                 (select a.search_name, a.id from products a where a.instance_id = $1 and a.id = $6))
             order by p.search_name, p.id limit $7`,
    [
      page.instanceId,
      page.producerId,
      page.archived,
      page.pattern,
      page.category,
      page.afterProductId,
      page.limit,
    ],
  );
}

/** The product with its variants, locked when it is to be edited; undefined when there is none in the instance. */
export async function findProduct(
  tx: Tx,
  {
    instanceId,
    productId,
    lock = false,
    archivedVariants = false,
  }: { instanceId: string; productId: string; lock?: boolean; archivedVariants?: boolean },
): Promise<ProductWithVariants | undefined> {
  const where = 'p.instance_id = $1 and p.id = $2';
  if (lock) await rowsOf(tx, `select 1 from products p where ${where} for update`, [instanceId, productId]);
  const [row] = await rowsOf<ProductWithVariants>(
    tx,
    `select ${PRODUCT}, ${variantsOf('$3')} as variants from products p where ${where}`,
    [instanceId, productId, archivedVariants],
  );
  return row;
}

/** The variant and the product it belongs to, both locked; undefined when there is none in the instance. */
export async function lockVariant(
  tx: Tx,
  { instanceId, variantId }: { instanceId: string; variantId: string },
): Promise<{ product: ProductRow; variant: VariantRow } | undefined> {
  await rowsOf(
    tx,
    `select 1 from variants v join products p on p.instance_id = v.instance_id and p.id = v.product_id
     where v.instance_id = $1 and v.id = $2 for update of p, v`,
    [instanceId, variantId],
  );
  const [row] = await rowsOf<ProductRow & { variant: VariantRow }>(
    tx,
    `select ${PRODUCT}, ${VARIANT} as variant
     from variants v join products p on p.instance_id = v.instance_id and p.id = v.product_id
     where v.instance_id = $1 and v.id = $2`,
    [instanceId, variantId],
  );
  if (!row) return undefined;
  const { variant, ...product } = row;
  return { product, variant };
}

/** Every product and variant of the producer that is not archived, in no order; one import at a time holds them. */
export async function lockCatalogue(
  tx: Tx,
  { instanceId, producerId }: { instanceId: string; producerId: string },
): Promise<{ products: ProductRow[]; variants: VariantRow[] }> {
  await rowsOf(tx, `select pg_advisory_xact_lock(hashtextextended($1, 11))`, [`${instanceId} ${producerId}`]);
  const products = await rowsOf<ProductRow>(
    tx,
    `select ${PRODUCT} from products p where p.instance_id = $1 and p.producer_id = $2 and p.archived_at is null`,
    [instanceId, producerId],
  );
  const variants = await rowsOf<{ variant: VariantRow }>(
    tx,
    `select ${VARIANT} as variant from variants v
     where v.instance_id = $1 and v.producer_id = $2 and v.archived_at is null`,
    [instanceId, producerId],
  );
  return { products, variants: variants.map(({ variant }) => variant) };
}

/**
 * Adds products, or writes those that are there, which then count one version more; one statement, which looks up
 * each by its key whatever the planner knows of the table. @throws (constraint products_name) when a name is taken.
 */
export async function writeProducts(
  tx: Tx,
  scope: WriteScope,
  products: readonly ProductRow[],
): Promise<void> {
  if (products.length === 0) return;
  await rowsOf(
    tx,
    `insert into products as p (instance_id, id, producer_id, name, name_key, search_name, description, category,
                                archived_at, version, created_at, changed_at)
     select $1, "productId", "producerId", name, "nameKey", "searchName", description, category,
            case when archived then $2::timestamptz end, 1, $2, $2
     from json_to_recordset($3::json) as r("productId" uuid, "producerId" uuid, name text, "nameKey" text,
                                           "searchName" text, description text, category text, archived boolean)
     on conflict (id, instance_id) do update
     set name = excluded.name, name_key = excluded.name_key, search_name = excluded.search_name,
         description = excluded.description, category = excluded.category, version = p.version + 1,
         archived_at = case when excluded.archived_at is not null then coalesce(p.archived_at, excluded.archived_at) end,
         changed_at = excluded.changed_at`,
    [scope.instanceId, scope.now, JSON.stringify(products)],
  );
}

const CHANGEABLE = [
  'display_name',
  'sku',
  'variant_key',
  'search_name',
  'unit_kind',
  'unit_amount',
  'unit_scale',
  'unit_label',
  'price_minor',
  'vat_rate_bps',
  'price_includes_vat',
  'deposit_minor',
  'pack_size',
  'on_demand',
  'stock',
  'available_on',
  'available_from',
  'changed_at',
];

/**
 * Adds variants, in their order, or writes those that are there, locked in id order as checkout does, which then
 * count one version more; two statements, which look up each by its key.
 * @throws (constraint variants_key) when one could not be told apart from another of its product.
 */
export async function writeVariants(
  tx: Tx,
  scope: WriteScope,
  variants: readonly VariantRow[],
): Promise<void> {
  if (variants.length === 0) return;
  await rowsOf(
    tx,
    `select 1 from variants where instance_id = $1 and id = any($2::uuid[]) order by id for update`,
    [scope.instanceId, variants.map(({ variantId }) => variantId)],
  );
  await rowsOf(
    tx,
    `insert into variants as v (instance_id, id, product_id, producer_id, position, archived_at, version, created_at,
       ${CHANGEABLE.join(', ')})
     select $1, r."variantId", r."productId", r."producerId", r.position,
       case when r.archived then $2::timestamptz end, 1, $2,
       r."displayName", r.sku, r."variantKey", r."searchName", r.unit->>'kind', (r.unit->>'amount')::numeric,
       coalesce(r.unit->>'scale', r.unit->>'name'), r."unitLabel", r."priceMinor", r."vatRateBps",
       r."priceIncludesVat", r."depositMinor", r."packSize", r."onDemand", r.stock, r."availableOn",
       r."availableOn"::timestamp at time zone $3, $2
     from json_to_recordset($4::json) as r("variantId" uuid, "productId" uuid, "producerId" uuid, position int,
       "displayName" text, sku text, unit json, "unitLabel" text, "variantKey" text, "searchName" text,
       "priceMinor" bigint, "vatRateBps" int, "priceIncludesVat" boolean, "depositMinor" bigint, "packSize" int,
       "onDemand" boolean, stock bigint, "availableOn" date, archived boolean)
     on conflict (id, instance_id) do update
     set ${CHANGEABLE.map((column) => `${column} = excluded.${column}`).join(', ')}, version = v.version + 1,
         archived_at = case when excluded.archived_at is not null then coalesce(v.archived_at, excluded.archived_at) end`,
    [
      scope.instanceId,
      scope.now,
      scope.timeZone,
      JSON.stringify(variants.map((row, position) => ({ ...row, position }))),
    ],
  );
}
