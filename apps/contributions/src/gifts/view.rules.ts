import type {
  Caller,
  GiftPart,
  GiftView,
  GivenGift,
  PayeeRef,
  ReceiverRef,
  ReturnedGift,
} from '@foodshed/contracts';
import { holderOf, speaksFor, type Part, type PostedGift } from './gift.rules.js';

/** What is kept of a gift, as far as it is shown. */
interface GiftFacts extends Omit<GiftView, 'giver' | 'receiver' | 'parts' | 'isOwn'> {
  readonly receiver: ReceiverRef;
  readonly hidesReceiver: boolean;
  readonly giver: PostedGift['giver'];
  readonly parts: readonly Part[];
}

/** Who gets how much, as every part of the system names it. */
export function giftParts(parts: readonly Part[]): GiftPart[] {
  return parts.map(({ kind, id, amountMinor }) => ({ payee: { kind, id }, amountMinor }));
}

/** The name of an id, or null where nobody could say it now. */
export type Names = ReadonlyMap<string, string>;

/** What the gift is for: as it was called, or for a person as they are called now; null where nobody could say it. */
export function receiverName(
  { receiver, receiverName: kept }: { receiver: ReceiverRef; receiverName: string | null },
  names: Names,
): string | null {
  return kept ?? names.get(receiver.id) ?? null;
}

/** The giver, unless they stay unnamed. */
export function giverShown(
  { giver, isUnnamed }: { giver: PostedGift['giver']; isUnnamed: boolean },
  names: Names,
): GiftView['giver'] {
  if (isUnnamed) return { kind: giver.kind, id: null, name: null };
  return { ...giver, name: names.get(giver.id) ?? null };
}

/** What a gift is for, unless it goes back to somebody who stays unnamed. */
export function receiverShown(
  gift: { receiver: ReceiverRef; receiverName: string | null; hidesReceiver: boolean },
  names: Names,
): Pick<GiftView, 'receiver' | 'receiverName'> {
  const { receiver, hidesReceiver } = gift;
  if (hidesReceiver) return { receiver: { kind: receiver.kind, id: null }, receiverName: null };
  return { receiver, receiverName: receiverName(gift, names) };
}

/** A gift for its giver; whoever else may record it sees no message, and nobody who stays unnamed. */
export function giftView(gift: GiftFacts, caller: Caller, names: Names): GiftView {
  const isOwn = speaksFor(caller, gift);
  return {
    giftId: gift.giftId,
    instanceId: gift.instanceId,
    giver: giverShown({ giver: gift.giver, isUnnamed: gift.isUnnamed && !isOwn }, names),
    ...receiverShown(gift, names),
    returns: gift.returns,
    state: gift.state,
    amountMinor: gift.amountMinor,
    platformPartMinor: gift.platformPartMinor,
    currency: gift.currency,
    source: gift.source,
    hubId: gift.hubId,
    message: isOwn ? gift.message : '',
    isUnnamed: gift.isUnnamed,
    parts: gift.hidesReceiver ? [] : giftParts(gift.parts),
    answer: isOwn ? gift.answer : null,
    answeredAt: isOwn ? gift.answeredAt : null,
    transactionId: gift.transactionId,
    promisedAt: gift.promisedAt,
    givenAt: gift.state === 'given' ? gift.givenAt : null,
    isOwn,
  };
}

/** What the system is told of a gift that was posted: no words, and no giver who stays unnamed. */
export function givenGift(gift: PostedGift & Omit<GiftFacts, 'givenAt'>): GivenGift {
  const { kind, id } = gift.giver;
  return {
    giftId: gift.giftId,
    giver: { kind, id: gift.isUnnamed ? null : id },
    receiver: gift.receiver,
    parts: giftParts(gift.parts),
    amountMinor: gift.amountMinor,
    platformPartMinor: gift.platformPartMinor,
    currency: gift.currency,
    source: gift.source,
    holder: holderOf(gift),
    givenAt: gift.givenAt,
  };
}

/** What the system is told of what was given back: who did, and not to whom. */
export function returnedOf(
  gift: Pick<PostedGift, 'giftId' | 'giver' | 'currency' | 'givenAt'> & {
    returns: string;
    amountMinor: number;
  },
): ReturnedGift {
  return {
    returnId: gift.giftId,
    giftId: gift.returns,
    payee: gift.giver as PayeeRef,
    amountMinor: gift.amountMinor,
    currency: gift.currency,
    returnedAt: gift.givenAt,
  };
}
