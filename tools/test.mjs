import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startHost } from './host/host.mjs';
import { reportFailure } from './infrastructure/failure.mjs';
import { endRunning } from './infrastructure/run.mjs';
import { ROOT } from './infrastructure/state.mjs';
import { build } from './start/build.mjs';
import { obtainChromium } from './start/chromium.mjs';
import { installPackages } from './start/install.mjs';

const JEST = join(ROOT, 'node_modules/jest/bin/jest.js');
const below = (folders) => `^${ROOT.replaceAll(/[^\w/]/g, '\\$&')}/(${folders})`;
/** Specs of single parts, in parallel; then suites that boot whole systems, one after the other. */
const STAGES = {
  parts: [below('libs/|apps/'), '--maxWorkers=2'],
  whole: [below('test/'), '--runInBand'],
};
const FAST = [below('libs/|apps/|test/tidy'), '--maxWorkers=2'];

let host;
let jest;

/**
 * `npm test` runs everything; `--fast` leaves out what boots a whole system; anything else is handed to jest,
 * such as a path. The last line is the total.
 */
async function main(args) {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => void interrupted());
  await installPackages();
  const isFast = args.includes('--fast');
  const chosen = args.filter((argument) => argument !== '--fast');
  const stages = chosen.length > 0 ? [chosen] : isFast ? [FAST] : Object.values(STAGES);
  const env = { ...process.env };
  if (!isFast) {
    await build();
    env.CHROME_BIN = (await obtainChromium((line) => console.log(line))) ?? '';
    if (!env.CHROME_BIN) console.log(withoutBrowser());
  }
  host = await startHost({ log: process.env.FOODSHED_TEST_LOG ? (line) => console.error(line) : undefined });
  env.FOODSHED_TEST_HOST = host.url;
  const totals = { passed: 0, failed: 0 };
  try {
    for (const stage of stages) {
      const result = await runJest(stage, env);
      totals.passed += result.passed;
      totals.failed += result.failed;
    }
  } finally {
    await host.stop();
  }
  console.log(`\n${totals.passed} passed, ${totals.failed} failed`);
  process.exit(totals.failed > 0 || totals.passed === 0 ? 1 : 0);
}

function withoutBrowser() {
  return process.env.CI === 'true'
    ? 'Chromium was not found and could not be fetched: the browser tests will fail.'
    : 'Chromium was not found and could not be fetched: the browser tests are skipped. Install it, or set CHROME_BIN.';
}

/** Runs jest; returns how many tests passed and failed, where a suite that cannot run counts as one failure. */
async function runJest(args, env) {
  const folder = mkdtempSync(join(tmpdir(), 'foodshed-test-'));
  const report = join(folder, 'report.json');
  try {
    // A connection that a spec forgot must not keep the command from ending.
    const all = ['--passWithNoTests', '--forceExit', '--json', `--outputFile=${report}`, ...args];
    // With --json jest repeats the report on standard output, where nobody would read it.
    jest = spawn(process.execPath, [JEST, ...all], {
      cwd: ROOT,
      env,
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    const code = await new Promise((resolve) => jest.once('exit', (exitCode) => resolve(exitCode ?? 1)));
    const result = existsSync(report) ? JSON.parse(readFileSync(report, 'utf8')) : undefined;
    const failed = result ? result.numFailedTests + result.numRuntimeErrorTestSuites : 1;
    return { passed: result?.numPassedTests ?? 0, failed: code === 0 ? failed : Math.max(1, failed) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function interrupted() {
  endRunning();
  jest?.kill('SIGTERM');
  await host?.stop();
  console.error('\nStopped.');
  process.exit(130);
}

main(process.argv.slice(2)).catch(async (error) => {
  await host?.stop();
  process.exit(reportFailure(error));
});
