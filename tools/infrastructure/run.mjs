import { spawn } from 'node:child_process';
import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const running = new Set();

/** Ends the programs that `run` waits for, so that an interrupted command leaves none of them. */
export function endRunning() {
  for (const child of running) child.kill('SIGTERM');
}

/**
 * Runs a program to its end, without input. Returns its exit code and what it wrote; a program that
 * cannot be started has the code 127.
 * @param {{cwd?: string, env?: object, uid?: number, timeoutMs?: number, onLine?: (line: string) => void}} [options]
 * @returns {Promise<{code: number, output: string, stdout: string}>}
 */
export function run(command, args, options = {}) {
  return new Promise((resolve) => {
    let output = '';
    let stdout = '';
    let rest = '';
    const { cwd, env, uid, timeoutMs, onLine } = options;
    const child = spawn(command, args, {
      cwd,
      env: env ?? process.env,
      stdio: ['ignore', 'pipe', 'pipe'],
      ...(timeoutMs ? { timeout: timeoutMs } : {}),
      ...(uid === undefined ? {} : { uid, gid: uid }),
    });
    running.add(child);
    const take = (data) => {
      output = (output + data).slice(-200_000);
      if (!onLine) return;
      const lines = (rest + data).split(/\r?\n/);
      rest = lines.pop() ?? '';
      for (const line of lines) onLine(line);
    };
    child.stdout.setEncoding('utf8').on('data', (data) => {
      stdout += data;
      take(data);
    });
    child.stderr.setEncoding('utf8').on('data', take);
    child.once('error', (error) => {
      running.delete(child);
      resolve({ code: 127, output: output + error.message, stdout });
    });
    child.once('close', (code, signal) => {
      running.delete(child);
      if (rest && onLine) onLine(rest);
      resolve({ code: code ?? (signal ? 1 : 0), output, stdout });
    });
  });
}

/** Returns the path of a program on PATH (and in the usual system folders), or undefined. */
export function findProgram(name) {
  const folders = (process.env.PATH ?? '').split(delimiter).concat('/usr/sbin', '/usr/bin', '/usr/local/bin');
  return folders
    .filter(Boolean)
    .map((folder) => join(folder, name))
    .find(isProgram);
}

/** Returns whether the path is a file that may be run. */
export function isProgram(path) {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch (error) {
    if (error instanceof Error) return false;
    throw error;
  }
}
