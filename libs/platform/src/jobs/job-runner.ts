import { Worker, type Job } from 'bullmq';
import type { Redis } from 'ioredis';
import type { Logger } from '../observe/logger.js';
import type { Metrics } from '../observe/metrics.js';
import { requestContext, withRequest, type RequestContext } from '../observe/request.context.js';
import type { Clock } from '../time/clock.js';
import { handlersOf, schedulesOf } from './job.decorators.js';
import { QUEUE_PREFIX, type Jobs } from './jobs.js';

const SCHEDULE = 'schedule-';
const CONCURRENCY = 4;
const RESCHEDULE_MS = 60_000;

interface JobContent {
  readonly data?: object;
  readonly request?: RequestContext;
}

interface Schedule {
  readonly name: string;
  readonly everyMs: number;
  readonly run: () => Promise<void>;
}

/**
 * Runs a service's jobs and schedules. With Redis one replica runs each; without it every replica runs the
 * schedules from its own timer, which is safe because they look for what is due in Postgres.
 */
export class JobRunner {
  readonly #handlers = new Map<string, (data: object) => Promise<void>>();
  readonly #schedules: Schedule[] = [];
  readonly #timers: NodeJS.Timeout[] = [];
  readonly #running = new Map<string, Promise<void>>();
  readonly #again = new Set<string>();
  #worker?: Worker;

  constructor(
    private readonly service: string,
    private readonly jobs: Jobs,
    private readonly redis: Redis | undefined,
    private readonly metrics: Metrics,
    private readonly log: Logger,
  ) {}

  /** Adds what the providers declare with @ScheduledJob and @JobHandler. @throws Error for a name used twice. */
  add(providers: readonly object[]): void {
    for (const provider of providers) {
      const methods = provider as Record<string, (data?: object) => Promise<void>>;
      for (const { name, method } of handlersOf(provider)) {
        if (this.#handlers.has(name)) throw new Error(`two handlers for the job ${name}`);
        this.#handlers.set(name, async (data) => methods[method]?.call(provider, data));
      }
      for (const { name, everyMs, method } of schedulesOf(provider)) {
        if (this.#schedules.some((schedule) => schedule.name === name))
          throw new Error(`two schedules ${name}`);
        this.#schedules.push({ name, everyMs, run: async () => methods[method]?.call(provider) });
      }
    }
  }

  /** Starts; when simulated time moves, every schedule looks at once for what has become due. */
  start(clock: Clock): void {
    if (this.#handlers.size + this.#schedules.length === 0) return;
    clock.onMove(() => {
      for (const schedule of this.#schedules) void this.#runAlone(schedule);
    });
    for (const schedule of this.#schedules) {
      this.#timers.push(
        setInterval(() => !this.#redisIsThere && void this.#runAlone(schedule), schedule.everyMs),
      );
      void this.#runAlone(schedule);
    }
    if (!this.redis) return;
    this.#worker = new Worker(this.service, (job) => this.#process(job), {
      connection: this.redis,
      prefix: QUEUE_PREFIX,
      concurrency: CONCURRENCY,
    });
    // Redis coming and going is told once, by the connection.
    this.#worker.on('error', () => undefined);
    void this.#reschedule();
    this.#timers.push(setInterval(() => void this.#reschedule(), RESCHEDULE_MS));
  }

  /** Finishes the jobs in hand. */
  async stop(): Promise<void> {
    for (const timer of this.#timers.splice(0)) clearInterval(timer);
    if (this.#redisIsThere) await this.#worker?.close();
    else await this.#worker?.close(true).catch(() => undefined);
    await Promise.allSettled(this.#running.values());
  }

  get #redisIsThere(): boolean {
    return this.redis?.status === 'ready';
  }

  /** Makes the schedules in Redis, also again after it lost them. */
  async #reschedule(): Promise<void> {
    if (!this.#redisIsThere && this.#timers.length === 0) return;
    for (const { name, everyMs } of this.#schedules) {
      await this.jobs.queue
        ?.upsertJobScheduler(
          SCHEDULE + name,
          { every: everyMs },
          { name: SCHEDULE + name, opts: { removeOnComplete: true, removeOnFail: true } },
        )
        .catch((error: unknown) => this.log.warn({ error, job: name }, 'A schedule waits for Redis'));
    }
  }

  async #process(job: Job<JobContent>): Promise<void> {
    const schedule = this.#schedules.find(({ name }) => SCHEDULE + name === job.name);
    if (schedule) return this.#runAlone(schedule);
    const handler = this.#handlers.get(job.name);
    if (!handler) throw new Error(`no handler for the job ${job.name}`);
    await this.#observed(job.name, job.data.request, () => handler(job.data.data ?? {}));
  }

  /** Runs the schedule; asked for while it runs, it runs once more afterwards. */
  async #runAlone(schedule: Schedule): Promise<void> {
    const running = this.#running.get(schedule.name);
    if (running) {
      this.#again.add(schedule.name);
      return running;
    }
    const work = (async () => {
      do {
        this.#again.delete(schedule.name);
        // What failed is still due and looked for again next time.
        await this.#observed(schedule.name, undefined, schedule.run).catch(() => undefined);
      } while (this.#again.has(schedule.name));
    })();
    this.#running.set(schedule.name, work);
    await work;
    this.#running.delete(schedule.name);
  }

  async #observed(
    job: string,
    request: RequestContext | undefined,
    work: () => Promise<void>,
  ): Promise<void> {
    const stop = this.metrics.jobs.startTimer({ job });
    try {
      await withRequest(request ?? requestContext(), work);
      stop({ outcome: 'ok' });
    } catch (error) {
      stop({ outcome: 'failed' });
      this.log.error({ error, job }, 'A job failed and is tried again');
      throw error;
    }
  }
}
