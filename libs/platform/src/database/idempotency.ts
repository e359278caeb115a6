import { createHash } from 'node:crypto';
import { callerKey, DomainError, requireKey, type CallContext } from '@foodshed/contracts';
import { rowsOf, type Tx } from './database.js';

export interface IdempotentCommand {
  /** Who asks: the person (or service) within the instance; keys of different callers never meet. */
  readonly callerKey: string;
  readonly command: string;
  readonly key: string;
  readonly body: unknown;
  readonly now: Date;
}

/** What the caller asks for, to be done once by the key that came with it. @throws invalid-input without a key */
export function onceOf(
  context: CallContext,
  asked: Pick<IdempotentCommand, 'command' | 'body' | 'now'>,
): IdempotentCommand {
  return { ...asked, callerKey: callerKey(context), key: requireKey(context) };
}

/** A hash of the body that does not depend on the order of its keys. */
export function bodyHash(body: unknown): string {
  return createHash('sha256').update(canonical(body)).digest('base64url');
}

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (value && typeof value === 'object' && !(value instanceof Date)) {
    const entries = Object.entries(value)
      .filter(([, part]) => part !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1));
    return `{${entries.map(([key, part]) => `${JSON.stringify(key)}:${canonical(part)}`).join(',')}}`;
  }
  return JSON.stringify(value) ?? 'null';
}

/**
 * Runs `work` once per (caller, command, key), in the effect's own transaction; the same key and body answer
 * what was answered first. `T` must survive JSON. Only committed results are stored.
 * @throws idempotency-key-reused for another body, request-in-progress while the first is still running.
 */
export async function idempotent<T>(tx: Tx, command: IdempotentCommand, work: () => Promise<T>): Promise<T> {
  const { callerKey, command: name, key, now } = command;
  const hash = bodyHash(command.body);
  // Both travel in one packet; the second sees what was committed before the lock was had.
  const [[lock], [known]] = await Promise.all([
    rowsOf<{ locked: boolean }>(
      tx,
      {
        name: 'idempotency-lock',
        text: 'select pg_try_advisory_xact_lock(hashtextextended($1, 7)) as locked',
      },
      [`${callerKey}\n${name}\n${key}`],
    ),
    rowsOf<{ body_hash: string; response: { result: T } }>(
      tx,
      {
        name: 'idempotency-find',
        text: 'select body_hash, response from idempotency_keys where caller = $1 and command = $2 and key = $3',
      },
      [callerKey, name, key],
    ),
  ]);
  if (!lock?.locked) {
    throw new DomainError('request-in-progress', {
      detail: 'The first request with this key is still running; ask again shortly.',
      retryAfterSeconds: 1,
    });
  }
  if (known) {
    if (known.body_hash === hash) return known.response.result;
    throw new DomainError('idempotency-key-reused', {
      detail: 'This Idempotency-Key was used with another body; use a new key for a new request.',
    });
  }
  const result = await work();
  await rowsOf(
    tx,
    {
      name: 'idempotency-store',
      text: `insert into idempotency_keys (caller, command, key, body_hash, response, created_at)
             values ($1, $2, $3, $4, $5, $6)`,
    },
    [callerKey, name, key, hash, JSON.stringify({ result }), now],
  );
  return result;
}
