import { z } from 'zod';
import { cycleRpc } from './cycle.js';
import { defineRpc } from './define.js';
import { amountMinor, currencyCode, dateOnly, id, pageInput, pageOf, rateBps, textOf } from './primitives.js';
import { productImport, productImportRequest } from './product-import.js';

/** Limits of a catalogue; prices and stock are for one sale unit. */
export const catalogueLimits = {
  priceMinor: 100_000_000,
  stock: 10_000_000,
  variantsPerProduct: 100,
  packSize: 10_000,
} as const;

export const unitKind = z.enum(['weight', 'volume', 'items']);
export type UnitKind = z.output<typeof unitKind>;

/** The scales a weight or a volume may be written in; `unitMeasures` says what one of each is. */
export const weightScales = ['g', 'kg', 't', 'oz', 'lb'] as const;
export const volumeScales = ['mL', 'cL', 'dL', 'L', 'kL', 'gal'] as const;

/** How much one sale unit is: a positive decimal with at most three places, such as `1`, `0.25` or `1000`. */
export const unitAmount = z
  .string()
  .regex(/^(?:0|[1-9]\d{0,6})(?:\.\d{1,3})?$/, { error: 'must be a decimal such as 1 or 0.25' })
  .refine((text) => Number(text) > 0, { error: 'must be more than zero' });

/** What one sale unit is: 1 kg, 750 mL, 6 eggs, 1 bunch. */
export const variantUnit = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('weight'), amount: unitAmount, scale: z.enum(weightScales) }),
  z.strictObject({ kind: z.literal('volume'), amount: unitAmount, scale: z.enum(volumeScales) }),
  z.strictObject({ kind: z.literal('items'), amount: unitAmount, name: textOf(40) }),
]);
export type VariantUnit = z.output<typeof variantUnit>;

const price = amountMinor.max(catalogueLimits.priceMinor);
const stock = z.int().min(0).max(catalogueLimits.stock);

const variantFields = {
  /** Tells variants of one unit apart, such as `Bintje` or `washed`; empty when there is nothing to tell. */
  displayName: textOf(100, 0).default(''),
  sku: textOf(60).nullable().default(null),
  unit: variantUnit,
  priceMinor: price,
  vatRateBps: rateBps.default(0),
  priceIncludesVat: z.boolean().default(true),
  /** The part of the price that is a deposit on the container. */
  depositMinor: price.default(0),
  /** How many sale units the producer's own pack holds; for information. */
  packSize: z.int().min(1).max(catalogueLimits.packSize).default(1),
  /** Made or harvested to order: never runs out, `stock` is ignored. */
  onDemand: z.boolean().default(false),
  /** Whole sale units left to sell. */
  stock: stock.default(0),
  /** Not sold before this day of the instance. */
  availableOn: dateOnly.nullable().default(null),
};

export const newVariant = z.strictObject(variantFields);
export type NewVariant = z.output<typeof newVariant>;

export const newProduct = z.strictObject({
  name: textOf(150),
  description: textOf(4_000, 0).default(''),
  category: textOf(80, 0).default(''),
  variants: z.array(newVariant).min(1).max(catalogueLimits.variantsPerProduct),
});
export type NewProduct = z.output<typeof newProduct>;

export const variant = z.object({
  variantId: id,
  productId: id,
  producerId: id,
  displayName: z.string(),
  sku: z.string().nullable(),
  unit: variantUnit,
  /** What people read after the product's name, such as `1 kg` or `Bintje, 500 g`. */
  unitLabel: z.string(),
  priceMinor: amountMinor,
  vatRateBps: rateBps,
  priceIncludesVat: z.boolean(),
  /** What a buyer pays for one sale unit, VAT included. */
  unitPriceMinor: amountMinor,
  depositMinor: amountMinor,
  packSize: z.int(),
  onDemand: z.boolean(),
  stock: z.int().min(0),
  availableOn: dateOnly.nullable(),
  archived: z.boolean(),
  /** Counts edits (not sales); send it back to edit what you saw. */
  version: z.int().min(1),
});
export type Variant = z.output<typeof variant>;

export const product = z.object({
  productId: id,
  producerId: id,
  name: z.string(),
  description: z.string(),
  category: z.string(),
  currency: currencyCode,
  archived: z.boolean(),
  version: z.int().min(1),
  variants: z.array(variant),
});
export type Product = z.output<typeof product>;

const version = z.int().min(1);

export const productChanges = z
  .strictObject({
    name: textOf(150),
    description: textOf(4_000, 0),
    category: textOf(80, 0),
    /** An archived product is in no shop and no cycle that is not closed; orders keep it. */
    archived: z.boolean(),
    addVariants: z.array(newVariant).min(1).max(catalogueLimits.variantsPerProduct),
  })
  .partial();
export type ProductChanges = z.output<typeof productChanges>;

export const variantChanges = z
  .strictObject({
    displayName: textOf(100, 0),
    sku: textOf(60).nullable(),
    unit: variantUnit,
    priceMinor: price,
    vatRateBps: rateBps,
    priceIncludesVat: z.boolean(),
    depositMinor: price,
    packSize: variantFields.packSize.unwrap(),
    onDemand: z.boolean(),
    /** What is on hand now. */
    stock,
    /** More (or, negative, less) on hand; sales in the meantime stay counted. Not together with `stock`. */
    stockChange: z.int().min(-catalogueLimits.stock).max(catalogueLimits.stock),
    availableOn: dateOnly.nullable(),
    archived: z.boolean(),
  })
  .partial()
  .refine((changes) => changes.stock === undefined || changes.stockChange === undefined, {
    path: ['stockChange'],
    error: 'give either stock or stockChange',
  });
export type VariantChanges = z.output<typeof variantChanges>;

export const listProductsRequest = z.strictObject({
  producerId: id,
  /** Part of a name, in any case. */
  search: textOf(100, 0).optional(),
  category: textOf(80).optional(),
  archived: z.stringbool().or(z.boolean()).default(false),
  ...pageInput,
});

/** The producer's catalogue, the hubs' order cycles and shops; prices are in the instance's currency. */
export const catalogueRpc = {
  /** By name; archived ones for the producer's managers only. */
  listProducts: defineRpc({
    service: 'orders',
    name: 'list-products',
    input: listProductsRequest,
    output: pageOf(product),
    callers: ['person'],
  }),
  createProduct: defineRpc({
    service: 'orders',
    name: 'create-product',
    input: z.strictObject({ producerId: id, product: newProduct }),
    output: product,
    callers: ['person'],
  }),
  getProduct: defineRpc({
    service: 'orders',
    name: 'get-product',
    input: z.strictObject({ productId: id }),
    output: product,
    callers: ['anonymous'],
  }),
  /** `version` is the product's; another one than the present answers `invalid-state`. */
  editProduct: defineRpc({
    service: 'orders',
    name: 'edit-product',
    input: z.strictObject({ productId: id, version: version.optional(), changes: productChanges }),
    output: product,
    callers: ['person'],
  }),
  editVariant: defineRpc({
    service: 'orders',
    name: 'edit-variant',
    input: z.strictObject({ variantId: id, version: version.optional(), changes: variantChanges }),
    output: variant,
    callers: ['person'],
  }),
  importProducts: defineRpc({
    service: 'orders',
    name: 'import-products',
    input: z.strictObject({ producerId: id, file: productImportRequest }),
    output: productImport,
    callers: ['person'],
    timeoutMs: 30_000,
  }),
  ...cycleRpc,
};
