import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Failure, reportFailure } from './infrastructure/failure.mjs';
import { natsChild } from './infrastructure/nats.mjs';
import { freePort } from './infrastructure/ports.mjs';
import { postgresChild, removeData } from './infrastructure/postgres.mjs';
import { redisChild } from './infrastructure/redis.mjs';
import { DATABASE, prepareDatabase, withDatabase } from './infrastructure/roles.mjs';
import { DATABASE_SERVICES, publicKeys, readSecrets, TOOLS_USER } from './infrastructure/secrets.mjs';
import { findSource } from './infrastructure/servers.mjs';
import {
  CACHE,
  endLeftovers,
  forgetRunning,
  homeFolder,
  noteRunning,
  readJson,
  ROOT,
  writeJson,
} from './infrastructure/state.mjs';

/** Servers that somebody else runs, named by a URL with all rights in it. */
const GIVEN = { postgres: 'FOODSHED_POSTGRES_URL', nats: 'FOODSHED_NATS_URL', redis: 'FOODSHED_REDIS_URL' };

/**
 * Starts Postgres, NATS and Redis with their data under `home`, or takes those whose URLs are in the
 * environment; prepares database, schemas and roles. A server that dies is started again.
 * @param {{home?: string, log?: (line: string) => void, docker?: boolean, durable?: boolean, only?: string[],
 *   adopt?: (part: {stop: () => Promise<void>}) => void}} [options]
 *   `durable: false` trades safety for speed (tests of single services), `only` limits which servers are started,
 *   `adopt` is called before the first is, for whoever may have to stop in the middle
 * @throws Failure when a server cannot be had or will not start
 */
export async function startInfrastructure(options = {}) {
  const {
    log = () => undefined,
    docker = false,
    durable = true,
    only = ['postgres', 'nats', 'redis'],
  } = options;
  const home = options.home ?? homeFolder();
  mkdirSync(join(home, 'logs'), { recursive: true });
  await endLeftovers(home, log);
  const secrets = readSecrets(home);
  const portFile = join(home, 'ports.json');
  const ports = readJson(portFile) ?? {};
  const children = {};
  const start = {
    postgres: async (source) =>
      postgresChild({
        home,
        source,
        durable,
        log,
        port: ports.postgres,
        password: secrets.postgres.superuser,
      }),
    nats: async (source) =>
      natsChild({ home, source, log, port: ports.nats, monitorPort: ports.natsMonitor, secrets }),
    redis: async (source) =>
      redisChild({ home, source, durable, log, port: ports.redis, password: secrets.redis }),
  };
  const own = only.filter((server) => !process.env[GIVEN[server]]);
  for (const server of only) {
    if (!own.includes(server)) log(`${server}: the one named by ${GIVEN[server]}`);
  }
  for (const server of [...own, ...(own.includes('nats') ? ['natsMonitor'] : [])]) {
    ports[server] = await freePort(ports[server]);
  }
  writeJson(portFile, ports);
  let isStopped = false;
  const stop = async () => {
    isStopped = true;
    await Promise.all(Object.values(children).map((child) => child.stop()));
    forgetRunning(home);
  };
  options.adopt?.({ stop });
  try {
    for (const server of own) {
      const source = await findSource(server, { cache: CACHE, root: ROOT, docker, log });
      log(`${server}: ${source.says}`);
      const child = await start[server](source);
      if (isStopped) throw new Failure('Stopped while starting.');
      children[server] = child;
      await children[server].start();
    }
    const urls = serverUrls(ports, secrets);
    if (only.includes('postgres')) await prepareDatabase({ superuserUrl: urls.superuserUrl, secrets });
    const noteChildren = () =>
      noteRunning(home, { children: Object.values(children).map((child) => child.pid) });
    noteChildren();
    return { ...handle({ home, secrets, urls, children, noteChildren }), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function handle({ home, secrets, urls, children, noteChildren }) {
  return {
    home,
    secrets,
    postgres: urls.superuserUrl && {
      url: withDatabase(urls.superuserUrl, DATABASE),
      superuserUrl: urls.superuserUrl,
    },
    nats: { url: urls.nats, user: TOOLS_USER, password: secrets.nats[TOOLS_USER] },
    redis: { url: urls.redis },
    children,
    serviceEnvironment: (name) => serviceEnvironment(name, { secrets, urls }),
    /** Kills a server, which is then started again on the same port and data. */
    kill: (which, signal = 'SIGKILL') => children[which].kill(signal),
    /** Stops a server in order and starts it again. */
    restart: async (which) => {
      await children[which].stop();
      await children[which].start();
      noteChildren();
    },
    /** Returns once the server answers. */
    whenReady: async (which) => {
      await children[which].whenReady();
      noteChildren();
    },
  };
}

/** Returns the addresses of the servers of a data folder; those that are not run there have none. */
export function serverUrls(ports, secrets) {
  const given = (server) => process.env[GIVEN[server]];
  return {
    superuserUrl: given('postgres') ?? (ports.postgres && superuserUrl(secrets, ports.postgres)),
    nats: given('nats') ?? `nats://127.0.0.1:${ports.nats}`,
    redis: given('redis') ?? `redis://:${secrets.redis}@127.0.0.1:${ports.redis}`,
  };
}

function superuserUrl(secrets, port) {
  return `postgresql://postgres:${secrets.postgres.superuser}@127.0.0.1:${port}/postgres`;
}

/**
 * Returns the environment with which a service reaches its servers and proves who it is.
 * @param {string} name the service, or `tools`
 */
export function serviceEnvironment(name, { secrets, urls, database = DATABASE }) {
  const given = process.env[GIVEN.nats] ? new URL(process.env[GIVEN.nats]) : undefined;
  const environment = {
    NATS_URL: given ? `nats://${given.host}` : urls.nats,
    NATS_USER: given?.username || name,
    NATS_PASSWORD: given?.password || secrets.nats[name],
    REDIS_URL: urls.redis,
    VERIFY_KEYS: JSON.stringify(publicKeys(secrets)),
  };
  if (secrets.keys[name]) environment.SIGNING_KEY = JSON.stringify(secrets.keys[name]);
  if (DATABASE_SERVICES.includes(name)) {
    const url = (role) => withDatabase(urls.superuserUrl, database, role, secrets.postgres[role]);
    environment.DATABASE_URL = url(`${name}_app`);
    environment.DATABASE_OWNER_URL = url(`${name}_owner`);
  }
  return environment;
}

/** Removes everything that was kept for this data folder, save fetched packages and settings of the clone. */
export async function removeHome(home, log) {
  await endLeftovers(home, log);
  removeData(home);
  for (const name of [
    'postgres.elsewhere',
    'postgres-docker',
    'nats',
    'redis',
    'logs',
    'secrets.json',
    'demo.json',
    'demo.begun',
    'migrated.json',
    'ports.json',
  ]) {
    rmSync(join(home, name), { recursive: true, force: true });
  }
}

/** `npm run infrastructure`: the three servers alone, until Ctrl-C. */
async function main() {
  const home = homeFolder();
  const log = (line) => console.log(line);
  if (process.argv.includes('--fresh') && existsSync(home)) await removeHome(home, log);
  const infrastructure = await startInfrastructure({ home, log, docker: process.argv.includes('--docker') });
  console.log(`Postgres   ${infrastructure.postgres.url}`);
  console.log(
    `NATS       ${infrastructure.nats.url} (user ${TOOLS_USER}, passwords in ${join(home, 'secrets.json')})`,
  );
  console.log(`Redis      ${infrastructure.redis.url}`);
  console.log('A service’s environment: node tools/environment.mjs <service>. Ctrl-C stops the servers.');
  const keepAlive = setInterval(() => undefined, 60_000);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.once(signal, () => {
      clearInterval(keepAlive);
      void infrastructure.stop().then(() => process.exit(0));
    });
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  main().catch((error) => process.exit(reportFailure(error)));
}
