import { Injectable } from '@nestjs/common';
import { ALL_INSTANCES, Clock, Database, ScheduledJob } from '@foodshed/platform';
import { removeExpiredInvitations } from './invitation.store.js';

/** Forgets addresses that were invited and never answered; nothing depends on it having happened. */
@Injectable()
export class InvitationJobs {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  @ScheduledJob('remove-expired-invitations', { everyMs: 3_600_000 })
  async removeExpired(): Promise<void> {
    const now = this.clock.now();
    await this.database.transaction(ALL_INSTANCES, (tx) => removeExpiredInvitations(tx, now));
  }
}
