import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { type AttributedSale, hubsEvents } from '@foodshed/contracts';
import { z } from 'zod';
import { CommandError } from './command.rules.js';

/** A line longer than this is no sale. */
const LINE_CHARACTERS = 1_000_000;

/** What a line says; undefined when it is not JSON. */
function valueOf(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

function saleOf(line: string, where: string): AttributedSale {
  const value = valueOf(line);
  if (value === undefined) throw new CommandError(`${where}: this is not JSON; each line is one sale`);
  const parsed = hubsEvents.attributed.schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new CommandError(`${where}: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'is not a sale'}`);
}

/** What tells the versions of one capture's sale apart; the rest of a line is looked at when it is its turn. */
const versioned = z.object({
  sale: z.object({ orderId: z.string(), version: z.number(), capture: z.object({ captureId: z.string() }) }),
});

async function* linesOf(file: string): AsyncGenerator<[number: number, line: string]> {
  const lines = createInterface({ input: createReadStream(file, 'utf8'), crlfDelay: Infinity });
  let number = 0;
  for await (const line of lines) {
    number += 1;
    if (line.trim() !== '' && line.length <= LINE_CHARACTERS) yield [number, line];
    else if (line.length > LINE_CHARACTERS)
      throw new CommandError(`${file}:${number}: the line is too long for a sale`);
  }
}

/** The lines whose sale stands again in another one, as it was after a refund, or because it was told twice. */
async function supersededLines(file: string): Promise<Set<number>> {
  const last = new Map<string, { number: number; version: number }>();
  const superseded = new Set<number>();
  for await (const [number, line] of linesOf(file)) {
    const found = versioned.safeParse(valueOf(line));
    if (!found.success) continue;
    const { orderId, version, capture } = found.data.sale;
    const key = `${orderId} ${capture.captureId}`;
    const known = last.get(key);
    if (known && known.version >= version) superseded.add(number);
    else {
      if (known) superseded.add(known.number);
      last.set(key, { number, version });
    }
  }
  return superseded;
}

/**
 * The sales of a file, one JSON object a line as `hubs.events.attributed.v1` in `events.schema.json` describes it; in
 * its order, of each capture the highest version. @throws CommandError that names line and field
 */
export async function* salesOf(file: string): AsyncGenerator<AttributedSale> {
  const superseded = await supersededLines(file);
  let currency: string | undefined;
  for await (const [number, line] of linesOf(file)) {
    if (superseded.has(number)) continue;
    const where = `${file}:${number}`;
    const attributed = saleOf(line, where);
    currency ??= attributed.sale.currency;
    if (attributed.sale.currency !== currency) {
      throw new CommandError(`${where}: sale.currency: must be ${currency}, as in the lines before`);
    }
    yield attributed;
  }
}
