import {
  DomainError,
  requirePerson,
  type CallContext,
  type ReceivedGift,
  type RpcInput,
  type contributionsRpc,
} from '@foodshed/contracts';
import { ALL_INSTANCES, Clock, Database, idempotent, newId, onceOf } from '@foodshed/platform';
import { Injectable } from '@nestjs/common';
import { findGift, insertGift } from '../gifts/gift.store.js';
import { PostingService } from '../gifts/posting.service.js';
import { ReceiversService } from '../gifts/receivers.service.js';
import { payeesOf, ReceivedService } from './received.service.js';
import { lockReceived, type ReceivedPart } from './received.store.js';
import { partToReturn, returnOf } from './return.rules.js';

type Input = RpcInput<(typeof contributionsRpc)['returnGift']>;

/** Gives gifts back: a gift of its own, to whoever gave, who stays unnamed where they were. */
@Injectable()
export class ReturnService {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly posting: PostingService,
    private readonly receivers: ReceiversService,
    private readonly received: ReceivedService,
  ) {}

  /** @throws not-found, invalid-input for who did not receive it, invalid-state, limit-exceeded when it is spent */
  async giveBack(input: Input, context: CallContext): Promise<ReceivedGift> {
    const { personId } = requirePerson(context);
    const now = this.clock.now();
    const name = await this.#nameOfGiver(partToReturn(await this.#parts(input, context), input.payee));
    const once = onceOf(context, { command: 'return-gift', body: input, now });
    const returnId = await this.database.transaction(ALL_INSTANCES, (tx) =>
      idempotent(tx, once, async () => {
        // Locked by a statement before: only a later one sees what was given back meanwhile.
        await findGift(tx, input.giftId, { lock: true });
        const own = await lockReceived(tx, input.giftId, payeesOf(context));
        const part = partToReturn(own, input.payee);
        if (part.isReturned) {
          throw new DomainError('invalid-state', { detail: 'This was given back already.' });
        }
        const id = newId();
        await insertGift(
          tx,
          returnOf(part, { returnId: id, givenBy: personId, name, now: now.toISOString() }),
        );
        return id;
      }),
    );
    await this.posting.postNow(returnId);
    const made = await this.database.transaction(ALL_INSTANCES, (tx) => findGift(tx, returnId));
    if (made?.state === 'refused') {
      throw new DomainError('limit-exceeded', { detail: 'There is less than that left to give back.' });
    }
    const [view] = await this.received.views([partToReturn(await this.#parts(input, context), input.payee)]);
    return view!;
  }

  #parts({ giftId }: Input, context: CallContext): Promise<ReceivedPart[]> {
    return this.database.transaction(ALL_INSTANCES, (tx) => lockReceived(tx, giftId, payeesOf(context)));
  }

  /** The name of an enterprise that gets it back. @throws invalid-state where nobody is there any more to get it */
  async #nameOfGiver({ giver, instanceId }: ReceivedPart): Promise<string | null> {
    if (giver.kind === 'instance') {
      throw new DomainError('invalid-state', {
        detail: 'What a network gave is not given back from here; speak with its stewards.',
      });
    }
    try {
      return (await this.receivers.find({ kind: giver.kind, id: giver.id }, instanceId)).name;
    } catch (error) {
      if (!(error instanceof DomainError) || error.code !== 'invalid-input') throw error;
      throw new DomainError('invalid-state', { detail: 'Whoever gave it is not of this network any more.' });
    }
  }
}
