import { join } from 'node:path';
import { run } from './infrastructure/run.mjs';
import { ROOT } from './infrastructure/state.mjs';

const bin = (name) => join(ROOT, 'node_modules', name);
const npx = (program, ...args) => [process.execPath, [bin(program), ...args]];

/** What holds for every change besides the tests; later ones read what the types' step has built. */
const STEPS = [
  ['format', npx('prettier/bin/prettier.cjs', '--check', '--log-level', 'warn', '.')],
  ['types', npx('typescript/bin/tsc', '-b')],
  ['lint', npx('eslint/bin/eslint.js', '.', '--max-warnings', '0')],
  ['project references', npx('nx/dist/bin/nx.js', 'sync:check')],
  ['JSON Schemas', [process.execPath, ['tools/generate-schemas.mjs', '--check']]],
  ['API document', [process.execPath, ['apps/gateway/dist/docs/openapi.main.js', '--check']]],
  ['migrations', [process.execPath, ['tools/schema.mjs', '--check']]],
];

/** `npm run check` runs every step, also after one that fails, and says which did; names choose steps. */
async function main(chosen) {
  const env = { ...process.env, NX_DAEMON: 'false', FORCE_COLOR: '0' };
  const failed = [];
  for (const [name, [command, args]] of STEPS) {
    if (chosen.length > 0 && !chosen.includes(name)) continue;
    const began = Date.now();
    const { code, output } = await run(command, args, { cwd: ROOT, env });
    console.log(
      `${code === 0 ? 'ok    ' : 'FAILED'} ${name} (${((Date.now() - began) / 1000).toFixed(1)} s)`,
    );
    if (code === 0) continue;
    failed.push(name);
    console.log(output.replace(/^npm warn.*\n/gm, '').trimEnd());
  }
  if (failed.length > 0) console.log(`\nNot in order: ${failed.join(', ')}.`);
  process.exitCode = failed.length > 0 ? 1 : 0;
}

await main(process.argv.slice(2));
