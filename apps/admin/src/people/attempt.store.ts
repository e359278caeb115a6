import { createHash } from 'node:crypto';
import { DomainError } from '@foodshed/contracts';
import { rowsOf, type Tx } from '@foodshed/platform';
import { FAILURES_KEPT_MS, lockedUntil } from './password.rules.js';

/** Addresses are counted by their hash, also those nobody has, so that a lock tells nothing. */
function hashOf(email: string): Buffer {
  return createHash('sha256').update(email.trim().toLowerCase()).digest();
}

/**
 * Counts an attempt as failed before the password is looked at, so that attempts at the same moment are
 * counted too; locks the address's row. @throws locked-out while the address is locked.
 */
export async function countAttempt(tx: Tx, email: string, now: Date): Promise<void> {
  const emailHash = hashOf(email);
  await rowsOf(
    tx,
    `insert into sign_in_failures (email_hash, failures, last_failed_at) values ($1, 0, $2)
     on conflict do nothing`,
    [emailHash, now],
  );
  const [row] = await rowsOf<{ failures: number; last_failed_at: Date; locked_until: Date | null }>(
    tx,
    'select failures, last_failed_at, locked_until from sign_in_failures where email_hash = $1 for update',
    [emailHash],
  );
  // A row that vanished between the two statements belonged to somebody who has just signed in.
  if (!row) return;
  if (row.locked_until && row.locked_until > now) {
    throw new DomainError('locked-out', {
      detail: 'There were too many failed sign-ins for this e-mail address; wait before trying again.',
      retryAfterSeconds: Math.ceil((row.locked_until.getTime() - now.getTime()) / 1000),
    });
  }
  const isStale = row.last_failed_at.getTime() < now.getTime() - FAILURES_KEPT_MS;
  const failures = isStale ? 1 : row.failures + 1;
  await rowsOf(
    tx,
    `update sign_in_failures set failures = $2, last_failed_at = $3, locked_until = $4 where email_hash = $1`,
    [emailHash, failures, now, lockedUntil(failures, now)],
  );
}

/** Forgets the failures of an address: after the right password, and when its person is erased. */
export async function forgetAttempts(tx: Tx, email: string): Promise<void> {
  await rowsOf(tx, 'delete from sign_in_failures where email_hash = $1', [hashOf(email)]);
}

/** Removes failures that count no more; returns how many addresses there were. */
export async function removeOldAttempts(tx: Tx, now: Date): Promise<number> {
  const rows = await rowsOf(tx, 'delete from sign_in_failures where last_failed_at < $1 returning 1', [
    new Date(now.getTime() - FAILURES_KEPT_MS),
  ]);
  return rows.length;
}
