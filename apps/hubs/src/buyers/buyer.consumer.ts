import { Injectable } from '@nestjs/common';
import { adminEvents, ordersEvents, type EventData } from '@foodshed/contracts';
import { Consume, type ReceivedEvent, type Tx } from '@foodshed/platform';
import { BuyerService } from './buyer.service.js';
import { ErasureService } from './erasure.service.js';

type Placed = EventData<typeof ordersEvents.placed>;
type Registered = EventData<typeof adminEvents.personRegistered>;
type Verified = EventData<typeof adminEvents.emailVerified>;
type Erased = EventData<typeof adminEvents.personErased>;

@Injectable()
export class BuyerConsumer {
  constructor(
    private readonly buyers: BuyerService,
    private readonly erasures: ErasureService,
  ) {}

  @Consume([ordersEvents.placed], { batch: 200 })
  placed(tx: Tx, events: ReceivedEvent<Placed>[]): Promise<void> {
    return this.buyers.served(
      tx,
      events.map(({ instanceId, data }) => ({
        instanceId,
        buyer: data.buyer,
        enterpriseIds: [data.hubId, ...data.producers.map(({ producerId }) => producerId)],
      })),
    );
  }

  @Consume([adminEvents.personRegistered], { batch: 50 })
  registered(tx: Tx, events: ReceivedEvent<Registered>[]): Promise<void> {
    return this.buyers.registered(
      tx,
      events.map(({ instanceId, data }) => ({ instanceId, personId: data.personId })),
    );
  }

  @Consume([adminEvents.emailVerified], { batch: 50 })
  verified(tx: Tx, events: ReceivedEvent<Verified>[]): Promise<void> {
    return this.buyers.registered(
      tx,
      events.map(({ instanceId, data }) => ({ instanceId, personId: data.personId })),
    );
  }

  @Consume([adminEvents.personErased], { batch: 50 })
  erased(tx: Tx, events: ReceivedEvent<Erased>[]): Promise<void> {
    return this.erasures.erase(
      tx,
      events.map(({ data }) => data),
    );
  }
}
