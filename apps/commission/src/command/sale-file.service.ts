import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { type AttributedSale, hubsEvents } from '@foodshed/contracts';
import { CommandError } from './command.rules.js';

/** A line longer than this is no sale. */
const LINE_CHARACTERS = 1_000_000;

function saleOf(line: string, where: string): AttributedSale {
  if (line.length > LINE_CHARACTERS) throw new CommandError(`${where}: the line is too long for a sale`);
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    throw new CommandError(`${where}: this is not JSON; each line is one sale`);
  }
  const parsed = hubsEvents.attributed.schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new CommandError(`${where}: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'is not a sale'}`);
}

/**
 * The sales of a file, one JSON object a line as `hubs.events.attributed.v1` in `events.schema.json` describes it; in
 * its order. Empty lines are left out. @throws CommandError that names line and field
 */
export async function* salesOf(file: string): AsyncGenerator<AttributedSale> {
  const lines = createInterface({ input: createReadStream(file, 'utf8'), crlfDelay: Infinity });
  let number = 0;
  let currency: string | undefined;
  for await (const line of lines) {
    number += 1;
    if (line.trim() === '') continue;
    const where = `${file}:${number}`;
    const attributed = saleOf(line, where);
    currency ??= attributed.sale.currency;
    if (attributed.sale.currency !== currency) {
      throw new CommandError(`${where}: sale.currency: must be ${currency}, as in the lines before`);
    }
    yield attributed;
  }
}
