import {
  existsSync,
  mkdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { dataFolder } from './postgres.mjs';

/** The repository's folder. */
export const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '../..');

/** Where fetched packages are kept for every data folder of this clone. */
export const CACHE = join(ROOT, '.foodshed');

/** Returns the data folder: FOODSHED_HOME, or `.foodshed` in this clone; makes it. */
export function homeFolder() {
  const home = resolve(process.env.FOODSHED_HOME ?? CACHE);
  mkdirSync(home, { recursive: true });
  return home;
}

/** Returns a JSON file's content, or undefined where there is none. */
export function readJson(file) {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined;
}

/** Writes a JSON file that only its owner can read, all of it or nothing. */
export function writeJson(file, value) {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(`${file}.new`, `${JSON.stringify(value, null, 2)}\n`, { mode: 0o600 });
  renameSync(`${file}.new`, file);
}

/** Returns what runs on this data folder (`{pid, ...}`), or undefined when its starter is gone. */
export function readRunning(home) {
  const running = readJson(join(home, 'running.json'));
  return running && isAlive(running.pid) && isSame(running) ? running : undefined;
}

/** Process ids are used again: the noted process is the one that was born when the note says. */
function isSame({ pid, birth }) {
  return birth === undefined || birth === birthOf(pid);
}

/** When a process was started, in ticks since the machine was; undefined where that cannot be known. */
function birthOf(pid) {
  const file = `/proc/${pid}/stat`;
  return existsSync(file) ? readFileSync(file, 'utf8').split(') ')[1]?.split(' ')[19] : undefined;
}

/** Notes what this process runs on the data folder, for the other commands. */
export function noteRunning(home, facts) {
  const file = join(home, 'running.json');
  const known = readJson(file);
  writeJson(file, {
    ...(known?.pid === process.pid ? known : {}),
    ...facts,
    pid: process.pid,
    birth: birthOf(process.pid),
  });
}

/** Removes the note. */
export function forgetRunning(home) {
  const file = join(home, 'running.json');
  if (readJson(file)?.pid === process.pid) rmSync(file, { force: true });
}

/** Ends servers that a killed starter left behind on this data folder. */
export async function endLeftovers(home, log) {
  const noted = readJson(join(home, 'running.json'));
  const postgres = readPostmasterPid(home);
  const left = [...(noted?.children ?? []), ...(postgres ? [postgres] : [])].filter((pid) =>
    belongsTo(pid, home),
  );
  if (left.length === 0) return;
  log(`ending ${left.length} processes that an earlier run left behind`);
  for (const signal of ['SIGINT', 'SIGKILL']) {
    for (const pid of left.filter(isAlive)) signalQuietly(pid, signal);
    for (let tries = 0; tries < 50 && left.some(isAlive); tries += 1) await delay(100);
  }
}

function readPostmasterPid(home) {
  const file = join(dataFolder(home), 'postmaster.pid');
  return existsSync(file) ? Number(readFileSync(file, 'utf8').split('\n')[0]) : undefined;
}

/** Whether a process was started for this data folder; process ids are used again, so a number is no proof. */
function belongsTo(pid, home) {
  if (!isAlive(pid)) return false;
  try {
    const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
    const folder = readlinkSync(`/proc/${pid}/cwd`);
    return command.includes(home) || command.includes(dataFolder(home)) || folder.startsWith(home);
  } catch (error) {
    if (error.code === 'ENOENT' || error.code === 'EACCES') return false;
    throw error;
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

function signalQuietly(pid, signal) {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if (error.code !== 'ESRCH') throw error;
  }
}
