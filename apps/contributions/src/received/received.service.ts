import {
  DomainError,
  pageFrom,
  requirePerson,
  type CallContext,
  type ReceivedGift,
  type ReceivedSummary,
  type RpcInput,
  type contributionsRpc,
} from '@foodshed/contracts';
import { ALL_INSTANCES, Clock, Database } from '@foodshed/platform';
import { Injectable } from '@nestjs/common';
import { NamesService } from '../gifts/names.service.js';
import { giverShown, receiverName } from '../gifts/view.rules.js';
import { findReceived, lockReceived, saveAnswer, sumReceived, type ReceivedPart } from './received.store.js';
import { monthsUpTo, summariesOf } from './summary.rules.js';

type Rpc = typeof contributionsRpc;

const MONTHS = 12;

/** What came to the caller and to the enterprises they manage, in whichever instance the money is. */
@Injectable()
export class ReceivedService {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly names: NamesService,
  ) {}

  async list(
    { cursor, limit }: RpcInput<Rpc['listReceived']>,
    context: CallContext,
  ): Promise<{ items: ReceivedGift[]; nextCursor: string | null }> {
    const page = { payeeIds: payeesOf(context), before: cursor ?? null, limit: limit + 1 };
    const rows = await this.database.transaction(ALL_INSTANCES, (tx) => findReceived(tx, page));
    const { items, nextCursor } = pageFrom(rows, limit, ({ giftId, payee }) => giftId + payee.id);
    return { items: await this.views(items), nextCursor };
  }

  /** By months of the caller's instance. */
  async summarize(context: CallContext): Promise<{ items: ReceivedSummary[]; nextCursor: null }> {
    const { timeZone } = requirePerson(context).instance;
    const of = { payeeIds: payeesOf(context), timeZone, now: this.clock.now(), months: MONTHS };
    const { month, sums } = await this.database.transaction(ALL_INSTANCES, (tx) => sumReceived(tx, of));
    return { items: summariesOf(sums, monthsUpTo(month, MONTHS)), nextCursor: null };
  }

  /** Says what came of it; the same words again change nothing. @throws not-found for who did not receive it */
  async answer({ giftId, answer }: RpcInput<Rpc['answerGift']>, context: CallContext): Promise<ReceivedGift> {
    const { personId } = requirePerson(context);
    const now = this.clock.now();
    const part = await this.database.transaction(ALL_INSTANCES, async (tx) => {
      const [own] = await lockReceived(tx, giftId, payeesOf(context));
      if (!own) throw new DomainError('not-found', { detail: 'There is no such gift to you.' });
      if (own.answer !== answer) await saveAnswer(tx, { giftId, answer, answeredBy: personId, now });
      return { ...own, answer };
    });
    const [view] = await this.views([part]);
    return view!;
  }

  /** Parts as their payees see them. */
  async views(parts: readonly ReceivedPart[]): Promise<ReceivedGift[]> {
    const named = parts.flatMap(({ instanceId, giver, isUnnamed, receiver }) => [
      ...(isUnnamed ? [] : [{ instanceId, ...giver }]),
      ...(receiver.kind === 'person' ? [{ instanceId, ...receiver }] : []),
    ]);
    const names = await this.names.of(named);
    return parts.map(({ isUnnamed: _isUnnamed, ...part }) => ({
      ...part,
      receiverName: receiverName(part, names),
      giver: giverShown({ giver: part.giver, isUnnamed: _isUnnamed }, names),
      givenAt: part.givenAt.toISOString(),
    }));
  }
}

/** The caller and the enterprises they manage. */
export function payeesOf(context: CallContext): string[] {
  const { personId, enterpriseIds } = requirePerson(context);
  return [personId, ...enterpriseIds];
}
