import { setTimeout as delay } from 'node:timers/promises';

/**
 * Returns what `attempt` returns once it stops throwing (and, for a boolean, once it is true), trying again and
 * again; never a fixed sleep. @throws the last failure when the time is over.
 */
export async function eventually<T>(
  attempt: () => T | Promise<T>,
  { timeoutMs = 10_000, intervalMs = 50 }: { timeoutMs?: number; intervalMs?: number } = {},
): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    try {
      const result = await attempt();
      if (result !== false) return result;
      if (Date.now() > deadline) throw new Error(`did not become true within ${timeoutMs} ms`);
    } catch (error) {
      if (Date.now() > deadline) throw error;
    }
    await delay(intervalMs);
  }
}
