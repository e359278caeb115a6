import { Injectable } from '@nestjs/common';
import {
  importLimits,
  requireInstance,
  type CallContext,
  type Enterprise,
  type ImportProblem,
  type ProductImport,
  type ProductImportRequest,
} from '@foodshed/contracts';
import { currencyDecimals } from '@foodshed/money';
import { Clock, Database, newId } from '@foodshed/platform';
import { EnterpriseService } from './enterprise.service.js';
import { planImport, type ImportPlan } from './import-plan.rules.js';
import type { ImportRow } from './import-row.rules.js';
import { nameKey } from './key.rules.js';
import { refreshListings } from './listing.store.js';
import { derivedOfProduct, derivedOfVariant, type ProductRow, type VariantRow } from './product.rules.js';
import { lockCatalogue, writeProducts, writeVariants } from './product.store.js';
import { readProductFile, rejected, type ProductFile } from './product-file.service.js';

interface Catalogue {
  readonly products: readonly ProductRow[];
  readonly variants: readonly VariantRow[];
}

/** Reads product files into a producer's catalogue; a file has as many statements as a row would. */
@Injectable()
export class ImportService {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly enterprises: EnterpriseService,
  ) {}

  /**
   * Plans the file against the catalogue and, unless it is a preview, applies it in one transaction.
   * @throws import-rejected when the mode is all-or-nothing and any row is bad.
   */
  async importProducts(
    producerId: string,
    request: ProductImportRequest,
    context: CallContext,
  ): Promise<ProductImport> {
    const instance = requireInstance(context);
    const producer = await this.enterprises.requireProducer(context, producerId);
    const file = readProductFile(request, settingsOf(request, producer, instance.currency));
    const rows = file.outcomes.flatMap((outcome) => (outcome.kind === 'row' ? [outcome.row] : []));
    const unread = file.outcomes.flatMap((outcome) => (outcome.kind === 'problems' ? outcome.problems : []));
    return this.database.transaction(instance.id, async (tx) => {
      const catalogue = await lockCatalogue(tx, { instanceId: instance.id, producerId });
      const plan = planImport(rows, catalogue, request);
      const problems = [...unread, ...plan.problems].sort((a, b) => a.line - b.line);
      if (request.mode === 'all-or-nothing' && problems.length > 0) throw rejected(...problems);
      const { products, variants } = rowsOfPlan(plan, catalogue, producerId);
      if (request.mode !== 'preview') {
        const scope = { instanceId: instance.id, timeZone: instance.timeZone, now: this.clock.now() };
        await writeProducts(tx, scope, products.written);
        await writeVariants(tx, scope, variants.written);
        await refreshListings(tx, { ...scope, variantIds: variants.relisted });
      }
      return reportOf(request.mode, file, plan, { rows, problems });
    });
  }
}

function settingsOf(request: ProductImportRequest, producer: Enterprise, currency: string) {
  return {
    otherProducers: request.otherProducers,
    priceIncludesVat: request.priceIncludesVat,
    vatRateBps: request.vatRateBps,
    taxCategories: request.taxCategories,
    producerKeys: new Set([producer.name, ...request.producerNames].map(nameKey)),
    producerName: producer.name,
    decimals: currencyDecimals(currency),
  };
}

/** The rows to write. An import changes at most the spelling of a name, never what it is found by. */
function rowsOfPlan(
  plan: ImportPlan,
  catalogue: Catalogue,
  producerId: string,
): { products: { written: ProductRow[] }; variants: { written: VariantRow[]; relisted: string[] } } {
  const knownProducts = new Map(catalogue.products.map((row) => [row.productId, row]));
  const products = plan.products.map(({ productId, changed, ...planned }) => {
    const known = productId === null ? undefined : knownProducts.get(productId);
    const row = {
      ...(known ?? { producerId, archived: false, version: 1 }),
      ...planned,
      ...derivedOfProduct(planned.name),
      productId: productId ?? newId(),
    };
    return { row, isWritten: changed || !known };
  });
  const written: VariantRow[] = [];
  const relisted: string[] = [];
  const knownVariants = new Map(catalogue.variants.map((row) => [row.variantId, row]));
  for (const { variantId, product, changed, ...planned } of plan.variants) {
    const of = products[product];
    if (!of) throw new Error('a planned variant names no planned product');
    const known = variantId === null ? undefined : knownVariants.get(variantId);
    const row = {
      ...(known ?? { producerId, archived: false, version: 1 }),
      ...planned,
      ...derivedOfVariant(of.row.name, planned),
      productId: of.row.productId,
      variantId: variantId ?? newId(),
    };
    if (changed || !known) written.push(row);
    if (known && (of.isWritten || isRelisted(row, known))) relisted.push(row.variantId);
  }
  const writtenProducts = products.filter(({ isWritten }) => isWritten).map(({ row }) => row);
  return { products: { written: writtenProducts }, variants: { written, relisted } };
}

/** Whether cycles must follow: they repeat the name and the day it becomes available. */
function isRelisted(row: VariantRow, known: VariantRow): boolean {
  return row.searchName !== known.searchName || row.availableOn !== known.availableOn;
}

function reportOf(
  mode: ProductImportRequest['mode'],
  file: ProductFile,
  plan: ImportPlan,
  { rows, problems }: { rows: readonly ImportRow[]; problems: readonly ImportProblem[] },
): ProductImport {
  const count = (action: string) => plan.changes.filter((change) => change.action === action).length;
  const accepted = new Set(plan.changes.map(({ line }) => line));
  const good = rows.filter(({ line }) => accepted.has(line));
  const sum = (of: (row: ImportRow) => number) => good.reduce((total, row) => total + of(row), 0);
  const skipped = file.outcomes.flatMap((outcome) => (outcome.kind === 'skipped' ? [outcome.line] : []));
  const changes = [
    ...plan.changes,
    ...skipped.map((line) => ({ line, action: 'skip' as const, name: '', unitLabel: '', fields: [] })),
  ].sort((a, b) => Number(a.action === 'unchanged') - Number(b.action === 'unchanged') || a.line - b.line);
  return {
    mode,
    format: file.format,
    applied: mode !== 'preview',
    rows: file.outcomes.length,
    created: count('create'),
    updated: count('update'),
    unchanged: count('unchanged'),
    skipped: skipped.length,
    rejected: new Set(problems.map(({ line }) => line)).size,
    totals: {
      priceMinor: sum((row) => row.priceMinor),
      stock: sum((row) => row.stock ?? 0),
      valueMinor: safeOrNull(sum((row) => row.priceMinor * (row.stock ?? 0))),
    },
    changes: changes.slice(0, importLimits.reported),
    problems: problems.slice(0, importLimits.reported),
    ignoredColumns: [...file.ignoredColumns],
  };
}

function safeOrNull(total: number): number | null {
  return Number.isSafeInteger(total) ? total : null;
}
