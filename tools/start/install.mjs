import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Failure, looksLikeFullDisk, looksLikeNoNetwork } from '../infrastructure/failure.mjs';
import { run } from '../infrastructure/run.mjs';
import { CACHE, readJson, ROOT, writeJson } from '../infrastructure/state.mjs';
import { step } from './progress.mjs';

const STAMP = join(CACHE, 'installed.json');

/** Installs the packages of the lock file unless they are there; returns whether it did. @throws Failure */
export async function installPackages() {
  const stamp = installStamp();
  if (isInstalled(stamp)) return false;
  await step('Installing packages', async (current) => {
    const args = ['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=http'];
    // npm says what it fetches; counting that is all the progress it offers without a terminal.
    let fetched = 0;
    const onLine = (line) => {
      if (/http fetch GET 200/.test(line)) current.note(`${(fetched += 1)} fetched`);
    };
    const { command, first } = npm();
    const result = await run(command, [...first, ...args], {
      cwd: ROOT,
      env: { ...process.env, NX_DAEMON: 'false' },
      onLine,
    });
    if (result.code !== 0) throw installFailure(result.output);
  });
  writeJson(STAMP, { stamp });
  return true;
}

/** Whether the packages of this lock file are there, installed by this command or by hand. */
function isInstalled(stamp) {
  const installed = join(ROOT, 'node_modules/.package-lock.json');
  if (!existsSync(installed)) return false;
  const known = readJson(STAMP);
  if (known) return known.stamp === stamp || isNewer(installed, STAMP);
  return isNewer(installed, join(ROOT, 'package-lock.json'));
}

function isNewer(file, other) {
  return statSync(file).mtimeMs >= statSync(other).mtimeMs;
}

function installStamp() {
  const hash = createHash('sha256').update(`${process.version} ${process.platform} ${process.arch}`);
  const workspaces = ['apps', 'libs'].flatMap((folder) =>
    readdirSync(join(ROOT, folder)).map((name) => join(folder, name, 'package.json')),
  );
  for (const file of ['package.json', 'package-lock.json', ...workspaces.sort()]) {
    const path = join(ROOT, file);
    if (existsSync(path)) hash.update(file).update(readFileSync(path));
  }
  return hash.digest('hex');
}

/** The npm that runs this command, or the one on PATH. */
function npm() {
  const script = process.env.npm_execpath;
  return script?.endsWith('.js')
    ? { command: process.execPath, first: [script] }
    : { command: 'npm', first: [] };
}

function installFailure(output) {
  const lines = output.trim().split('\n');
  const errors = lines.filter((line) => /npm (error|ERR!)/.test(line));
  const detail = (errors.length > 0 ? errors : lines).slice(-12).join('\n');
  if (looksLikeFullDisk(output)) {
    return new Failure(
      'The disk is full: free some space (about 2 GB are needed) and run the command again.',
      { detail },
    );
  }
  if (/EUSAGE|can only install packages when/.test(output)) {
    return new Failure(
      'package-lock.json does not fit package.json: run `npm install` and then the command again.',
      { detail },
    );
  }
  if (looksLikeNoNetwork(errors.join('\n'))) {
    return new Failure(
      'The package registry cannot be reached: check the network (and proxy settings) and run the command again.',
      { detail },
    );
  }
  return new Failure(
    'npm could not install the packages: read the lines above, correct the cause and run the command again.',
    {
      detail,
    },
  );
}
