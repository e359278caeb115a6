import { DomainError } from '@foodshed/contracts';
import fc from 'fast-check';
import { z } from 'zod';
import { ConfigError, loadConfig } from './config/service.config.js';
import { bodyHash } from './database/idempotency.js';
import { instanceScoped } from './database/tables.js';
import { jsonLines } from './database/values.js';
import { readMessage, type OutboxRow } from './events/message.js';
import { publicationsOf } from './events/publication.js';
import { messageIdOf } from './events/streams.js';
import { Recent } from './identity/recent.js';
import { jobIdOf } from './jobs/jobs.js';
import { createLogger } from './observe/logger.js';
import { requestContext } from './observe/request.context.js';
import { asDomainError, invalidInput, isTransient } from './rpc/problem.js';
import { newId } from './service/ids.js';

describe('Values in lines', () => {
  it('are as many lines as values, whatever is in them, and each is its value', () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue(), { minLength: 1 }), (values) => {
        const lines = jsonLines([...values, 'one\ntwo\r\n', { '\n': null }]).split('\n');
        expect(lines.map((line) => JSON.stringify(JSON.parse(line)))).toEqual(
          [...values, 'one\ntwo\r\n', { '\n': null }].map((value) => JSON.stringify(value)),
        );
      }),
    );
  });
});

describe('The configuration of a service', () => {
  const key = { kty: 'OKP', crv: 'Ed25519', x: 'x', kid: 'orders' };
  const complete = {
    NATS_URL: 'nats://127.0.0.1:4222',
    SIGNING_KEY: JSON.stringify({ ...key, d: 'd' }),
    VERIFY_KEYS: JSON.stringify({ keys: [key] }),
  };

  it('is one typed object', () => {
    expect(loadConfig('orders', { ...complete, DATABASE_URL: 'postgresql://h/d' })).toMatchObject({
      name: 'orders',
      clock: 'system',
      database: { poolSize: 8 },
      management: { host: '127.0.0.1', port: 0 },
    });
  });

  it.each([
    ['a missing variable', { ...complete, NATS_URL: '' }, 'NATS_URL'],
    ['a key that is not JSON', { ...complete, SIGNING_KEY: 'secret-value' }, 'SIGNING_KEY'],
    ['simulated time in production', { ...complete, ENVIRONMENT: 'production', CLOCK: 'simulated' }, 'CLOCK'],
    ['a pool above eight', { ...complete, DATABASE_POOL_SIZE: '9' }, 'DATABASE_POOL_SIZE'],
  ])('refuses %s, naming the variable and never its value', (_case, variables, name) => {
    const load = () => loadConfig('orders', variables);
    expect(load).toThrow(ConfigError);
    expect(load).toThrow(name);
    expect(load).not.toThrow('secret-value');
  });
});

describe('Messages made of outbox rows', () => {
  const row = (subject: string, size: number): OutboxRow => ({
    id: newId(),
    instance_id: newId(),
    subject,
    payload: JSON.stringify({ text: 'x'.repeat(size) }),
    headers: '{}',
    occurred_at: new Date(),
  });

  it('carry every event once, those of one subject together, and stay small', () => {
    const rows = fc.array(fc.record({ subject: fc.constantFrom('a.b', 'c.d'), size: fc.nat(60_000) }), {
      maxLength: 300,
    });
    fc.assert(
      fc.property(rows, (specs) => {
        const given = specs.map(({ subject, size }) => row(subject, size));
        const publications = publicationsOf(given);
        const ids = publications.flatMap(({ payload }) =>
          readMessage(Buffer.from(payload)).map(({ id }) => id),
        );
        expect([...ids].sort()).toEqual(given.map(({ id }) => id).sort());
        for (const { payload, ids: own, subject } of publications) {
          expect(own.length).toBeLessThanOrEqual(100);
          expect(payload.length).toBeLessThan(400_000);
          expect(given.filter(({ id }) => own.includes(id)).every((each) => each.subject === subject)).toBe(
            true,
          );
        }
      }),
      { numRuns: 30 },
    );
  });

  it('have an id that other events never share', () => {
    const [a, b, c] = [newId(), newId(), newId()];
    expect(messageIdOf([a])).toBe(a);
    expect(messageIdOf([a, b, c])).toBe(messageIdOf([a, b, c]));
    expect(messageIdOf([a, c])).not.toBe(messageIdOf([a, b, c]));
  });
});

describe('The hash of a body', () => {
  it('does not depend on the order of keys, and on everything else', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (body) => {
        const turned = Object.fromEntries(Object.entries(body).reverse());
        expect(bodyHash(turned)).toBe(bodyHash(body));
        expect(bodyHash({ ...body, extra: 1 })).not.toBe(bodyHash({ ...body, extra: 2 }));
      }),
    );
    expect(bodyHash([1, 2])).not.toBe(bodyHash([2, 1]));
    expect(bodyHash({ a: undefined })).toBe(bodyHash({}));
  });
});

describe('A failure', () => {
  it.each([
    ['a refusal', new DomainError('not-found'), 'not-found', false],
    [
      'a refused connection',
      Object.assign(new Error('x'), { code: 'ECONNREFUSED' }),
      'dependency-unavailable',
      true,
    ],
    [
      'a restarting database',
      Object.assign(new Error('x'), { code: '57P01' }),
      'dependency-unavailable',
      true,
    ],
    ['a statement timeout', Object.assign(new Error('x'), { code: '57014' }), 'timed-out', true],
    ['a broken constraint', Object.assign(new Error('x'), { code: '23505' }), 'internal-error', false],
    ['a fault', new TypeError('x'), 'internal-error', false],
    ['a thrown text', 'a string', 'internal-error', false],
  ])('that is %s counts as such', (_case, failure, code, transient) => {
    expect(asDomainError(failure).code).toBe(code);
    expect(isTransient(failure)).toBe(transient);
  });

  it('of input names the path of each field', () => {
    const schema = z.strictObject({ lines: z.array(z.strictObject({ quantity: z.int() })) });
    const parsed = schema.safeParse({ lines: [{ quantity: 1 }, { quantity: 'two', more: 1 }] });
    const fields = invalidInput(parsed.error!).options.fields?.map(({ path }) => path);
    expect(fields).toEqual(['lines.1.quantity', 'lines.1.more']);
  });
});

describe('Small parts', () => {
  it('forget the oldest entry beyond the limit', () => {
    const recent = new Recent<number, number>(2);
    for (const n of [1, 2, 3]) recent.set(n, n);
    expect([recent.get(1), recent.get(2), recent.get(3), recent.size]).toEqual([undefined, 2, 3, 2]);
  });

  it('make job ids that BullMQ takes', () => {
    fc.assert(
      fc.property(fc.string(), (id) => {
        const jobId = jobIdOf('job', id);
        expect(jobId).not.toMatch(/:/);
        expect(jobId).not.toMatch(/^\d+$/);
        expect(jobIdOf('job', id)).toBe(jobId);
      }),
    );
    expect(jobIdOf('job', 'a:b')).not.toBe(jobIdOf('job', 'a-b'));
  });

  it('take the trace id of a request that brings one, and make one of the request id otherwise', () => {
    const trace = '4bf92f3577b34da6a3ce929d0e0e4736';
    expect(requestContext('id', `00-${trace}-00f067aa0ba902b7-01`).traceId).toBe(trace);
    expect(requestContext('01a1fc5d-876a-72b5-bae7-c0c25d218bfc', 'nonsense').traceId).toHaveLength(32);
  });

  it('refuse to write SQL for a table that is not one', () => {
    expect(() => instanceScoped('orders; drop table x')).toThrow('not a table name');
  });

  it('keep names, contacts and tokens out of log lines', () => {
    const lines: string[] = [];
    const write = jest.spyOn(process.stdout, 'write').mockImplementation(() => true);
    const logger = createLogger('test', 'info');
    const stream = (logger as unknown as Record<symbol, { write(line: string): void }>)[
      Object.getOwnPropertySymbols(logger).find(({ description }) => description === 'pino.stream')!
    ]!;
    stream.write = (line) => void lines.push(line);
    logger.info(
      { person: { email: 'anna@example.org', name: 'Anna', id: 7 }, call: { token: 'abc' } },
      'signed in',
    );
    write.mockRestore();
    expect(lines.join()).not.toMatch(/anna|Anna|abc/);
    expect(lines.join()).toContain('"id":7');
  });
});
