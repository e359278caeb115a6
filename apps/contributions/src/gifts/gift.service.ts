import {
  DomainError,
  idAfter,
  hasRole,
  pageFrom,
  requireInstance,
  requirePerson,
  type Caller,
  type CallContext,
  type GiftBody,
  type GiftView,
  type RpcInput,
  type contributionsRpc,
} from '@foodshed/contracts';
import { Clock, Database, ALL_INSTANCES, idempotent, newId, onceOf, type Tx } from '@foodshed/platform';
import { Injectable } from '@nestjs/common';
import { firstState, nextGiftState } from './gift-state.rules.js';
import {
  dividedReceipt,
  partsOf,
  requireOthers,
  requireRecorder,
  requireSource,
  requireVoice,
} from './gift.rules.js';
import { findGift, findGiven, findPromised, insertGift, saveGift, type Gift } from './gift.store.js';
import { NamesService } from './names.service.js';
import { PostingService } from './posting.service.js';
import { ReceiversService, type Receiver } from './receivers.service.js';
import { giftView } from './view.rules.js';

type Rpc = typeof contributionsRpc;
type Page = Promise<{ items: GiftView[]; nextCursor: string | null }>;

/** Gifts: made, promised, recorded as come, taken back before they came. The money itself is asked of the ledger. */
@Injectable()
export class GiftService {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly posting: PostingService,
    private readonly receivers: ReceiversService,
    private readonly names: NamesService,
  ) {}

  /** @throws forbidden, invalid-input for who cannot receive it, limit-exceeded when the balance is short */
  async give(input: GiftBody, context: CallContext): Promise<GiftView> {
    const caller = requirePerson(context);
    const { id: instanceId, currency } = requireInstance(context);
    const now = this.clock.now().toISOString();
    requireSource(input);
    requireVoice(caller, { instanceId, giver: input.giver });
    const receiver = await this.receivers.find(input.receiver, instanceId);
    requireOthers(input.giver, receiver.payees, caller);
    if (input.hubId !== undefined) await this.receivers.requireHub(input.hubId, instanceId);
    const giftId = await this.#once('give', input, context, async (tx) => {
      const gift = giftOf(input, { instanceId, currency, receiver, givenBy: caller.personId, now });
      await insertGift(tx, gift);
      return gift.giftId;
    });
    await this.posting.postNow(giftId);
    const view = await this.#view(giftId, context);
    if (view.state !== 'refused') return view;
    throw new DomainError('limit-exceeded', {
      detail: 'There is less than that to give from; what is pledged elsewhere does not count.',
      fields: [
        { path: 'amountMinor', message: 'is more than the balance has, with the part for the platform' },
      ],
    });
  }

  /** Records that what was promised came, or what came instead. @throws forbidden, invalid-state */
  async receive(input: RpcInput<Rpc['recordGiftReceipt']>, context: CallContext): Promise<GiftView> {
    const caller = requirePerson(context);
    const { id: instanceId } = requireInstance(context);
    const { giftId, receivedMinor, holder } = input;
    await this.#find(giftId, instanceId);
    await this.#once('record-receipt', input, context, async (tx) => {
      const gift = (await findGift(tx, giftId, { lock: true }))!;
      requireRecorder(caller, { ...gift, payees: gift.parts }, holder);
      const state = nextGiftState('receive', gift);
      const divided = dividedReceipt(receivedMinor, gift);
      const parts = partsOf(divided.amountMinor, gift.parts);
      const givenAt = this.clock.now().toISOString();
      await saveGift(tx, { ...gift, ...divided, parts, holder, state, givenAt });
      return giftId;
    });
    await this.posting.postNow(giftId);
    return this.#view(giftId, context);
  }

  /** Takes back a promise; a second time changes nothing. @throws forbidden, invalid-state */
  async withdraw({ giftId }: { giftId: string }, context: CallContext): Promise<GiftView> {
    const caller = requirePerson(context);
    await this.#find(giftId);
    await this.database.transaction(ALL_INSTANCES, async (tx) => {
      const gift = (await findGift(tx, giftId, { lock: true }))!;
      requireVoice(caller, gift);
      if (gift.state === 'withdrawn') return;
      await saveGift(tx, { ...gift, state: nextGiftState('withdraw', gift) });
    });
    return this.#view(giftId, context);
  }

  /** The caller's own, those of their enterprises, and for a steward those of the instance. */
  async given({ cursor, limit }: RpcInput<Rpc['listGiven']>, context: CallContext): Page {
    const caller = requirePerson(context);
    const page = {
      giverIds: [caller.personId, ...caller.enterpriseIds],
      instanceId: hasRole(caller, 'steward') ? caller.instance.id : null,
      before: idAfter(cursor),
      limit: limit + 1,
    };
    return this.#page(limit, context, (tx) => findGiven(tx, page));
  }

  /** What the caller may record: cash of their hubs, and for a steward transfers. */
  async promised({ cursor, limit }: RpcInput<Rpc['listPromised']>, context: CallContext): Page {
    const caller = requirePerson(context);
    const page = {
      instanceId: caller.instance.id,
      hubIds: caller.enterpriseIds,
      withTransfers: hasRole(caller, 'steward'),
      after: idAfter(cursor),
      limit: limit + 1,
    };
    return this.#page(limit, context, (tx) => findPromised(tx, page));
  }

  async #page(limit: number, { caller }: CallContext, find: (tx: Tx) => Promise<Gift[]>): Page {
    const rows = await this.database.transaction(ALL_INSTANCES, find);
    const { items, nextCursor } = pageFrom(rows, limit, ({ giftId }) => giftId);
    return { items: await this.#views(items, caller), nextCursor };
  }

  #once(
    command: string,
    body: object,
    context: CallContext,
    work: (tx: Tx) => Promise<string>,
  ): Promise<string> {
    const once = onceOf(context, { command, body, now: this.clock.now() });
    return this.database.transaction(ALL_INSTANCES, (tx) => idempotent(tx, once, () => work(tx)));
  }

  /** The gift, of an instance where given. @throws not-found */
  async #find(giftId: string, instanceId?: string): Promise<Gift> {
    const gift = await this.database.transaction(ALL_INSTANCES, (tx) => findGift(tx, giftId));
    if (gift && (instanceId === undefined || gift.instanceId === instanceId)) return gift;
    throw new DomainError('not-found', { detail: 'There is no such gift.' });
  }

  async #view(giftId: string, { caller }: CallContext): Promise<GiftView> {
    const [view] = await this.#views([await this.#find(giftId)], caller);
    return view!;
  }

  async #views(gifts: readonly Gift[], caller: Caller): Promise<GiftView[]> {
    const people = gifts.flatMap(({ instanceId, giver, receiver }) => [
      { instanceId, ...giver },
      ...(receiver.kind === 'person' ? [{ instanceId, ...receiver }] : []),
    ]);
    const names = await this.names.of(people);
    return gifts.map((gift) => giftView(gift, caller, names));
  }
}

function giftOf(
  input: GiftBody,
  of: { instanceId: string; currency: string; receiver: Receiver; givenBy: string; now: string },
): Gift {
  const { giver, receiver, amountMinor, platformPartMinor, source, hubId, message, isUnnamed } = input;
  const state = firstState(source);
  return {
    instanceId: of.instanceId,
    giftId: newId(),
    giver,
    receiver,
    receiverName: of.receiver.name,
    state,
    amountMinor,
    platformPartMinor,
    currency: of.currency,
    source,
    hubId: hubId ?? null,
    holder: null,
    isUnnamed,
    message,
    answer: null,
    answeredAt: null,
    givenBy: of.givenBy,
    promisedAt: of.now,
    givenAt: state === 'posting' ? of.now : null,
    transactionId: null,
    returns: null,
    hidesReceiver: false,
    parts: partsOf(amountMinor, of.receiver.payees),
  };
}
