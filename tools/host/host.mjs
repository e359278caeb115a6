import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { sentenceFor } from '../infrastructure/failure.mjs';
import { CACHE } from '../infrastructure/state.mjs';
import { removeHome } from '../infrastructure.mjs';
import { Databases } from './databases.mjs';
import { Servers } from './servers.mjs';
import { Systems } from './systems.mjs';

const BODY_LIMIT_BYTES = 1_000_000;

/**
 * Starts what specs ask for their servers: databases, servers of their own, whole systems. It starts nothing
 * until it is asked, so that specs of pure rules cost nothing; `stop` leaves no process and no file.
 * @returns {Promise<{url: string, stop: () => Promise<void>}>} the address contains a secret
 */
export async function startHost({ log = () => undefined } = {}) {
  const folder = join(CACHE, 'tests');
  mkdirSync(folder, { recursive: true });
  await removeLeftovers(folder, log);
  const home = join(folder, String(process.pid));
  mkdirSync(home, { recursive: true });
  const parts = {
    databases: new Databases(home, log),
    servers: new Servers(home, log),
    systems: new Systems(home, log),
  };
  const secret = randomBytes(12).toString('hex');
  const server = createServer((request, response) => {
    void answer(parts, secret, request).then(
      (result) => response.writeHead(200).end(JSON.stringify(result ?? {})),
      (error) => {
        log(`test host: ${error.stack ?? error}`);
        response
          .writeHead(500)
          .end(JSON.stringify({ error: sentenceFor(error), detail: error.detail ?? '' }));
      },
    );
  });
  server.requestTimeout = 0;
  server.keepAliveTimeout = 1;
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}/${secret}`,
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await parts.systems.stop();
      await parts.servers.stop();
      await parts.databases.stop();
      await removeHome(home, log);
      rmSync(home, { recursive: true, force: true });
    },
  };
}

/** Every request is `POST /<secret>/<part>/<method>` with the method's argument as JSON. */
async function answer(parts, secret, request) {
  const [, given, part, method] = request.url.split('/');
  const target = given === secret ? parts[part] : undefined;
  if (!target?.methods.includes(method))
    throw new Error(`nothing answers ${request.method} ${part}/${method}`);
  const chunks = [];
  let length = 0;
  for await (const chunk of request) {
    length += chunk.length;
    if (length > BODY_LIMIT_BYTES) throw new Error('the request is too long');
    chunks.push(chunk);
  }
  return target[method](JSON.parse(Buffer.concat(chunks).toString() || '{}'));
}

/** Removes what killed runs left behind, and ends their servers. */
async function removeLeftovers(folder, log) {
  for (const name of readdirSync(folder)) {
    if (existsSync(`/proc/${name}`) || (process.platform !== 'linux' && isAlive(Number(name)))) continue;
    const old = join(folder, name);
    for (const home of [old, ...readdirSync(old).map((inner) => join(old, inner))]) {
      if (existsSync(join(home, 'secrets.json'))) await removeHome(home, log);
    }
    rmSync(old, { recursive: true, force: true });
  }
}

function isAlive(pid) {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/** Returns a short name for a text of any length. */
export function shortHash(text) {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}
