import { ALL_INSTANCES, Clock, Database, ScheduledJob } from '@foodshed/platform';
import { Injectable } from '@nestjs/common';
import { MailService } from '../mail/mail.service.js';
import { removeOldAttempts } from '../people/attempt.store.js';
import { removeExpired } from '../sessions/session.store.js';

/** Removes what is over: nothing depends on it having happened. */
@Injectable()
export class UpkeepJobs {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly mails: MailService,
  ) {}

  @ScheduledJob('remove-expired', { everyMs: 3_600_000 })
  async removeExpired(): Promise<void> {
    const now = this.clock.now();
    await this.database.transaction(ALL_INSTANCES, async (tx) => {
      await removeExpired(tx, now);
      await removeOldAttempts(tx, now);
      await this.mails.removeOld(tx, now);
    });
  }
}
