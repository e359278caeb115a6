import fastify, { type FastifyInstance } from 'fastify';
import { DomainError, noInstance } from '@foodshed/contracts';
import { addEdgeHooks, type EdgeParts } from './edge.hooks.js';
import type { EdgeRequest } from './edge.request.js';
import { RateLimiter } from './rate-limits.service.js';

describe('the edge, however the address is spelled', () => {
  let server: FastifyInstance;
  let counted: string[];

  beforeEach(() => {
    counted = [];
    const caller = { kind: 'anonymous' as const, instance: noInstance };
    const known = { caller, token: 'token', goodUntil: Infinity };
    server = fastify();
    addEdgeHooks(server, {
      config: { perMinute: { anonymous: 60, person: 60, apiToken: 60, signIn: 6 } },
      callers: { resolve: () => ({ known, credential: 'none' }), forgetCallerOf: () => undefined },
      limiter: { take: (key: string) => (counted.push(key.split(':')[0] ?? ''), 0), wait: () => 0 },
      log: { error: () => undefined, warn: () => undefined },
    } as unknown as EdgeParts);
    server.post('/api/session', (request) => ({ isKnown: !!(request as EdgeRequest).resolved }));
    server.get('/*', () => 'page');
  });

  afterEach(() => server.close());

  it.each(['/api/session', '/%61pi/session', '/api/sess%69on', '/a%70i/%73ession?x=1'])(
    'resolves the caller and counts the attempt at %s',
    async (url) => {
      const answer = await server.inject({ method: 'POST', url });
      expect(answer.json()).toEqual({ isKnown: true });
      expect(counted).toEqual(['sign-in', 'ip']);
    },
  );

  it.each(['/api/session', '/%61pi/session'])('refuses another site at %s', async (url) => {
    const answer = await server.inject({ method: 'POST', url, headers: { 'sec-fetch-site': 'cross-site' } });
    expect(answer.statusCode).toBe(403);
  });

  it('leaves pages alone', async () => {
    expect((await server.inject({ method: 'GET', url: '/shop' })).body).toBe('page');
    expect(counted).toEqual([]);
  });

  it('counts who asks for addresses of the API that do not exist', async () => {
    await server.inject({ method: 'GET', url: '/api/nothing' });
    expect(counted).toEqual(['ip']);
  });
});

describe('secrets that are nobody’s', () => {
  it('are asked for only so many times from one address', async () => {
    let asked = 0;
    const limiter = new RateLimiter(undefined);
    const server = fastify();
    addEdgeHooks(server, {
      config: { perMinute: { anonymous: 30, person: 60, apiToken: 60, signIn: 6 } },
      callers: {
        resolve: async () => {
          asked++;
          throw new DomainError('unauthenticated');
        },
        forgetCallerOf: () => undefined,
      },
      limiter,
      log: { error: () => undefined, warn: () => undefined },
    } as unknown as EdgeParts);
    server.get('/api/session', () => 'known');
    jest.spyOn(Date, 'now').mockReturnValue(1_800_000_000_000);
    const answers: number[] = [];
    for (let attempt = 0; attempt < 8; attempt++) {
      answers.push((await server.inject({ method: 'GET', url: '/api/session' })).statusCode);
    }
    expect(answers).toEqual([401, 401, 401, 401, 401, 429, 429, 429]);
    expect(asked).toBe(5);
    jest.restoreAllMocks();
    limiter.onModuleDestroy();
    await server.close();
  });
});
