import { createHash } from 'node:crypto';
import { Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import type { Logger } from '../observe/logger.js';
import { currentRequest } from '../observe/request.context.js';

export const QUEUE_PREFIX = 'foodshed';
const ENQUEUE_TIMEOUT_MS = 1_000;
const ATTEMPTS = 8;

/** A valid job id made of any text: no colon, never an integer, at most 100 characters. */
export function jobIdOf(job: string, id: string): string {
  const readable = `${job}-${id}`;
  if (/^[A-Za-z0-9_.-]{1,100}$/.test(readable)) return readable;
  return `${job}-${createHash('sha256').update(id).digest('base64url')}`;
}

/**
 * Work a service owes itself. It is a wake-up only, enqueued after the commit: what is due is in Postgres and
 * polled too, so a Redis that is away or empty costs delay.
 */
export class Jobs {
  readonly #queue?: Queue;

  constructor(
    service: string,
    connection: Redis | undefined,
    private readonly log: Logger,
  ) {
    if (!connection) return;
    this.#queue = new Queue(service, { connection, prefix: QUEUE_PREFIX, skipWaitingForReady: true });
    this.#queue.on('error', () => undefined);
  }

  /** Enqueues the job once per id, however often it is asked. Never fails: a lost wake-up is found by the poll. */
  async enqueue(job: string, id: string, data: object, options: { delayMs?: number } = {}): Promise<void> {
    if (!this.#queue) return;
    const added = this.#queue.add(
      job,
      { data, request: currentRequest() },
      {
        jobId: jobIdOf(job, id),
        delay: options.delayMs,
        attempts: ATTEMPTS,
        backoff: { type: 'exponential', delay: 500 },
        removeOnComplete: true,
        removeOnFail: { age: 7 * 86_400 },
      },
    );
    let timer: NodeJS.Timeout | undefined;
    const patience = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => reject(new Error('Redis did not answer')), ENQUEUE_TIMEOUT_MS);
    });
    try {
      await Promise.race([added, patience]);
    } catch (error) {
      added.catch(() => undefined);
      this.log.warn({ error, job }, 'A job was not enqueued; the poll will find its work');
    } finally {
      clearTimeout(timer);
    }
  }

  get queue(): Queue | undefined {
    return this.#queue;
  }

  async close(): Promise<void> {
    await this.#queue?.close();
  }
}
