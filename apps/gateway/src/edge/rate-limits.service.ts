import { Recent } from '@foodshed/platform';
import type { OnModuleDestroy } from '@nestjs/common';
import type { Redis } from 'ioredis';

const WINDOW_MS = 10_000;
const SHARE_MS = 500;
const COUNTED_KEYS = 50_000;

interface Count {
  window: number;
  /** Requests of this replica that Redis does not know yet. */
  own: number;
  /** Requests of all replicas, when Redis was last asked. */
  shared: number;
}

/**
 * Counts requests per key in windows of ten seconds. Each replica counts in memory and adds its part to Redis
 * twice a second, so a request never waits for Redis, and without it each replica limits alone.
 */
export class RateLimiter implements OnModuleDestroy {
  readonly #counts = new Recent<string, Count>(COUNTED_KEYS);
  readonly #changed = new Map<string, Count>();
  readonly #timer: NodeJS.Timeout;

  constructor(private readonly redis: Redis | undefined) {
    this.#timer = setInterval(() => void this.#share(), SHARE_MS).unref();
  }

  /** Counts a request; returns 0, or the seconds to wait when the key has used its `perMinute` up. */
  take(key: string, perMinute: number, nowMs = Date.now()): number {
    const wait = this.wait(key, perMinute, nowMs);
    if (wait > 0) return wait;
    const window = Math.floor(nowMs / WINDOW_MS);
    let count = this.#counts.get(key);
    if (!count || count.window !== window) {
      count = { window, own: 0, shared: 0 };
      this.#counts.set(key, count);
    }
    count.own++;
    if (this.redis) this.#changed.set(key, count);
    return 0;
  }

  /** The seconds that `take` would say to wait; counts nothing. */
  wait(key: string, perMinute: number, nowMs = Date.now()): number {
    const window = Math.floor(nowMs / WINDOW_MS);
    const count = this.#counts.get(key);
    if (!count || count.window !== window) return 0;
    if (count.own + count.shared < Math.max(1, Math.floor((perMinute * WINDOW_MS) / 60_000))) return 0;
    return Math.max(1, Math.ceil(((window + 1) * WINDOW_MS - nowMs) / 1_000));
  }

  onModuleDestroy(): void {
    clearInterval(this.#timer);
  }

  async #share(): Promise<void> {
    const { redis } = this;
    if (redis?.status !== 'ready' || this.#changed.size === 0) return;
    const changed = [...this.#changed];
    this.#changed.clear();
    const commands = redis.pipeline();
    const parts = changed.map(([key, count]) => {
      const name = `rate:${count.window}:${key}`;
      commands.incrby(name, count.own).pexpire(name, 2 * WINDOW_MS);
      return { count, own: count.own };
    });
    // What Redis did not take is counted by this replica alone.
    const results = (await commands.exec().catch(() => null)) ?? [];
    for (const [index, { count, own }] of parts.entries()) {
      const [error, total] = results[2 * index] ?? [true];
      if (error || typeof total !== 'number') continue;
      count.shared = total;
      count.own -= own;
    }
  }
}
