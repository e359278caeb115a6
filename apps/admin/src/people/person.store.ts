import type { InstanceRole, PersonLanguage } from '@foodshed/contracts';
import { rowsOf, type Tx } from '@foodshed/platform';

export interface PersonRow {
  person_id: string;
  email: string | null;
  display_name: string | null;
  password_hash: string | null;
  language: PersonLanguage;
  is_operator: boolean;
  registered_at: Date;
  email_verified_at: Date | null;
  erased_at: Date | null;
}

/** A person as an instance sees them: with their part in it. */
export interface MemberRow extends PersonRow {
  is_steward: boolean;
}

const COLUMNS = `p.person_id, p.email, p.display_name, p.password_hash, p.language, p.is_operator, p.registered_at,
  p.email_verified_at, p.erased_at`;

/** The roles a row stands for; both may be there. */
export function rolesOf(row: { is_operator: boolean; is_steward: boolean | null }): InstanceRole[] {
  return [
    ...(row.is_steward ? (['steward'] as const) : []),
    ...(row.is_operator ? (['operator'] as const) : []),
  ];
}

/** Inserts a person; false when the e-mail address is taken. */
export async function insertPerson(
  tx: Tx,
  person: {
    personId: string;
    email: string;
    displayName: string;
    passwordHash: string | null;
    language?: PersonLanguage;
    isOperator?: boolean;
    emailIsVerified?: boolean;
    at: Date;
  },
): Promise<boolean> {
  const rows = await rowsOf(
    tx,
    `insert into persons (person_id, email, display_name, password_hash, is_operator, registered_at, email_verified_at,
       language)
     values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict (email) do nothing returning 1`,
    [
      person.personId,
      person.email,
      person.displayName,
      person.passwordHash,
      person.isOperator ?? false,
      person.at,
      person.emailIsVerified ? person.at : null,
      person.language ?? 'en',
    ],
  );
  return rows.length === 1;
}

/** The person with this e-mail address, or null; addresses are stored in lower case. */
export async function findByEmail(tx: Tx, email: string): Promise<PersonRow | null> {
  const [row] = await rowsOf<PersonRow>(
    tx,
    { name: 'person-by-email', text: `select ${COLUMNS} from persons p where p.email = $1` },
    [email],
  );
  return row ?? null;
}

/** The person, erased or not, locked until the transaction ends; null when the scope does not see them. */
export async function lockPerson(tx: Tx, personId: string): Promise<PersonRow | null> {
  const [row] = await rowsOf<PersonRow>(
    tx,
    `select ${COLUMNS} from persons p where p.person_id = $1 for update`,
    [personId],
  );
  return row ?? null;
}

/** The person and whether they are a steward of the instance (null: not in it); null when there is none. */
export async function findMember(
  tx: Tx,
  key: { instanceId: string; personId: string },
): Promise<(PersonRow & { is_steward: boolean | null }) | null> {
  const [row] = await rowsOf<PersonRow & { is_steward: boolean | null }>(
    tx,
    `select ${COLUMNS}, m.is_steward
       from persons p left join memberships m on m.person_id = p.person_id and m.instance_id = $1
      where p.person_id = $2`,
    [key.instanceId, key.personId],
  );
  return row ?? null;
}

/** The people of an instance in the order they registered, without those who are erased; may be empty. */
export function listMembers(
  tx: Tx,
  page: { instanceId: string; after: string | null; limit: number },
): Promise<MemberRow[]> {
  return rowsOf<MemberRow>(
    tx,
    `select ${COLUMNS}, m.is_steward
       from memberships m join persons p using (person_id)
      where m.instance_id = $1 and p.erased_at is null and ($2::uuid is null or m.person_id > $2)
      order by m.person_id
      limit $3`,
    [page.instanceId, page.after, page.limit],
  );
}

/** Names of those of the ids that the scope sees and that are not erased, in no promised order. */
export function namesOf(
  tx: Tx,
  personIds: readonly string[],
): Promise<{ person_id: string; display_name: string }[]> {
  return rowsOf(
    tx,
    'select person_id, display_name from persons where person_id = any($1::uuid[]) and erased_at is null',
    [personIds],
  );
}

/** The instances the person is in, the first one first; may be empty. */
export async function instancesOf(tx: Tx, personId: string): Promise<string[]> {
  const rows = await rowsOf<{ instance_id: string }>(
    tx,
    'select instance_id from memberships where person_id = $1 order by joined_at, instance_id',
    [personId],
  );
  return rows.map((row) => row.instance_id);
}

/** Makes the person a member; false when they were one already. */
export async function join(
  tx: Tx,
  key: { instanceId: string; personId: string; at: Date },
): Promise<boolean> {
  const rows = await rowsOf(
    tx,
    `insert into memberships (instance_id, person_id, joined_at) values ($1, $2, $3)
     on conflict do nothing returning 1`,
    [key.instanceId, key.personId, key.at],
  );
  return rows.length === 1;
}

/** The person's present address is theirs, from `at` on unless it was before. */
export async function markEmailVerified(tx: Tx, personId: string, at: Date): Promise<void> {
  await rowsOf(
    tx,
    `update persons set email_verified_at = coalesce(email_verified_at, $2)
      where person_id = $1 and erased_at is null`,
    [personId, at],
  );
}

/** Changes what is given; a new address is not verified. @throws a unique violation of persons_email_key when the address is taken */
export async function updatePerson(
  tx: Tx,
  personId: string,
  change: {
    displayName?: string;
    email?: string;
    passwordHash?: string;
    isOperator?: boolean;
    language?: PersonLanguage;
  },
): Promise<void> {
  await rowsOf(
    tx,
    `update persons set display_name = coalesce($2, display_name), email = coalesce($3, email),
            password_hash = coalesce($4, password_hash), is_operator = coalesce($5, is_operator),
            language = coalesce($6, language),
            email_verified_at = case when coalesce($3, email) = email then email_verified_at end
      where person_id = $1 and erased_at is null`,
    [
      personId,
      change.displayName ?? null,
      change.email ?? null,
      change.passwordHash ?? null,
      change.isOperator ?? null,
      change.language ?? null,
    ],
  );
}

/** Sets whether a member is a steward of the instance. */
export async function setSteward(
  tx: Tx,
  key: { instanceId: string; personId: string; isSteward: boolean },
): Promise<void> {
  await rowsOf(tx, 'update memberships set is_steward = $3 where instance_id = $1 and person_id = $2', [
    key.instanceId,
    key.personId,
    key.isSteward,
  ]);
}

/** How many operators there are; locks their rows, so that two cannot both be the last but one to go. */
export async function countOperators(tx: Tx): Promise<number> {
  const rows = await rowsOf(
    tx,
    'select person_id from persons where is_operator order by person_id for update',
  );
  return rows.length;
}

/** Leaves the id and removes everything else that is about the person, in this schema. */
export async function eraseRows(tx: Tx, personId: string, at: Date): Promise<void> {
  for (const table of ['sessions', 'api_tokens', 'invitations', 'email_verifications', 'mails']) {
    await rowsOf(tx, `delete from ${table} where person_id = $1`, [personId]);
  }
  await rowsOf(tx, 'update memberships set is_steward = false where person_id = $1', [personId]);
  await rowsOf(
    tx,
    `update persons set email = null, display_name = null, password_hash = null, is_operator = false,
            email_verified_at = null, language = 'en', erased_at = $2 where person_id = $1`,
    [personId, at],
  );
}

/** Sets (again) the one invitation of a person. */
export async function putInvitation(
  tx: Tx,
  invitation: { tokenHash: Buffer; personId: string; expiresAt: Date },
): Promise<void> {
  await rowsOf(
    tx,
    `insert into invitations (token_hash, person_id, expires_at) values ($1, $2, $3)
     on conflict (person_id) do update set token_hash = excluded.token_hash, expires_at = excluded.expires_at`,
    [invitation.tokenHash, invitation.personId, invitation.expiresAt],
  );
}

/** Takes an invitation that is good now; returns whose it was, or null. */
export async function takeInvitation(tx: Tx, tokenHash: Buffer, now: Date): Promise<string | null> {
  const [row] = await rowsOf<{ person_id: string }>(
    tx,
    'delete from invitations where token_hash = $1 and expires_at > $2 returning person_id',
    [tokenHash, now],
  );
  return row?.person_id ?? null;
}
