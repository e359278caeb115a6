import { randomBytes } from 'node:crypto';
import type { PersonLanguage } from '@foodshed/contracts';
import { ALL_INSTANCES, Clock, Database, eachInTurn, Jobs, newId, type Tx } from '@foodshed/platform';
import { Injectable } from '@nestjs/common';
import { AdminConfig } from '../admin.config.js';
import { lockPerson } from '../people/person.store.js';
import { secretHash } from '../sessions/session.store.js';
import { MailPort } from './mail-port.service.js';
import { verificationLink, verificationMail, waitAfter } from './mail.rules.js';
import {
  closeMail,
  dueMails,
  insertMail,
  insertVerification,
  mailsTo,
  removeOldMails,
  takeMail,
  tryMailAgainAt,
} from './mail.store.js';

const AT_ONCE = 50;

interface Prepared {
  readonly to: string;
  readonly secret: string;
  readonly language: PersonLanguage;
}

/** Sends what is due to be sent. What is due is in Postgres; a job only wakes it up. */
@Injectable()
export class MailService {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly jobs: Jobs,
    private readonly port: MailPort,
    private readonly config: AdminConfig,
  ) {}

  /** Notes, with the transaction, that the person is to be sent a link; returns what to `wake` after the commit. */
  async requestVerification(tx: Tx, personId: string, at: Date): Promise<string> {
    const mailId = newId();
    await insertMail(tx, { mailId, personId, kind: 'verify-email', at });
    return mailId;
  }

  /** Has the mail sent soon; nobody waits for it. */
  wake(mailId: string): void {
    void this.jobs.enqueue('send-mail', mailId, { mailId });
  }

  /** Removes what mails to a person left behind on this machine; before the rows go, so that none is forgotten. */
  async forget(tx: Tx, personId: string): Promise<void> {
    await this.port.forget(await mailsTo(tx, personId));
  }

  /** Removes mails that are long over, with what they left behind, and links that are too old. */
  async removeOld(tx: Tx, now: Date): Promise<void> {
    await this.port.forget(await removeOldMails(tx, now));
  }

  /** Sends what is due, one after the other. @throws the first refusal, after the others were tried */
  async sendDue(): Promise<void> {
    const now = this.clock.now();
    const due = await this.database.transaction(ALL_INSTANCES, (tx) => dueMails(tx, now, AT_ONCE));
    await eachInTurn(due, (mailId) => this.send(mailId));
  }

  /**
   * Sends one mail, unless it is sent or being sent. A crash after sending sends it again: both links are good.
   * @throws Error when it was not accepted; it is then due again after a while
   */
  async send(mailId: string): Promise<void> {
    const prepared = await this.#prepare(mailId);
    if (!prepared) return;
    const link = verificationLink(this.config.mail.publicUrl, prepared.secret);
    await this.port.send({ mailId, to: prepared.to, ...verificationMail(link, prepared.language) });
    const at = this.clock.now();
    const isThere = await this.database.transaction(ALL_INSTANCES, (tx) => closeMail(tx, mailId, at));
    // Whoever was erased while it was being sent is in no file either.
    if (!isThere) await this.port.forget([mailId]);
  }

  /** The address, the person's language and a new secret for it; undefined when there is nothing to send. */
  async #prepare(mailId: string): Promise<Prepared | undefined> {
    const secret = randomBytes(32).toString('base64url');
    const at = this.clock.now();
    return this.database.transaction(ALL_INSTANCES, async (tx) => {
      const taken = await takeMail(tx, mailId, at);
      if (!taken) return undefined;
      const person = await lockPerson(tx, taken.personId);
      if (!person || person.email === null || person.email_verified_at) {
        await closeMail(tx, mailId, at);
        return undefined;
      }
      await tryMailAgainAt(tx, mailId, new Date(at.getTime() + waitAfter(taken.attempts)));
      await insertVerification(tx, { tokenHash: secretHash(secret), personId: taken.personId, at });
      return { to: person.email, secret, language: person.language };
    });
  }
}
