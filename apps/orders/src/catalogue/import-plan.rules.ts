import {
  catalogueLimits,
  type ImportChange,
  type ImportProblem,
  type VariantUnit,
} from '@foodshed/contracts';
import type { ImportRow } from './import-row.rules.js';
import { nameKey, unitKey, variantKey } from './key.rules.js';
import { unitLabel } from './unit.rules.js';

/** The part of a stored product that an import may change. */
export interface KnownProduct {
  readonly productId: string;
  readonly name: string;
  readonly category: string;
  readonly description: string;
}

export interface KnownVariant {
  readonly variantId: string;
  readonly productId: string;
  readonly displayName: string;
  readonly sku: string | null;
  readonly unit: VariantUnit;
  readonly priceMinor: number;
  readonly priceIncludesVat: boolean;
  readonly vatRateBps: number;
  readonly depositMinor: number;
  readonly packSize: number;
  readonly onDemand: boolean;
  readonly stock: number;
  readonly availableOn: string | null;
}

/** What the file makes of the catalogue; new ones have no id yet. */
export interface PlannedProduct extends Omit<KnownProduct, 'productId'> {
  readonly productId: string | null;
  readonly changed: boolean;
}
export interface PlannedVariant extends Omit<KnownVariant, 'variantId' | 'productId'> {
  readonly variantId: string | null;
  /** Its place in the plan's products. */
  readonly product: number;
  readonly changed: boolean;
}

export interface ImportPlan {
  readonly products: readonly PlannedProduct[];
  readonly variants: readonly PlannedVariant[];
  /** One per good row, in order of the file. */
  readonly changes: readonly ImportChange[];
  readonly problems: readonly ImportProblem[];
}

interface ProductGroup {
  readonly known: KnownProduct | undefined;
  readonly rows: ImportRow[];
  readonly variants: KnownVariant[];
}

/**
 * Matches rows to the producer's variants (none of them archived) by product name, display name, unit and SKU:
 * first those that are equal in all four, then a row with a SKU takes over the variant that had none, and a row
 * without one the only variant left. What matches nothing is new. Planning what was applied changes nothing.
 */
export function planImport(
  rows: readonly ImportRow[],
  { products, variants }: { products: readonly KnownProduct[]; variants: readonly KnownVariant[] },
  defaults: { vatRateBps: number },
): ImportPlan {
  const plan = { products: [] as PlannedProduct[], variants: [] as PlannedVariant[] };
  const changes: ImportChange[] = [];
  const problems: ImportProblem[] = [];
  for (const group of groupByProduct(rows, products, variants).values()) {
    const conflict = productConflicts(group.rows);
    const { matches, problems: unmatched } = matchVariants(
      group.rows.filter((row) => !conflict.some(({ line }) => line === row.line)),
      group.variants,
    );
    problems.push(...conflict, ...unmatched);
    if (matches.length === 0) continue;
    const product = plannedProduct(
      group.known,
      matches.map(({ row }) => row),
    );
    const index = plan.products.push(product.planned) - 1;
    for (const { row, known } of matches) {
      const { planned, fields } = plannedVariant(row, known, { product: index, ...defaults });
      plan.variants.push(planned);
      changes.push(changeOf(row, planned, known ? [...fields, ...product.fields] : null));
    }
  }
  const byLine = (a: { line: number }, b: { line: number }) => a.line - b.line;
  return { ...plan, changes: changes.sort(byLine), problems: problems.sort(byLine) };
}

function groupByProduct(
  rows: readonly ImportRow[],
  products: readonly KnownProduct[],
  variants: readonly KnownVariant[],
): Map<string, ProductGroup> {
  const byName = new Map(products.map((product) => [nameKey(product.name), product]));
  const ofProduct = new Map<string, KnownVariant[]>();
  for (const variant of variants) {
    const list = ofProduct.get(variant.productId);
    if (list) list.push(variant);
    else ofProduct.set(variant.productId, [variant]);
  }
  const groups = new Map<string, ProductGroup>();
  for (const row of rows) {
    const key = nameKey(row.name);
    const known = byName.get(key);
    const group = groups.get(key) ?? {
      known,
      rows: [],
      variants: ofProduct.get(known?.productId ?? '') ?? [],
    };
    group.rows.push(row);
    groups.set(key, group);
  }
  return groups;
}

/** Category and description belong to the product: rows that say another one than the first row that says any. */
function productConflicts(rows: readonly ImportRow[]): ImportProblem[] {
  return (['category', 'description'] as const).flatMap((column) => {
    const first = rows.find((row) => row[column] !== null);
    return rows
      .filter((row) => row[column] !== null && row[column] !== first?.[column])
      .map(({ line }) => ({
        line,
        column,
        reason: `differs from line ${first?.line}, which is the same product`,
      }));
  });
}

interface Match {
  readonly row: ImportRow;
  readonly known: KnownVariant | undefined;
}

function matchVariants(
  rows: readonly ImportRow[],
  variants: readonly KnownVariant[],
): { matches: Match[]; problems: ImportProblem[] } {
  const problems: ImportProblem[] = [];
  const refuse = (line: number, column: string, reason: string) => problems.push({ line, column, reason });
  const free = new FreeVariants(variants);
  const exact = new Map<ImportRow, KnownVariant | undefined>();
  const lines = new Map<string, number>();
  for (const row of rows) {
    const key = variantKey(row);
    const line = lines.get(key);
    if (line !== undefined) {
      refuse(row.line, 'name', `repeats line ${line}`);
      continue;
    }
    lines.set(key, row.line);
    exact.set(row, free.take(unitKey(row), row.sku));
  }
  const matches: Match[] = [];
  let count = variants.length;
  for (const [row, equal] of exact) {
    const near = equal ? [] : free.nearest(unitKey(row), row.sku);
    const known = equal ?? near[0];
    if (near.length > 1) refuse(row.line, 'sku', 'is empty, and only the SKU tells which variant is meant');
    else if (!known && ++count > catalogueLimits.variantsPerProduct) {
      refuse(row.line, 'name', `has more than ${catalogueLimits.variantsPerProduct} variants`);
    } else {
      if (near[0]) free.take(unitKey(row), near[0].sku);
      matches.push({ row, known });
    }
  }
  return { matches, problems };
}

/** The variants of one product that no row has matched yet. */
class FreeVariants {
  readonly #byUnit = new Map<string, KnownVariant[]>();

  constructor(variants: readonly KnownVariant[]) {
    for (const variant of variants) {
      const key = unitKey(variant);
      this.#byUnit.set(key, [...(this.#byUnit.get(key) ?? []), variant]);
    }
  }

  /** The variant of this unit with this very SKU, which is then no longer free. */
  take(key: string, sku: string | null): KnownVariant | undefined {
    const same = this.#byUnit.get(key) ?? [];
    const found = same.find((variant) => variant.sku === sku);
    if (found) {
      this.#byUnit.set(
        key,
        same.filter((variant) => variant !== found),
      );
    }
    return found;
  }

  /** Variants that only lack the SKU, or, without one, that are the same but for theirs. */
  nearest(key: string, sku: string | null): readonly KnownVariant[] {
    const same = this.#byUnit.get(key) ?? [];
    return sku === null ? same : same.filter((variant) => variant.sku === null);
  }
}

function plannedProduct(
  known: KnownProduct | undefined,
  rows: readonly ImportRow[],
): { planned: PlannedProduct; fields: ImportChange['fields'] } {
  const said = (column: 'category' | 'description') =>
    rows.find((row) => row[column] !== null)?.[column] ?? undefined;
  const wanted = {
    name: rows[0]?.name ?? known?.name ?? '',
    category: said('category') ?? known?.category ?? '',
    description: said('description') ?? known?.description ?? '',
  };
  const fields = known ? differing(wanted, known) : [];
  return {
    planned: { productId: known?.productId ?? null, ...wanted, changed: fields.length > 0 },
    fields,
  };
}

function plannedVariant(
  row: ImportRow,
  known: KnownVariant | undefined,
  { product, vatRateBps }: { product: number; vatRateBps: number },
): { planned: PlannedVariant; fields: ImportChange['fields'] } {
  const wanted = {
    displayName: row.displayName,
    sku: row.sku ?? known?.sku ?? null,
    unit: row.unit,
    priceMinor: row.priceMinor,
    priceIncludesVat: row.priceIncludesVat,
    vatRateBps: row.vatRateBps ?? known?.vatRateBps ?? vatRateBps,
    depositMinor: row.depositMinor ?? known?.depositMinor ?? 0,
    packSize: row.packSize ?? known?.packSize ?? 1,
    onDemand: row.onDemand,
    stock: row.stock ?? known?.stock ?? 0,
    availableOn: row.availableOn ?? known?.availableOn ?? null,
  };
  const fields = known ? differing(wanted, known) : [];
  return {
    planned: { variantId: known?.variantId ?? null, product, ...wanted, changed: fields.length > 0 },
    fields,
  };
}

type Value = ImportChange['fields'][number]['to'];

/** The fields whose values differ, with both; units are compared as written. */
function differing<T extends { [Field in keyof T]: Value | VariantUnit }>(
  wanted: T,
  known: T,
): ImportChange['fields'] {
  return (Object.keys(wanted) as (keyof T & string)[])
    .filter((field) => JSON.stringify(wanted[field]) !== JSON.stringify(known[field]))
    .map((field) => ({ field, from: shownValue(known[field]), to: shownValue(wanted[field]) }));
}

function shownValue(value: Value | VariantUnit): Value {
  return value !== null && typeof value === 'object' ? unitLabel({ unit: value, displayName: '' }) : value;
}

function changeOf(
  row: ImportRow,
  { priceMinor, stock }: PlannedVariant,
  changed: ImportChange['fields'] | null,
): ImportChange {
  const action = changed === null ? 'create' : changed.length > 0 ? 'update' : 'unchanged';
  const fields = changed ?? [
    { field: 'priceMinor', from: null, to: priceMinor },
    { field: 'stock', from: null, to: stock },
  ];
  return { line: row.line, action, name: row.name, unitLabel: unitLabel(row), fields };
}
