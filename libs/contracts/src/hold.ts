import { z } from 'zod';
import { accountRef, amountMinor, id, instant } from './primitives.js';

export const holdState = z.enum(['open', 'settled', 'voided', 'expired']);
/** Money that waits: earmarked on an account, with who gets it, who gets it back, and until when. */
export const ledgerHold = z.object({
  holdId: id,
  account: accountRef,
  payee: accountRef,
  refundTo: accountRef,
  amountMinor: amountMinor.min(1),
  deadline: instant,
  placedAt: instant,
  state: holdState,
  resolvedAt: instant.nullable(),
  /** What the payee got; the rest went to `refundTo`, which may be the account itself. */
  settledMinor: amountMinor.nullable(),
  transactionId: id.nullable(),
});
export type LedgerHold = z.output<typeof ledgerHold>;
