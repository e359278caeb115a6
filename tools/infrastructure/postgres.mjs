import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { connect } from 'node:net';
import { totalmem } from 'node:os';
import { dirname, join } from 'node:path';
import { Child } from './child.mjs';
import { dockerArguments } from './docker.mjs';
import { Failure, looksLikeFullDisk } from './failure.mjs';
import { run } from './run.mjs';
import { IMAGES } from './servers.mjs';

/** Postgres refuses to run as root; `nobody` exists on every Linux. */
const UNPRIVILEGED_UID = 65534;

/**
 * Returns Postgres as a supervised child with its data under `home`; made on first use.
 * @param {{home: string, source: import('./servers.mjs').Source, port: number, password: string,
 *   durable: boolean, log: (line: string) => void}} options `durable: false` is for tests of single services only
 */
export async function postgresChild({ home, source, port, password, durable, log }) {
  const common = {
    name: 'postgres',
    logFile: join(home, 'logs', 'postgres.log'),
    stopSignal: 'SIGINT', // a fast shutdown: sessions are ended, nothing is lost
    readyTimeoutMs: 60_000,
    attempts: 3,
    isReady: () => answers(port),
    log,
  };
  const settings = Object.entries(serverSettings(durable)).flatMap(([key, value]) => [
    '-c',
    `${key}=${value}`,
  ]);
  if (source.kind === 'docker') {
    const data = join(home, 'postgres-docker');
    mkdirSync(data, { recursive: true });
    const mounts = [[data, '/var/lib/postgresql']];
    const env = {
      POSTGRES_PASSWORD: password,
      POSTGRES_INITDB_ARGS: '--locale=C.UTF-8 --auth=scram-sha-256',
    };
    const args = await dockerArguments({ home, name: 'postgres', port, inside: 5432, mounts, env });
    return new Child({
      ...common,
      command: 'docker',
      args: [...args, IMAGES.postgres, ...settings],
      stopSignal: 'SIGTERM',
    });
  }
  const place = await runnablePlace(home, source, log);
  await createCluster({ place, source, password });
  const listen = ['-c', 'listen_addresses=127.0.0.1', '-c', 'unix_socket_directories='];
  return new Child({
    ...common,
    command: join(place.programs, 'postgres'),
    args: ['-D', place.data, '-p', String(port), ...listen, ...settings],
    cwd: place.data,
    env: source.env,
    uid: place.uid,
  });
}

function serverSettings(durable) {
  const buffersMb = Math.max(32, Math.min(256, Math.floor(totalmem() / 2 ** 20 / 8)));
  return {
    max_connections: 300,
    shared_buffers: `${buffersMb}MB`,
    password_encryption: 'scram-sha-256',
    max_wal_size: '2GB',
    min_wal_size: '128MB',
    wal_level: 'replica',
    random_page_cost: 1.1,
    // The plans of prepared statements follow the statistics; those of a new system's tables should not wait a minute.
    autovacuum_naptime: '5s',
    timezone: 'UTC',
    log_timezone: 'UTC',
    // Refusals that the services expect (a constraint, a lock) are theirs to report.
    log_min_error_statement: 'panic',
    ...(durable ? {} : { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }),
  };
}

/** The folder of the data of this home, wherever a root user's Postgres could reach it. */
export function dataFolder(home) {
  const marker = join(home, 'postgres.elsewhere');
  return existsSync(marker) ? readFileSync(marker, 'utf8').trim() : join(home, 'postgres');
}

/** Makes the user that root's Postgres runs as the owner of a folder and all in it. */
export function giveToServer(folder) {
  if (process.getuid?.() === 0) spawnSync('chown', ['-R', `${UNPRIVILEGED_UID}:${UNPRIVILEGED_UID}`, folder]);
}

/** Removes the data of this home, also where it lies elsewhere. */
export function removeData(home) {
  const data = dataFolder(home);
  rmSync(data, { recursive: true, force: true });
  if (data !== join(home, 'postgres')) rmSync(dirname(data), { recursive: true, force: true });
}

/**
 * Returns programs and data folder that the server's user can reach. Root's Postgres runs as `nobody`,
 * who may not pass a private folder: programs and data then lie in /var/tmp.
 */
async function runnablePlace(home, source, log) {
  if (process.getuid?.() !== 0) return { data: join(home, 'postgres'), programs: source.folder };
  const uid = UNPRIVILEGED_UID;
  const reaches = async (path) => (await run('test', ['-x', path], { uid, cwd: '/' })).code === 0;
  const elsewhere = `/var/tmp/foodshed-${createHash('sha256').update(home).digest('hex').slice(0, 12)}`;
  const enter = () => {
    mkdirSync(elsewhere, { recursive: true, mode: 0o700 });
    chownSync(elsewhere, uid, uid);
  };
  let data = join(home, 'postgres');
  if (!(await reaches(home))) {
    enter();
    data = join(elsewhere, 'data');
    writeFileSync(join(home, 'postgres.elsewhere'), `${data}\n`);
    log(`postgres: ${home} is closed to the user it runs as, so its data is in ${data}`);
  }
  let programs = source.folder;
  if (!(await reaches(join(programs, 'postgres')))) {
    enter();
    const copy = join(elsewhere, 'programs');
    if (!existsSync(join(copy, 'bin/postgres')))
      cpSync(dirname(programs), copy, { recursive: true, verbatimSymlinks: true });
    await run('chown', ['-R', `${uid}:${uid}`, copy]);
    programs = join(copy, 'bin');
  }
  return { data, programs, uid };
}

/** Makes the cluster beside its place and moves it there, so that an interrupted start leaves no half of one. */
async function createCluster({ place, source, password }) {
  const version = await run(join(place.programs, 'postgres'), ['--version'], {
    env: source.env,
    uid: place.uid,
    cwd: '/',
  });
  const major = /(\d+)/.exec(version.stdout)?.[1];
  const versionFile = join(place.data, 'PG_VERSION');
  if (existsSync(versionFile)) {
    const made = readFileSync(versionFile, 'utf8').trim();
    if (made === major) return;
    throw new Failure(
      `The data was made by Postgres ${made} and this machine now offers ${major}: install Postgres ${made}, or begin anew with \`npm start -- --fresh\`.`,
    );
  }
  const fresh = `${place.data}.new`;
  rmSync(fresh, { recursive: true, force: true });
  mkdirSync(fresh, { recursive: true, mode: 0o700 });
  const passwordFile = `${fresh}.password`;
  writeFileSync(passwordFile, password, { mode: 0o600 });
  if (place.uid !== undefined)
    for (const path of [fresh, passwordFile]) chownSync(path, place.uid, place.uid);
  const locale =
    Number(major) >= 17
      ? ['--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C']
      : ['--locale=C.UTF-8'];
  const result = await run(
    join(place.programs, 'initdb'),
    [
      '-D',
      fresh,
      '-U',
      'postgres',
      `--pwfile=${passwordFile}`,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      '--no-sync',
      ...locale,
    ],
    { env: source.env, uid: place.uid, cwd: fresh },
  );
  rmSync(passwordFile, { force: true });
  if (result.code !== 0) throw initFailure(result.output);
  chmodSync(fresh, 0o700);
  await run('sync', ['-f', fresh]);
  renameSync(fresh, place.data);
}

function initFailure(output) {
  const detail = output.trim().split('\n').slice(-8).join('\n');
  const sentence = looksLikeFullDisk(output)
    ? 'The disk is full: free some space (about 2 GB are needed) and run the command again.'
    : 'Postgres could not make its data folder: read the lines above, remove the cause and run the command again.';
  return new Failure(sentence, { detail });
}

/** Returns whether the server asks for a password, which it does only once it takes connections. */
function answers(port) {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port });
    const end = (ready) => {
      socket.destroy();
      resolve(ready);
    };
    socket.setTimeout(1_000, () => end(false));
    socket.once('error', () => end(false));
    socket.once('close', () => resolve(false));
    socket.once('data', (data) => end(data[0] === 'R'.charCodeAt(0)));
    socket.once('connect', () => {
      const parameters = Buffer.from('user\0postgres\0database\0postgres\0\0');
      const header = Buffer.alloc(8);
      header.writeInt32BE(8 + parameters.length, 0);
      header.writeInt32BE(196_608, 4); // protocol 3.0
      socket.write(Buffer.concat([header, parameters]));
    });
  });
}
