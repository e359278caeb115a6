import { ScheduledJob } from '@foodshed/platform';
import { Injectable } from '@nestjs/common';
import { ReleaseService } from './release.service.js';

/** Wakes up what makes earnings available; what is due is in Postgres. */
@Injectable()
export class ReleaseJobs {
  constructor(private readonly releases: ReleaseService) {}

  @ScheduledJob('ask-holds', { everyMs: 2_000 })
  async ask(): Promise<void> {
    await this.releases.askHolds();
  }

  @ScheduledJob('follow-captures', { everyMs: 5_000 })
  async follow(): Promise<void> {
    await this.releases.follow();
  }

  @ScheduledJob('release-earnings', { everyMs: 2_000 })
  async release(): Promise<void> {
    await this.releases.release();
  }
}
