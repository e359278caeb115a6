import { adminEvents, DomainError, noInstance, requirePerson, type CallContext } from '@foodshed/contracts';
import { ALL_INSTANCES, Clock, Database, Outbox } from '@foodshed/platform';
import { Injectable } from '@nestjs/common';
import { record } from '../audit/audit.store.js';
import { BETWEEN_MAILS_MS } from '../mail/mail.rules.js';
import { MailService } from '../mail/mail.service.js';
import { deleteVerificationsOf, lastMailAt, personToVerify } from '../mail/mail.store.js';
import { CallerChanges } from '../sessions/caller-changes.service.js';
import { secretHash } from '../sessions/session.store.js';
import { instancesOf, lockPerson, markEmailVerified } from './person.store.js';

/** Whether an e-mail address is its person's: they follow a link that was sent to it. */
@Injectable()
export class EmailService {
  constructor(
    private readonly database: Database,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
    private readonly mails: MailService,
    private readonly callers: CallerChanges,
  ) {}

  /** Sends another link. @throws rate-limited within a minute of the last */
  async request(context: CallContext): Promise<Record<string, never>> {
    const { personId } = requirePerson(context);
    const at = this.clock.now();
    const mailId = await this.database.transaction(ALL_INSTANCES, async (tx) => {
      const person = await lockPerson(tx, personId);
      if (!person || person.erased_at || person.email_verified_at) return undefined;
      const last = await lastMailAt(tx, personId);
      const waitMs = last ? last.getTime() + BETWEEN_MAILS_MS - at.getTime() : 0;
      if (waitMs > 0) {
        throw new DomainError('rate-limited', {
          detail: 'A mail was sent a moment ago; look for it before you ask for another.',
          retryAfterSeconds: Math.ceil(waitMs / 1000),
        });
      }
      return this.mails.requestVerification(tx, personId, at);
    });
    if (mailId) this.mails.wake(mailId);
    return {};
  }

  /** The address is theirs from now on. @throws not-found when the link was used, or is too old */
  async verify(secret: string): Promise<{ emailVerifiedAt: string }> {
    const tokenHash = secretHash(secret);
    const at = this.clock.now();
    const verified = await this.database.transaction(ALL_INSTANCES, async (tx) => {
      const personId = await personToVerify(tx, tokenHash, at);
      const person = personId && (await lockPerson(tx, personId));
      // A new address may have ended the link while the person's row was waited for.
      if (!person || (await personToVerify(tx, tokenHash, at)) === null) {
        throw new DomainError('not-found', {
          detail: 'This link was used, or is too old; ask for another on your account page.',
        });
      }
      await deleteVerificationsOf(tx, person.person_id);
      await markEmailVerified(tx, person.person_id, at);
      const instances = await instancesOf(tx, person.person_id);
      const data = { personId: person.person_id, verifiedAt: at.toISOString() };
      await this.outbox.add(
        tx,
        instances.map((instanceId) => ({ event: adminEvents.emailVerified, instanceId, data })),
      );
      await record(tx, {
        instanceId: instances[0] ?? noInstance.id,
        at,
        actorId: person.person_id,
        action: 'email-verified',
        objectKind: 'person',
        objectId: person.person_id,
      });
      return person.person_id;
    });
    this.callers.tell(verified);
    return { emailVerifiedAt: at.toISOString() };
  }
}
