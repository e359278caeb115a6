import { commissionEvents, developersEvents, ordersEvents } from '@foodshed/contracts';
import { Consume, type ReceivedEvent, type Tx } from '@foodshed/platform';
import { Injectable } from '@nestjs/common';
import { WebhookQueue } from './queue.service.js';

/**
 * Public events that the read model does not count; those that it counts it hands on, in the same transaction, so that
 * the events of a sale are received once.
 */
@Injectable()
export class WebhookConsumer {
  constructor(private readonly queue: WebhookQueue) {}

  @Consume([ordersEvents.cycleChanged, commissionEvents.modelChanged, developersEvents.pitchChanged], {
    batch: 100,
  })
  tell(tx: Tx, events: ReceivedEvent[]): Promise<void> {
    return this.queue.add(tx, events);
  }
}
