const FREE_ATTEMPTS = 10;
const FIRST_LOCK_MS = 60_000;
const LONGEST_LOCK_MS = 15 * 60_000;
/** Failures older than this are forgotten, and their rows removed. */
export const FAILURES_KEPT_MS = 24 * 3_600_000;

/**
 * Until when an e-mail address is locked after its n-th failed attempt in a row, or null while it is not:
 * from the tenth on one minute, doubled by each further one, fifteen minutes at most.
 */
export function lockedUntil(failures: number, now: Date): Date | null {
  if (failures < FREE_ATTEMPTS) return null;
  const lockMs = Math.min(FIRST_LOCK_MS * 2 ** (failures - FREE_ATTEMPTS), LONGEST_LOCK_MS);
  return new Date(now.getTime() + lockMs);
}
