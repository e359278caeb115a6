import { Injectable } from '@nestjs/common';
import { ordersEvents, type PaidSale } from '@foodshed/contracts';
import { Consume, type ReceivedEvent, type Tx } from '@foodshed/platform';
import { AttributionService } from './attribution.service.js';

@Injectable()
export class AttributionConsumer {
  constructor(private readonly attributions: AttributionService) {}

  @Consume([ordersEvents.paid], { batch: 100 })
  paid(tx: Tx, events: ReceivedEvent<PaidSale>[]): Promise<void> {
    return this.attributions.attribute(tx, events);
  }
}
