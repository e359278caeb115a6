import { adminEvents, type EventData } from '@foodshed/contracts';
import {
  Clock,
  Consume,
  Database,
  ALL_INSTANCES,
  ScheduledJob,
  type ReceivedEvent,
  type Tx,
} from '@foodshed/platform';
import { Injectable } from '@nestjs/common';
import { forgetPayees, forgetRecipients } from './payee.store.js';

/** What tax law commonly asks to be kept of a payment: who was paid, and the file that the bank got. */
const KEPT_YEARS = 10;

/** Forgets where people were paid: at once when they are erased, and of payments when the law asks for it no more. */
@Injectable()
export class ErasureConsumer {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  @Consume([adminEvents.personErased], { batch: 100 })
  async erase(tx: Tx, events: ReceivedEvent<EventData<typeof adminEvents.personErased>>[]): Promise<void> {
    await forgetPayees(
      tx,
      events.map(({ data }) => data.personId),
    );
  }

  @ScheduledJob('forget-recipients', { everyMs: 3_600_000 })
  async forget(): Promise<void> {
    const before = this.clock.now();
    before.setUTCFullYear(before.getUTCFullYear() - KEPT_YEARS);
    await this.database.transaction(ALL_INSTANCES, (tx) => forgetRecipients(tx, before));
  }
}
