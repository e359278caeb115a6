import { Kvm, type KV } from '@nats-io/kv';
import type { NatsConnection } from '@nats-io/transport-node';
import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from '../observe/logger.js';
import type { Bus } from '../rpc/bus.js';
import type { Clock } from './clock.js';

const BUCKET = 'foodshed-clock';
const KEY = 'offset';
const RETRY_MS = 500;

async function bucketOf(connection: NatsConnection): Promise<KV> {
  return new Kvm(connection).create(BUCKET, { history: 1 });
}

/** Moves the simulated time of every service to the system's time plus `offsetMs`; needs the right to write it. */
export async function moveClock(connection: NatsConnection, offsetMs: number): Promise<void> {
  const bucket = await bucketOf(connection);
  await bucket.put(KEY, JSON.stringify(Math.round(offsetMs)));
}

/** What simulated time is ahead of the system's; 0 when it was never moved. */
export async function clockOffset(connection: NatsConnection): Promise<number> {
  const bucket = await bucketOf(connection);
  const entry = await bucket.get(KEY);
  return entry ? Number(entry.string()) : 0;
}

/** Keeps a service's clock at the shared offset, for ever. */
export class ClockSync {
  #running = true;
  #stop?: () => void;

  constructor(
    private readonly bus: Bus,
    private readonly clock: Clock,
    private readonly log: Logger,
  ) {}

  /** Returns when the clock has the offset that holds now; then follows it. */
  async start(): Promise<void> {
    this.clock.setOffset(await clockOffset(this.bus.connection));
    void this.#follow();
  }

  stop(): void {
    this.#running = false;
    this.#stop?.();
  }

  async #follow(): Promise<void> {
    while (this.#running) {
      try {
        const bucket = await bucketOf(this.bus.connection);
        const entries = await bucket.watch({ key: KEY });
        this.#stop = () => entries.stop();
        for await (const entry of entries) this.clock.setOffset(Number(entry.string()));
      } catch (error) {
        this.log.warn({ error }, 'The shared clock is not reachable; time goes on from where it was');
      }
      if (this.#running) await delay(RETRY_MS);
    }
  }
}
