import { createHash } from 'node:crypto';
import { rowsOf, type Tx } from '@foodshed/platform';

/** What the database keeps of a session, API token or invitation: 256 random bits need no slow hash. */
export function secretHash(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}

/** Who a secret stands for, with the instance they act in and their part in it. */
export interface BearerRow {
  person_id: string;
  email: string;
  display_name: string;
  is_operator: boolean;
  /** Null when the person is in no instance, or not in this one (an operator). */
  is_steward: boolean | null;
  instance_id: string | null;
  slug: string;
  name: string;
  currency: string;
  time_zone: string;
  locales: string[];
  description: string;
  expires_at: Date;
}

const BEARER = `p.person_id, p.email, p.display_name, p.is_operator, m.is_steward, i.instance_id, i.slug, i.name,
  i.currency, i.time_zone, i.locales, i.description, s.expires_at`;

const MEMBERSHIP = `left join memberships m on m.instance_id = i.instance_id and m.person_id = p.person_id`;

/** Whose session this is, or null when there is none that is good at `now`. */
export async function findSession(tx: Tx, tokenHash: Buffer, now: Date): Promise<BearerRow | null> {
  const [row] = await rowsOf<BearerRow>(
    tx,
    {
      name: 'session-find',
      text: `select ${BEARER}
               from sessions s
               join persons p on p.person_id = s.person_id and p.erased_at is null
               left join instances i on i.instance_id =
                 coalesce(s.instance_id, (select instance_id from instances order by instance_id limit 1))
               ${MEMBERSHIP}
              where s.token_hash = $1 and s.expires_at > $2`,
    },
    [tokenHash, now],
  );
  return row ?? null;
}

/** Whose API token this is, or null when there is none that is good at `now`; notes its use once an hour. */
export async function findApiToken(tx: Tx, tokenHash: Buffer, now: Date): Promise<BearerRow | null> {
  const [row] = await rowsOf<BearerRow & { last_used_at: Date | null }>(
    tx,
    {
      name: 'api-token-find',
      text: `select ${BEARER}, s.last_used_at
               from api_tokens s
               join persons p on p.person_id = s.person_id and p.erased_at is null
               join instances i on i.instance_id = s.instance_id
               ${MEMBERSHIP}
              where s.token_hash = $1 and s.expires_at > $2`,
    },
    [tokenHash, now],
  );
  if (row && (!row.last_used_at || now.getTime() - row.last_used_at.getTime() > 3_600_000)) {
    await rowsOf(tx, 'update api_tokens set last_used_at = $2 where token_hash = $1', [tokenHash, now]);
  }
  return row ?? null;
}

/** Stores a session by the hash of its secret. */
export async function insertSession(
  tx: Tx,
  session: { tokenHash: Buffer; personId: string; instanceId: string | null; at: Date; expiresAt: Date },
): Promise<void> {
  await rowsOf(
    tx,
    'insert into sessions (token_hash, person_id, instance_id, created_at, expires_at) values ($1, $2, $3, $4, $5)',
    [session.tokenHash, session.personId, session.instanceId, session.at, session.expiresAt],
  );
}

/** Makes a session last longer. */
export async function extendSession(tx: Tx, tokenHash: Buffer, expiresAt: Date): Promise<void> {
  await rowsOf(tx, 'update sessions set expires_at = $2 where token_hash = $1', [tokenHash, expiresAt]);
}

/** Lets the session act in another instance. */
export async function moveSession(tx: Tx, tokenHash: Buffer, instanceId: string): Promise<void> {
  await rowsOf(tx, 'update sessions set instance_id = $2 where token_hash = $1', [tokenHash, instanceId]);
}

/** Ends one session; returns whose it was, or null when there is none. */
export async function deleteSession(tx: Tx, tokenHash: Buffer): Promise<string | null> {
  const [row] = await rowsOf<{ person_id: string }>(
    tx,
    'delete from sessions where token_hash = $1 returning person_id',
    [tokenHash],
  );
  return row?.person_id ?? null;
}

/** Ends every session of the person but the one to keep, and every API token in every instance. */
export async function deleteAccessOf(
  tx: Tx,
  { personId, kept }: { personId: string; kept: Buffer | null },
): Promise<void> {
  await rowsOf(tx, 'delete from sessions where person_id = $1 and token_hash is distinct from $2', [
    personId,
    kept,
  ]);
  await rowsOf(tx, 'delete from api_tokens where person_id = $1', [personId]);
}

/** Removes sessions, API tokens and invitations that are over; returns how many there were. */
export async function removeExpired(tx: Tx, now: Date): Promise<number> {
  let removed = 0;
  for (const table of ['sessions', 'api_tokens', 'invitations']) {
    removed += (await rowsOf(tx, `delete from ${table} where expires_at < $1 returning 1`, [now])).length;
  }
  return removed;
}
