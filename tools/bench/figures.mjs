/** Returns how many measurements there are, and the milliseconds that half and 99 % of them stayed within. */
export function summaryOf(latenciesMs) {
  const sorted = Float64Array.from(latenciesMs).sort();
  const at = (part) => sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))] ?? 0;
  return { count: sorted.length, p50Ms: at(0.5), p99Ms: at(0.99) };
}

/** Returns the middle one of a few runs, by how much was done each second. */
export function middleOf(runs) {
  return [...runs].sort((a, b) => a.perSecond - b.perSecond)[Math.floor(runs.length / 2)];
}

/** Returns rows of cells as aligned text; the first row is the heading, the first column is left-aligned. */
export function table(rows) {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => String(row[column]).length)));
  return rows
    .map((row) =>
      row
        .map((cell, column) =>
          column === 0 ? String(cell).padEnd(widths[0]) : String(cell).padStart(widths[column]),
        )
        .join('  '),
    )
    .join('\n');
}

export const whole = (number) => Math.round(number).toLocaleString('en-GB');
export const milliseconds = (number) => number.toFixed(number < 10 ? 2 : 1);
export const ratio = (number) => number.toFixed(2);
