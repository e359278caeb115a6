import { adminEvents, type EventData } from '@foodshed/contracts';
import { Consume, type ReceivedEvent, type Tx } from '@foodshed/platform';
import { Injectable } from '@nestjs/common';
import { eraseWords } from './gift.store.js';

/** Removes the words of people who are erased. */
@Injectable()
export class ErasureConsumer {
  @Consume([adminEvents.personErased], { batch: 50 })
  erased(tx: Tx, events: ReceivedEvent<EventData<typeof adminEvents.personErased>>[]): Promise<void> {
    return eraseWords(
      tx,
      events.map(({ data }) => data.personId),
    );
  }
}
