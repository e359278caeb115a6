import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Child } from '../infrastructure/child.mjs';
import { Failure } from '../infrastructure/failure.mjs';
import { freePort } from '../infrastructure/ports.mjs';
import { run } from '../infrastructure/run.mjs';
import { DATABASE_SERVICES, SERVICES } from '../infrastructure/secrets.mjs';
import { ROOT } from '../infrastructure/state.mjs';

/** Variables of this process that services may see; everything else they are told is written here. */
const INHERITED = [
  'PATH',
  'HOME',
  'LANG',
  'TZ',
  'TMPDIR',
  'LD_LIBRARY_PATH',
  'NODE_OPTIONS',
  'NODE_EXTRA_CA_CERTS',
];

/** Room for new objects: what a batch of events leaves behind is then collected less often. */
export const NODE_ARGUMENTS = [
  '--enable-source-maps',
  '--min-semi-space-size=32',
  '--max-semi-space-size=64',
];

/** Returns the built program of a service. */
export function programOf(service) {
  return join(ROOT, 'apps', service, 'dist', 'main.js');
}

/**
 * The services of one system, each as a process of its own, in one or more replicas, on given servers.
 */
export class Fleet {
  #replicas = new Map();

  /**
   * @param {{infrastructure: {serviceEnvironment: (name: string) => Record<string, string>, home: string},
   *   replicas?: number, environment?: Record<string, string>, httpPort?: number,
   *   onLine?: (service: string, line: string) => void, log?: (line: string) => void}} options
   *   `environment` is added to every service's
   */
  constructor(options) {
    this.options = { replicas: 1, environment: {}, ...options };
  }

  /** Returns the address of each gateway replica. */
  get baseUrls() {
    return this.#of('gateway').map(({ httpPort }) => `http://127.0.0.1:${httpPort}`);
  }

  /** Returns the management address of each replica by service. */
  get managementUrls() {
    return Object.fromEntries(
      [...this.#replicas].map(([service, list]) => [
        service,
        list.map(({ managementPort }) => `http://127.0.0.1:${managementPort}`),
      ]),
    );
  }

  /** Returns the process ids of each replica by service; null where none runs. */
  get pids() {
    return Object.fromEntries(
      [...this.#replicas].map(([service, list]) => [service, list.map(({ child }) => child.pid ?? null)]),
    );
  }

  /** Returns the whole environment of a service, for running one of its commands by hand. */
  environmentOf(service) {
    const inherited = INHERITED.filter((key) => process.env[key] !== undefined);
    return {
      ...Object.fromEntries(inherited.map((key) => [key, process.env[key]])),
      ...this.options.infrastructure.serviceEnvironment(service),
      ENVIRONMENT: 'development',
      ...this.options.environment,
    };
  }

  /** Brings every service's schema up to date. @throws Failure naming the service that could not */
  async migrate(services = DATABASE_SERVICES) {
    const results = await Promise.all(services.map((service) => this.#migrateOne(service)));
    const failed = results.find((result) => result.code !== 0);
    if (failed) {
      throw new Failure(
        `The database of ${failed.service} could not be migrated: read the lines above, correct the cause and run the command again.`,
        { detail: failed.output.trim().split('\n').slice(-15).join('\n') },
      );
    }
  }

  /** Names the first operator, who is needed to make the first instance; returns the credentials. @throws Failure */
  async nameOperator() {
    const { email, password } = this.options.infrastructure.secrets.operator;
    const env = { ...this.environmentOf('admin'), OPERATOR_EMAIL: email, OPERATOR_PASSWORD: password };
    const result = await run(process.execPath, [programOf('admin'), 'bootstrap-operator'], {
      cwd: ROOT,
      env,
    });
    if (result.code !== 0) {
      throw new Failure(
        'The first operator could not be named: read the lines above and run the command again.',
        {
          detail: result.output.trim().split('\n').slice(-15).join('\n'),
        },
      );
    }
    return { email, password };
  }

  async #migrateOne(service) {
    const options = { cwd: ROOT, env: this.environmentOf(service), timeoutMs: 120_000 };
    return { service, ...(await run(process.execPath, [programOf(service), 'migrate'], options)) };
  }

  /** Starts all replicas and returns when every one says that it is ready. @throws Failure otherwise */
  async start(services = SERVICES) {
    for (const service of services) {
      if (!existsSync(programOf(service))) {
        throw new Failure(`${service} is not built: run \`npm run build\` first.`);
      }
    }
    // The edge first, whose address the others are told.
    for (const service of [...services].sort((a, b) => Number(b === 'gateway') - Number(a === 'gateway'))) {
      if (!this.#replicas.has(service)) this.#replicas.set(service, await this.#create(service));
    }
    const children = services.flatMap((service) => this.#of(service).map(({ child }) => child));
    const results = await Promise.allSettled(children.map((child) => child.start()));
    const failed = results.find(({ status }) => status === 'rejected');
    if (failed) {
      await this.stop();
      throw failed.reason;
    }
  }

  /** Stops a service's replicas (all services without a name), the edge first; they stay down until `start`. */
  async stop(services = [...this.#replicas.keys()]) {
    const edge = services.filter((service) => service === 'gateway');
    for (const group of [edge, services.filter((service) => service !== 'gateway')]) {
      await Promise.all(group.flatMap((service) => this.#of(service).map(({ child }) => child.stop())));
    }
  }

  /** Sends a signal to one replica, or to all of a service, and returns when they have ended; they are started again. */
  async kill(service, { signal = 'SIGKILL', replica } = {}) {
    const chosen = this.#of(service).filter((_, index) => replica === undefined || replica === index);
    const endings = chosen.map(({ child }) => child.exited());
    for (const { child } of chosen) child.kill(signal);
    await Promise.all(endings);
  }

  /** Returns once every replica of the services is ready. */
  async whenReady(services = [...this.#replicas.keys()]) {
    const children = services.flatMap((service) => this.#of(service).map(({ child }) => child));
    await Promise.all(children.map((child) => child.whenReady()));
  }

  /** Gives the gateway another port, before it is started. */
  moveGateway(httpPort) {
    // Admin was told the address, for links in mails.
    for (const service of ['gateway', 'admin']) this.#replicas.delete(service);
    this.options.httpPort = httpPort;
  }

  #of(service) {
    return this.#replicas.get(service) ?? [];
  }

  async #create(service) {
    const list = [];
    for (let index = 0; index < this.options.replicas; index += 1)
      list.push(await this.#replica(service, index));
    return list;
  }

  async #replica(service, index) {
    const { infrastructure, replicas, onLine, log } = this.options;
    const managementPort = await freePort();
    const httpPort =
      service === 'gateway' ? (index === 0 && this.options.httpPort) || (await freePort()) : undefined;
    const name = replicas > 1 ? `${service}-${index + 1}` : service;
    // The owner's URL is for migrations, which are a step of their own.
    const { DATABASE_OWNER_URL: _owner, ...told } = this.environmentOf(service);
    const env = { ...told, MANAGEMENT_PORT: String(managementPort) };
    if (httpPort) {
      env.HTTP_HOST ??= '127.0.0.1';
      env.HTTP_PORT = String(httpPort);
      env.PUBLIC_URL ??= `http://127.0.0.1:${httpPort}`;
      env.WEB_ROOT ??= join(ROOT, 'apps/web/dist');
    }
    if (service === 'admin') {
      const [address] = this.baseUrls;
      if (address) env.PUBLIC_URL ??= address;
      env.MAIL_FOLDER ??= join(infrastructure.home, 'mail');
    }
    const child = new Child({
      name,
      command: process.execPath,
      args: [...NODE_ARGUMENTS, programOf(service)],
      cwd: ROOT,
      env,
      logFile: join(infrastructure.home, 'logs', `${name}.log`),
      readyTimeoutMs: 60_000,
      stopTimeoutMs: 10_000,
      readyPollMs: 100,
      isReady: async () => (await fetch(`http://127.0.0.1:${managementPort}/health/ready`)).ok,
      onLine: (line) => onLine?.(name, line),
      log,
    });
    return { child, managementPort, httpPort };
  }
}
