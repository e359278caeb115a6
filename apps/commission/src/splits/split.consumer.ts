import { type AttributedSale, hubsEvents } from '@foodshed/contracts';
import { Consume, type ReceivedEvent, type Tx } from '@foodshed/platform';
import { Injectable } from '@nestjs/common';
import { SplitService } from './split.service.js';

@Injectable()
export class SplitConsumer {
  constructor(private readonly splits: SplitService) {}

  @Consume([hubsEvents.attributed], { batch: 100 })
  attributed(tx: Tx, events: ReceivedEvent<AttributedSale>[]): Promise<void> {
    return this.splits.split(tx, events);
  }
}
