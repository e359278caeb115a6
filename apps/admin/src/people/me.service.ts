import {
  adminRpc,
  DomainError,
  requirePerson,
  type CallContext,
  type PersonCaller,
  type RpcInput,
} from '@foodshed/contracts';
import { ALL_INSTANCES, Clock, Database, violatedConstraint } from '@foodshed/platform';
import { Injectable } from '@nestjs/common';
import { record } from '../audit/audit.store.js';
import { MailService } from '../mail/mail.service.js';
import { deleteVerificationsOf } from '../mail/mail.store.js';
import { CallerChanges } from '../sessions/caller-changes.service.js';
import { deleteAccessOf, secretHash } from '../sessions/session.store.js';
import { countAttempt, forgetAttempts } from './attempt.store.js';
import { PasswordService } from './password.service.js';
import { findMember, rolesOf, updatePerson } from './person.store.js';
import { emailTaken } from './registration.service.js';

type Change = RpcInput<typeof adminRpc.updateMe>;

/** What people may see and change of themselves. */
@Injectable()
export class MeService {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly passwords: PasswordService,
    private readonly mails: MailService,
    private readonly callers: CallerChanges,
  ) {}

  async get(context: CallContext) {
    const { row } = await this.#find(requirePerson(context));
    return {
      personId: row.person_id,
      displayName: row.display_name,
      email: row.email,
      emailVerifiedAt: row.email_verified_at?.toISOString() ?? null,
      language: row.language,
      roles: rolesOf(row),
      registeredAt: row.registered_at.toISOString(),
    };
  }

  async update(change: Change, context: CallContext) {
    const caller = requirePerson(context);
    const { row } = await this.#find(caller);
    const at = this.clock.now();
    const needsPassword =
      change.newPassword !== undefined || (change.email !== undefined && change.email !== row.email);
    if (needsPassword) await this.#checkPassword(change, row, at);
    const kept = change.sessionToken ? secretHash(change.sessionToken) : null;
    const passwordHash = change.newPassword ? await this.passwords.hash(change.newPassword) : undefined;
    const { displayName, email, language } = change;
    const isNewEmail = email !== undefined && email !== row.email;
    let mailId: string | undefined;
    try {
      mailId = await this.database.transaction(ALL_INSTANCES, async (tx) => {
        await updatePerson(tx, row.person_id, { displayName, email, language, passwordHash });
        if (passwordHash) await deleteAccessOf(tx, { personId: row.person_id, kept });
        if (needsPassword) await forgetAttempts(tx, row.email);
        await record(tx, {
          instanceId: caller.instance.id,
          at,
          actorId: caller.personId,
          action: 'person-changed',
          objectKind: 'person',
          objectId: caller.personId,
          facts: {
            displayName: displayName !== undefined,
            email: email !== undefined,
            language: language !== undefined,
            password: passwordHash !== undefined,
          },
        });
        if (!isNewEmail) return undefined;
        await deleteVerificationsOf(tx, row.person_id);
        return this.mails.requestVerification(tx, row.person_id, at);
      });
    } catch (error) {
      if (violatedConstraint(error) === 'persons_email_key') throw emailTaken('Use another one.');
      throw error;
    }
    if (mailId) this.mails.wake(mailId);
    this.callers.tell(row.person_id);
    return this.get(context);
  }

  async #find(caller: PersonCaller) {
    const key = { instanceId: caller.instance.id, personId: caller.personId };
    const row = await this.database.transaction(ALL_INSTANCES, (tx) => findMember(tx, key));
    if (!row || row.email === null || row.display_name === null) {
      throw new DomainError('unauthenticated', { detail: 'This person is no longer registered.' });
    }
    return { row: { ...row, email: row.email, display_name: row.display_name } };
  }

  async #checkPassword(change: Change, row: { email: string; password_hash: string | null }, at: Date) {
    await this.database.transaction(ALL_INSTANCES, (tx) => countAttempt(tx, row.email, at));
    if (await this.passwords.isRight(change.currentPassword ?? '', row.password_hash)) return;
    throw new DomainError('invalid-input', {
      detail: 'Give your present password to change the e-mail address or the password.',
      fields: [{ path: 'currentPassword', message: 'is not the present password' }],
    });
  }
}
