import { Module, Injectable } from '@nestjs/common';
import {
  Bus,
  Clock,
  createLogger,
  JobHandler,
  Jobs,
  Metrics,
  moveClock,
  RpcClient,
  ScheduledJob,
  startService,
  type RunningService,
} from '@foodshed/platform';
import { eventually, ownRedis, testNats, type TestDatabase, type TestNats } from '@foodshed/testing';
import {
  configOf,
  CreateSample1700000000000,
  MakerModule,
  personContext,
  sampleDatabase,
  sampleRpc,
  startMaker,
  tokensOf,
} from './sample.js';

const runs = { schedule: 0, jobs: [] as object[], failures: 0 };

@Injectable()
class SampleJobs {
  @ScheduledJob('look-for-what-is-due', { everyMs: 200 })
  async look(): Promise<void> {
    runs.schedule++;
  }

  @JobHandler('send-thing')
  async send(data: object): Promise<void> {
    if (runs.failures-- > 0) throw new Error('not yet');
    runs.jobs.push(data);
  }
}

@Module({ providers: [SampleJobs] })
class JobsModule {}

describe('A running service', () => {
  let nats: TestNats;
  let database: TestDatabase;

  beforeAll(async () => {
    [nats, database] = await Promise.all([testNats(), sampleDatabase('orders')]);
  }, 60_000);

  afterAll(async () => {
    await database.close();
    await nats.close();
  });

  const managementOf = (service: RunningService, path: string) =>
    fetch(`http://127.0.0.1:${service.managementPort}${path}`);

  it('is ready when database, schema and NATS are, and says in its metrics how it is', async () => {
    const service = await startMaker(nats, database);
    expect((await managementOf(service, '/health/live')).status).toBe(200);
    expect((await managementOf(service, '/health/ready')).status).toBe(200);
    const metrics = await (await managementOf(service, '/metrics')).text();
    for (const name of [
      'outbox_age_seconds',
      'outbox_pending',
      'database_pool',
      'rpc_handled_seconds',
      'events_published',
    ]) {
      expect(metrics).toContain(`foodshed_${name}`);
    }
    await nats.pause();
    await eventually(async () => (await managementOf(service, '/health/ready')).status === 503);
    expect((await managementOf(service, '/health/live')).status).toBe(200);
    await nats.resume();
    await eventually(async () => (await managementOf(service, '/health/ready')).status === 200);
    await service.close();
  }, 40_000);

  it('is not ready while the database lacks a migration it knows', async () => {
    class AddMore1800000000000 extends CreateSample1700000000000 {
      override readonly name = 'AddMore1800000000000' as never;
    }
    const migrations = [CreateSample1700000000000, AddMore1800000000000];
    const options = { name: 'orders' as const, module: MakerModule, migrations };
    const service = await startService(options, configOf('orders', nats, database.appUrl));
    const answer = await managementOf(service, '/health/ready');
    expect([answer.status, await answer.text()]).toEqual([
      503,
      expect.stringContaining('AddMore1800000000000'),
    ]);
    await service.close();
  });

  it('answers the calls it has begun before it ends', async () => {
    const service = await startMaker(nats, database);
    const bus = await Bus.connect(
      { service: 'gateway', url: nats.url, ...nats.as('gateway') },
      createLogger('gateway', 'silent'),
    );
    const client = new RpcClient(bus, tokensOf('gateway'), new Metrics('gateway'));
    const call = client.call(sampleRpc.makeThing, { name: 'slow', quantity: 1 }, await personContext());
    await eventually(async () => {
      const open = await database.owner.query(`select 1 from pg_locks where locktype = 'advisory'`);
      return open.length > 0;
    });
    const started = Date.now();
    await service.close();
    await expect(call).resolves.toMatchObject({ quantity: 1 });
    expect(Date.now() - started).toBeLessThan(3_000);
    // What it committed is published, although it is gone.
    await expect(database.owner.query('select 1 from outbox_pending')).resolves.toEqual([]);
    const later = client.call(sampleRpc.makeThing, { name: 'late', quantity: 1 }, await personContext());
    await expect(later).rejects.toMatchObject({ code: 'dependency-unavailable' });
    await bus.close();
  });

  it('follows the simulated time that tools set, also one set before it started', async () => {
    const tools = await Bus.connect(
      { service: 'tools', url: nats.url, ...nats.as('tools') },
      createLogger('tools', 'silent'),
    );
    await moveClock(tools.connection, 86_400_000);
    const service = await startMaker(nats, database);
    const clock = service.app.get(Clock);
    expect(clock.offsetMs).toBe(86_400_000);
    await moveClock(tools.connection, -3_600_000);
    await eventually(() => clock.offsetMs === -3_600_000);
    await moveClock(tools.connection, 0);
    await service.close();
    await tools.close();
  });

  describe('with jobs', () => {
    beforeEach(() => Object.assign(runs, { schedule: 0, jobs: [], failures: 0 }));

    const startJobs = (redisUrl?: string) =>
      startService({ name: 'orders', module: JobsModule }, configOf('orders', nats, undefined, redisUrl));

    it('runs schedules and jobs through Redis, a job once per id, again after it failed', async () => {
      const redis = await ownRedis();
      const service = await startJobs(redis.url);
      runs.failures = 1;
      const jobs = service.app.get(Jobs);
      for (let i = 0; i < 3; i++) await jobs.enqueue('send-thing', 'order:17', { order: 17 });
      await eventually(() => expect(runs.jobs).toEqual([{ order: 17 }]));
      await eventually(() => runs.schedule > 2);
      await service.close();
      await redis.close();
    }, 40_000);

    it('runs schedules on its own while Redis is away, and jobs again when it is back', async () => {
      const redis = await ownRedis();
      const service = await startJobs(redis.url);
      await eventually(() => runs.schedule > 1);
      await redis.pause();
      const before = runs.schedule;
      await eventually(() => runs.schedule > before + 3);
      await service.app.get(Jobs).enqueue('send-thing', 'lost', { order: 1 });
      await redis.resume();
      await eventually(async () => {
        await service.app.get(Jobs).enqueue('send-thing', 'found', { order: 2 });
        expect(runs.jobs).toContainEqual({ order: 2 });
      });
      await service.close();
      await redis.close();
    }, 40_000);

    it('runs schedules without any Redis, at once when simulated time moves', async () => {
      const service = await startJobs();
      await eventually(() => runs.schedule > 1);
      const before = runs.schedule;
      service.app.get(Clock).setOffset(1_000);
      await eventually(() => runs.schedule > before);
      await service.close();
    });
  });
});
