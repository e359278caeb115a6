import { z } from 'zod';
import { defineRpc } from './define.js';
import { amountMinor, currencyCode, id, instant, pageInput, pageOf, textOf } from './primitives.js';

// Available balances leave in runs: proposed → approved → sent, and each payout of a run settled or returned. Names of
// accounts and IBANs are only in what a payee set and in the file for the bank.

export const payeeOwner = z.strictObject({ ownerKind: z.enum(['person', 'enterprise']), ownerId: id });
export type PayeeOwner = z.output<typeof payeeOwner>;

/** An IBAN as people write it, with or without spaces; the ledger checks its country and its digits. */
const ibanText = textOf(42, 15).transform((text) => text.replace(/\s/g, '').toUpperCase());
/** By a file for the bank, or in whatever way the instance pays by hand. */
export const payeeWay = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('iban'), iban: ibanText, accountName: textOf(70) }),
  z.strictObject({ kind: z.literal('manual') }),
]);
export const payeeSettings = z.strictObject({
  way: payeeWay,
  /** The payee's own minimum, in the instance's currency; the platform sets none. */
  minimumMinor: amountMinor.max(100_000_000),
  schedule: z.enum(['daily', 'weekly', 'monthly']),
});
export type PayeeSettings = z.output<typeof payeeSettings>;
export const payee = payeeSettings.extend({ changedAt: instant });
export type Payee = z.output<typeof payee>;

export const payoutSettings = z.strictObject({
  /** The instance's own account, from which the bank pays. */
  debtorName: textOf(70),
  debtorIban: ibanText,
  /** A run of more than this needs a second person; 0 means every run. */
  secondPersonAboveMinor: amountMinor,
});
export type PayoutSettings = z.output<typeof payoutSettings>;

export const payoutState = z.enum(['reserved', 'sent', 'settled', 'returned', 'review', 'cancelled']);
export const payout = z.object({
  payoutId: id,
  runId: id,
  ...payeeOwner.shape,
  currency: currencyCode,
  amountMinor,
  way: z.enum(['iban', 'manual']),
  state: payoutState,
  reservedAt: instant,
  changedAt: instant,
  /** What a steward noted about how it ended. */
  reason: z.string().nullable(),
});
export type Payout = z.output<typeof payout>;

export const payoutRun = z.object({
  runId: id,
  currency: currencyCode,
  state: z.enum(['proposed', 'approved', 'sent', 'closed', 'cancelled']),
  totalMinor: amountMinor,
  payoutCount: z.int().min(1),
  needsSecondPerson: z.boolean(),
  proposedBy: id,
  proposedAt: instant,
  approvedBy: id.nullable(),
  approvedAt: instant.nullable(),
  sentAt: instant.nullable(),
  hasFile: z.boolean(),
});
export type PayoutRun = z.output<typeof payoutRun>;

export const runChange = z.strictObject({ state: z.enum(['approved', 'sent', 'cancelled']) });
/** An outcome that nobody knows is looked into by a person; nothing is ever sent again by itself. */
export const payoutChange = z.strictObject({
  state: z.enum(['settled', 'returned', 'review']),
  reason: textOf(300).optional(),
});

export const payoutsRpc = {
  /** Where an owner is paid: for themselves, or the managers of the enterprise; nobody else sees an IBAN. */
  getPayee: defineRpc({
    service: 'ledger',
    name: 'get-payee',
    input: payeeOwner,
    output: z.object({ payee: payee.nullable() }),
    callers: ['person'],
  }),
  /** @throws invalid-input for an IBAN that is none, or of a country outside SEPA */
  setPayee: defineRpc({
    service: 'ledger',
    name: 'set-payee',
    input: payeeOwner.extend(payeeSettings.shape),
    output: payee,
    callers: ['person'],
  }),
  /** Newest first: for the payee, and stewards. */
  listPayouts: defineRpc({
    service: 'ledger',
    name: 'list-payouts',
    input: payeeOwner.extend(pageInput),
    output: pageOf(payout),
    callers: ['person'],
  }),
  getPayoutSettings: defineRpc({
    service: 'ledger',
    name: 'get-payout-settings',
    input: z.strictObject({}),
    output: z.object({ settings: payoutSettings.nullable() }),
    callers: ['steward'],
  }),
  /** The limit above which a second person is needed is not for those whom it limits. */
  setPayoutSettings: defineRpc({
    service: 'ledger',
    name: 'set-payout-settings',
    input: payoutSettings,
    output: payoutSettings,
    callers: ['operator'],
  }),
  /** Reserves what is available, at least each payee's minimum, one payout each. @throws invalid-state when nothing is */
  proposeRun: defineRpc({
    service: 'ledger',
    name: 'propose-payout-run',
    input: z.strictObject({}),
    output: payoutRun,
    callers: ['steward'],
    timeoutMs: 30_000,
  }),
  /** Newest first. */
  listRuns: defineRpc({
    service: 'ledger',
    name: 'list-payout-runs',
    input: z.strictObject({ ...pageInput }),
    output: pageOf(payoutRun),
    callers: ['steward'],
  }),
  /** A run with a page of its payouts, in order of id. @throws not-found */
  getRun: defineRpc({
    service: 'ledger',
    name: 'get-payout-run',
    input: z.strictObject({ runId: id, ...pageInput }),
    output: z.object({ run: payoutRun, payouts: pageOf(payout) }),
    callers: ['steward'],
  }),
  /** @throws forbidden for approving one's own run above the limit, invalid-state for what its state does not allow */
  changeRun: defineRpc({
    service: 'ledger',
    name: 'change-payout-run',
    input: runChange.extend({ runId: id }),
    output: payoutRun,
    callers: ['steward'],
    timeoutMs: 30_000,
  }),
  /** The file for the bank, the same each time it is asked for. @throws not-found */
  getRunFile: defineRpc({
    service: 'ledger',
    name: 'get-payout-file',
    input: z.strictObject({ runId: id }),
    output: z.object({ name: z.string(), content: z.string() }),
    callers: ['steward'],
  }),
  /** What the bank did with a payout that was sent. @throws not-found, invalid-state */
  changePayout: defineRpc({
    service: 'ledger',
    name: 'change-payout',
    input: payoutChange.extend({ payoutId: id }),
    output: payout,
    callers: ['steward'],
  }),
};
