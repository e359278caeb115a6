import fc from 'fast-check';
import { planImport, type ImportPlan, type KnownProduct, type KnownVariant } from './import-plan.rules.js';
import type { ImportRow } from './import-row.rules.js';

interface Known {
  readonly products: KnownProduct[];
  readonly variants: KnownVariant[];
}

const empty: Known = { products: [], variants: [] };
const row = (line: number, fields: Partial<ImportRow> = {}): ImportRow => ({
  line,
  name: 'Kale',
  displayName: '',
  sku: null,
  unit: { kind: 'weight', amount: '1', scale: 'kg' },
  priceMinor: 100,
  priceIncludesVat: true,
  vatRateBps: null,
  depositMinor: null,
  packSize: null,
  onDemand: false,
  stock: 1,
  availableOn: null,
  category: null,
  description: null,
  ...fields,
});
const plan = (rows: ImportRow[], known: Known = empty) => planImport(rows, known, { vatRateBps: 700 });

/** The catalogue after the plan, as the service would write it. */
const applied = (planned: ImportPlan, known: Known): Known => {
  const productIds = planned.products.map(
    (product, index) => product.productId ?? `product-${known.products.length + index}`,
  );
  const products = planned.products.map((product, index) => ({
    ...product,
    productId: productIds[index] ?? '',
  }));
  const variants = planned.variants.map((variant, index) => ({
    ...variant,
    productId: productIds[variant.product] ?? '',
    variantId: variant.variantId ?? `variant-${known.variants.length + index}`,
  }));
  const without = <T>(rows: T[], replaced: Set<string>, idOf: (row: T) => string) =>
    rows.filter((item) => !replaced.has(idOf(item)));
  return {
    products: [...without(known.products, new Set(productIds), (item) => item.productId), ...products],
    variants: [
      ...without(
        known.variants,
        new Set(variants.map(({ variantId }) => variantId)),
        (item) => item.variantId,
      ),
      ...variants,
    ],
  };
};
const after = (rows: ImportRow[], known: Known = empty) => applied(plan(rows, known), known);
const actions = (planned: ImportPlan) =>
  planned.changes.map(({ action, fields }) => [
    action,
    ...(action === 'create' ? [] : fields.map(({ field }) => field)),
  ]);

describe('planning an import', () => {
  it('updates the price of the 1 kg variant, however its unit and name are written', () => {
    const known = after([row(2), row(3, { unit: { kind: 'weight', amount: '500', scale: 'g' } })]);
    const planned = plan(
      [row(2, { name: 'KALE', unit: { kind: 'weight', amount: '1000', scale: 'g' }, priceMinor: 150 })],
      known,
    );
    expect(actions(planned)).toEqual([['update', 'unit', 'priceMinor', 'name']]);
    expect(planned.variants[0]).toMatchObject({ variantId: 'variant-0', priceMinor: 150 });
  });

  it('keeps what a row leaves empty, and gives new variants the default VAT', () => {
    const known = after([
      row(2, { category: 'Greens', description: 'Dark', vatRateBps: 500, availableOn: '2026-01-01' }),
      row(3, { name: 'Leek' }),
    ]);
    expect(known.variants.map(({ vatRateBps }) => vatRateBps)).toEqual([500, 700]);
    expect(actions(plan([row(2), row(3, { name: 'Leek' })], known))).toEqual([['unchanged'], ['unchanged']]);
  });

  it('gives a SKU to the variant that had none, and finds it again without', () => {
    const known = after([row(2)]);
    const named = after([row(2, { sku: 'K1' })], known);
    expect(named.variants).toMatchObject([{ variantId: 'variant-0', sku: 'K1' }]);
    expect(actions(plan([row(2)], named))).toEqual([['unchanged']]);
  });

  it('keeps variants apart that only their SKU tells apart, and refuses a row that names neither', () => {
    const known = after([row(2, { sku: 'A' }), row(3, { sku: 'B' })]);
    expect(known.variants).toHaveLength(2);
    expect(plan([row(5)], known).problems).toEqual([
      { line: 5, column: 'sku', reason: 'is empty, and only the SKU tells which variant is meant' },
    ]);
  });

  it('refuses rows that repeat another or contradict it about their product', () => {
    const planned = plan([
      row(2, { category: 'Greens' }),
      row(3, { name: ' kale' }),
      row(4, { sku: 'X', category: 'Fruit' }),
    ]);
    expect(planned.problems).toEqual([
      { line: 3, column: 'name', reason: 'repeats line 2' },
      { line: 4, column: 'category', reason: 'differs from line 2, which is the same product' },
    ]);
  });

  it('refuses more variants than a product may have', () => {
    const rows = Array.from({ length: 102 }, (_, index) => row(index + 2, { sku: String(index) }));
    expect(plan(rows).problems.map(({ line }) => line)).toEqual([102, 103]);
  });

  const anyRows = fc
    .array(
      fc.record({
        name: fc.constantFrom('Kale', 'kale ', 'Leek', 'Crème', 'Creme'),
        displayName: fc.constantFrom('', 'Red', 'RED'),
        sku: fc.constantFrom(null, 'A', 'B'),
        unit: fc.constantFrom<ImportRow['unit']>(
          { kind: 'weight', amount: '1', scale: 'kg' },
          { kind: 'weight', amount: '1000', scale: 'g' },
          { kind: 'items', amount: '1', name: 'Box' },
          { kind: 'items', amount: '1', name: 'box' },
        ),
        priceMinor: fc.nat(500),
        stock: fc.option(fc.nat(9)),
        category: fc.constantFrom(null, 'Greens', 'Roots'),
        vatRateBps: fc.option(fc.constantFrom(0, 700)),
      }),
      { maxLength: 14 },
    )
    .map((list) => list.map((fields, index) => row(index + 2, fields)));

  it('changes nothing the second time, whatever the file and the catalogue before', () => {
    fc.assert(
      fc.property(anyRows, anyRows, (before, rows) => {
        const known = after(before);
        const once = plan(rows, known);
        const good = rows.filter(({ line }) => once.changes.some((change) => change.line === line));
        const twice = plan(good, applied(once, known));
        expect(twice.problems).toEqual([]);
        expect(twice.changes.filter(({ action }) => action !== 'unchanged')).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });

  it('answers every row once: as a change or as a problem', () => {
    fc.assert(
      fc.property(anyRows, anyRows, (before, rows) => {
        const { changes, problems } = plan(rows, after(before));
        const lines = [...changes, ...problems].map(({ line }) => line).sort((a, b) => a - b);
        expect([...new Set(lines)]).toEqual(rows.map(({ line }) => line));
        expect(
          changes.map(({ line }) => line).filter((line) => problems.some((problem) => problem.line === line)),
        ).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });
});
