import { JobHandler, ScheduledJob } from '@foodshed/platform';
import { Injectable } from '@nestjs/common';
import { ReconciliationService } from './reconciliation.service.js';

/** Runs a comparison that was asked for: at once by a job, and every half minute one that was left behind. */
@Injectable()
export class ReconciliationJobs {
  constructor(private readonly reconciliations: ReconciliationService) {}

  @JobHandler('reconcile')
  reconcile(): Promise<void> {
    return this.reconciliations.run();
  }

  @ScheduledJob('resume-reconciliation', { everyMs: 30_000 })
  resume(): Promise<void> {
    return this.reconciliations.run();
  }
}
