import { ScheduledJob } from '@foodshed/platform';
import { Injectable } from '@nestjs/common';
import { FlowSumService } from './flow-sum.service.js';

/** Adds up what was sealed since, so that a map finds it ready; who asks earlier adds up the rest. */
@Injectable()
export class FlowSumJobs {
  constructor(private readonly sums: FlowSumService) {}

  @ScheduledJob('add-up-flows', { everyMs: 30_000 })
  async addUp(): Promise<void> {
    await this.sums.addUpAll();
  }
}
