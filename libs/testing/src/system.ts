import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { askHost } from './host.js';

export type SystemService =
  'gateway' | 'orders' | 'hubs' | 'commission' | 'ledger' | 'developers' | 'contributions' | 'admin';
export type SystemServer = 'postgres' | 'nats' | 'redis';

export interface SystemOptions {
  /** Processes per service; 1 when left out. */
  readonly replicas?: number;
  /** Added to every service's environment. */
  readonly environment?: Record<string, string>;
  /** The folder of a backup (`tools/backup.mjs`) whose data it starts with. */
  readonly backup?: string;
  /** The services to start; all when left out. */
  readonly services?: readonly SystemService[];
}

interface SystemFacts {
  readonly id: string;
  /** The folder of its data and logs (`logs/<service>.log`). */
  readonly home: string;
  /** The address of each gateway replica. */
  readonly baseUrls: string[];
  readonly managementUrls: Record<SystemService, string[]>;
  readonly pids: Record<SystemService, (number | null)[]>;
  /** What a service is told from outside; enough to run its commands or to read its database. */
  readonly environments: Record<SystemService, Record<string, string>>;
  /** The first operator, who may sign in and make instances. */
  readonly operator: { readonly email: string; readonly password: string };
  /** The whole database, with all rights. */
  readonly postgresUrl: string;
  readonly nats: { readonly url: string; readonly user: string; readonly password: string };
  readonly redisUrl: string;
}

/** A running system of built services; time in it is simulated. */
export class RunningSystem {
  constructor(readonly facts: SystemFacts) {}

  /** The address of one gateway replica, the first when left out. */
  baseUrl(replica = 0): string {
    const url = this.facts.baseUrls[replica];
    if (!url) throw new Error(`the system has no gateway replica ${replica}`);
    return url;
  }

  /** The process ids as they are now. */
  async pids(): Promise<SystemFacts['pids']> {
    return (await this.#ask<SystemFacts>('facts')).pids;
  }

  /** Kills a service's processes (one, with `replica`); returns when they are ready again, unless `wait` is false. */
  kill(
    service: SystemService,
    options: { signal?: 'SIGKILL' | 'SIGTERM'; replica?: number; wait?: boolean } = {},
  ): Promise<void> {
    return this.#ask('killService', { service, ...options });
  }

  /** Stops services until `resume`. */
  stop(...services: SystemService[]): Promise<void> {
    return this.#ask('stopServices', { services });
  }

  /** Starts stopped services; returns when they are ready. */
  resume(...services: SystemService[]): Promise<void> {
    return this.#ask('startServices', { services });
  }

  /** Kills Postgres, NATS or Redis; returns when it was started again and answers, with its data. */
  killServer(which: SystemServer): Promise<void> {
    return this.#ask('killServer', { which });
  }

  pauseServer(which: SystemServer): Promise<void> {
    return this.#ask('pauseServer', { which });
  }

  resumeServer(which: SystemServer): Promise<void> {
    return this.#ask('resumeServer', { which });
  }

  /**
   * Runs a command of a built service, such as `runCommand('ledger', ['verify'])`; returns its exit code and what it wrote.
   */
  runCommand(service: SystemService, args: readonly string[]): Promise<{ code: number; output: string }> {
    const program = resolve(repositoryRoot(), 'apps', service, 'dist/main.js');
    return this.#execute([program, ...args], this.facts.environments[service]);
  }

  /** Runs a script of `tools/` (such as `backup.mjs`) against this system. */
  runTool(script: string, args: readonly string[] = []): Promise<{ code: number; output: string }> {
    const { PATH = '' } = this.facts.environments.gateway;
    return this.#execute([resolve(repositoryRoot(), 'tools', script), ...args], {
      PATH,
      FOODSHED_HOME: this.facts.home,
    });
  }

  /** Stops everything and removes its data; the shared system ends by itself after the last spec. */
  end(): Promise<void> {
    return this.#ask('end');
  }

  #ask<T>(method: string, argument: object = {}): Promise<T> {
    return askHost(`systems/${method}`, { id: this.facts.id, ...argument });
  }

  #execute(args: string[], env: Record<string, string>): Promise<{ code: number; output: string }> {
    return new Promise((done) => {
      const options = { env, cwd: repositoryRoot(), timeout: 120_000, maxBuffer: 32 * 1024 * 1024 };
      execFile(process.execPath, args, options, (error, stdout, stderr) => {
        done({ code: error ? Number(error.code ?? 1) : 0, output: stdout + stderr });
      });
    });
  }
}

/** A system of its own for one suite, on servers of its own. End it in `afterAll`. */
export async function startSystem(options: SystemOptions = {}): Promise<RunningSystem> {
  return new RunningSystem(await askHost<SystemFacts>('systems/start', options));
}

/** The one system that the suites of a run share; they must not kill anything in it, and make their own rows. */
export async function sharedSystem(): Promise<RunningSystem> {
  return new RunningSystem(await askHost<SystemFacts>('systems/shared', { replicas: 1 }));
}

/** The folder of the repository; jest runs there. */
export function repositoryRoot(): string {
  return process.cwd();
}
