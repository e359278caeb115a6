import { z } from 'zod';
import { accountRef, id, instant, signedMinor } from './primitives.js';

export const postingKind = z.enum(['sale', 'hub-fee', 'surplus', 'tier-correction', 'correction']);

/**
 * One business key, one transaction, for ever. `version` is the capture's version of the order;
 * `revision` counts corrections of the same version (a tier position that moved), 0 otherwise.
 */
export const businessKey = z.strictObject({
  kind: postingKind,
  orderId: id,
  captureId: id,
  producerId: id.nullable(),
  version: z.int().min(1),
  revision: z.int().min(0),
});
export type BusinessKey = z.output<typeof businessKey>;

/** A resolved hold posts at most one transaction, and its id is the business key. */
export const holdResolutionKey = z.strictObject({ kind: z.literal('hold-resolution'), holdId: id });
/** Money that came for a pledge, once; and what one settling of holds paid on to a pitch's team, once. */
export const pledgeReceiptKey = z.strictObject({ kind: z.literal('pledge-receipt'), pledgeId: id });
export const pitchPayoutKey = z.strictObject({ kind: z.literal('pitch-payout'), payoutId: id });
export const giftKey = z.strictObject({ kind: z.literal('gift'), giftId: id });
/** What names a transaction in the ledger: an order's business key, or what it resolves, receives, pays or gives. */
export const transactionKey = z.union([
  businessKey,
  holdResolutionKey,
  pledgeReceiptKey,
  pitchPayoutKey,
  giftKey,
]);
export type TransactionKey = z.output<typeof transactionKey>;

export const postingLine = z.enum([
  'money',
  'goods',
  'share',
  'vat',
  'hub-fee',
  'surplus',
  'hold',
  'pledge',
  'payout',
  'gift',
  'platform-part',
]);

/** One side of a transaction: debit positive, credit negative, in the account's currency. */
export const postingEntry = z.strictObject({
  account: accountRef,
  amountMinor: signedMinor,
  line: postingLine,
  /** The share of the network model that this entry pays, when it pays one. */
  shareId: z.string().max(63).nullable(),
});
export type PostingEntry = z.output<typeof postingEntry>;

/** A command to the ledger; its entries sum to zero per currency, which the ledger checks. */
export const postingCommand = z.strictObject({
  key: businessKey,
  occurredAt: instant,
  /**
   * What this corrects. A `correction` must name it; a `tier-correction` that names nothing corrects the
   * sale of its own order, capture, producer and version.
   */
  corrects: businessKey.optional(),
  entries: z.array(postingEntry).min(2).max(200),
});
export type PostingCommand = z.output<typeof postingCommand>;

/** Records money that came for a pledge: who holds it now, and whose it is. */
export const receiptCommand = postingCommand.omit({ corrects: true }).extend({ key: pledgeReceiptKey });
/** What the ledger posts. */
export const ledgerCommand = z.union([postingCommand, receiptCommand]);
export type LedgerCommand = z.output<typeof ledgerCommand>;
