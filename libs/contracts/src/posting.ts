import { z } from 'zod';
import { DomainError } from './problems.js';
import { accountRef, amountMinor, id, instant, signedMinor } from './primitives.js';

export const postingKind = z.enum(['sale', 'hub-fee', 'surplus', 'tier-correction', 'correction', 'release']);

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
/** Cash that a hub collected and the instance received, once. */
export const cashReceiptKey = z.strictObject({ kind: z.literal('cash-receipt'), handoverId: id });
/** A step of a payout: it left, it arrived, or it came back. */
export const payoutKey = z.strictObject({
  kind: z.literal('payout'),
  payoutId: id,
  step: z.enum(['sent', 'settled', 'returned']),
});
export const giftKey = z.strictObject({ kind: z.literal('gift'), giftId: id });
/** What names a transaction in the ledger: an order's business key, or what it resolves, receives, pays or gives. */
export const transactionKey = z.union([
  businessKey,
  holdResolutionKey,
  pledgeReceiptKey,
  pitchPayoutKey,
  giftKey,
  cashReceiptKey,
  payoutKey,
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
  'release',
  'paid-out',
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

/** An account in a list where each stands once, so that events stay small. */
export const listedAccount = z.object({ number: z.int().min(0), account: accountRef });
/** An entry beside such a list: `account` is a number of it. */
export const listedEntry = postingEntry.extend({ account: z.int().min(0) });

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

/** What one version of a capture has to be posted, where each account stands in a list once. */
export const listedCommands = z.object({
  orderId: id,
  captureId: id,
  version: z.int().min(1),
  /** When all of it occurred. */
  changedAt: instant,
  accounts: z.array(listedAccount),
  /** May be empty when nothing changed. */
  commands: z.array(
    z.object({
      kind: postingKind,
      producerId: id.nullable(),
      revision: z.int().min(0),
      entries: z.array(listedEntry).min(2).max(200),
    }),
  ),
});

/** The commands by themselves. @throws invalid-input when an entry's account is not in the list. */
export function commandsOf(listed: z.output<typeof listedCommands>): PostingCommand[] {
  const accounts = new Map(listed.accounts.map(({ number, account }) => [number, account]));
  const { orderId, captureId, version, changedAt } = listed;
  return listed.commands.map(({ kind, producerId, revision, entries }) => ({
    key: { kind, orderId, captureId, producerId, version, revision },
    occurredAt: changedAt,
    entries: entries.map((entry) => {
      const account = accounts.get(entry.account);
      if (account) return { ...entry, account };
      throw new DomainError('invalid-input', { detail: `The list has no account ${entry.account}.` });
    }),
  }));
}

/** Records money that came for a pledge: who holds it now, and whose it is. */
export const receiptCommand = postingCommand.omit({ corrects: true }).extend({ key: pledgeReceiptKey });
/** What the ledger posts. */
export const ledgerCommand = z.union([postingCommand, receiptCommand]);
export type LedgerCommand = z.output<typeof ledgerCommand>;

/**
 * What one step of a gift or pledge puts on which accounts: a transaction by its key as text, or an open hold as `hold:`
 * and its id, with what is reserved.
 */
export const supportBooking = z.object({
  key: z.string(),
  totals: z.array(z.object({ account: accountRef, amountMinor: signedMinor })),
});
export type SupportBooking = z.output<typeof supportBooking>;
/** The same as the service expects it that asked for it; not certain while it does not know the ledger's answer. */
export const expectedBooking = supportBooking.extend({ isCertain: z.boolean() });
export type ExpectedBooking = z.output<typeof expectedBooking>;

/** What stands for one producer in one capture after this version, with who is paid. */
export const standingSplit = z.object({
  producerId: id,
  grossMinor: amountMinor,
  netMinor: amountMinor,
  /** What is left for the producer. */
  residualMinor: amountMinor,
  shares: z.array(
    z.object({
      shareId: z.string(),
      functionId: z.string(),
      payees: z.array(z.object({ account: accountRef, amountMinor })),
      amountMinor,
      vatMinor: amountMinor,
      isPlatform: z.boolean(),
    }),
  ),
});
export type StandingSplit = z.output<typeof standingSplit>;

const shareFigures = standingSplit.shape.shares.element.omit({ payees: true }).extend({
  /** It only sets aside what moving the money costs. */
  paysCosts: z.boolean(),
});
/** What stands for one producer, as events tell it: the shares without their payees, whom the entries name. */
export const splitFigures = standingSplit.extend({ shares: z.array(shareFigures) });
export type SplitFigures = z.output<typeof splitFigures>;
