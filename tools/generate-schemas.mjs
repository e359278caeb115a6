// Writes the committed JSON Schemas from the Zod schemas; `--check` only compares. Run after a build.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { format, resolveConfig } from 'prettier';
import { z } from 'zod';
import { allEvents, networkModel } from '@foodshed/contracts';

const files = {
  'apps/commission/network-model.schema.json': z.toJSONSchema(networkModel, { io: 'input' }),
  'libs/contracts/events.schema.json': {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'Events of Foodshed, by subject',
    $defs: Object.fromEntries(allEvents.map(({ subject, schema }) => [subject, eventSchema(schema)])),
  },
};
/** The schema of an event's data; each stands by itself, so its own `$schema` is left out. */
function eventSchema(schema) {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, { io: 'output' });
  return rest;
}

let isCurrent = true;
for (const [file, schema] of Object.entries(files)) {
  const config = await resolveConfig(file);
  const text = await format(JSON.stringify(schema), { ...config, parser: 'json' });
  if (!process.argv.includes('--check')) writeFileSync(file, text);
  else if (!existsSync(file) || readFileSync(file, 'utf8') !== text) {
    console.error(`${file} is out of date; run: npm run generate`);
    isCurrent = false;
  }
}
process.exitCode = isCurrent ? 0 : 1;
