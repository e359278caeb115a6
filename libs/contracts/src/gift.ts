import { z } from 'zod';
import {
  accountRef,
  amountMinor,
  currencyCode,
  id,
  instant,
  isStorable,
  moneyHolder,
  textOf,
} from './primitives.js';

/** Beyond it the sums of a year could leave the safe integers. */
const giftMinor = z.int().max(1_000_000_000_000);

/**
 * `posting` is asked of the ledger, `given` is in its books. A transfer or cash is `promised` until whoever holds the
 * money says that it came.
 */
export const giftState = z.enum(['promised', 'posting', 'given', 'refused', 'withdrawn']);
export type GiftState = z.output<typeof giftState>;

/** A person for themselves, a manager for an enterprise, a steward for their instance. */
export const giverRef = z.strictObject({ kind: z.enum(['person', 'enterprise', 'instance']), id });
export type GiverRef = z.output<typeof giverRef>;

/**
 * A producer, hub or developer; a `pitch`, which is its team by the shares that were agreed for it; or the same
 * `team` equally. The id of a team is that of its pitch.
 */
export const receiverRef = z.strictObject({ kind: z.enum(['enterprise', 'person', 'pitch', 'team']), id });
export type ReceiverRef = z.output<typeof receiverRef>;
/** Who is paid of a gift in the end. */
export const payeeRef = z.strictObject({ kind: z.enum(['enterprise', 'person']), id });
export type PayeeRef = z.output<typeof payeeRef>;

/**
 * Where the money comes from: what the giver has in the ledger (an instance's fund for developing), the income of an
 * instance's administration, a transfer to the instance's bank, or cash that is handed over in a hub.
 */
export const giftSource = z.enum(['balance', 'administration', 'transfer', 'cash']);
export type GiftSource = z.output<typeof giftSource>;

/** Words of one person to another. */
const personalText = z
  .string()
  .max(1_000)
  .refine(isStorable, { error: 'must not contain NUL or unpaired surrogate characters' })
  .transform((text) => text.trim());

export const giftBody = z.strictObject({
  giver: giverRef,
  receiver: receiverRef,
  /** What the receiver gets, to the last cent, in the currency of the giver's instance. */
  amountMinor: giftMinor.min(1),
  /** What the giver adds for the platform, beside it; nothing unless they say so. */
  platformPartMinor: giftMinor.min(0).default(0),
  source: giftSource,
  /** The hub where cash is handed over; only for cash. */
  hubId: id.optional(),
  message: personalText.default(''),
  /** True when the receiver is not to learn who gave. */
  isUnnamed: z.boolean().default(false),
});
export type GiftBody = z.output<typeof giftBody>;

/** What came, and in whose hands it is: a steward says so of a bank or provider, a hub's manager of its till. */
export const giftReceiptBody = z.strictObject({
  receivedMinor: giftMinor.min(1),
  holder: z.enum(['instance-bank', 'provider', 'hub-till']),
});
export type GiftReceiptBody = z.output<typeof giftReceiptBody>;
/** Who gives back what came to them. */
export const giftReturnBody = z.strictObject({ payee: payeeRef });
export type GiftReturnBody = z.output<typeof giftReturnBody>;
/** What became of a gift, in the words of who received it. */
export const giftAnswerBody = z.strictObject({ answer: textOf(1_000) });

export const giftPart = z.object({ payee: payeeRef, amountMinor });
export type GiftPart = z.output<typeof giftPart>;

/** Without id and name where the giver stays unnamed; without a name where nobody could say it now. */
const giverShown = z.object({ kind: giverRef.shape.kind, id: id.nullable(), name: z.string().nullable() });

/** Without an id where whoever gets it back had stayed unnamed. */
export const receiverShown = z.object({ kind: receiverRef.shape.kind, id: id.nullable() });

/** A gift as its giver sees it, and whoever may record it: they see no message, and nobody who stays unnamed. */
export const giftView = z.object({
  giftId: id,
  /** The instance in whose ledger it is posted. */
  instanceId: id,
  giver: giverShown,
  receiver: receiverShown,
  /** The gift that this one gives back; null for all others. */
  returns: id.nullable(),
  /** The name of what the gift is for; null for a person who is not of this network any more. */
  receiverName: z.string().nullable(),
  state: giftState,
  amountMinor,
  platformPartMinor: amountMinor,
  currency: currencyCode,
  source: giftSource,
  hubId: id.nullable(),
  message: z.string(),
  isUnnamed: z.boolean(),
  /** Who gets how much of it, to the cent. */
  parts: z.array(giftPart),
  /** What the receiver says came of it. */
  answer: z.string().nullable(),
  answeredAt: instant.nullable(),
  /** The transaction in the ledger; null before it is there. */
  transactionId: id.nullable(),
  promisedAt: instant,
  givenAt: instant.nullable(),
  /** True when the caller may speak for the giver. */
  isOwn: z.boolean(),
});
export type GiftView = z.output<typeof giftView>;

/** One payee's part of a gift as they see it. */
export const receivedGift = z.object({
  giftId: id,
  instanceId: id,
  payee: payeeRef,
  receiver: receiverRef,
  receiverName: z.string().nullable(),
  giver: giverShown,
  /** The caller's own gift that this one gives back; null for all others. */
  returns: id.nullable(),
  /** True once the payee gave it back. */
  isReturned: z.boolean(),
  amountMinor,
  currency: currencyCode,
  message: z.string(),
  answer: z.string().nullable(),
  givenAt: instant,
});
export type ReceivedGift = z.output<typeof receivedGift>;

/** What came to one payee in one calendar month of the instance, and from how many givers; each unnamed gift is one. */
export const receivedMonth = z.object({
  month: z.string(),
  amountMinor,
  gifts: z.int().min(0),
  givers: z.int().min(0),
});
export type ReceivedMonth = z.output<typeof receivedMonth>;

/** Twelve months, the present one last, of one payee in one currency; only payees to whom anything came. */
export const receivedSummary = z.object({
  payee: payeeRef,
  currency: currencyCode,
  totalMinor: amountMinor,
  givers: z.int().min(0),
  months: z.array(receivedMonth),
});
export type ReceivedSummary = z.output<typeof receivedSummary>;

/** A gift that was posted, without words: those stay with the service. */
export const givenGift = z.object({
  giftId: id,
  /** The id is null where the giver stays unnamed. */
  giver: z.object({ kind: giverRef.shape.kind, id: id.nullable() }),
  receiver: receiverRef,
  /** Who was paid, adding up to `amountMinor`. */
  parts: z.array(giftPart),
  amountMinor,
  /** For the platform, beside the amount. */
  platformPartMinor: amountMinor,
  currency: currencyCode,
  source: giftSource,
  /** Whose hands the money came into; null when it was in the ledger before. */
  holder: moneyHolder.nullable(),
  givenAt: instant,
});
export type GivenGift = z.output<typeof givenGift>;

/** What a payee gave back of a gift; whoever gets it may have stayed unnamed, so nobody is told who. */
export const returnedGift = z.object({
  /** The transaction's key, a gift of its own. */
  returnId: id,
  giftId: id,
  payee: payeeRef,
  amountMinor,
  currency: currencyCode,
  returnedAt: instant,
});
export type ReturnedGift = z.output<typeof returnedGift>;

/** A gift as the ledger posts it; its parts may pay several, and the platform where the giver said so. */
export const ledgerGift = z.strictObject({
  instanceId: id,
  giftId: id,
  occurredAt: instant,
  from: accountRef,
  parts: z
    .array(
      z.strictObject({
        account: accountRef,
        amountMinor: amountMinor.min(1),
        line: z.enum(['gift', 'platform-part']),
      }),
    )
    .min(1)
    .max(50),
});
export type LedgerGift = z.output<typeof ledgerGift>;
