import {
  DomainError,
  idAfter,
  pageFrom,
  requireInstance,
  requirePerson,
  type CallContext,
  type DevelopingStatement,
  type Earning,
  type RpcInput,
  type RpcOutput,
  type developersRpc,
} from '@foodshed/contracts';
import { ALL_INSTANCES, Database } from '@foodshed/platform';
import { Injectable } from '@nestjs/common';
import { findPledgesIn } from '../pledges/pledge.store.js';
import { expectedOfPayout, expectedOfPledge } from './expected.rules.js';
import { findMovements, sumMovements } from './movement.store.js';
import { findEarnings, findPayoutsIn } from './payout.store.js';

/** What went through the hands of the developing function, and what came to whom. */
@Injectable()
export class BookService {
  constructor(private readonly database: Database) {}

  /** The function's own statement in the caller's instance: escrow by day, in one currency. */
  async statement(
    input: RpcInput<typeof developersRpc.getDevelopingStatement>,
    context: CallContext,
  ): Promise<DevelopingStatement> {
    const { id: instanceId, currency: own, timeZone } = requireInstance(context);
    const { from = null, to = null, currency = own, limit } = input;
    if (from !== null && to !== null && to < from) {
      throw new DomainError('invalid-input', {
        detail: 'The period ends before it begins.',
        fields: [{ path: 'to', message: 'must not be before from' }],
      });
    }
    const after = idAfter(input.cursor);
    const period = { instanceId, currency, timeZone, from, to };
    return this.database.transaction(instanceId, async (tx) => {
      const sums = await sumMovements(tx, period);
      const rows = await findMovements(tx, { ...period, after, limit: limit + 1 });
      const { items, nextCursor } = pageFrom(rows, limit, ({ movementId }) => movementId);
      const shown = items.map(({ movedAt, ...row }) => ({ ...row, movedAt: movedAt.toISOString() }));
      return { currency, ...sums, items: shown, nextCursor };
    });
  }

  /** Of the caller and of the enterprises they manage, in whichever instance the money is. */
  async earnings(
    input: { cursor?: string; limit: number },
    context: CallContext,
  ): Promise<{ items: Earning[]; nextCursor: string | null }> {
    const { personId, enterpriseIds } = requirePerson(context);
    const page = {
      payeeIds: [personId, ...enterpriseIds],
      before: input.cursor ?? null,
      limit: input.limit + 1,
    };
    const rows = await this.database.transaction(ALL_INSTANCES, (tx) => findEarnings(tx, page));
    return pageFrom(rows, input.limit, ({ payoutId, payee }) => payoutId + payee.id);
  }

  /** What the ledger of the caller's instance should have of pledges. */
  async expectedPledges(
    input: RpcInput<typeof developersRpc.listExpectedPledges>,
    context: CallContext,
  ): Promise<RpcOutput<typeof developersRpc.listExpectedPledges>> {
    const { id: instanceId } = requireInstance(context);
    const page = { instanceId, after: idAfter(input.cursor), limit: input.limit + 1 };
    const rows = await this.database.transaction(ALL_INSTANCES, (tx) => findPledgesIn(tx, page));
    const { items, nextCursor } = pageFrom(rows, input.limit, ({ pledgeId }) => pledgeId);
    const expected = items.map((pledge) => ({
      pledgeId: pledge.pledgeId,
      bookings: expectedOfPledge(pledge),
    }));
    return { items: expected, nextCursor };
  }

  /** The same of what was paid on to teams. */
  async expectedPayouts(
    input: RpcInput<typeof developersRpc.listExpectedPayouts>,
    context: CallContext,
  ): Promise<RpcOutput<typeof developersRpc.listExpectedPayouts>> {
    const { id: instanceId } = requireInstance(context);
    const page = { instanceId, after: idAfter(input.cursor), limit: input.limit + 1 };
    const rows = await this.database.transaction(ALL_INSTANCES, (tx) => findPayoutsIn(tx, page));
    const { items, nextCursor } = pageFrom(rows, input.limit, ({ payoutId }) => payoutId);
    const expected = items.map((payout) => ({
      payoutId: payout.payoutId,
      bookings: expectedOfPayout(payout),
    }));
    return { items: expected, nextCursor };
  }
}
