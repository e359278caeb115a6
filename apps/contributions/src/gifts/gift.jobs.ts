import { ScheduledJob } from '@foodshed/platform';
import { Injectable } from '@nestjs/common';
import { PostingService } from './posting.service.js';

/** Asks the ledger again for gifts that wait for its answer; they are in Postgres. */
@Injectable()
export class GiftJobs {
  constructor(private readonly posting: PostingService) {}

  @ScheduledJob('post-gifts', { everyMs: 30_000 })
  postAll(): Promise<void> {
    return this.posting.postAll();
  }
}
