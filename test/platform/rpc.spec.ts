import { DomainError, type CallContext } from '@foodshed/contracts';
import {
  Bus,
  createLogger,
  type Database,
  Metrics,
  newId,
  RpcClient,
  statusRpc,
  type RunningService,
} from '@foodshed/platform';
import { testNats, type TestDatabase, type TestNats } from '@foodshed/testing';
import { SignJWT, generateKeyPair } from 'jose';
import { instance, personContext, sampleDatabase, sampleRpc, startMaker, tokensOf } from './sample.js';

describe('A call from one service to another', () => {
  let nats: TestNats;
  let database: TestDatabase;
  let service: RunningService;
  let bus: Bus;
  let client: RpcClient;

  beforeAll(async () => {
    [nats, database] = await Promise.all([testNats(), sampleDatabase('orders')]);
    service = await startMaker(nats, database);
    const { user, password } = nats.as('gateway');
    bus = await Bus.connect(
      { service: 'gateway', url: nats.url, user, password },
      createLogger('gateway', 'silent'),
    );
    client = new RpcClient(bus, tokensOf('gateway'), new Metrics('gateway'));
  }, 60_000);

  afterAll(async () => {
    await bus.close();
    await service.close();
    await database.close();
    await nats.close();
  });

  const problemOf = async (call: Promise<unknown>): Promise<DomainError> => {
    const error: unknown = await call.then(
      () => new Error('it succeeded'),
      (failure: unknown) => failure,
    );
    if (error instanceof DomainError) return error;
    throw error;
  };

  const anonymous = async (): Promise<CallContext> => {
    const caller = { kind: 'anonymous' as const, instance };
    return { caller, requestId: newId(), token: (await tokensOf('gateway').issue(caller)).token };
  };

  it('answers with what the handler returns', async () => {
    const made = await client.call(
      sampleRpc.makeThing,
      { name: 'carrots', quantity: 3 },
      await personContext(),
    );
    expect(made.quantity).toBe(3);
  });

  it('names every field that is not valid', async () => {
    const input = { name: 'x'.repeat(21), quantity: 0, extra: 1 } as never;
    const problem = await problemOf(client.call(sampleRpc.makeThing, input, await personContext()));
    expect(problem.code).toBe('invalid-input');
    expect(problem.options.fields?.map(({ path }) => path).sort()).toEqual(['extra', 'name', 'quantity']);
  });

  it('carries a refusal with its code, its sentence and its facts', async () => {
    const problem = await problemOf(client.call(sampleRpc.misbehave, { how: 'refuse' }, await anonymous()));
    expect(problem).toMatchObject({
      code: 'stock-insufficient',
      options: { detail: 'Only 2 are left.', left: 2 },
    });
  });

  it.each(['fault', 'wrong-answer'] as const)(
    'hides what a %s in the program was, and gives an id to quote',
    async (how) => {
      const context = await anonymous();
      const problem = await problemOf(client.call(sampleRpc.misbehave, { how }, context));
      expect(problem.code).toBe('internal-error');
      expect(JSON.stringify(problem.toProblem())).not.toContain('secret');
      expect(problem.options['requestId']).toBe(context.requestId);
    },
  );

  it('says 503 with a time to retry when the database is away', async () => {
    const problem = await problemOf(client.call(sampleRpc.misbehave, { how: 'database' }, await anonymous()));
    expect(problem).toMatchObject({ code: 'dependency-unavailable', options: { retryAfterSeconds: 1 } });
  });

  it('gives up after the time the definition allows', async () => {
    const problem = await problemOf(client.call(sampleRpc.misbehave, { how: 'slow' }, await anonymous()));
    expect(problem.code).toBe('timed-out');
  });

  it('says 503 at once when nobody answers the subject', async () => {
    const nobody = { ...sampleRpc.makeThing, subject: 'commission.make-thing.v1' };
    const problem = await problemOf(client.call(nobody, { name: 'a', quantity: 1 }, await personContext()));
    expect(problem.code).toBe('dependency-unavailable');
  });

  it('answers its status without a token', async () => {
    await expect(client.call(statusRpc('orders'), {}, 'service')).resolves.toMatchObject({
      ready: true,
      clockOffsetMs: 0,
    });
  });

  describe('checks who is asking', () => {
    const make = (token: string) =>
      client.call(sampleRpc.makeThing, { name: 'a', quantity: 1 }, {
        requestId: newId(),
        token,
      } as CallContext);

    it('refuses a call without a token', async () => {
      await expect(make('')).rejects.toMatchObject({ code: 'unauthenticated' });
    });

    it('refuses a changed token', async () => {
      const { token } = await personContext();
      const [head, body, signature] = token.split('.') as [string, string, string];
      const claims = JSON.parse(Buffer.from(body, 'base64url').toString()) as { caller: { roles: string[] } };
      claims.caller.roles.push('operator');
      const forged = `${head}.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.${signature}`;
      await expect(make(forged)).rejects.toMatchObject({ code: 'unauthenticated' });
    });

    it('refuses an expired token', async () => {
      const { caller } = await personContext();
      const { token } = await tokensOf('admin').issue(caller, -1);
      await expect(make(token)).rejects.toMatchObject({ code: 'unauthenticated' });
    });

    it('refuses a token that another service, or nobody, signed for a person', async () => {
      const { caller } = await personContext();
      await expect(tokensOf('hubs').issue(caller)).rejects.toThrow('may not issue');
      const { privateKey } = await generateKeyPair('EdDSA');
      for (const kid of ['admin', 'hubs', 'nobody']) {
        const token = await new SignJWT({ caller: { ...caller } })
          .setProtectedHeader({ alg: 'EdDSA', kid })
          .setIssuer(kid)
          .setAudience('foodshed')
          .setExpirationTime('10m')
          .sign(privateKey);
        await expect(make(token)).rejects.toMatchObject({ code: 'unauthenticated' });
      }
    });

    it('refuses a token without a signature', async () => {
      const { token } = await personContext();
      const body = token.split('.')[1];
      const head = Buffer.from(JSON.stringify({ alg: 'none', kid: 'admin' })).toString('base64url');
      await expect(make(`${head}.${body}.`)).rejects.toMatchObject({ code: 'unauthenticated' });
    });

    it('asks an anonymous visitor to sign in, and refuses a service that is not listed', async () => {
      await expect(make((await anonymous()).token)).rejects.toMatchObject({ code: 'unauthenticated' });
      const asGateway = client.call(sampleRpc.makeThing, { name: 'a', quantity: 1 }, 'service');
      await expect(asGateway).rejects.toMatchObject({ code: 'forbidden' });
    });

    it('lets an operator, and no other person, do what is an operator’s', async () => {
      await expect(client.call(sampleRpc.operatorsOnly, {}, await personContext())).rejects.toMatchObject({
        code: 'forbidden',
      });
      const operator = await personContext({ roles: ['operator'] });
      await expect(client.call(sampleRpc.operatorsOnly, {}, operator)).resolves.toEqual({ fine: true });
    });
  });

  describe('with an idempotency key', () => {
    const key = 'the-same-key';

    it('is done once, and answers the same each time', async () => {
      const context = { ...(await personContext()), idempotencyKey: key };
      const answers = [];
      for (let i = 0; i < 5; i++)
        answers.push(await client.call(sampleRpc.makeThing, { name: 'once', quantity: 1 }, context));
      expect(new Set(answers.map(({ id }) => id)).size).toBe(1);
      const things = await database.database.queryIn(instance.id, `select 1 from things where name = 'once'`);
      expect(things).toHaveLength(1);
    });

    it('is refused with another body', async () => {
      const context = { ...(await personContext()), idempotencyKey: key };
      await client.call(sampleRpc.makeThing, { name: 'a', quantity: 1 }, context);
      const other = client.call(sampleRpc.makeThing, { name: 'a', quantity: 2 }, context);
      await expect(other).rejects.toMatchObject({ code: 'idempotency-key-reused' });
    });

    it('is told that the first one is still running', async () => {
      const context = { ...(await personContext()), idempotencyKey: key };
      const call = () => client.call(sampleRpc.makeThing, { name: 'slow', quantity: 1 }, context);
      const outcomes = await Promise.allSettled([call(), call(), call()]);
      const refused = outcomes.filter((outcome) => outcome.status === 'rejected');
      expect(refused).toHaveLength(2);
      for (const { reason } of refused) expect(reason).toMatchObject({ code: 'request-in-progress' });
    });

    it('does not meet the same key of another person', async () => {
      const [a, b] = await Promise.all([personContext(), personContext()]);
      const input = { name: 'each', quantity: 1 };
      const first = await client.call(sampleRpc.makeThing, input, a, { idempotencyKey: key });
      const second = await client.call(sampleRpc.makeThing, input, b, { idempotencyKey: key });
      expect(first.id).not.toBe(second.id);
    });
  });

  describe('inside one instance', () => {
    it('cannot see or write the rows of another', async () => {
      const other = newId();
      const app: Database = database.database;
      await client.call(sampleRpc.makeThing, { name: 'ours', quantity: 1 }, await personContext());
      await expect(app.queryIn(other, 'select * from things')).resolves.toEqual([]);
      await expect(app.query('select * from things')).resolves.toEqual([]);
      await expect(app.queryIn(other, 'update things set quantity = 9 returning id')).resolves.toEqual([]);
      const write = app.queryIn(other, 'insert into things values ($1, $2, $3, 1)', [
        instance.id,
        newId(),
        'theirs',
      ]);
      await expect(write).rejects.toThrow('row-level security');
      await expect(app.transaction('not an instance', async () => 1)).rejects.toThrow('instance id');
    });

    it('does not keep the scope of an earlier transaction on a connection', async () => {
      await database.database.queryIn(instance.id, 'select 1');
      for (let i = 0; i < 10; i++) {
        await expect(database.database.query('select * from things')).resolves.toEqual([]);
      }
    });
  });

  it('reads bigint columns as safe integers, and refuses what is not safe', async () => {
    const app = database.database;
    await expect(app.query('select 9007199254740991::bigint as n')).resolves.toEqual([
      { n: Number.MAX_SAFE_INTEGER },
    ]);
    await expect(app.query('select 9007199254740992::bigint as n')).rejects.toThrow('safe integer');
  });

  it('runs a transaction again after a deadlock or serialization failure', async () => {
    let attempts = 0;
    const result = await database.database.transaction(instance.id, async (tx) => {
      attempts++;
      if (attempts < 3)
        await tx.query(`do $$ begin raise exception 'try again' using errcode = '40001'; end $$`);
      return 'done';
    });
    expect([result, attempts]).toEqual(['done', 3]);
  });
});
