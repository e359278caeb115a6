import { z } from 'zod';
import { defineRpc } from './define.js';
import {
  amountMinor,
  currencyCode,
  done,
  id,
  instant,
  pageInput,
  pageOf,
  signedMinor,
} from './primitives.js';

// Earnings are pending until the order is handed over, the money's holder is confirmed, and the hold of the order's
// network model is over. What a hub took in cash is its debt until the instance received it.

/** Money of an order that nobody confirmed yet: a transfer nobody saw in the bank, or cash in a hub's till. */
export const unconfirmedCapture = z.object({
  captureId: id,
  orderId: id,
  /** The hub whose till has it; null for the instance's bank account. */
  hubId: id.nullable(),
  currency: currencyCode,
  /** What is there of it after refunds. */
  amountMinor: signedMinor,
  takenAt: instant,
  /** The hand-over it is part of, which the instance has not answered yet. */
  handoverId: id.nullable(),
});
export type UnconfirmedCapture = z.output<typeof unconfirmedCapture>;

/** Cash that a hub says it handed over, and whether the instance received it. */
export const cashHandover = z.object({
  handoverId: id,
  hubId: id,
  currency: currencyCode,
  amountMinor,
  state: z.enum(['recorded', 'received', 'refused']),
  recordedAt: instant,
  decidedAt: instant.nullable(),
});
export type CashHandover = z.output<typeof cashHandover>;

const captureIds = z.array(id).min(1).max(200);
/** Transfers that the instance saw in its bank account. */
export const confirmationRequest = z.strictObject({ captureIds });
export const handoverRequest = z.strictObject({ captureIds });
export const handoverAnswer = z.strictObject({ state: z.enum(['received', 'refused']) });

export const confirmationRpc = {
  /** Oldest first. Of a hub's till for its managers and stewards; of the bank, without `hubId`, for stewards. */
  listUnconfirmed: defineRpc({
    service: 'ledger',
    name: 'list-unconfirmed',
    input: z.strictObject({ hubId: id.optional(), ...pageInput }),
    output: pageOf(unconfirmedCapture),
    callers: ['person'],
  }),
  /** What is confirmed already stays so. @throws invalid-input for a capture that is not in the instance's bank */
  confirmCaptures: defineRpc({
    service: 'ledger',
    name: 'confirm-captures',
    input: confirmationRequest,
    output: done,
    callers: ['steward'],
  }),
  /** A hub's managers say that they handed the cash of these captures over. @throws invalid-input */
  recordHandover: defineRpc({
    service: 'ledger',
    name: 'record-handover',
    input: z.strictObject({ hubId: id, captureIds }),
    output: cashHandover,
    callers: ['person'],
  }),
  /** Received, the cash is the instance's and no longer the hub's debt; refused, it is in the till as before. */
  answerHandover: defineRpc({
    service: 'ledger',
    name: 'answer-handover',
    input: z.strictObject({ handoverId: id, ...handoverAnswer.shape }),
    output: cashHandover,
    callers: ['steward'],
  }),
  /** Newest first: a hub's for its managers, all for stewards. */
  listHandovers: defineRpc({
    service: 'ledger',
    name: 'list-handovers',
    input: z.strictObject({ hubId: id.optional(), ...pageInput }),
    output: pageOf(cashHandover),
    callers: ['person'],
  }),
};
