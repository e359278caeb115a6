import {
  DomainError,
  catalogueLimits,
  type NewProduct,
  type NewVariant,
  type ProductChanges,
  type VariantChanges,
  type VariantUnit,
} from '@foodshed/contracts';
import { nameKey, searchText, variantKey } from './key.rules.js';
import { shortestUnit, unitLabel } from './unit.rules.js';

export interface VariantRow {
  readonly variantId: string;
  readonly productId: string;
  readonly producerId: string;
  readonly displayName: string;
  readonly sku: string | null;
  readonly unit: VariantUnit;
  readonly unitLabel: string;
  readonly variantKey: string;
  readonly searchName: string;
  readonly priceMinor: number;
  readonly vatRateBps: number;
  readonly priceIncludesVat: boolean;
  readonly depositMinor: number;
  readonly packSize: number;
  readonly onDemand: boolean;
  readonly stock: number;
  readonly availableOn: string | null;
  readonly archived: boolean;
  readonly version: number;
}

export interface ProductRow {
  readonly productId: string;
  readonly producerId: string;
  readonly name: string;
  readonly nameKey: string;
  readonly searchName: string;
  readonly description: string;
  readonly category: string;
  readonly archived: boolean;
  readonly version: number;
}

export type ProductWithVariants = ProductRow & { readonly variants: readonly VariantRow[] };

/** What a product's row derives from its name. */
export function derivedOfProduct(name: string): Pick<ProductRow, 'nameKey' | 'searchName'> {
  return { nameKey: nameKey(name), searchName: searchText(name) };
}

type Described = Pick<VariantRow, 'displayName' | 'sku' | 'unit'>;

/** What a variant's row derives from its product's name and its own. */
export function derivedOfVariant(
  productName: string,
  { displayName, sku, unit }: Described,
): Pick<VariantRow, 'unit' | 'unitLabel' | 'variantKey' | 'searchName'> {
  return {
    unit: shortestUnit(unit),
    unitLabel: unitLabel({ displayName, unit }),
    variantKey: variantKey({ displayName, sku, unit }),
    searchName: searchText(`${productName} ${displayName}`),
  };
}

/** The row of a new product, without its variants. */
export function productOf(product: NewProduct, ids: { productId: string; producerId: string }): ProductRow {
  const { name, description, category } = product;
  return { ...ids, name, description, category, ...derivedOfProduct(name), archived: false, version: 1 };
}

/** The row of a new variant of a product of that name. */
export function variantOf(
  variant: NewVariant,
  product: { productId: string; producerId: string; name: string; variantId: string },
): VariantRow {
  const { name, ...ids } = product;
  return { ...ids, ...variant, ...derivedOfVariant(name, variant), archived: false, version: 1 };
}

/** @throws invalid-state when the caller saw another version than the present. */
export function requireVersion(present: number, seen: number | undefined): void {
  if (seen === undefined || seen === present) return;
  throw new DomainError('invalid-state', {
    detail: 'It was changed since you opened it; look at it again and repeat your change.',
    fields: [{ path: 'version', message: `is ${present} now` }],
    version: present,
  });
}

/**
 * The product after the changes, and those of its variants that change with it (all of them when it is renamed).
 * @throws invalid-input when it would have too many variants.
 */
export function changedProduct(
  product: ProductWithVariants,
  { addVariants = [], ...changes }: ProductChanges,
): { product: ProductRow; renamed: VariantRow[] } {
  if (product.variants.length + addVariants.length > catalogueLimits.variantsPerProduct) {
    throw new DomainError('invalid-input', {
      detail: `A product has at most ${catalogueLimits.variantsPerProduct} variants.`,
      fields: [{ path: 'addVariants', message: 'are too many' }],
    });
  }
  const { variants, ...row } = product;
  const name = changes.name ?? row.name;
  const changed = { ...row, ...given(changes), ...derivedOfProduct(name) };
  const renamed =
    name === row.name ? [] : variants.map((variant) => ({ ...variant, ...derivedOfVariant(name, variant) }));
  return { product: changed, renamed };
}

/**
 * The variant after the changes.
 * @throws stock-insufficient when more is taken away than is on hand, invalid-input beyond the limits.
 */
export function changedVariant(
  variant: VariantRow,
  { stockChange = 0, ...changes }: VariantChanges,
  productName: string,
): VariantRow {
  const wanted = { ...variant, ...given(changes) };
  const stock = wanted.stock + stockChange;
  if (stock < 0) {
    throw new DomainError('stock-insufficient', {
      detail: `Only ${wanted.stock} are on hand.`,
      fields: [{ path: 'stockChange', message: `must be at least ${-wanted.stock}` }],
    });
  }
  if (stock > catalogueLimits.stock) {
    throw new DomainError('invalid-input', {
      detail: `At most ${catalogueLimits.stock} can be on hand.`,
      fields: [{ path: 'stockChange', message: 'is too large' }],
    });
  }
  return { ...wanted, stock, ...derivedOfVariant(productName, wanted) };
}

/** The fields that were given a value. */
function given<T extends object>(changes: T): { [K in keyof T]-?: Exclude<T[K], undefined> } {
  const entries = Object.entries(changes).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as { [K in keyof T]-?: Exclude<T[K], undefined> };
}
