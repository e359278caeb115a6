import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createTransport } from 'nodemailer';
import type { MailSettings } from '../admin.config.js';
import type { MailText } from './mail.rules.js';

export interface Mail extends MailText {
  readonly mailId: string;
  readonly to: string;
}

/** Where mails leave the system. */
export abstract class MailPort {
  /** @throws Error when the mail was not accepted; its message names no address, as it is logged */
  abstract send(mail: Mail): Promise<void>;

  /** Removes what is kept of mails on this machine; what is not there is as good as removed. */
  async forget(_mailIds: readonly string[]): Promise<void> {}

  /** By SMTP where a server is configured, else into a folder, else nowhere: the mails then wait. */
  static of({ smtpUrl, folder, from }: MailSettings): MailPort {
    if (smtpUrl) return new SmtpPort(smtpUrl, from);
    return folder ? new FolderPort(folder, from) : new NoPort();
  }
}

const SMTP_TIMEOUT_MS = 10_000;

class SmtpPort extends MailPort {
  readonly #transport;

  constructor(
    url: string,
    private readonly from: string,
  ) {
    super();
    this.#transport = createTransport({
      url,
      connectionTimeout: SMTP_TIMEOUT_MS,
      greetingTimeout: SMTP_TIMEOUT_MS,
      socketTimeout: 2 * SMTP_TIMEOUT_MS,
    });
  }

  async send({ to, subject, text, mailId }: Mail): Promise<void> {
    try {
      // The same id on every attempt lets mail servers recognise a mail that comes twice.
      const domain = this.from.replace(/^.*@|>$/g, '');
      await this.#transport.sendMail({
        from: this.from,
        to,
        subject,
        text,
        messageId: `<${mailId}@${domain}>`,
      });
    } catch (error) {
      // What the server says often names the address, and would be logged.
      const { code, responseCode } = error as { code?: string; responseCode?: number };
      throw new Error(
        `The mail server did not accept the mail ${mailId}: ${responseCode ?? code ?? 'no reason'}`,
      );
    }
  }
}

/** For a machine without a mail server: each mail is a file to be read, until it is old or its reader erased. */
class FolderPort extends MailPort {
  constructor(
    private readonly folder: string,
    private readonly from: string,
  ) {
    super();
  }

  async send({ to, subject, text, mailId }: Mail): Promise<void> {
    await mkdir(this.folder, { recursive: true, mode: 0o700 });
    const lines = [`From: ${this.from}`, `To: ${to}`, `Subject: ${subject}`, '', text, ''];
    await writeFile(join(this.folder, `${mailId}.txt`), lines.join('\n'), { mode: 0o600 });
  }

  override async forget(mailIds: readonly string[]): Promise<void> {
    for (const mailId of mailIds) await rm(join(this.folder, `${mailId}.txt`), { force: true });
  }
}

class NoPort extends MailPort {
  async send({ mailId }: Mail): Promise<void> {
    throw new Error(`The mail ${mailId} waits: set SMTP_URL to send mails`);
  }
}
