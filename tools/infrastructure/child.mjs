import { spawn, spawnSync } from 'node:child_process';
import { createWriteStream, mkdirSync, statSync, truncateSync } from 'node:fs';
import { dirname } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { Failure } from './failure.mjs';

const LOG_FILE_LIMIT_BYTES = 20_000_000;
const RESTART_DELAYS_MS = [50, 100, 250, 500, 1_000, 2_000];
const READY_POLL_MS = 20;

/**
 * One process that is kept alive: started, waited for until it is ready, started again when it dies, and
 * stopped for good by `stop`. It leads its own process group, so that Ctrl-C reaches only the starter,
 * which then stops everything in order; on Linux it also ends when the starter is killed.
 */
export class Child {
  #process;
  #wanted = false;
  #failures = 0;
  #tail = [];
  #exited = Promise.resolve();
  #starting;

  /**
   * @param {{name: string, command: string, args?: string[], cwd?: string, env?: Record<string, string>,
   *   uid?: number, logFile?: string, stopSignal?: string, stopTimeoutMs?: number, readyTimeoutMs?: number,
   *   isReady: () => Promise<boolean>, onLine?: (line: string) => void, log?: (line: string) => void}} options
   */
  constructor(options) {
    this.options = { stopSignal: 'SIGTERM', stopTimeoutMs: 10_000, readyTimeoutMs: 30_000, ...options };
    this.name = options.name;
    this.restarts = 0;
  }

  get pid() {
    return this.#process?.pid;
  }

  get isRunning() {
    return this.#process !== undefined;
  }

  /** Starts the process and returns when it is ready. @throws Failure when it ends or stays silent. */
  async start() {
    if (this.#wanted) return this.whenReady();
    this.#wanted = true;
    this.#openLog();
    this.#spawn();
    try {
      await this.#becomesReady({ giveUpOnExit: true });
    } catch (error) {
      await this.stop();
      throw error;
    }
  }

  /** Returns once the process answers, also when it is being started again. */
  whenReady() {
    return this.#becomesReady({ giveUpOnExit: false });
  }

  /** Sends a signal; an ending that nobody asked for is followed by a new start. */
  kill(signal = 'SIGKILL') {
    return this.#process?.kill(signal) ?? false;
  }

  /** Returns when the process that runs now has ended. */
  exited() {
    return this.#exited;
  }

  /** Asks the process to end, and ends it by force after the time allowed; it is not started again. */
  async stop() {
    this.#wanted = false;
    clearTimeout(this.#starting);
    const running = this.#process;
    if (running) {
      running.kill(this.options.stopSignal);
      const timer = setTimeout(() => running.kill('SIGKILL'), this.options.stopTimeoutMs);
      await this.#exited;
      clearTimeout(timer);
    }
    this.logStream?.end();
    this.logStream = undefined;
  }

  /** The last lines it wrote, for messages about a failed start. */
  get lastLines() {
    return this.#tail.join('\n');
  }

  #spawn() {
    const { command, args = [], cwd, env, uid } = this.options;
    const [program, ...rest] = [...endWithStarter(this.options.stopSignal), command, ...args];
    const child = spawn(program, rest, {
      cwd,
      env: env ?? process.env,
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
      ...(uid === undefined ? {} : { uid, gid: uid }),
    });
    this.#process = child;
    this.#exited = new Promise((resolve) => {
      const ended = (reason) => {
        if (this.#process !== child) return;
        this.#process = undefined;
        resolve();
        this.#ended(reason);
      };
      child.once('error', (error) => ended(error.message));
      child.once('exit', (code, signal) => ended(signal ?? `exit code ${code}`));
    });
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on('line', (line) => this.#line(line));
    }
  }

  #ended(reason) {
    if (!this.#wanted) return;
    const wait = RESTART_DELAYS_MS[Math.min(this.#failures, RESTART_DELAYS_MS.length - 1)];
    this.#failures += 1;
    this.restarts += 1;
    this.#line(`ended (${reason}), starting again`);
    this.options.log?.(`${this.name} ended (${reason}); starting it again`);
    this.#starting = setTimeout(() => this.#wanted && this.#spawn(), wait);
  }

  async #becomesReady({ giveUpOnExit }) {
    const deadline = Date.now() + this.options.readyTimeoutMs;
    const restartsBefore = this.restarts;
    while (!(this.#process && (await this.options.isReady().catch(() => false)))) {
      const gaveUp = giveUpOnExit && this.restarts - restartsBefore >= (this.options.attempts ?? 1);
      if (gaveUp || Date.now() > deadline || !this.#wanted) {
        throw new Failure(
          `${this.name} will not start: read ${this.options.logFile ?? 'its output above'}, remove the cause and run the command again.`,
          { detail: this.lastLines },
        );
      }
      await delay(this.options.readyPollMs ?? READY_POLL_MS);
    }
    this.#failures = 0;
  }

  #openLog() {
    const { logFile } = this.options;
    if (!logFile || this.logStream) return;
    mkdirSync(dirname(logFile), { recursive: true });
    if (statSync(logFile, { throwIfNoEntry: false })?.size > LOG_FILE_LIMIT_BYTES) truncateSync(logFile);
    this.logStream = createWriteStream(logFile, { flags: 'a', mode: 0o600 });
    this.logStream.on('error', (error) => {
      this.logStream = undefined;
      this.options.log?.(`${this.name}: its log file cannot be written (${error.message})`);
    });
  }

  #line(line) {
    this.#tail.push(line);
    if (this.#tail.length > 15) this.#tail.shift();
    this.logStream?.write(`${line}\n`);
    this.options.onLine?.(line);
  }
}

let setprivWorks;

/** Returns the command prefix that makes Linux signal the process when its starter dies; empty elsewhere. */
function endWithStarter(signal) {
  setprivWorks ??=
    process.platform === 'linux' &&
    spawnSync('setpriv', ['--pdeathsig', 'TERM', 'true'], { stdio: 'ignore' }).status === 0;
  return setprivWorks ? ['setpriv', '--pdeathsig', signal.replace(/^SIG/, ''), '--'] : [];
}
