import type { DeliveryReason } from '@foodshed/contracts';

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;

/** The waits between tries that the Standard Webhooks scheme suggests: ten tries within a little more than three days. */
const WAITS_MS = [
  5 * SECOND_MS,
  5 * MINUTE_MS,
  30 * MINUTE_MS,
  2 * HOUR_MS,
  5 * HOUR_MS,
  10 * HOUR_MS,
  14 * HOUR_MS,
  20 * HOUR_MS,
  24 * HOUR_MS,
];
export const MOST_TRIES = WAITS_MS.length + 1;
/** A receiver that asks for more patience than this gets this much. */
const LONGEST_RETRY_AFTER_MS = 24 * HOUR_MS;
/** A part of each wait is left to chance, so that many deliveries do not all come back at one moment. */
const SCATTER = 0.1;

/** A larger body is not sent: receivers commonly refuse more. */
export const MOST_PAYLOAD_BYTES = 64 * 1024;
/** Deliveries are kept this long, also those that wait. */
export const KEPT_MS = 30 * 24 * HOUR_MS;
/** For so long after it was replaced a secret signs too. */
export const OVERLAP_MS = 24 * HOUR_MS;

/** What came of a try: an answer with a status, or none and why. */
export interface Attempt {
  readonly status: number | null;
  readonly reason: DeliveryReason | null;
  /** What the receiver asked for in `Retry-After`. */
  readonly retryAfterMs: number | null;
}

export type Outcome =
  | { readonly state: 'delivered' }
  | { readonly state: 'waiting'; readonly nextTryAt: Date }
  | { readonly state: 'failed'; readonly because: 'gave-up' | 'gone' | 'too-large' };

/** Why a status does not count as delivered; null for 2xx. Redirections are not followed. */
export function reasonOf(status: number): DeliveryReason | null {
  if (status >= 200 && status < 300) return null;
  return status >= 300 && status < 400 ? 'redirected' : 'refused-status';
}

/**
 * What becomes of a delivery after its n-th try; `chance` is in [0, 1). The receiver's `Retry-After` may lengthen a
 * wait, never shorten it. 410 is the scheme's way to say that nobody listens there any more.
 */
export function outcomeOf(attempt: Attempt, after: { tries: number; now: Date; chance: number }): Outcome {
  if (attempt.reason === null) return { state: 'delivered' };
  if (attempt.reason === 'too-large') return { state: 'failed', because: 'too-large' };
  if (attempt.status === 410) return { state: 'failed', because: 'gone' };
  const wait = WAITS_MS[after.tries - 1];
  if (wait === undefined) return { state: 'failed', because: 'gave-up' };
  const asked = Math.min(attempt.retryAfterMs ?? 0, LONGEST_RETRY_AFTER_MS);
  const waitMs = Math.max(Math.round(wait * (1 + SCATTER * after.chance)), asked);
  return { state: 'waiting', nextTryAt: new Date(after.now.getTime() + waitMs) };
}

/** Milliseconds of a `Retry-After` header, in seconds or as a date; null when there is none that can be read. */
export function retryAfterMs(header: string | undefined, now: Date): number | null {
  if (header === undefined) return null;
  if (/^\d{1,9}$/.test(header)) return Number(header) * SECOND_MS;
  const at = Date.parse(header);
  return Number.isNaN(at) ? null : Math.max(0, at - now.getTime());
}
