import {
  DomainError,
  importLimits,
  type ImportProblem,
  type ProductImportRequest,
} from '@foodshed/contracts';
import { CsvError, parse } from 'csv-parse/sync';
import { foodsoftColumns, foodsoftRow } from './foodsoft.rules.js';
import type { RawRow, RowOutcome, RowSettings } from './import-row.rules.js';
import {
  openFoodNetworkColumns,
  openFoodNetworkRequired,
  openFoodNetworkRow,
} from './open-food-network.rules.js';

type Format = NonNullable<ProductImportRequest['format']>;

export interface ProductFile {
  readonly format: Format;
  readonly outcomes: readonly RowOutcome[];
  readonly ignoredColumns: readonly string[];
}

interface Table {
  readonly delimiter: string;
  readonly header: readonly string[];
  readonly rows: readonly { readonly line: number; readonly cells: readonly string[] }[];
}

/** Columns that both formats have and nothing here uses. */
const UNUSED = new Set<string>([
  'shipping_category',
  'supplier order unit',
  'minimum order quantity',
  'billing unit',
  'group order granularity',
  'group order unit',
]);

/**
 * Reads a product file: delimiter and format from its header, then each row.
 * @throws import-rejected when it is no table, lacks a column, or has too many rows; body-too-large.
 */
export function readProductFile(request: ProductImportRequest, settings: RowSettings): ProductFile {
  if (Buffer.byteLength(request.csv) > importLimits.bytes) {
    throw new DomainError('body-too-large', { detail: 'A product file has at most 5 MiB; split it.' });
  }
  const table = readTable(request.csv);
  const format = request.format ?? formatOf(table);
  const columns = format === 'foodsoft' ? foodsoftHeader(table) : openFoodNetworkHeader(table);
  const read = format === 'foodsoft' ? foodsoftRow : openFoodNetworkRow;
  const outcomes = table.rows.map((row): RowOutcome => {
    const surplus = row.cells.slice(columns.length).some((cell) => cell.trim() !== '');
    if (surplus)
      return refusedRow(row.line, `has ${row.cells.length} cells, the header has ${columns.length}`);
    return read(rawRow(row, columns), settings);
  });
  const known = new Set<string>(format === 'foodsoft' ? foodsoftColumns : openFoodNetworkColumns);
  const taxUnused = Object.keys(request.taxCategories).length === 0;
  const ignored = columns.filter(
    (column) =>
      column !== '' && (!known.has(column) || UNUSED.has(column) || (column === 'tax_category' && taxUnused)),
  );
  return { format, outcomes, ignoredColumns: ignored };
}

function rawRow(row: Table['rows'][number], columns: readonly string[]): RawRow {
  return { line: row.line, cells: new Map(columns.map((column, index) => [column, row.cells[index] ?? ''])) };
}

function refusedRow(line: number, reason: string): RowOutcome {
  return { kind: 'problems', line, problems: [{ line, column: 'row', reason }] };
}

function readTable(csv: string): Table {
  const text = csv.replace(/^\ufeff/, '').replace(/\r\n?/g, '\n');
  // Excel's own hint of the delimiter is a first line of its own.
  const hint = /^sep=(.)\n/i.exec(text);
  const delimiter = hint?.[1] ?? delimiterOf(text);
  const records = parseRecords(hint ? text.slice(hint[0].length - 1) : text, delimiter);
  const [header, ...rows] = records;
  if (!header) throw rejected({ line: 1, column: 'header', reason: 'is missing: the file is empty' });
  if (rows.length > importLimits.rows) {
    throw rejected({
      line: rows[importLimits.rows]?.line ?? 1,
      column: 'row',
      reason: `is one too many: a file has at most ${importLimits.rows} rows`,
    });
  }
  return { delimiter, header: header.cells.map((cell) => cell.trim()), rows };
}

function parseRecords(text: string, delimiter: string): Table['rows'] {
  try {
    const records = parse(text, {
      delimiter,
      relax_column_count: true,
      skip_empty_lines: true,
      skip_records_with_empty_values: true,
      info: true,
      to: importLimits.rows + 2,
    }) as unknown as { record: string[]; info: { lines: number } }[];
    return records.map(({ record, info }) => ({ line: info.lines - breaksIn(record), cells: record }));
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw rejected({
      line: Number(error['lines'] ?? 1),
      column: 'row',
      reason: 'has quotes that do not match',
    });
  }
}

function breaksIn(record: readonly string[]): number {
  return record.reduce((count, cell) => count + (cell.match(/\n/g)?.length ?? 0), 0);
}

/** The one of comma, semicolon and tab that the first line has most of. */
function delimiterOf(text: string): string {
  const line = text.trimStart().split('\n', 1)[0] ?? '';
  const count = (delimiter: string) => line.split(delimiter).length;
  return [';', '\t'].reduce((best, delimiter) => (count(delimiter) > count(best) ? delimiter : best), ',');
}

function formatOf({ delimiter, header }: Table): Format {
  const columns = header.map(columnKey);
  const known = openFoodNetworkRequired.filter((column) => columns.includes(column)).length;
  if (known > 1) return 'open-food-network';
  return delimiter === ';' && header.length === foodsoftColumns.length ? 'foodsoft' : 'open-food-network';
}

function columnKey(title: string): string {
  return title
    .toLowerCase()
    .trim()
    .replace(/[\s-]+/g, '_');
}

function openFoodNetworkHeader({ header }: Table): string[] {
  const columns = header.map(columnKey);
  const twice = columns.find((column, index) => column !== '' && columns.indexOf(column) !== index);
  const missing = openFoodNetworkRequired.filter((column) => !columns.includes(column));
  const problems = [
    ...missing.map((column) => ({ line: 1, column, reason: 'is missing from the header' })),
    ...(twice ? [{ line: 1, column: twice, reason: 'is in the header twice' }] : []),
  ];
  if (problems.length > 0) throw rejected(...problems);
  return columns;
}

function foodsoftHeader({ header }: Table): string[] {
  if (header.length !== foodsoftColumns.length) {
    throw rejected({
      line: 1,
      column: 'header',
      reason: `has ${header.length} columns, a Foodsoft file has ${foodsoftColumns.length}`,
    });
  }
  return [...foodsoftColumns];
}

/** The refusal of a whole file; the first problems are named in full. */
export function rejected(...problems: readonly ImportProblem[]): DomainError {
  const named = problems.slice(0, importLimits.reported);
  const [first] = problems;
  return new DomainError('import-rejected', {
    detail:
      `Nothing was imported: ${problems.length} ${problems.length === 1 ? 'problem' : 'problems'}` +
      (first ? `; the first is in line ${first.line}, ${first.column}: ${first.reason}.` : '.'),
    fields: named.map(({ line, column, reason }) => ({ path: `line ${line}, ${column}`, message: reason })),
    problems: named,
    problemCount: problems.length,
  });
}
