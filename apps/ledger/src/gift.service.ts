import { DomainError, type LedgerGift, type ProblemCode } from '@foodshed/contracts';
import { ALL_INSTANCES, afterCommit, Clock, Database, Outbox } from '@foodshed/platform';
import { Injectable } from '@nestjs/common';
import { postGift } from './gift.store.js';

@Injectable()
export class GiftService {
  constructor(
    private readonly database: Database,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
  ) {}

  /** @throws limit-exceeded where the giver has less, business-key-conflict where the id has other content */
  async post(gift: LedgerGift): Promise<{ outcome: 'posted' | 'exists'; transactionId: string }> {
    const answer = await this.database.transaction(ALL_INSTANCES, (tx) => {
      afterCommit(tx, () => this.outbox.poke());
      return postGift(tx, gift, this.clock.now());
    });
    const { outcome, transactionId } = answer;
    if (outcome !== 'refused') return { outcome, transactionId: transactionId! };
    const path = answer.field ?? 'giftId';
    throw new DomainError(answer.code as ProblemCode, {
      detail: `The ledger did not take the gift because of ${path}.`,
      fields: [{ path, message: 'is not what the books allow' }],
    });
  }
}
