import { readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { DomainError } from '@foodshed/contracts';
import type { Logger } from '@foodshed/platform';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';
import { sendProblem } from './problem.filter.js';

const IMMUTABLE = 'public, max-age=31536000, immutable';
const REVALIDATED = 'public, no-cache';

/** The paths of all files below the folder, with `/` and without a leading one. */
function filesBelow(folder: string): Set<string> {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  const root = resolve(folder);
  return new Set(
    entries
      .filter((entry) => entry.isFile())
      .map((entry) =>
        join(entry.parentPath, entry.name)
          .slice(root.length + 1)
          .replaceAll('\\', '/'),
      ),
  );
}

/**
 * Serves the built web application: files as they are (those with a hash in their name for ever), and its
 * one page for every other path, which the browser's router then reads.
 */
export async function serveWeb(server: FastifyInstance, webRoot: string, log: Logger): Promise<void> {
  const root = resolve(webRoot);
  const files = filesBelow(root);
  await server.register(fastifyStatic, { root, serve: false, cacheControl: false, preCompressed: true });
  server.get('/*', { config: { isWeb: true } }, (request, reply) => {
    const path = decodeURI(request.url.split('?', 1)[0] ?? '/').slice(1);
    if (files.has(path)) {
      const caching = path.startsWith('assets/') ? IMMUTABLE : REVALIDATED;
      return reply.header('cache-control', caching).sendFile(path);
    }
    if (path === 'api' || path.startsWith('api/') || path.startsWith('assets/')) {
      return sendProblem(
        reply,
        new DomainError('not-found', { detail: 'There is nothing at this address.' }),
        log,
      );
    }
    return reply.header('cache-control', REVALIDATED).sendFile('index.html');
  });
}
