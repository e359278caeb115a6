/** The separator that spreadsheets expect where numbers have a decimal comma, and where they have a point. */
export function separatorOf(locale: string): ';' | ',' {
  const decimal = new Intl.NumberFormat(locale).formatToParts(1.5).find(({ type }) => type === 'decimal');
  return decimal?.value === ',' ? ';' : ',';
}

/** Rows as a file for spreadsheets: what they would take for a formula is text, and accents survive. */
export function csvOf(rows: readonly (readonly (string | number)[])[], locale: string): string {
  const separator = separatorOf(locale);
  const numbers = new Intl.NumberFormat(locale, { useGrouping: false, maximumFractionDigits: 6 });
  const cellOf = (value: string | number): string => {
    if (typeof value === 'number') return quoted(numbers.format(value), separator);
    return quoted(/^[=+\-@\t\r]/.test(value) ? `'${value}` : value, separator);
  };
  return `\uFEFF${rows.map((row) => `${row.map(cellOf).join(separator)}\r\n`).join('')}`;
}

function quoted(cell: string, separator: string): string {
  return cell.includes(separator) || /["\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}

/** Hands a file over to the person, also without a connection. */
export function download(fileName: string, content: BlobPart): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([content], { type: 'text/csv;charset=utf-8' }));
  link.download = fileName;
  link.click();
  // The browser has taken the file by the next turn.
  setTimeout(() => URL.revokeObjectURL(link.href), 0);
}
