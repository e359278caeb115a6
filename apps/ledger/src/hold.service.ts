import { DomainError, type LedgerHold, type ProblemCode } from '@foodshed/contracts';
import { ALL_INSTANCES, afterCommit, Clock, Database, Outbox, type Tx } from '@foodshed/platform';
import { Injectable } from '@nestjs/common';
import {
  findHold,
  findOverdueHolds,
  placeHold,
  resolveHold,
  settleHolds,
  type HoldAnswer,
  type HoldsPayout,
  type NewHold,
} from './hold.store.js';

interface HoldOutcome {
  readonly outcome: 'done' | 'exists';
  readonly hold: LedgerHold;
}

const OVERDUE_AT_ONCE = 200;

@Injectable()
export class HoldService {
  constructor(
    private readonly database: Database,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
  ) {}

  place(hold: NewHold): Promise<HoldOutcome> {
    return this.#answer((tx) => placeHold(tx, hold, this.clock.now()));
  }

  settle(input: { instanceId: string; holdId: string; amountMinor: number }): Promise<HoldOutcome> {
    return this.#answer((tx) => resolveHold(tx, { ...input, outcome: 'settled' }, this.clock.now()));
  }

  void(input: { instanceId: string; holdId: string }): Promise<HoldOutcome> {
    return this.#answer((tx) => resolveHold(tx, { ...input, outcome: 'voided' }, this.clock.now()));
  }

  /** Settles holds of one payee whole and pays all of it on by parts; nobody sees a moment in between. */
  async settleAll(payout: HoldsPayout) {
    const answer = await this.database.transaction(ALL_INSTANCES, async (tx) => {
      afterCommit(tx, () => this.outbox.poke());
      return settleHolds(tx, payout, this.clock.now());
    });
    const { outcome, code, field, transactionId, settledMinor } = answer;
    if (outcome === 'refused') throw refusal(code as ProblemCode, field ?? 'holdIds');
    return { outcome, transactionId: transactionId!, settledMinor: settledMinor! };
  }

  /** @throws not-found */
  async get(which: { instanceId: string; holdId: string }): Promise<LedgerHold> {
    const hold = await this.database.transaction(which.instanceId, (tx) => findHold(tx, which));
    if (!hold) throw refusal('not-found', 'holdId');
    return hold;
  }

  /** Gives back what waited past its deadline; returns how many holds ended. One that was resolved meanwhile stays so. */
  async expireOverdue(): Promise<number> {
    const now = this.clock.now();
    const overdue = await this.database.transaction(ALL_INSTANCES, (tx) =>
      findOverdueHolds(tx, { now, limit: OVERDUE_AT_ONCE }),
    );
    let expired = 0;
    for (const hold of overdue) {
      const answer = await this.#resolve((tx) => resolveHold(tx, { ...hold, outcome: 'expired' }, now));
      if (answer.outcome === 'done') expired += 1;
    }
    return expired;
  }

  async #answer(work: (tx: Tx) => Promise<HoldAnswer>): Promise<HoldOutcome> {
    const { outcome, code, field, hold } = await this.#resolve(work);
    if (outcome === 'refused' || !hold) throw refusal(code as ProblemCode, field ?? 'holdId');
    return { outcome: outcome === 'done' ? 'done' : 'exists', hold };
  }

  #resolve(work: (tx: Tx) => Promise<HoldAnswer>): Promise<HoldAnswer> {
    return this.database.transaction(ALL_INSTANCES, async (tx) => {
      afterCommit(tx, () => this.outbox.poke());
      return work(tx);
    });
  }
}

const REASONS: Partial<Record<ProblemCode, string>> = {
  'business-key-conflict': 'differs from the hold that has this id',
  'currency-mixed': 'must have the same currency as the payee and refund-to',
  'invalid-state': 'does not allow this any more',
  'limit-exceeded': 'is more than there is to take',
  'not-found': 'names no hold',
};

function refusal(code: ProblemCode, field: string): DomainError {
  const message = REASONS[code] ?? 'is not valid';
  return new DomainError(code, {
    detail: `The field ${field} ${message}.`,
    fields: [{ path: field, message }],
  });
}
