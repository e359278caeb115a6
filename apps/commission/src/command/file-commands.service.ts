import { readFileSync, writeFileSync } from 'node:fs';
import { type AttributedSale, type NetworkModel } from '@foodshed/contracts';
import { drawModel } from '../models/drawing.rules.js';
import { readModel } from '../models/model-text.service.js';
import { netsOf } from '../models/needs.rules.js';
import { plainWords } from '../models/model.rules.js';
import { needsOrder, simulationOf } from '../models/simulation.rules.js';
import { NOBODY } from '../models/situation.rules.js';
import { valueFlowsOf } from '../models/value-flows.rules.js';
import { worstCases } from '../models/worst-case.rules.js';
import { advance } from '../splits/advance.rules.js';
import { explain } from '../splits/explain.rules.js';
import { toDecimal } from '@foodshed/money';
import {
  CommandError,
  explanationLines,
  problemLine,
  simulationLines,
  worstCaseLine,
} from './command.rules.js';
import { salesOf } from './sale-file.service.js';

/** Where a command writes: what was asked for, and beside it how far it is. */
export interface Output {
  print(line: string): void;
  progress(line: string): void;
}

const PROGRESS_EVERY = 10_000;

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new CommandError(`${file} cannot be read: ${(error as Error).message}`);
  }
}

/** A model that may be used. @throws CommandError with every problem */
function soundModel(file: string, currency: string): NetworkModel {
  const { model, problems } = readModel(textOf(file), currency);
  const errors = problems.filter(({ severity }) => severity === 'error');
  if (model && errors.length === 0) return model;
  throw new CommandError(errors.map((problem) => problemLine(file, problem)).join('\n'));
}

/** Prints what is wrong with a file, or what it says; gives the exit code. */
export function checkFile(file: string, currency: string, { print }: Output): number {
  const { model, problems } = readModel(textOf(file), currency);
  for (const problem of problems) print(problemLine(file, problem));
  const isSound = model !== null && problems.every(({ severity }) => severity !== 'error');
  if (model) {
    for (const { functionId, netMinor } of netsOf(model, currency)) {
      print(`at the stated needs ${functionId} ends with ${toDecimal(netMinor, currency)} ${currency}`);
    }
  }
  if (!model || !isSound) return 1;
  for (const worst of worstCases(model, currency)) print(worstCaseLine(worst, currency));
  for (const sentence of plainWords(model)) print(sentence);
  print('The model is sound.');
  return 0;
}

async function* inOrder(sales: AsyncIterable<AttributedSale>): AsyncGenerator<AttributedSale> {
  const all: AttributedSale[] = [];
  for await (const attributed of sales) all.push(attributed);
  const key = ({ sale }: AttributedSale): string =>
    `${new Date(sale.paidAt).toISOString()} ${sale.orderId} ${sale.capture.captureId}`;
  const keyed = all.map((attributed) => ({ attributed, key: key(attributed) }));
  keyed.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
  for (const { attributed } of keyed) yield attributed;
}

/** The currency of a file's sales, which its first one tells. */
async function currencyOf(orders: string): Promise<string> {
  for await (const { sale } of salesOf(orders)) return sale.currency;
  throw new CommandError(`${orders} has no sale`);
}

/** Splits the sales of a file by a model and by the one it is compared with, and prints the difference. */
export async function simulateFile(
  file: string,
  options: { orders: string; against: string | undefined; json: boolean },
  { print, progress }: Output,
): Promise<number> {
  const began = performance.now();
  const currency = await currencyOf(options.orders);
  const model = soundModel(file, currency);
  const against = options.against === undefined ? null : soundModel(options.against, currency);
  const simulation = simulationOf({ model, against, instanceId: NOBODY });
  const sales = salesOf(options.orders);
  let count = 0;
  for await (const attributed of needsOrder({ model, against }) ? inOrder(sales) : sales) {
    simulation.add(attributed);
    count += 1;
    if (count % PROGRESS_EVERY === 0) progress(`${count} sales …`);
  }
  progress(`${count} sales in ${((performance.now() - began) / 1_000).toFixed(1)} s`);
  const result = simulation.result(currency);
  if (options.json) print(JSON.stringify(result));
  else for (const line of simulationLines(result)) print(line);
  return 0;
}

/** Prints how the sales of an order in a file would be split, with the arithmetic of every cent. */
export async function explainFile(
  file: string,
  options: { orders: string; order: string },
  { print }: Output,
): Promise<number> {
  let found = 0;
  for await (const attributed of salesOf(options.orders)) {
    const { sale } = attributed;
    if (sale.orderId !== options.order) continue;
    const model = soundModel(file, sale.currency);
    const key = { instanceId: NOBODY, orderId: sale.orderId, captureId: sale.capture.captureId };
    const { splits } = advance({
      attributed,
      stored: { ...key, version: 0, sale: null },
      present: [],
      model: { version: 1, model },
      newSplitId: (producerId) => producerId,
      positionMinor: () => () => 0,
    });
    for (const split of splits) {
      for (const line of explanationLines(explain(split, sale, model.name))) print(line);
      print('');
      found += 1;
    }
  }
  if (found === 0) throw new CommandError(`${options.orders} has no order ${options.order}`);
  return 0;
}

/** Writes a model as a drawing or in the words of ValueFlows, into a file or to the terminal. */
export function exportFile(
  file: string,
  options: { as: string; output: string | undefined; currency: string },
  { print }: Output,
): number {
  const model = soundModel(file, options.currency);
  const text = options.as === 'svg' ? drawModel(model) : JSON.stringify(valueFlowsOf(model), null, 2);
  if (options.output === undefined) print(text);
  else writeFileSync(options.output, `${text}\n`);
  return 0;
}
