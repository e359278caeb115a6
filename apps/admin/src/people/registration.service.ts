import { randomBytes } from 'node:crypto';
import {
  adminEvents,
  adminRpc,
  DomainError,
  hasRole,
  noInstance,
  requireInstance,
  requirePerson,
  type CallContext,
  type PersonLanguage,
  type RpcInput,
} from '@foodshed/contracts';
import { ALL_INSTANCES, Clock, Database, newId, Outbox, type Tx } from '@foodshed/platform';
import { Injectable } from '@nestjs/common';
import { record } from '../audit/audit.store.js';
import { MailService } from '../mail/mail.service.js';
import { secretHash } from '../sessions/session.store.js';
import { PasswordService } from './password.service.js';
import {
  findByEmail,
  findMember,
  insertPerson,
  join,
  putInvitation,
  takeInvitation,
  updatePerson,
} from './person.store.js';

const INVITATION_LIFETIME_MS = 7 * 86_400_000;

interface Newcomer {
  readonly instanceId: string;
  readonly personId: string;
  readonly email: string;
  readonly displayName: string;
  readonly passwordHash: string | null;
  readonly language?: PersonLanguage;
  readonly emailIsVerified: boolean;
  readonly at: Date;
}

/** How people come in: by themselves as buyers, or invited by a steward. */
@Injectable()
export class RegistrationService {
  constructor(
    private readonly database: Database,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
    private readonly passwords: PasswordService,
    private readonly mails: MailService,
  ) {}

  /** @throws already-exists for an address that is somebody's, forbidden to vouch for one unless an operator does */
  async register(
    { displayName, email, password, language, emailIsVerified }: RpcInput<typeof adminRpc.registerPerson>,
    context: CallContext,
  ): Promise<{ personId: string }> {
    const instanceId = instanceToJoin(context);
    if (emailIsVerified && !hasRole(context.caller, 'operator')) {
      throw new DomainError('forbidden', { detail: 'Only an operator vouches for an e-mail address.' });
    }
    const newcomer = {
      instanceId,
      personId: newId(),
      email,
      displayName,
      passwordHash: await this.passwords.hash(password),
      language,
      emailIsVerified,
      at: this.clock.now(),
    };
    const mailId = await this.database.transaction(ALL_INSTANCES, async (tx) => {
      if (!(await this.#add(tx, newcomer))) throw emailTaken('Sign in, or use another address.');
      const { caller } = context;
      const actorId = emailIsVerified && caller.kind === 'person' ? caller.personId : newcomer.personId;
      await this.#record(tx, newcomer, 'person-registered', actorId);
      return emailIsVerified ? undefined : this.mails.requestVerification(tx, newcomer.personId, newcomer.at);
    });
    if (mailId) this.mails.wake(mailId);
    return { personId: newcomer.personId };
  }

  async invite({ displayName, email }: RpcInput<typeof adminRpc.invitePerson>, context: CallContext) {
    const { personId: actorId } = requirePerson(context);
    const instanceId = instanceToJoin(context);
    const at = this.clock.now();
    const invitation = randomBytes(32).toString('base64url');
    const expiresAt = new Date(at.getTime() + INVITATION_LIFETIME_MS);
    const personId = await this.database.transaction(ALL_INSTANCES, async (tx) => {
      const person = { personId: newId(), email, displayName, passwordHash: null, emailIsVerified: false };
      const newcomer = { ...person, instanceId, at };
      const invited = (await this.#add(tx, newcomer))
        ? newcomer.personId
        : await this.#invitedBefore(tx, email, instanceId);
      await putInvitation(tx, { tokenHash: secretHash(invitation), personId: invited, expiresAt });
      await this.#record(tx, { ...newcomer, personId: invited }, 'person-invited', actorId);
      return invited;
    });
    return { personId, invitation, expiresAt: expiresAt.toISOString() };
  }

  async accept({
    invitation,
    password,
    language,
  }: RpcInput<typeof adminRpc.acceptInvitation>): Promise<{ personId: string }> {
    const passwordHash = await this.passwords.hash(password);
    const at = this.clock.now();
    // The steward handed the invitation over, by whatever way: it says nothing about the address.
    const { personId, mailId } = await this.database.transaction(ALL_INSTANCES, async (tx) => {
      const invited = await takeInvitation(tx, secretHash(invitation), at);
      if (!invited) {
        throw new DomainError('not-found', {
          detail: 'This invitation was used, or is too old; ask for another.',
        });
      }
      await updatePerson(tx, invited, { passwordHash, language });
      return { personId: invited, mailId: await this.mails.requestVerification(tx, invited, at) };
    });
    this.mails.wake(mailId);
    return { personId };
  }

  /** Adds the person and their first instance; false when the e-mail address is somebody's. */
  async #add(tx: Tx, { instanceId, ...person }: Newcomer): Promise<boolean> {
    if (!(await insertPerson(tx, person))) return false;
    const { personId, at } = person;
    await join(tx, { instanceId, personId, at });
    const data = { personId, registeredAt: at.toISOString() };
    await this.outbox.add(tx, [{ event: adminEvents.personRegistered, instanceId, data }]);
    return true;
  }

  /** Somebody of this instance who has not accepted yet may be invited again. */
  async #invitedBefore(tx: Tx, email: string, instanceId: string): Promise<string> {
    const known = await findByEmail(tx, email);
    const member = known && (await findMember(tx, { instanceId, personId: known.person_id }));
    if (!member || member.is_steward === null || member.password_hash !== null) {
      throw emailTaken('They can enter this instance after signing in.');
    }
    return member.person_id;
  }

  #record(tx: Tx, newcomer: Newcomer, action: string, actorId: string): Promise<void> {
    const { instanceId, personId, at } = newcomer;
    return record(tx, { instanceId, at, actorId, action, objectKind: 'person', objectId: personId });
  }
}

function instanceToJoin(context: CallContext): string {
  const { id } = requireInstance(context);
  if (id !== noInstance.id) return id;
  throw new DomainError('invalid-state', { detail: 'Choose an instance first; people register in one.' });
}

/** 409 on the field `email`. */
export function emailTaken(advice: string): DomainError {
  return new DomainError('already-exists', {
    detail: `This e-mail address is registered already. ${advice}`,
    fields: [{ path: 'email', message: 'is registered already' }],
  });
}
