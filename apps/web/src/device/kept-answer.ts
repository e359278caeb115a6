import { ApiError } from '../api/client.js';
import { closeDevice, device, type Kept } from './device.js';

/** A bad connection is given this long for each request, where there is an earlier answer to show instead. */
const PATIENCE_MS = 6_000;

export interface KeptAnswer<T> {
  body: T;
  /** When the server said so; null when it has just done. */
  keptAt: string | null;
}

/** Whether the server was not reached, as opposed to having refused. */
export function isUnreached(error: unknown): boolean {
  return error instanceof ApiError && (error.status === 0 || error.status >= 502);
}

/** Asks, and keeps the answer on this device; without a connection, the answer kept last. @throws ApiError */
export async function keptAnswer<T>(
  name: string,
  ask: (patienceMs?: number) => Promise<T>,
): Promise<KeptAnswer<T>> {
  const kept = await readKept<T>(name);
  try {
    const body = await ask(kept && PATIENCE_MS);
    await keep(name, body);
    return { body, keptAt: null };
  } catch (error) {
    if (kept && isUnreached(error)) return { body: kept.body, keptAt: kept.at };
    throw error;
  }
}

/** What was kept under this name, and when; nothing when nothing was, or where this browser's storage fails. */
export async function readKept<T>(name: string): Promise<{ at: string; body: T } | undefined> {
  return stored(async (kept) => (await kept.get('answers', name)) as { at: string; body: T } | undefined);
}

/** Keeps it, where this browser's storage takes it: a full phone still shows what was answered. */
export async function keep(name: string, body: unknown): Promise<void> {
  await stored((kept) => kept.put('answers', { at: new Date().toISOString(), body }, name));
}

async function stored<T>(work: (kept: Kept) => Promise<T>): Promise<T | undefined> {
  const kept = await device();
  try {
    return kept ? await work(kept) : undefined;
  } catch (error) {
    // A browser may close a database behind the page's back; the next look opens it anew.
    if (error instanceof DOMException && error.name === 'InvalidStateError') closeDevice();
    return undefined;
  }
}

/** What was read here is forgotten when the session is over; ticks that wait carry ids only and stay. */
export async function forgetAnswers(): Promise<void> {
  await (await device())?.clear('answers');
}
