import type { ModelProblem, ModelSimulation, SplitExplanation, WorstCase } from '@foodshed/contracts';
import { toDecimal } from '@foodshed/money';

/** What somebody who typed a command is told, without a trace. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
}

const money = (minor: number, currency: string): string => `${toDecimal(minor, currency)} ${currency}`;

/** `file:line: path: message`, as editors and people find it. */
export const problemLine = (file: string, { line, path, message, severity }: ModelProblem): string =>
  `${file}:${line}: ${severity}: ${path === '' ? '' : `${path}: `}${message}`;

/** A limit and the order that comes nearest to it, in a sentence. */
export function worstCaseLine(worst: WorstCase, currency: string): string {
  const { limit, netMinor, units, situation, askedMinor, allowedMinor, paidMinor } = worst;
  const of = units > 1 ? `${money(netMinor, currency)} for ${units} units` : money(netMinor, currency);
  const asks = `asks ${money(askedMinor, currency)}, ${money(allowedMinor, currency)} is allowed`;
  return `${limit}: ${of} (${situation}) ${asks}, ${money(paidMinor, currency)} is paid`;
}

const percent = (part: number, whole: number): string =>
  whole === 0 ? '–' : `${((100 * part) / whole).toFixed(2)} %`;

/** At most this many people and enterprises are listed. */
const LISTED = 20;

function table(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows.map((row) =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!)))
      .join('  '),
  );
}

/** A simulation as text: take before and after, each function, who gains, who loses, those who differ most. */
export function simulationLines(result: ModelSimulation): string[] {
  const { currency, take, netMinor, beneficiaries } = result;
  const row = (name: string, { beforeMinor, afterMinor }: { beforeMinor: number; afterMinor: number }) => {
    const sign = afterMinor > beforeMinor ? '+' : '';
    const difference = `${sign}${toDecimal(afterMinor - beforeMinor, currency)}`;
    return [name, toDecimal(beforeMinor, currency), toDecimal(afterMinor, currency), difference];
  };
  const gains = beneficiaries.filter(({ beforeMinor, afterMinor }) => afterMinor > beforeMinor);
  const loses = beneficiaries.filter(({ beforeMinor, afterMinor }) => afterMinor < beforeMinor);
  const differing = [...gains, ...loses].sort(
    (a, b) => Math.abs(b.afterMinor - b.beforeMinor) - Math.abs(a.afterMinor - a.beforeMinor),
  );
  return [
    `${result.saleCount} sales of ${money(netMinor, currency)} without VAT, ${money(result.grossMinor, currency)} with it`,
    `The platform takes ${percent(take.beforeMinor, netMinor)} before, ${percent(take.afterMinor, netMinor)} after.`,
    `${gains.length} gain, ${loses.length} lose, ${beneficiaries.length - differing.length} have the same.`,
    '',
    ...table([
      [`in ${currency}`, 'before', 'after', 'difference'],
      ...result.functions.map((each) => row(each.functionId, each)),
      row('VAT on shares', result.vat),
      ...differing.slice(0, LISTED).map((each) => row(`${each.owner.kind} ${each.owner.id}`, each)),
    ]),
    ...(differing.length > LISTED ? [`… and ${differing.length - LISTED} more`] : []),
  ];
}

/** An explanation as a person would write it down. */
export function explanationLines(explanation: SplitExplanation): string[] {
  const { split, base, steps, result, modelName } = explanation;
  return [
    `Order ${split.orderId}, producer ${split.standing.producerId}, capture ${split.captureId}, version ${split.version}`,
    `placed ${split.placedAt}, paid ${split.paidAt}; model version ${split.modelVersion}: ${modelName}`,
    `base: ${base.arithmetic}`,
    ...steps.map(({ subject, arithmetic, rule }) => `${subject}: ${arithmetic} (${rule})`),
    result,
  ];
}
