import { z } from 'zod';
import { defineRpc } from './define.js';
import { postedTransaction } from './events.js';
import { ledgerGift } from './gift.js';
import { ledgerHold } from './hold.js';
import { ledgerCommand, postingLine, supportBooking, transactionKey } from './posting.js';
import {
  accountOwner,
  accountPurpose,
  accountRef,
  amountMinor,
  currencyCode,
  id,
  instant,
  pageInput,
  pageOf,
  signedMinor,
} from './primitives.js';

// Two ways to state an amount. Where entries of several accounts stand together (transactions, an order's
// entries, the trial balance), `amountMinor` and `balanceMinor` are debit positive and sum to zero. Where one
// account is shown to its owner (balances, entries, statements), `changeMinor` and `standingMinor` are on the
// account's normal side: positive means more is held (bank, till, provider) or more is owed to the owner.

export const normalSide = z.enum(['debit', 'credit']);
export const hashHex = z.string().regex(/^[0-9a-f]{64}$/);

/** The latest sealed batch of an instance; who holds an earlier one can tell whether history was rewritten. */
export const ledgerHead = z.object({
  instanceId: id,
  batch: z.int().min(0),
  hash: hashHex,
  sealedAt: instant.nullable(),
});
export type LedgerHead = z.output<typeof ledgerHead>;

/** What the ledger answered to one command. `field` names what differs, or what is wrong. */
export const postingOutcome = z.object({
  key: transactionKey,
  outcome: z.enum(['posted', 'exists', 'refused']),
  transactionId: id.nullable(),
  code: z.string().nullable(),
  field: z.string().nullable(),
  detail: z.string().nullable(),
});
export type PostingOutcome = z.output<typeof postingOutcome>;

export const ledgerAccount = z.object({
  accountId: id,
  account: accountRef,
  normalSide,
  standingMinor: signedMinor,
  /** Earmarked by open holds. */
  reservedMinor: amountMinor,
  /** The lowest standing, after what is reserved, that the account may have; null when it has no limit. */
  limitMinor: signedMinor.nullable(),
  /** How many entries the account has; the last one's version. */
  version: z.int().min(0),
});
export type LedgerAccount = z.output<typeof ledgerAccount>;

export const accountEntry = z.object({
  version: z.int().min(1),
  transactionId: id,
  key: transactionKey,
  changeMinor: signedMinor,
  standingMinor: signedMinor,
  line: postingLine,
  shareId: z.string().nullable(),
  occurredAt: instant,
  recordedAt: instant,
  batch: z.int().min(1),
});
export type AccountEntry = z.output<typeof accountEntry>;

/** A calendar month in the instance's time zone, `YYYY-MM`. */
export const statementMonth = z
  .string()
  .regex(/^\d{4}-(0[1-9]|1[0-2])$/, { error: 'must be a month such as 2026-11' });

/** One account and month, by the time of recording, so that the opening is always the previous closing. */
export const accountStatement = z.object({
  account: ledgerAccount,
  month: statementMonth,
  from: instant,
  until: instant,
  openingMinor: signedMinor,
  closingMinor: signedMinor,
  entryCount: z.int().min(0),
  totals: z.array(z.object({ line: postingLine, changeMinor: signedMinor })),
  /** The chain at the end of the period, or now when the period has not ended. */
  head: ledgerHead,
  entries: pageOf(accountEntry),
});
export type AccountStatement = z.output<typeof accountStatement>;

const holdAnswer = z.object({ outcome: z.enum(['done', 'exists']), hold: ledgerHold });
const ownerQuery = z.strictObject({ ownerKind: accountOwner.shape.kind, ownerId: id });
export const entriesQuery = z.strictObject({ ...pageInput });
export const statementQuery = z.strictObject({ month: statementMonth, ...pageInput });

export const ledgerRpc = {
  postBatch: defineRpc({
    service: 'ledger',
    name: 'post-batch',
    input: z.strictObject({ instanceId: id, commands: z.array(ledgerCommand).min(1).max(100) }),
    output: z.object({ head: ledgerHead, outcomes: z.array(postingOutcome) }),
    services: ['commission', 'developers'],
  }),
  /** Opens an account that needs a limit; accounts without one are opened by their first entry. */
  openAccount: defineRpc({
    service: 'ledger',
    name: 'open-account',
    input: z.strictObject({ instanceId: id, account: accountRef, limitMinor: signedMinor.nullable() }),
    output: ledgerAccount,
    services: ['commission', 'orders', 'admin'],
  }),
  /** The accounts of one owner: a person's own, an enterprise's for its managers, any for stewards. */
  listAccounts: defineRpc({
    service: 'ledger',
    name: 'list-accounts',
    input: ownerQuery,
    output: z.object({ items: z.array(ledgerAccount), nextCursor: z.null() }),
    callers: ['person'],
  }),
  getAccount: defineRpc({
    service: 'ledger',
    name: 'get-account',
    input: z.strictObject({ accountId: id }),
    output: ledgerAccount,
    callers: ['person'],
  }),
  /** Newest first. */
  listEntries: defineRpc({
    service: 'ledger',
    name: 'list-entries',
    input: z.strictObject({ accountId: id, ...pageInput }),
    output: pageOf(accountEntry),
    callers: ['person'],
  }),
  getStatement: defineRpc({
    service: 'ledger',
    name: 'get-statement',
    input: z.strictObject({ accountId: id, ...statementQuery.shape }),
    output: accountStatement,
    callers: ['person'],
  }),
  /** Stewards see all transactions of an order, others those in which an account of theirs takes part. */
  listOrderEntries: defineRpc({
    service: 'ledger',
    name: 'list-order-entries',
    input: z.strictObject({ orderId: id }),
    output: z.object({ items: z.array(postedTransaction), nextCursor: z.null() }),
    callers: ['person'],
  }),
  getHead: defineRpc({
    service: 'ledger',
    name: 'get-head',
    input: z.strictObject({}),
    output: ledgerHead,
    callers: ['anonymous'],
  }),
  /** Sums over all accounts by purpose and currency; they add up to zero per currency. */
  getTrialBalance: defineRpc({
    service: 'ledger',
    name: 'get-trial-balance',
    input: z.strictObject({}),
    output: z.object({
      head: ledgerHead,
      rows: z.array(
        z.object({
          purpose: accountPurpose,
          currency: currencyCode,
          normalSide,
          accounts: z.int().min(1),
          balanceMinor: signedMinor,
        }),
      ),
      totals: z.array(z.object({ currency: currencyCode, balanceMinor: signedMinor })),
    }),
    callers: ['operator'],
  }),
  /** What stands in the ledger per order and account, in order of order id; `reconcile` compares it. */
  listTotals: defineRpc({
    service: 'ledger',
    name: 'list-totals',
    input: z.strictObject({ ...pageInput }),
    output: pageOf(
      z.object({
        orderId: id,
        totals: z.array(z.object({ account: accountRef, amountMinor: signedMinor })),
      }),
    ),
    callers: ['operator'],
  }),
  /**
   * Every transaction of a gift or a pledge, and every hold for a pitch that is open (`hold:` and its id), with what it
   * puts on which account, in order of id; `reconcile` compares it.
   */
  listSupport: defineRpc({
    service: 'ledger',
    name: 'list-support',
    input: z.strictObject({ ...pageInput }),
    output: pageOf(supportBooking),
    callers: ['operator'],
  }),
  /** Commands the ledger refused, newest first, for an operator to look into. */
  listRefusals: defineRpc({
    service: 'ledger',
    name: 'list-refusals',
    input: z.strictObject({ ...pageInput }),
    output: pageOf(
      z.object({
        refusalId: id,
        key: transactionKey,
        code: z.string(),
        field: z.string().nullable(),
        detail: z.string(),
        command: ledgerCommand,
        refusedAt: instant,
      }),
    ),
    callers: ['operator'],
  }),
  /** Reserves part of an account's standing; the same id again with the same content answers `exists`. */
  placeHold: defineRpc({
    service: 'ledger',
    name: 'place-hold',
    input: z.strictObject({
      instanceId: id,
      holdId: id,
      account: accountRef,
      payee: accountRef,
      refundTo: accountRef,
      amountMinor: amountMinor.min(1),
      deadline: instant,
    }),
    output: holdAnswer,
    services: ['commission', 'orders', 'developers'],
  }),
  /** Pays the payee up to the held amount before the deadline; the rest goes to `refundTo`. Resolved once, for ever. */
  settleHold: defineRpc({
    service: 'ledger',
    name: 'settle-hold',
    input: z.strictObject({ instanceId: id, holdId: id, amountMinor: amountMinor.min(1) }),
    output: holdAnswer,
    services: ['commission', 'orders', 'developers'],
  }),
  /** Gives all of it back to `refundTo`, as the deadline does by itself. */
  voidHold: defineRpc({
    service: 'ledger',
    name: 'void-hold',
    input: z.strictObject({ instanceId: id, holdId: id }),
    output: holdAnswer,
    services: ['commission', 'orders', 'developers'],
  }),
  /**
   * Settles holds of one payee whole, and pays all of it on from the payee by parts, in one batch: either all of it
   * happened or nothing. The same payout again answers `exists`.
   */
  settleHolds: defineRpc({
    service: 'ledger',
    name: 'settle-holds',
    input: z.strictObject({
      instanceId: id,
      payoutId: id,
      holdIds: z.array(id).min(1).max(50),
      parts: z
        .array(z.strictObject({ account: accountRef, amountMinor: amountMinor.min(1) }))
        .min(1)
        .max(50),
    }),
    output: z.object({ outcome: z.enum(['done', 'exists']), transactionId: id, settledMinor: amountMinor }),
    services: ['developers'],
  }),
  /**
   * Posts a gift, once: out of the giver's account, never below its limit or what is earmarked there, or out of money
   * that came. The same again answers `exists`. @throws limit-exceeded
   */
  postGift: defineRpc({
    service: 'ledger',
    name: 'post-gift',
    input: ledgerGift,
    output: z.object({ outcome: z.enum(['posted', 'exists']), transactionId: id }),
    services: ['contributions'],
  }),
  /** @throws not-found */
  getHold: defineRpc({
    service: 'ledger',
    name: 'get-hold',
    input: z.strictObject({ instanceId: id, holdId: id }),
    output: ledgerHold,
    services: ['developers'],
  }),
};
