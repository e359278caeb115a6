import type { ImportProblem, ProductImportRequest, VariantUnit } from '@foodshed/contracts';
import type { Parsed } from './cell.rules.js';

/** One good row of a file: what it says a variant is. `null` leaves what is there, or the default of a new one. */
export interface ImportRow {
  readonly line: number;
  readonly name: string;
  readonly displayName: string;
  readonly sku: string | null;
  readonly unit: VariantUnit;
  readonly priceMinor: number;
  readonly priceIncludesVat: boolean;
  readonly vatRateBps: number | null;
  readonly depositMinor: number | null;
  readonly packSize: number | null;
  readonly onDemand: boolean;
  readonly stock: number | null;
  readonly availableOn: string | null;
  readonly category: string | null;
  readonly description: string | null;
}

/** A row as text: its cells by column, '' where it has none. */
export interface RawRow {
  readonly line: number;
  readonly cells: ReadonlyMap<string, string>;
}

export type RowOutcome =
  | { readonly kind: 'row'; readonly row: ImportRow }
  | { readonly kind: 'skipped'; readonly line: number }
  | { readonly kind: 'problems'; readonly line: number; readonly problems: readonly ImportProblem[] };

/** What the rows of one file have in common. */
export interface RowSettings extends Pick<
  ProductImportRequest,
  'otherProducers' | 'priceIncludesVat' | 'vatRateBps' | 'taxCategories'
> {
  /** Name keys that mean the producer imported into. */
  readonly producerKeys: ReadonlySet<string>;
  /** The producer's own name, for messages. */
  readonly producerName: string;
  /** Decimals of the currency. */
  readonly decimals: number;
}

/** Reads the cells of one row and gathers what is wrong with them. */
export class RowReader {
  readonly problems: ImportProblem[] = [];

  constructor(private readonly raw: RawRow) {}

  /** The cell's text, trimmed; '' when the row or the file has no such cell. */
  text(column: string): string {
    return this.raw.cells.get(column)?.trim() ?? '';
  }

  /** What `parse` makes of the cell, or `fallback` with the problem noted. */
  read<T>(column: string, parse: (text: string) => Parsed<T>, fallback: T): T {
    const parsed = parse(this.raw.cells.get(column) ?? '');
    if ('value' in parsed) return parsed.value;
    this.refuse(column, parsed.problem);
    return fallback;
  }

  /** The same for a cell that may be empty, which means null. */
  readOptional<T>(column: string, parse: (text: string) => Parsed<T>): T | null {
    return this.text(column) === '' ? null : this.read<T | null>(column, parse, null);
  }

  refuse(column: string, reason: string): void {
    this.problems.push({ line: this.raw.line, column, reason });
  }

  /** The row, unless something was wrong with it. */
  outcome(row: Omit<ImportRow, 'line'>): RowOutcome {
    const { line } = this.raw;
    if (this.problems.length > 0) return { kind: 'problems', line, problems: this.problems };
    return { kind: 'row', row: { line, ...row } };
  }
}
