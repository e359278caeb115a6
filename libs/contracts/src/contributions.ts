import { z } from 'zod';
import { defineEvent, defineRpc } from './define.js';
import { statementPeriod } from './developers.js';
import {
  giftAnswerBody,
  giftBody,
  giftReceiptBody,
  giftReturnBody,
  giftSource,
  giftView,
  givenGift,
  giverRef,
  receivedGift,
  receivedSummary,
  receiverShown,
  returnedGift,
} from './gift.js';
import { expectedBooking } from './posting.js';
import { amountMinor, currencyCode, id, instant, pageInput, pageOf } from './primitives.js';

const ofGift = { giftId: id };
export const giftsQuery = z.strictObject(pageInput);

/** The contributing function's own book: what was given through it; nothing ever stays in its hands. */
export const contributingStatement = z.object({
  currency: currencyCode,
  /** What receivers got, and what givers added for the platform. */
  amountMinor,
  platformPartMinor: amountMinor,
  gifts: z.int().min(0),
  givers: z.int().min(0),
  receivers: z.int().min(0),
  items: z.array(
    z.object({
      giftId: id,
      /** Givers are counted, not named. */
      giverKind: giverRef.shape.kind,
      receiver: receiverShown,
      receiverName: z.string().nullable(),
      source: giftSource,
      amountMinor,
      platformPartMinor: amountMinor,
      givenAt: instant,
    }),
  ),
  nextCursor: z.string().nullable(),
});
export type ContributingStatement = z.output<typeof contributingStatement>;

export const contributionsRpc = {
  /** @throws limit-exceeded when the balance is short, invalid-input for who cannot receive it */
  give: defineRpc({
    service: 'contributions',
    name: 'give-gift',
    input: giftBody,
    output: giftView,
    callers: ['person'],
    timeoutMs: 10_000,
  }),
  /** The caller's own: as a person, of the enterprises they manage, and for stewards of the instance. Newest first. */
  listGiven: defineRpc({
    service: 'contributions',
    name: 'list-given',
    input: giftsQuery,
    output: pageOf(giftView),
    callers: ['person'],
  }),
  /** What came to the caller and to the enterprises they manage. Newest first. */
  listReceived: defineRpc({
    service: 'contributions',
    name: 'list-received',
    input: giftsQuery,
    output: pageOf(receivedGift),
    callers: ['person'],
  }),
  /** What came to them by month, and from how many. */
  summarizeReceived: defineRpc({
    service: 'contributions',
    name: 'summarize-received',
    input: z.strictObject({}),
    output: z.object({ items: z.array(receivedSummary), nextCursor: z.null() }),
    callers: ['person'],
  }),
  /** Promises that the caller can record: cash of the hubs they manage, and for stewards transfers. Oldest first. */
  listPromised: defineRpc({
    service: 'contributions',
    name: 'list-promised',
    input: giftsQuery,
    output: pageOf(giftView),
    callers: ['person'],
  }),
  /** The money came, to whoever says so and is liable for it. What is beyond the promise is the receiver's too. */
  recordGiftReceipt: defineRpc({
    service: 'contributions',
    name: 'record-receipt',
    input: giftReceiptBody.extend(ofGift),
    output: giftView,
    callers: ['person'],
    timeoutMs: 10_000,
  }),
  /** Takes back a promise; a gift that was posted stays. */
  withdrawGift: defineRpc({
    service: 'contributions',
    name: 'withdraw-gift',
    input: z.strictObject(ofGift),
    output: giftView,
    callers: ['person'],
  }),
  /** What came of it, by any of those who received it; may be said again. */
  answerGift: defineRpc({
    service: 'contributions',
    name: 'answer-gift',
    input: giftAnswerBody.extend(ofGift),
    output: receivedGift,
    callers: ['person'],
  }),
  /**
   * Gives back what came of a gift to the caller, or to an enterprise of theirs, to whoever gave it, named or not.
   * @throws limit-exceeded when it is spent, invalid-state when it was given back
   */
  returnGift: defineRpc({
    service: 'contributions',
    name: 'return-gift',
    input: giftReturnBody.extend(ofGift),
    output: receivedGift,
    callers: ['person'],
    timeoutMs: 10_000,
  }),
  getContributingStatement: defineRpc({
    service: 'contributions',
    name: 'get-contributing-statement',
    input: statementPeriod.omit({ currency: true }),
    output: contributingStatement,
    callers: ['steward'],
  }),
  /** What the ledger of the caller's instance should have of gifts, in order of id; `reconcile` compares it. */
  listExpectedGifts: defineRpc({
    service: 'contributions',
    name: 'list-expected-gifts',
    input: z.strictObject(pageInput),
    output: pageOf(z.object({ giftId: id, bookings: z.array(expectedBooking) })),
    callers: ['operator'],
  }),
};

export const contributionsEvents = {
  /** A gift stands in the ledger; each is published once posted, and never taken back. */
  given: defineEvent({ service: 'contributions', name: 'given', schema: givenGift }),
  /** What came of a gift to somebody was given back, in the ledger. */
  returned: defineEvent({ service: 'contributions', name: 'returned', schema: returnedGift }),
};
