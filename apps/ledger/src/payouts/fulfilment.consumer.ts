import { ordersEvents, type EventData } from '@foodshed/contracts';
import { Consume, type ReceivedEvent, type Tx } from '@foodshed/platform';
import { Injectable } from '@nestjs/common';
import { addFulfilments } from './release.store.js';

/** Notes when orders were handed over: from then on the hold of their earnings runs. */
@Injectable()
export class FulfilmentConsumer {
  @Consume([ordersEvents.fulfilled], { batch: 100 })
  async note(tx: Tx, events: ReceivedEvent<EventData<typeof ordersEvents.fulfilled>>[]): Promise<void> {
    await addFulfilments(
      tx,
      events.map(({ instanceId, data }) => ({ instanceId, ...data })),
    );
  }
}
