import { ScheduledJob } from '@foodshed/platform';
import { Injectable } from '@nestjs/common';
import { HoldService } from './hold.service.js';

/** Wakes the holds up whose deadline has passed; what is due is in Postgres. */
@Injectable()
export class HoldJobs {
  constructor(private readonly holds: HoldService) {}

  @ScheduledJob('expire-holds', { everyMs: 30_000 })
  async expire(): Promise<void> {
    await this.holds.expireOverdue();
  }
}
