import { parseArgs } from 'node:util';
import { CommandError } from './command.rules.js';
import { checkFile, explainFile, exportFile, type Output, simulateFile } from './file-commands.service.js';

const USAGE = `Usage:
  npx foodshed model check <model.yaml> [--currency EUR]
  npx foodshed model simulate <model.yaml> --orders <sales.jsonl> [--against <model.yaml>] [--json]
  npx foodshed model explain <model.yaml> --orders <sales.jsonl> --order <order id>
  npx foodshed model export <model.yaml> [--as svg|jsonld] [--output <file>] [--currency EUR]

A file of sales has one JSON object a line, as hubs.events.attributed.v1 in libs/contracts/events.schema.json.`;

const output: Output = {
  print: (line) => process.stdout.write(`${line}\n`),
  progress: (line) => process.stderr.write(`${line}\n`),
};

/** The value of an option that a command cannot do without. */
function needed(name: string, value: string | undefined): string {
  if (value === undefined) throw new CommandError(`Give --${name}.\n\n${USAGE}`);
  return value;
}

async function run(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      currency: { type: 'string', default: 'EUR' },
      orders: { type: 'string' },
      order: { type: 'string' },
      against: { type: 'string' },
      as: { type: 'string', default: 'svg' },
      output: { type: 'string' },
      json: { type: 'boolean', default: false },
    },
  });
  const [noun, verb, file] = positionals;
  if (noun !== 'model' || file === undefined) throw new CommandError(USAGE);
  const { currency, orders, order, against, as } = values;
  if (!/^[A-Z]{3}$/.test(currency))
    throw new CommandError('--currency must be an ISO 4217 code such as EUR.');
  if (!['svg', 'jsonld'].includes(as)) throw new CommandError('--as must be svg or jsonld.');
  switch (verb) {
    case 'check':
      return checkFile(file, currency, output);
    case 'simulate':
      return simulateFile(file, { orders: needed('orders', orders), against, json: values.json }, output);
    case 'explain':
      return explainFile(file, { orders: needed('orders', orders), order: needed('order', order) }, output);
    case 'export':
      return exportFile(file, { as, output: values.output, currency }, output);
    default:
      throw new CommandError(USAGE);
  }
}

try {
  process.exitCode = await run(process.argv.slice(2));
} catch (error) {
  const isTyped = (error as NodeJS.ErrnoException).code?.startsWith('ERR_PARSE_ARGS') === true;
  const isFile = (error as NodeJS.ErrnoException).code === 'ENOENT';
  if (!(error instanceof CommandError) && !isTyped && !isFile) throw error;
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = 2;
}
