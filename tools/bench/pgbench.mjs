import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hasApt, libraryEnvironment, obtainPackages } from '../infrastructure/apt.mjs';
import { Failure } from '../infrastructure/failure.mjs';
import { findProgram, isProgram, run } from '../infrastructure/run.mjs';
import { cpuOfEndedChildren } from './cpu.mjs';
import { summaryOf } from './figures.mjs';

/**
 * Returns pgbench of this machine, or of Debian's packages unpacked under `cache`.
 * @returns {Promise<{command: string, env: Record<string, string>, says: string}>}
 * @throws Failure when it cannot be had: there is no other reference for what the database can do
 */
export async function findPgbench({ cache, log }) {
  const found = findProgram('pgbench') ?? newestIn('/usr/lib/postgresql');
  if (found) return described(found, process.env);
  if (hasApt()) {
    const root = await obtainPackages({ cache, names: ['postgresql'], log });
    const unpacked = newestIn(join(root, 'usr/lib/postgresql'));
    if (unpacked) return described(unpacked, await libraryEnvironment(root));
  }
  throw new Failure(
    'pgbench was not found: install the package postgresql-contrib or postgresql, and run it again.',
  );
}

function newestIn(folder) {
  let versions;
  try {
    versions = readdirSync(folder).sort((a, b) => Number(b) - Number(a));
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  }
  return versions.map((version) => join(folder, version, 'bin/pgbench')).find((path) => isProgram(path));
}

async function described(command, env) {
  const version = await run(command, ['--version'], { env });
  return { command, env, says: version.stdout.trim() };
}

/** Fills a database with pgbench's TPC-B tables. @throws Failure */
export async function initialize(pgbench, { url, scale }) {
  const result = await run(pgbench.command, ['--initialize', '--quiet', `--scale=${scale}`, url], {
    env: pgbench.env,
  });
  if (result.code !== 0) throw new Failure('pgbench could not fill its tables.', { detail: result.output });
}

/**
 * Runs a script of statements, or TPC-B where none is given, prepared, for some seconds.
 * @returns {Promise<{perSecond: number, p50Ms: number, p99Ms: number, cpuMs: number, count: number}>} `cpuMs` is
 *   that of pgbench itself
 * @throws Failure when a transaction fails
 */
export async function runPgbench(pgbench, { url, script, clients, seconds }) {
  const folder = mkdtempSync(join(tmpdir(), 'foodshed-bench-'));
  try {
    const what = script ? [`--file=${join(folder, 'script.sql')}`] : ['--builtin=tpcb-like'];
    if (script) writeFileSync(join(folder, 'script.sql'), script);
    const log = ['--log', `--log-prefix=${join(folder, 'log')}`];
    const common = [
      '--no-vacuum',
      '--protocol=prepared',
      `--client=${clients}`,
      '--jobs=2',
      `--time=${seconds}`,
    ];
    const before = cpuOfEndedChildren();
    const result = await run(pgbench.command, [...common, ...what, ...log, url], {
      env: pgbench.env,
      timeoutMs: (seconds + 60) * 1_000,
    });
    const perSecond = Number(/tps = ([\d.]+)/.exec(result.output)?.[1]);
    if (result.code !== 0 || !(perSecond > 0))
      throw new Failure('pgbench failed.', { detail: result.output });
    const cpuMs = cpuOfEndedChildren() - before;
    return { ...summaryOf(latencies(folder)), perSecond, cpuMs };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Milliseconds per transaction; the third column of pgbench's log, in microseconds. */
function latencies(folder) {
  return readdirSync(folder)
    .filter((name) => name.startsWith('log.'))
    .flatMap((name) => readFileSync(join(folder, name), 'utf8').trim().split('\n'))
    .map((line) => Number(line.split(' ')[2]) / 1_000);
}
