import type { ManagerInvitationState } from '@foodshed/contracts';
import { rowsOf, type Tx } from '@foodshed/platform';
import type { InvitationAnswer } from './invitation.rules.js';

/** Whom an invitation is for: whoever has the address, by its keyed hash, or a person. */
export interface Invitee {
  readonly email: string | null;
  readonly contactHash: Buffer | null;
  readonly personId: string | null;
}

export interface StoredInvitation {
  readonly invitationId: string;
  readonly enterpriseId: string;
  readonly email: string | null;
  readonly personId: string | null;
  readonly state: ManagerInvitationState;
  readonly invitedAt: string;
  readonly invitedBy: string;
  readonly expiresAt: string;
}

interface InvitationRow {
  invitation_id: string;
  enterprise_id: string;
  email: string | null;
  person_id: string | null;
  state: ManagerInvitationState;
  invited_at: Date;
  invited_by: string;
  expires_at: Date;
}

const COLUMNS = 'invitation_id, enterprise_id, email, person_id, state, invited_at, invited_by, expires_at';

function invitationOf(row: InvitationRow): StoredInvitation {
  return {
    invitationId: row.invitation_id,
    enterpriseId: row.enterprise_id,
    email: row.email,
    personId: row.person_id,
    state: row.state,
    invitedAt: row.invited_at.toISOString(),
    invitedBy: row.invited_by,
    expiresAt: row.expires_at.toISOString(),
  };
}

/** Adds an invitation, or renews the one of the same enterprise and invitee that waits; returns what waits now. */
export async function putInvitation(
  tx: Tx,
  invitation: Invitee & {
    instanceId: string;
    invitationId: string;
    enterpriseId: string;
    invitedAt: Date;
    invitedBy: string;
    expiresAt: Date;
  },
): Promise<StoredInvitation> {
  const target = invitation.personId === null ? 'contact_hash' : 'person_id';
  const rows = await rowsOf<InvitationRow>(
    tx,
    `insert into manager_invitations
       (invitation_id, instance_id, enterprise_id, email, contact_hash, person_id, state, invited_at, invited_by, expires_at)
     values ($1, $2, $3, $4, $5, $6, 'pending', $7, $8, $9)
     on conflict (instance_id, enterprise_id, ${target}) where state = 'pending'
       do update set invited_at = excluded.invited_at, invited_by = excluded.invited_by,
                     expires_at = excluded.expires_at
     returning ${COLUMNS}`,
    [
      invitation.invitationId,
      invitation.instanceId,
      invitation.enterpriseId,
      invitation.email,
      invitation.contactHash,
      invitation.personId,
      invitation.invitedAt,
      invitation.invitedBy,
      invitation.expiresAt,
    ],
  );
  return invitationOf(rows[0] as InvitationRow);
}

/** The invitations of an enterprise that wait for an answer at `now`, the newest first; may be empty. */
export async function pendingInvitations(
  tx: Tx,
  key: { instanceId: string; enterpriseId: string; now: Date },
): Promise<StoredInvitation[]> {
  const rows = await rowsOf<InvitationRow>(
    tx,
    `select ${COLUMNS} from manager_invitations
     where instance_id = $1 and enterprise_id = $2 and state = 'pending' and expires_at > $3
     order by invited_at desc, invitation_id desc`,
    [key.instanceId, key.enterpriseId, key.now],
  );
  return rows.map(invitationOf);
}

/** The invitations to a person, or to their address, that wait at `now`, the newest first; may be empty. */
export async function invitationsTo(
  tx: Tx,
  key: { instanceId: string; personId: string; contactHash: Buffer | null; now: Date },
): Promise<(StoredInvitation & { name: string; slug: string; isHub: boolean; isProducer: boolean })[]> {
  const rows = await rowsOf<
    InvitationRow & { name: string; slug: string; is_hub: boolean; is_producer: boolean }
  >(
    tx,
    `select ${COLUMNS}, name, slug, is_hub, is_producer
     from manager_invitations join enterprises using (instance_id, enterprise_id)
     where instance_id = $1 and state = 'pending' and expires_at > $4
       and (person_id = $2 or contact_hash = $3)
     order by invited_at desc, invitation_id desc limit 200`,
    [key.instanceId, key.personId, key.contactHash, key.now],
  );
  return rows.map((row) => ({
    ...invitationOf(row),
    name: row.name,
    slug: row.slug,
    isHub: row.is_hub,
    isProducer: row.is_producer,
  }));
}

/** An invitation that is the person's to answer, or was answered by them, its row locked; undefined when there is none. */
export async function lockInvitationTo(
  tx: Tx,
  key: { instanceId: string; invitationId: string; personId: string; contactHash: Buffer | null },
): Promise<StoredInvitation | undefined> {
  const [row] = await rowsOf<InvitationRow>(
    tx,
    `select ${COLUMNS} from manager_invitations
     where instance_id = $1 and invitation_id = $2 and (person_id = $3 or answered_by = $3 or contact_hash = $4)
     for update`,
    [key.instanceId, key.invitationId, key.personId, key.contactHash],
  );
  return row && invitationOf(row);
}

/** An invitation of an enterprise, its row locked; undefined when there is none. */
export async function lockInvitationOf(
  tx: Tx,
  key: { instanceId: string; invitationId: string; enterpriseId: string },
): Promise<StoredInvitation | undefined> {
  const [row] = await rowsOf<InvitationRow>(
    tx,
    `select ${COLUMNS} from manager_invitations
     where instance_id = $1 and invitation_id = $2 and enterprise_id = $3 for update`,
    [key.instanceId, key.invitationId, key.enterpriseId],
  );
  return row && invitationOf(row);
}

/** Writes the answer, and forgets what the invitation was addressed to. */
export async function answerInvitation(
  tx: Tx,
  answer: { invitationId: string; state: InvitationAnswer; answeredAt: Date; answeredBy: string },
): Promise<void> {
  await rowsOf(
    tx,
    `update manager_invitations set state = $2, answered_at = $3, answered_by = $4, email = null, contact_hash = null
     where invitation_id = $1`,
    [answer.invitationId, answer.state, answer.answeredAt, answer.answeredBy],
  );
}

/** Removes invitations that nobody answered in time; returns how many there were. */
export async function removeExpiredInvitations(tx: Tx, now: Date): Promise<number> {
  const rows = await rowsOf(
    tx,
    `delete from manager_invitations where state = 'pending' and expires_at < $1 returning 1`,
    [now],
  );
  return rows.length;
}
