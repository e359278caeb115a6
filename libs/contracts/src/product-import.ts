import { z } from 'zod';
import { amountMinor, rateBps, textOf } from './primitives.js';

export const importLimits = { bytes: 5 * 1024 * 1024, rows: 10_000, reported: 1_000 } as const;

/**
 * `all-or-nothing` applies every row or none, `partial` the good rows, `preview` none: it answers what would
 * be created, updated and left as it is.
 */
export const importMode = z.enum(['all-or-nothing', 'partial', 'preview']);
export type ImportMode = z.output<typeof importMode>;

const producerName = textOf(150);

/** How the file is to be read; the same fields are query parameters when the body is text/csv. */
export const importOptions = {
  mode: importMode.default('all-or-nothing'),
  /** Found from the header when absent. */
  format: z.enum(['open-food-network', 'foodsoft']).optional(),
  /** Other names that the `producer` column uses for this producer; its own name and an empty cell always count. */
  producerNames: z
    .array(producerName)
    .max(50)
    .or(producerName.transform((name) => [name]))
    .default([]),
  /** What becomes of rows that name another producer. */
  otherProducers: z.enum(['reject', 'skip', 'assign']).default('reject'),
  /** For files whose prices do not say it (Open Food Network); Foodsoft prices are always net and name their VAT. */
  priceIncludesVat: z.stringbool().or(z.boolean()).default(true),
  /** VAT of new variants whose row does not name a rate; those that exist keep theirs. */
  vatRateBps: z.coerce.number().pipe(rateBps).default(0),
};

export const productImportRequest = z.strictObject({
  /** The file's text. */
  csv: z
    .string()
    .max(importLimits.bytes)
    .refine((text) => text.isWellFormed(), { error: 'must not contain unpaired surrogate characters' }),
  ...importOptions,
  /** VAT by the name in the `tax_category` column, in basis points. */
  taxCategories: z.record(z.string().max(100), rateBps).default({}),
});
export type ProductImportRequest = z.output<typeof productImportRequest>;

/** What is wrong with one cell; `line` counts from 1 and the header is line 1. */
export const importProblem = z.object({ line: z.int().min(1), column: z.string(), reason: z.string() });
export type ImportProblem = z.output<typeof importProblem>;

/** Null for what there was not before, or what is empty. */
const importValue = z.union([z.string(), z.number(), z.boolean()]).nullable();

export const importChange = z.object({
  line: z.int().min(1),
  action: z.enum(['create', 'update', 'unchanged', 'skip']),
  name: z.string(),
  unitLabel: z.string(),
  /** What changes, from what to what: units by their label, prices in minor units; of a new one price and stock. */
  fields: z.array(z.object({ field: z.string(), from: importValue, to: importValue })),
});
export type ImportChange = z.output<typeof importChange>;

export const productImport = z.object({
  mode: importMode,
  format: z.enum(['open-food-network', 'foodsoft']),
  /** Whether anything was written. */
  applied: z.boolean(),
  rows: z.int().min(0),
  created: z.int().min(0),
  updated: z.int().min(0),
  unchanged: z.int().min(0),
  skipped: z.int().min(0),
  rejected: z.int().min(0),
  /** Control totals over the good rows, to compare with the spreadsheet: sums of price, stock, and price × stock (null beyond 2^53). */
  totals: z.object({ priceMinor: amountMinor, stock: amountMinor, valueMinor: amountMinor.nullable() }),
  /** At most 1,000 each; lines that change something come before those that do not, both in order of the file. */
  changes: z.array(importChange),
  problems: z.array(importProblem),
  /** Columns that mean nothing here, such as `shipping_category`. */
  ignoredColumns: z.array(z.string()),
});
export type ProductImport = z.output<typeof productImport>;

/** Over HTTP: the file as the whole body (text/csv), or JSON with the file and how to read it. */
export const productImportBody = z.preprocess(
  (body) => (typeof body === 'string' ? { csv: body } : body),
  productImportRequest,
);
export const productImportQuery = z.strictObject(importOptions);
export type ProductImportQuery = z.output<typeof productImportQuery>;
