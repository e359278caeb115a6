import type { INestApplicationContext } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { Redis } from 'ioredis';
import type { ServiceConfig } from '../config/service.config.js';
import { Database } from '../database/database.js';
import { missingMigrations } from '../database/migrations.js';
import type { EventConsumer } from '../events/consumer.js';
import { consumersOf } from '../events/consumers.js';
import { countDeadLetters } from '../events/dead-letters.js';
import { Outbox } from '../events/outbox.js';
import { Relay } from '../events/relay.js';
import { outboxState, removeOldRows, republishOne } from '../events/upkeep.js';
import { Tokens } from '../identity/tokens.js';
import { JobRunner } from '../jobs/job-runner.js';
import { ScheduledJob } from '../jobs/job.decorators.js';
import { Jobs } from '../jobs/jobs.js';
import { createLogger, type Logger } from '../observe/logger.js';
import { Management, type Check } from '../observe/management.js';
import { Metrics } from '../observe/metrics.js';
import { Bus } from '../rpc/bus.js';
import { RpcClient } from '../rpc/rpc.client.js';
import { RpcServer } from '../rpc/rpc.server.js';
import type { ServiceStatus } from '../rpc/status.rpc.js';
import { ClockSync } from '../time/clock.sync.js';
import { Clock } from '../time/clock.js';
import type { ServiceOptions } from './service-options.js';

const UPKEEP_MS = 3_600_000;
const REDIS_RETRY_MS = 1_000;

class Upkeep {
  constructor(private readonly database: Database) {}

  @ScheduledJob('remove-old-rows', { everyMs: UPKEEP_MS })
  async removeOldRows(): Promise<void> {
    await removeOldRows(this.database);
  }
}

/** The parts of one running service; they start in order and stop in the reverse order. */
export class Runtime {
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly rpcServer: RpcServer;
  managementPort = 0;
  readonly #clock = new Clock();
  readonly #tokens: Tokens;
  readonly #redis?: Redis;
  readonly #jobs: Jobs;
  readonly #outbox: Outbox;
  readonly #clockSync: ClockSync;
  #management?: Management;
  #relay?: Relay;
  #consumers: EventConsumer[] = [];
  #jobRunner?: JobRunner;
  #isReady = false;

  private constructor(
    private readonly options: ServiceOptions,
    private readonly config: ServiceConfig,
    private readonly bus: Bus,
    private readonly database: Database | undefined,
    log: Logger,
  ) {
    const { name } = config;
    this.log = log;
    this.metrics = new Metrics(name);
    this.#tokens = new Tokens(name, config.signingKey, config.verifyKeys);
    this.#redis = config.redisUrl ? connectRedis(config.redisUrl, log) : undefined;
    this.#jobs = new Jobs(name, this.#redis, log);
    this.#outbox = new Outbox(this.#clock);
    this.#clockSync = new ClockSync(bus, this.#clock, log);
    this.rpcServer = new RpcServer({
      service: name,
      bus,
      tokens: this.#tokens,
      metrics: this.metrics,
      log,
      status: () => this.#status(),
      republish: database && ((eventId) => republishOne(database, bus.connection, eventId)),
    });
  }

  static async open(options: ServiceOptions, config: ServiceConfig): Promise<Runtime> {
    const log = createLogger(config.name, config.logLevel);
    const bus = await Bus.connect({ service: config.name, ...config.nats }, log);
    try {
      const database =
        config.database && options.migrations
          ? await Database.open({
              ...config.database,
              schema: config.name,
              entities: options.entities as never,
            })
          : undefined;
      return new Runtime(options, config, bus, database, log);
    } catch (error) {
      await bus.close();
      throw error;
    }
  }

  /** What Nest can inject by class. */
  get parts(): object[] {
    const client = new RpcClient(this.bus, this.#tokens, this.metrics);
    const always = [this.metrics, this.#tokens, this.bus, this.#clock, this.#jobs, this.#outbox, client];
    return [...always, ...(this.database ? [this.database] : []), ...(this.#redis ? [this.#redis] : [])];
  }

  /** Sets the clock before anything is served. */
  async prepare(): Promise<void> {
    if (this.config.clock === 'simulated') await this.#clockSync.start();
  }

  async start(app: INestApplicationContext): Promise<void> {
    const { bus, log, metrics, database } = this;
    const service = this.config.name;
    const providers: object[] = app
      .get(DiscoveryService, { strict: false })
      .getProviders()
      .map(({ instance }: { instance: unknown }) => instance)
      .filter((instance): instance is object => typeof instance === 'object' && instance !== null);
    this.#jobRunner = new JobRunner(service, this.#jobs, this.#redis, metrics, log);
    this.#jobRunner.add(providers);
    if (database) {
      this.#relay = new Relay({ service, database, bus, outbox: this.#outbox, metrics, log });
      this.#relay.start();
      this.#consumers = consumersOf({ service, database, bus, metrics, log }, providers);
      for (const consumer of this.#consumers) consumer.start();
      this.#jobRunner.add([new Upkeep(database)]);
      this.#measure(database);
    }
    this.#jobRunner.start(this.#clock);
    this.#management = new Management(metrics, this.#checks());
    const { host, port } = this.config.management;
    this.managementPort = await this.#management.start(host, port);
    this.#isReady = true;
  }

  /** Finishes what was begun: requests first, then events and jobs, then what they left in the outbox. */
  async stop(app: INestApplicationContext): Promise<void> {
    this.#isReady = false;
    await app.close();
    await Promise.all([...this.#consumers.map((consumer) => consumer.stop()), this.#jobRunner?.stop()]);
    await this.#relay?.stop();
    await this.abandon();
  }

  /** Lets go of every connection. */
  async abandon(): Promise<void> {
    this.#clockSync.stop();
    await this.#jobs.close().catch((error: unknown) => this.log.warn({ error }, 'Redis was away at the end'));
    this.#redis?.disconnect();
    await this.bus.close();
    await this.database?.close();
    await this.#management?.stop();
  }

  async #status(): Promise<ServiceStatus> {
    const [faults = {}, outbox] = await Promise.all([
      this.#management?.faults(),
      this.database && outboxState(this.database).catch(() => undefined),
    ]);
    return {
      ready: this.#isReady && Object.keys(faults).length === 0,
      faults,
      outbox: outbox ?? null,
      clockOffsetMs: this.#clock.offsetMs,
      version: this.config.version,
    };
  }

  #checks(): Record<string, Check> {
    const { database, options } = this;
    const checks: Record<string, Check> = {
      service: async () => (this.#isReady ? undefined : 'is stopping'),
      nats: async () => (this.bus.connected ? undefined : 'is not connected'),
    };
    if (database) {
      checks['database'] = async () => {
        const missing = await missingMigrations(database, options.migrations ?? []);
        return missing.length > 0 ? `lacks migrations: ${missing.join(', ')}` : undefined;
      };
    }
    return checks;
  }

  #measure(database: Database): void {
    const { metrics } = this;
    metrics.gauge('foodshed_outbox_pending', 'Events that wait in the outbox', async () => {
      return (await outboxState(database)).pending;
    });
    metrics.gauge(
      'foodshed_outbox_age_seconds',
      'Age of the oldest event that waits in the outbox',
      async () => {
        return (await outboxState(database)).ageSeconds;
      },
    );
    metrics.gauge(
      'foodshed_consumer_lag',
      'Messages that wait for a consumer, over all replicas',
      async () => {
        const lags = this.#consumers.map(async (each) => [each.task.durable, await each.lag()] as const);
        return Object.fromEntries(await Promise.all(lags));
      },
      'consumer',
    );
    metrics.gauge('foodshed_dead_letters_kept', 'Events put aside and not replayed, of all services', () =>
      countDeadLetters(this.bus.connection),
    );
    metrics.gauge(
      'foodshed_database_pool',
      'Database connections of this process',
      async () => {
        const { totalCount, idleCount, waitingCount } = database.pool;
        return { open: totalCount, idle: idleCount, waiting: waitingCount };
      },
      'state',
    );
  }
}

/** A connection that waits for Redis for ever and tells once when it goes or comes back. */
function connectRedis(url: string, log: Logger): Redis {
  const redis = new Redis(url, {
    maxRetriesPerRequest: null,
    enableReadyCheck: true,
    retryStrategy: (attempt) => Math.min(REDIS_RETRY_MS, attempt * 50),
  });
  let isAway = false;
  redis.on('error', (error: Error) => {
    if (!isAway) log.warn({ error }, 'Redis is not reachable; nothing waits for it');
    isAway = true;
  });
  redis.on('ready', () => {
    if (isAway) log.info('Redis is reachable again');
    isAway = false;
  });
  return redis;
}
