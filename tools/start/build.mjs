import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Failure, looksLikeFullDisk } from '../infrastructure/failure.mjs';
import { run } from '../infrastructure/run.mjs';
import { SERVICES } from '../infrastructure/secrets.mjs';
import { CACHE, readJson, ROOT, writeJson } from '../infrastructure/state.mjs';
import { programOf } from '../system/fleet.mjs';
import { step } from './progress.mjs';

const STAMP = join(CACHE, 'built.json');
const SKIPPED_FOLDERS = new Set(['node_modules', 'dist', 'coverage', 'screenshots']);

/** Compiles services and web application unless nothing has changed since; returns whether it did. @throws Failure */
export async function build() {
  const stamp = buildStamp();
  if (builtStamp() === stamp && productsAreThere()) return false;
  await step('Building', async (current) => {
    const results = await Promise.all([compileServices(current), bundleWeb()]);
    const failed = results.find(({ code }) => code !== 0);
    if (failed) throw buildFailure(failed.output);
  });
  writeJson(STAMP, { stamp });
  return true;
}

/** Returns what identifies the present build; undefined before the first. */
export function builtStamp() {
  return readJson(STAMP)?.stamp;
}

function compileServices(current) {
  const onLine = (line) => {
    const project = /Building project '.*?((?:apps|libs)\/[^/']+)/.exec(line)?.[1];
    if (project) current.note(project);
  };
  const compiler = join(ROOT, 'node_modules/typescript/bin/tsc');
  const projects = SERVICES.map((service) => join('apps', service));
  return run(process.execPath, [compiler, '-b', '--verbose', ...projects], { cwd: ROOT, onLine });
}

function bundleWeb() {
  const vite = join(ROOT, 'node_modules/vite/bin/vite.js');
  const env = { ...process.env, NODE_ENV: 'production' };
  return run(process.execPath, [vite, 'build', '--logLevel', 'warn'], { cwd: join(ROOT, 'apps/web'), env });
}

function productsAreThere() {
  return SERVICES.map(programOf)
    .concat(join(ROOT, 'apps/web/dist/index.html'))
    .every((file) => existsSync(file));
}

/** A hash of everything that goes into the build. */
function buildStamp() {
  const hash = createHash('sha256').update(process.version);
  for (const file of ['package-lock.json', 'tsconfig.json', 'tsconfig.base.json'])
    hash.update(readFileSync(join(ROOT, file)));
  for (const folder of ['apps', 'libs']) {
    for (const file of filesBelow(join(ROOT, folder)))
      hash.update(file.slice(ROOT.length)).update(readFileSync(file));
  }
  return hash.digest('hex');
}

function filesBelow(folder) {
  return readdirSync(folder, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return SKIPPED_FOLDERS.has(entry.name) ? [] : filesBelow(path);
      return entry.isFile() ? [path] : [];
    });
}

function buildFailure(output) {
  const errors = output.split('\n').filter((line) => /error|Error|✗|\.tsx?[:(]/.test(line));
  const detail = (errors.length > 0 ? errors : output.split('\n')).slice(0, 25).join('\n');
  if (looksLikeFullDisk(output)) {
    return new Failure(
      'The disk is full: free some space (about 2 GB are needed) and run the command again.',
      { detail },
    );
  }
  return new Failure('The sources do not compile: correct the lines named above and run the command again.', {
    detail,
  });
}
