import { JobHandler, ScheduledJob } from '@foodshed/platform';
import { Injectable } from '@nestjs/common';
import { MailService } from './mail.service.js';

/** Wakes the sending of mails: at once by a job, and every half minute for what was missed or refused. */
@Injectable()
export class MailJobs {
  constructor(private readonly mails: MailService) {}

  @JobHandler('send-mail')
  send({ mailId }: { mailId: string }): Promise<void> {
    return this.mails.send(mailId);
  }

  @ScheduledJob('send-due-mails', { everyMs: 30_000 })
  sendDue(): Promise<void> {
    return this.mails.sendDue();
  }
}
