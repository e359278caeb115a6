import { rowsOf, type Tx } from '@foodshed/platform';
import { LINK_LIFETIME_MS, MAILS_KEPT_MS, MOST_ATTEMPTS } from './mail.rules.js';

/** Notes that a mail is due at once. */
export async function insertMail(
  tx: Tx,
  mail: { mailId: string; personId: string; kind: 'verify-email'; at: Date },
): Promise<void> {
  await rowsOf(
    tx,
    'insert into mails (mail_id, person_id, kind, created_at, next_attempt_at) values ($1, $2, $3, $4, $4)',
    [mail.mailId, mail.personId, mail.kind, mail.at],
  );
}

/** When the person's newest mail was asked for, or null. */
export async function lastMailAt(tx: Tx, personId: string): Promise<Date | null> {
  const [row] = await rowsOf<{ at: Date | null }>(
    tx,
    'select max(created_at) as at from mails where person_id = $1',
    [personId],
  );
  return row?.at ?? null;
}

/** Mails to be sent now, the oldest first; those that were refused too often are left out. */
export async function dueMails(tx: Tx, now: Date, limit: number): Promise<string[]> {
  const rows = await rowsOf<{ mail_id: string }>(
    tx,
    `select mail_id from mails where sent_at is null and next_attempt_at <= $1 and attempts < $2
     order by next_attempt_at limit $3`,
    [now, MOST_ATTEMPTS, limit],
  );
  return rows.map((row) => row.mail_id);
}

/** Takes a due mail, so that nobody else sends it for a while; undefined when it is not due (any more). */
export async function takeMail(
  tx: Tx,
  mailId: string,
  now: Date,
): Promise<{ personId: string; attempts: number } | undefined> {
  const [row] = await rowsOf<{ person_id: string; attempts: number }>(
    tx,
    `update mails set attempts = attempts + 1
     where mail_id = $1 and sent_at is null and next_attempt_at <= $2 and attempts < $3
     returning person_id, attempts`,
    [mailId, now, MOST_ATTEMPTS],
  );
  return row && { personId: row.person_id, attempts: row.attempts };
}

/** When to try a mail again unless it is known to be sent by then. */
export async function tryMailAgainAt(tx: Tx, mailId: string, at: Date): Promise<void> {
  await rowsOf(tx, 'update mails set next_attempt_at = $2 where mail_id = $1', [mailId, at]);
}

/** The mail is done: sent, or needed no more. False when it is not there any more. */
export async function closeMail(tx: Tx, mailId: string, at: Date): Promise<boolean> {
  const rows = await rowsOf(tx, 'update mails set sent_at = $2 where mail_id = $1 returning 1', [mailId, at]);
  return rows.length > 0;
}

/** The ids of all mails to a person; unordered, may be empty. */
export async function mailsTo(tx: Tx, personId: string): Promise<string[]> {
  const rows = await rowsOf<{ mail_id: string }>(tx, 'select mail_id from mails where person_id = $1', [
    personId,
  ]);
  return rows.map((row) => row.mail_id);
}

/** Stores a secret that verifies the person's present address, by its hash. */
export async function insertVerification(
  tx: Tx,
  verification: { tokenHash: Buffer; personId: string; at: Date },
): Promise<void> {
  const { tokenHash, personId, at } = verification;
  await rowsOf(
    tx,
    'insert into email_verifications (token_hash, person_id, expires_at) values ($1, $2, $3)',
    [tokenHash, personId, new Date(at.getTime() + LINK_LIFETIME_MS)],
  );
}

/** Whose address a secret verifies now, or null. */
export async function personToVerify(tx: Tx, tokenHash: Buffer, now: Date): Promise<string | null> {
  const [row] = await rowsOf<{ person_id: string }>(
    tx,
    'select person_id from email_verifications where token_hash = $1 and expires_at > $2',
    [tokenHash, now],
  );
  return row?.person_id ?? null;
}

/** Ends every link of the person; returns how many there were. */
export async function deleteVerificationsOf(tx: Tx, personId: string): Promise<number> {
  return (await rowsOf(tx, 'delete from email_verifications where person_id = $1 returning 1', [personId]))
    .length;
}

/** Removes mails that are long over, and links that are too old; the ids of the mails. */
export async function removeOldMails(tx: Tx, now: Date): Promise<string[]> {
  await rowsOf(tx, 'delete from email_verifications where expires_at < $1', [now]);
  const rows = await rowsOf<{ mail_id: string }>(
    tx,
    'delete from mails where created_at < $1 returning mail_id',
    [new Date(now.getTime() - MAILS_KEPT_MS)],
  );
  return rows.map((row) => row.mail_id);
}
