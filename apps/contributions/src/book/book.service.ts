import {
  DomainError,
  idAfter,
  pageFrom,
  requireInstance,
  type CallContext,
  type ContributingStatement,
  type RpcInput,
  type RpcOutput,
  type contributionsRpc,
} from '@foodshed/contracts';
import { Database } from '@foodshed/platform';
import { Injectable } from '@nestjs/common';
import { expectedOfGift } from '../gifts/gift.rules.js';
import { findAsked } from '../gifts/gift.store.js';
import { NamesService } from '../gifts/names.service.js';
import { receiverShown } from '../gifts/view.rules.js';
import { findBooked, sumGiven } from './book.store.js';

/** What went through the contributing function: nothing stays with it, so there is no balance to open or close with. */
@Injectable()
export class BookService {
  constructor(
    private readonly database: Database,
    private readonly names: NamesService,
  ) {}

  /** The function's own statement in the caller's instance, in its currency; givers are counted and not named. */
  async statement(
    input: RpcInput<typeof contributionsRpc.getContributingStatement>,
    context: CallContext,
  ): Promise<ContributingStatement> {
    const { id: instanceId, currency, timeZone } = requireInstance(context);
    const { from = null, to = null, limit } = input;
    if (from !== null && to !== null && to < from) {
      throw new DomainError('invalid-input', {
        detail: 'The period ends before it begins.',
        fields: [{ path: 'to', message: 'must not be before from' }],
      });
    }
    const after = idAfter(input.cursor);
    const period = { instanceId, timeZone, from, to };
    const { sums, rows } = await this.database.transaction(instanceId, async (tx) => ({
      sums: await sumGiven(tx, period),
      rows: await findBooked(tx, { ...period, after, limit: limit + 1 }),
    }));
    const { items, nextCursor } = pageFrom(rows, limit, ({ giftId }) => giftId);
    const people = items.filter(({ receiver }) => receiver.kind === 'person');
    const names = await this.names.of(people.map(({ receiver }) => ({ instanceId, ...receiver })));
    // Who gets a gift back is a giver, and givers are not named here.
    const shown = items.map(({ isReturn, ...row }) => ({
      ...row,
      ...receiverShown({ ...row, hidesReceiver: isReturn }, names),
      givenAt: row.givenAt.toISOString(),
    }));
    return { currency, ...sums, items: shown, nextCursor };
  }

  /** What the ledger of the caller's instance should have of gifts. */
  async expected(
    input: RpcInput<typeof contributionsRpc.listExpectedGifts>,
    context: CallContext,
  ): Promise<RpcOutput<typeof contributionsRpc.listExpectedGifts>> {
    const { id: instanceId } = requireInstance(context);
    const page = { instanceId, after: idAfter(input.cursor), limit: input.limit + 1 };
    const rows = await this.database.transaction(instanceId, (tx) => findAsked(tx, page));
    const { items, nextCursor } = pageFrom(rows, input.limit, ({ giftId }) => giftId);
    const expected = items.map((gift) => ({
      giftId: gift.giftId,
      bookings: expectedOfGift({ ...gift, givenAt: gift.givenAt! }),
    }));
    return { items: expected, nextCursor };
  }
}
