import { ALL_INSTANCES, Clock, Database, JobHandler, ScheduledJob } from '@foodshed/platform';
import { Injectable } from '@nestjs/common';
import { removeOldDeliveries } from './delivery.store.js';
import { WebhookSending } from './sending.service.js';

/** Wakes the sending of webhooks, and removes deliveries that are old; what is due is in Postgres. */
@Injectable()
export class WebhookJobs {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly sending: WebhookSending,
  ) {}

  @JobHandler('send-webhooks')
  send(): Promise<void> {
    return this.sending.sendDue();
  }

  @ScheduledJob('send-due-webhooks', { everyMs: 30_000 })
  sendDue(): Promise<void> {
    return this.sending.sendDue();
  }

  @ScheduledJob('remove-old-webhook-deliveries', { everyMs: 3_600_000 })
  async removeOld(): Promise<void> {
    const now = this.clock.now();
    const remove = () => this.database.transaction(ALL_INSTANCES, (tx) => removeOldDeliveries(tx, now));
    while ((await remove()) > 0);
  }
}
