import { createHash } from 'node:crypto';
import { DomainError } from '@foodshed/contracts';
import { newId, requestContext, withRequest, type Logger } from '@foodshed/platform';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { GatewayConfig } from '../gateway.config.js';
import { Callers, type Resolved } from './callers.service.js';
import type { EdgeRequest } from './edge.request.js';
import { textOfFile } from './file-text.rules.js';
import { isFromThisSite } from './origin.rules.js';
import { sendProblem } from './problem.filter.js';
import type { RateLimiter } from './rate-limits.service.js';
import { API_POLICY, COMMON_HEADERS, PAGE_POLICY, STRICT_TRANSPORT } from './security.headers.js';
import { clearSessionCookie } from './session.cookie.js';
import { refuseUnstorable } from './zod.pipe.js';

export interface EdgeParts {
  readonly config: GatewayConfig;
  readonly callers: Callers;
  readonly limiter: RateLimiter;
  readonly log: Logger;
}

/** Proving who one is may be tried less often than anything else. */
const GUESSABLE = /^\/api\/(?:session|people|email-verifications|invitations\/acceptances)$/;
/** After these a person may do more, or less, than was known of them. */
const RIGHTS =
  /^\/api\/(?:enterprises(?:\/[^/]+\/managers(?:\/me)?)?|manager-invitations\/[^/]+\/acceptance|me|email-verifications)$/;
/** What is not because a service is away. */
const REFUSALS = new Set(['unauthenticated', 'not-found']);
const REQUEST_ID = /^[A-Za-z0-9-]{8,64}$/;
const SUSPECT_ESCAPE = /\\u(?:0000|[dD][89a-fA-F])/;

/** A client's own request id when it is harmless, else a new one. */
export function requestIdOf(request: { headers: Record<string, unknown> }): string {
  const given = request.headers['x-request-id'];
  return typeof given === 'string' && REQUEST_ID.test(given) ? given : newId();
}

/**
 * The API's route that answers, as it is declared, since an address may be spelled in many ways (`/%61pi`) and reach
 * the same one; where no such route answers, the address.
 */
function routeOf({ routeOptions, url }: FastifyRequest): string {
  const isApi = routeOptions.url?.startsWith('/api/');
  const route = (isApi ? routeOptions.url : undefined) ?? url.split('?', 1)[0] ?? '';
  return route.replace(/(?<=.)\/$/, '');
}

/** Adds to every request: its id and context, security headers, limits, the caller, and ETags to answers. */
export function addEdgeHooks(server: FastifyInstance, parts: EdgeParts): void {
  const { callers, config, log } = parts;
  for (const name of ['callContext', 'resolved', 'requestContext', 'hasSuspectText'])
    server.decorateRequest(name);
  addBodyParsers(server);
  server.addHook('onRoute', (route) => {
    const { bodyLimit } = (route.config ?? {}) as { bodyLimit?: number };
    if (bodyLimit) route.bodyLimit = bodyLimit;
  });
  server.addHook('onRequest', (incoming, reply, done) => {
    const request = incoming as EdgeRequest;
    const { traceparent } = request.headers;
    request.requestContext = requestContext(
      request.id,
      typeof traceparent === 'string' ? traceparent : undefined,
    );
    const route = routeOf(request);
    const isApi = route.startsWith('/api/');
    reply.headers(COMMON_HEADERS);
    reply.header('x-request-id', request.id);
    reply.header(
      'content-security-policy',
      isApi && !route.startsWith('/api/docs') ? API_POLICY : PAGE_POLICY,
    );
    if (config.isSecure) reply.header('strict-transport-security', STRICT_TRANSPORT);
    if (!isApi) return done();
    admit(request, reply, parts).then(
      () => done(),
      (error: unknown) => sendProblem(reply, error, log),
    );
  });
  server.addHook('preHandler', (incoming, reply, done) => {
    const request = incoming as EdgeRequest;
    if (request.hasSuspectText) {
      try {
        refuseUnstorable(request.body);
      } catch (error) {
        return sendProblem(reply, error, log);
      }
    }
    withRequest(request.requestContext, done);
  });
  server.addHook('onSend', (request, reply, payload, done) => {
    if (reply.statusCode === 403 || changedRights(request)) callers.forgetCallerOf(request);
    if (request.method !== 'GET' || reply.statusCode !== 200 || typeof payload !== 'string')
      return done(null, payload);
    return done(null, tagged(request, reply, payload));
  });
}

const changedRights = (request: FastifyRequest): boolean =>
  request.method !== 'GET' && RIGHTS.test(routeOf(request));

/** Resolves who asks, within the limits, from this site. @throws DomainError for whoever is not let in. */
async function admit(request: EdgeRequest, reply: FastifyReply, parts: EdgeParts): Promise<void> {
  const { config, limiter } = parts;
  const { headers, method } = request;
  // Secrets that are nobody's are counted too, as each of them asks admin.
  const refused = `refused:${request.ip}`;
  const countRefused = (error: unknown): never => {
    const isRefusal = error instanceof DomainError && REFUSALS.has(error.code);
    if (isRefusal) limiter.take(refused, config.perMinute.anonymous);
    throw error;
  };
  const facts = {
    method,
    host: headers.host,
    origin: headers.origin,
    fetchSite: headers['sec-fetch-site'] as string | undefined,
    publicOrigin: config.publicUrl?.origin,
  };
  if (headers.authorization === undefined && !isFromThisSite(facts)) {
    throw new DomainError('csrf-refused', {
      detail: 'Send this from the site itself, or with an API token.',
    });
  }
  if (method === 'POST' && GUESSABLE.test(routeOf(request)))
    limit(limiter.take(`sign-in:${request.ip}`, config.perMinute.signIn));
  limit(limiter.wait(refused, config.perMinute.anonymous));
  const resolving = parts.callers.resolve(request);
  const resolved = resolving instanceof Promise ? await resolving.catch(countRefused) : resolving;
  if (resolved.hasStaleCookie) limiter.take(refused, config.perMinute.anonymous);
  // Every route may be asked in an instance; the routes' own queries do not list it.
  delete (request.query as { instance?: unknown }).instance;
  countRequest(request, resolved, parts);
  if (resolved.hasStaleCookie) clearSessionCookie(reply);
  request.callContext = Callers.contextOf(resolved, request.id);
  request.resolved = resolved;
}

function countRequest(
  request: EdgeRequest,
  { known, credential }: Resolved,
  { config, limiter }: EdgeParts,
): void {
  const { anonymous, person, apiToken } = config.perMinute;
  if (known.caller.kind !== 'person') return limit(limiter.take(`ip:${request.ip}`, anonymous));
  const perMinute = credential === 'api-token' ? apiToken : person;
  limit(limiter.take(`person:${known.caller.personId}`, perMinute));
}

function limit(retryAfterSeconds: number): void {
  if (retryAfterSeconds === 0) return;
  throw new DomainError('rate-limited', {
    detail: `Too many requests; wait ${retryAfterSeconds} s.`,
    retryAfterSeconds,
  });
}

/** JSON, where `__proto__` is refused and an empty body is none, and CSV as text. */
function addBodyParsers(server: FastifyInstance): void {
  const parseJson = server.getDefaultJsonParser('error', 'error');
  server.removeContentTypeParser(['application/json', 'text/plain']);
  server.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    const text = body as string;
    if (text === '') return done(null, undefined);
    if (SUSPECT_ESCAPE.test(text)) (request as EdgeRequest).hasSuspectText = true;
    void parseJson(request, text, done);
  });
  server.addContentTypeParser('text/csv', { parseAs: 'buffer' }, (request, body, done) => {
    try {
      done(null, textOfFile(body as Buffer, request.headers['content-type']));
    } catch (error) {
      done(error as DomainError);
    }
  });
}

/** The payload with its ETag, or nothing and 304 when the client has it already. */
function tagged(request: FastifyRequest, reply: FastifyReply, payload: string): string {
  const tag =
    (reply.getHeader('etag') as string | undefined) ??
    `"${createHash('sha1').update(payload).digest('base64url')}"`;
  reply.header('etag', tag);
  if (!reply.hasHeader('cache-control')) reply.header('cache-control', 'private, no-cache');
  const known = request.headers['if-none-match'];
  if (known === undefined || !known.split(/\s*,\s*/).some((each) => each.replace(/^W\//, '') === tag))
    return payload;
  reply.code(304).removeHeader('content-type').removeHeader('content-length');
  return '';
}
