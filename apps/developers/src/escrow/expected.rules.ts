import type { AccountRef, ExpectedBooking, PledgeState } from '@foodshed/contracts';
import { giverAccount, pitchAccount, receiptOf, type PledgeOwner } from '../pledges/pledge.rules.js';

/** What of a pledge decides where its money is. */
interface PledgeFacts extends PledgeOwner {
  readonly pledgeId: string;
  readonly pitchId: string;
  readonly state: PledgeState;
  readonly escrowMinor: number;
  readonly receivedMinor: number | null;
  readonly receivedAt: string | null;
  readonly holder: 'instance-bank' | 'provider' | null;
}

interface PayoutFacts {
  readonly payoutId: string;
  readonly pitchId: string;
  readonly currency: string;
  readonly totalMinor: number;
  readonly parts: readonly { kind: 'person' | 'enterprise'; payeeId: string; amountMinor: number }[];
  readonly isPaid: boolean;
}

const on = (account: AccountRef, amountMinor: number) => ({ account, amountMinor });

/**
 * What the ledger should have of a pledge: what came for it, and the open hold or the transaction that settled it. What is
 * being asked of the ledger may be there already, or not yet.
 */
export function expectedOfPledge(pledge: PledgeFacts): ExpectedBooking[] {
  const { pledgeId, state, escrowMinor, receivedMinor, receivedAt, holder } = pledge;
  const giver = giverAccount(pledge);
  const pitch = pitchAccount(pledge.pitchId, pledge.currency);
  const bookings: ExpectedBooking[] = [];
  if (receivedMinor !== null && receivedAt !== null && holder !== null) {
    const { entries } = receiptOf({ ...pledge, receivedMinor, receivedAt, holder });
    const totals = entries.map(({ account, amountMinor }) => on(account, amountMinor));
    bookings.push({ key: `pledge-receipt:${pledgeId}`, totals, isCertain: state !== 'placing' });
  }
  if (['placing', 'held', 'paying', 'returning'].includes(state) && escrowMinor > 0) {
    const totals = [on(giver, escrowMinor)];
    bookings.push({ key: `hold:${pledgeId}`, totals, isCertain: state === 'held' });
  }
  if (state === 'paying' || state === 'paid') {
    const totals = [on(giver, escrowMinor), on(pitch, -escrowMinor)];
    bookings.push({ key: `hold-resolution:${pledgeId}`, totals, isCertain: state === 'paid' });
  }
  return bookings;
}

/** What the ledger should have of a payout to a team. */
export function expectedOfPayout(payout: PayoutFacts): ExpectedBooking[] {
  const { payoutId, pitchId, currency, totalMinor, parts, isPaid } = payout;
  const members = parts.map(({ kind, payeeId, amountMinor }) =>
    on({ owner: { kind, id: payeeId }, purpose: 'pending', currency }, -amountMinor),
  );
  const totals = [on(pitchAccount(pitchId, currency), totalMinor), ...members];
  return [{ key: `pitch-payout:${payoutId}`, totals, isCertain: isPaid }];
}
