import type { TickOutcome, WantedTick } from '@foodshed/contracts';
import { api, ApiError } from '../api/client.js';
import { device, type WaitingTick } from './device.js';

/** One request takes at most this many. */
const TICKS_AT_ONCE = 500;

/** What the server said of a tick; `unsaid` when its list was refused for the sake of others. */
export type TickAnswer = Omit<TickOutcome, 'outcome'> & {
  outcome: TickOutcome['outcome'] | 'forbidden' | 'unsaid';
};

export interface Answered {
  producerId: string;
  outcomes: TickAnswer[];
}

/** Everything that was ticked here and is not recorded yet, of every producer. */
export async function waitingTicks(): Promise<WaitingTick[]> {
  return (await (await device())?.getAll('ticks')) ?? [];
}

/** Notes a tick; it counts from now on in this browser and is sent when there is a connection. */
export async function noteTick(tick: WaitingTick): Promise<void> {
  const kept = await device();
  if (!kept) throw new ApiError(0, 'offline', 'This browser keeps nothing.');
  await kept.put('ticks', tick);
}

/** Forgets a wish that the server did not follow, once somebody has seen that. */
export async function dismissTick({ producerId, orderId, lineNumber }: WaitingTick): Promise<void> {
  await (await device())?.delete('ticks', [producerId, orderId, lineNumber]);
}

/**
 * Sends what waits, one tab at a time, and hands over each answer before the next request. A request whose
 * answer was lost is sent again as it was, with its key, before anything newer. @throws ApiError when unreached.
 */
export async function sendTicks(answered: (answer: Answered) => Promise<void>): Promise<void> {
  await navigator.locks.request('foodshed.ticks', async () => {
    for (let next = await takeRequest(); next; next = await takeRequest()) {
      const { producerId, idempotencyKey, ticks } = next;
      const outcomes = await send(producerId, idempotencyKey, ticks);
      await settle(producerId, ticks, outcomes);
      await answered({ producerId, outcomes });
    }
  });
}

async function send(producerId: string, idempotencyKey: string, ticks: WantedTick[]): Promise<TickAnswer[]> {
  try {
    const path = `/producers/${producerId}/packing-ticks`;
    const body = { ticks };
    return (await api<{ outcomes: TickOutcome[] }>(path, { method: 'POST', idempotencyKey, body })).outcomes;
  } catch (error) {
    if (!(error instanceof ApiError) || ![400, 403, 404, 422].includes(error.status)) throw error;
    return ticks.map(({ orderId, lineNumber }, index) => ({
      orderId,
      lineNumber,
      outcome: refusalOf(error, index),
      tick: null,
    }));
  }
}

/** Said beside each line and not asked for ever: of a list that was refused, the ticks that were named. */
export function refusalOf({ status, fields }: ApiError, index: number): TickAnswer['outcome'] {
  if (status === 403) return 'forbidden';
  const named = fields.flatMap(({ path }) => /^ticks\.(\d+)(?:\.|$)/.exec(path)?.[1] ?? []);
  return named.length === 0 || named.includes(String(index)) ? 'gone' : 'unsaid';
}

/** The request being sent, or a new one of what waits; written down before it goes out. */
async function takeRequest() {
  const transaction = (await device())?.transaction(['ticks', 'sending'], 'readwrite');
  if (!transaction) return undefined;
  const sending = transaction.objectStore('sending');
  const [producerId] = await sending.getAllKeys();
  const request = producerId && (await sending.get(producerId));
  if (request) return { producerId, ...request };
  const waiting = (await transaction.objectStore('ticks').getAll()).filter(({ refused }) => !refused);
  const first = waiting[0]?.producerId;
  if (!first) return undefined;
  const ticks = waiting
    .filter((tick) => tick.producerId === first)
    .slice(0, TICKS_AT_ONCE)
    .map(({ orderId, lineNumber, isPacked, quantity, version }) => ({
      orderId,
      lineNumber,
      isPacked,
      quantity,
      version,
    }));
  const fresh = { idempotencyKey: crypto.randomUUID(), ticks };
  await sending.put(fresh, first);
  await transaction.done;
  return { producerId: first, ...fresh };
}

/** What was recorded waits no longer, unless it was changed here meanwhile: then that is what waits, on top of it. */
async function settle(producerId: string, sent: readonly WantedTick[], outcomes: readonly TickAnswer[]) {
  const transaction = (await device())?.transaction(['ticks', 'sending'], 'readwrite');
  if (!transaction) return;
  const ticks = transaction.objectStore('ticks');
  for (const [index, { orderId, lineNumber, outcome, tick }] of outcomes.entries()) {
    const waiting = await ticks.get([producerId, orderId, lineNumber]);
    if (!waiting || outcome === 'unsaid') continue;
    const isChanged = waiting.isPacked !== sent[index]?.isPacked || waiting.quantity !== sent[index].quantity;
    if (outcome !== 'recorded') await ticks.put({ ...waiting, refused: outcome });
    else if (isChanged) await ticks.put({ ...waiting, version: tick?.version ?? 0 });
    else await ticks.delete([producerId, orderId, lineNumber]);
  }
  await transaction.objectStore('sending').delete(producerId);
  await transaction.done;
}
