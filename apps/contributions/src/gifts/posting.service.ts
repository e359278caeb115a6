import { contributionsEvents, DomainError, ledgerRpc } from '@foodshed/contracts';
import {
  ALL_INSTANCES,
  Clock,
  Database,
  eachInTurn,
  orLater,
  Outbox,
  RpcClient,
  type Tx,
} from '@foodshed/platform';
import { Injectable } from '@nestjs/common';
import { nextGiftState, type GiftCommand } from './gift-state.rules.js';
import { ledgerGiftOf } from './gift.rules.js';
import { findGift, findWaiting, saveGift, type Gift } from './gift.store.js';
import { givenGift, returnedOf } from './view.rules.js';

const WAITING_AT_ONCE = 500;
/** Longer than any call that is still being waited for takes. */
const PATIENCE_MS = 30_000;

/**
 * Asks the ledger for gifts that were decided. The gift's id is its business key, and each answer is written in a
 * transaction of its own: a crash anywhere only means asking again.
 */
@Injectable()
export class PostingService {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly outbox: Outbox,
    private readonly rpc: RpcClient,
  ) {}

  /** Asks again for every gift that waited long enough. @throws the first failure, once each gift had its turn */
  async postAll(): Promise<void> {
    const before = new Date(this.clock.now().getTime() - PATIENCE_MS);
    const waiting = await this.database.transaction(ALL_INSTANCES, (tx) =>
      findWaiting(tx, { before, limit: WAITING_AT_ONCE }),
    );
    await eachInTurn(waiting, (gift) => this.#post(gift));
  }

  /** Posts a gift that is decided; while the ledger is away it waits, and the job asks again. */
  async postNow(giftId: string): Promise<void> {
    const gift = await this.database.transaction(ALL_INSTANCES, (tx) => findGift(tx, giftId));
    if (gift?.state === 'posting') await orLater(this.#post(gift));
  }

  async #post(gift: Gift): Promise<void> {
    try {
      const asked = ledgerGiftOf({ ...gift, givenAt: gift.givenAt! });
      const { transactionId } = await this.rpc.call(ledgerRpc.postGift, asked, 'service');
      await this.#write(gift, 'post', async (tx, posted) => {
        await saveGift(tx, { ...posted, transactionId });
        const { instanceId, returns } = posted;
        const told = { ...posted, givenAt: posted.givenAt! };
        await this.outbox.add(tx, [
          returns === null
            ? { event: contributionsEvents.given, instanceId, data: givenGift(told) }
            : { event: contributionsEvents.returned, instanceId, data: returnedOf({ ...told, returns }) },
        ]);
      });
    } catch (error) {
      if (!(error instanceof DomainError) || error.code !== 'limit-exceeded') throw error;
      await this.#write(gift, 'be-refused', saveGift);
    }
  }

  /** Writes the ledger's answer, unless somebody else has written it. */
  #write(asked: Gift, command: GiftCommand, write: (tx: Tx, moved: Gift) => Promise<void>): Promise<void> {
    return this.database.transaction(ALL_INSTANCES, async (tx) => {
      const gift = await findGift(tx, asked.giftId, { lock: true });
      if (!gift || gift.state === 'given' || (command === 'be-refused' && gift.state !== 'posting')) return;
      await write(tx, { ...gift, state: nextGiftState(command, gift) });
    });
  }
}
