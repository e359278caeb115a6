import { JobHandler, ScheduledJob } from '@foodshed/platform';
import { Injectable } from '@nestjs/common';
import { EscrowService } from './escrow.service.js';

/** Wakes pitches up at their times; what is due or waits for a ledger is in Postgres. */
@Injectable()
export class EscrowJobs {
  constructor(private readonly escrow: EscrowService) {}

  @JobHandler('advance-pitch')
  advance({ pitchId }: { pitchId: string }): Promise<void> {
    return this.escrow.advance(pitchId);
  }

  @ScheduledJob('advance-pitches', { everyMs: 30_000 })
  advanceAll(): Promise<void> {
    return this.escrow.advanceAll();
  }
}
