import { spawn } from 'node:child_process';
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from '../infrastructure/failure.mjs';
import { readJson, ROOT } from '../infrastructure/state.mjs';

const demoFile = (home) => join(home, 'demo.json');
const begunFile = (home) => join(home, 'demo.begun');

/** Whether the demo network is loaded on this data folder. */
export function isDemoLoaded(home) {
  return existsSync(demoFile(home)) && !existsSync(begunFile(home));
}

/** Whether a loading was interrupted, so that half of it is there. */
export function isDemoHalfLoaded(home) {
  return existsSync(begunFile(home));
}

/**
 * Loads the demo network through the running system's public API; its progress bar is shown as it is.
 * @param {{home: string, url: string, environment: Record<string, string>, adopt: (part: {stop: () => void}) => void}} options
 * @throws Failure when it could not be loaded
 */
export async function loadDemo({ home, url, environment, adopt }) {
  writeFileSync(begunFile(home), `${new Date().toISOString()}\n`);
  const env = { ...process.env, ...environment, GATEWAY_URL: url, FOODSHED_HOME: home };
  const loader = spawn(process.execPath, [join(ROOT, 'tools/demo/load.mjs')], {
    cwd: ROOT,
    env,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  adopt({ stop: () => void loader.kill('SIGTERM') });
  const code = await new Promise((resolve) => {
    loader.once('error', () => resolve(1));
    loader.once('exit', (exitCode) => resolve(exitCode ?? 1));
  });
  if (code !== 0) {
    throw new Failure(
      'The demo network could not be loaded: read the lines above, and begin anew with `npm start -- --fresh`.',
    );
  }
  rmSync(begunFile(home), { force: true });
}

/** Returns a line for each kind of user of the demo network who can sign in. */
export function signInLines(home, url) {
  const signIns = readJson(demoFile(home))?.signIns ?? [];
  return signIns.map(
    ({ role, email, password, path }) =>
      `  ${role.padEnd(16)} ${email.padEnd(34)} ${password.padEnd(20)} ${url}${path ?? '/'}`,
  );
}
