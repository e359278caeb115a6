import { commandsOf, commissionEvents, type EventData } from '@foodshed/contracts';
import { Consume, type ReceivedEvent, type Tx } from '@foodshed/platform';
import { Injectable } from '@nestjs/common';
import { PostingService } from './posting.service.js';

type Split = EventData<typeof commissionEvents.split>;

/** Posts what commission says each capture's split still needs; the business key makes a repetition harmless. */
@Injectable()
export class SplitConsumer {
  constructor(private readonly posting: PostingService) {}

  @Consume([commissionEvents.split], { batch: 100 })
  async post(tx: Tx, events: ReceivedEvent<Split>[]): Promise<void> {
    await this.posting.postAll(
      tx,
      events.flatMap(({ instanceId, data }) => commandsOf(data).map((command) => ({ instanceId, command }))),
    );
  }
}
