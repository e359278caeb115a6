import { Injectable } from '@nestjs/common';
import { ScheduledJob } from '@foodshed/platform';
import { CycleService } from './cycle.service.js';

const EVERY_MS = 5_000;

/** Wakes up for cycles that open and close; what is open never depends on it. */
@Injectable()
export class CycleJobs {
  constructor(private readonly cycles: CycleService) {}

  @ScheduledJob('announce-cycles', { everyMs: EVERY_MS })
  async announceCycles(): Promise<void> {
    while ((await this.cycles.announceDue()) > 0);
  }
}
