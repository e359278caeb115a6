import { z } from 'zod';
import { defineEvent, defineRpc } from './define.js';
import {
  deliveryBody,
  failureReason,
  funderRef,
  newPitch,
  pitchState,
  pitchView,
  pledgeBody,
  pledgeSource,
  pledgeState,
  pledgeView,
  receiptBody,
  teamMember,
  verdictBody,
} from './pitch.js';
import { expectedBooking } from './posting.js';
import {
  amountMinor,
  currencyCode,
  dateOnly,
  id,
  instant,
  pageInput,
  pageOf,
  signedMinor,
} from './primitives.js';

const ofPitch = { pitchId: id };
const ofPledge = { pledgeId: id };

/** `open` can be funded, `underway` waits for delivery, acceptance or payment, `ended` is paid or given back. */
export const pitchStage = z.enum(['open', 'underway', 'ended']);
/** What a query string says: `own=true` for the pitches of the caller's teams. */
export const pitchesQuery = z.strictObject({
  ...pageInput,
  stage: pitchStage.optional(),
  own: z.stringbool().default(false),
});
export const pledgesQuery = z.strictObject(pageInput);

/** What one settled pledge's instance paid one member of a team. */
export const earning = z.object({
  payoutId: id,
  pitchId: id,
  pitchTitle: z.string(),
  /** The instance whose ledger has the money. */
  instanceId: id,
  payee: z.object({ kind: z.enum(['person', 'enterprise']), id }),
  amountMinor,
  currency: currencyCode,
  /** Null while the ledger has not answered. */
  paidAt: instant.nullable(),
});
export type Earning = z.output<typeof earning>;

/** The developing function's own book: what went into escrow, out to teams, and back to funders. */
export const developingStatement = z.object({
  currency: currencyCode,
  openingMinor: amountMinor,
  closingMinor: amountMinor,
  heldMinor: amountMinor,
  paidMinor: amountMinor,
  returnedMinor: amountMinor,
  items: z.array(
    z.object({
      movementId: id,
      pledgeId: id,
      pitchId: id,
      pitchTitle: z.string(),
      kind: z.enum(['held', 'paid', 'returned']),
      /** Into escrow positive, out of it negative. */
      changeMinor: signedMinor,
      /** What is in escrow after it. */
      standingMinor: amountMinor,
      movedAt: instant,
    }),
  ),
  nextCursor: z.string().nullable(),
});
export type DevelopingStatement = z.output<typeof developingStatement>;

export const statementPeriod = z.strictObject({
  ...pageInput,
  currency: currencyCode.optional(),
  /** Local dates in the instance's time zone, both included. */
  from: dateOnly.optional(),
  to: dateOnly.optional(),
});

export const developersRpc = {
  makePitch: defineRpc({
    service: 'developers',
    name: 'make-pitch',
    input: newPitch,
    output: pitchView,
    callers: ['person'],
  }),
  /** Of all instances: what is pitched is for everybody. Newest first. */
  listPitches: defineRpc({
    service: 'developers',
    name: 'list-pitches',
    input: z.strictObject({ ...pageInput, stage: pitchStage.optional(), own: z.boolean().default(false) }),
    output: pageOf(pitchView),
    callers: ['anonymous'],
  }),
  getPitch: defineRpc({
    service: 'developers',
    name: 'get-pitch',
    input: z.strictObject(ofPitch),
    output: pitchView,
    callers: ['anonymous'],
    services: ['contributions'],
  }),
  /** What was pledged to a pitch, oldest first; people are not named. */
  listPitchPledges: defineRpc({
    service: 'developers',
    name: 'list-pitch-pledges',
    input: z.strictObject({ ...ofPitch, ...pageInput }),
    output: pageOf(pledgeView),
    callers: ['anonymous'],
  }),
  /** Evidence, by the team, before the date of delivery. */
  deliverPitch: defineRpc({
    service: 'developers',
    name: 'deliver-pitch',
    input: z.strictObject({ ...ofPitch, delivery: deliveryBody }),
    output: pitchView,
    callers: ['person'],
  }),
  /** By the team, before anything was accepted: everything goes back. */
  withdrawPitch: defineRpc({
    service: 'developers',
    name: 'withdraw-pitch',
    input: z.strictObject(ofPitch),
    output: pitchView,
    callers: ['person'],
  }),
  /** @throws goal-exceeded beyond what is missing, limit-exceeded when the balance is short, own-pitch for the team */
  pledge: defineRpc({
    service: 'developers',
    name: 'pledge-amount',
    input: pledgeBody.extend(ofPitch),
    output: pledgeView,
    callers: ['person'],
    timeoutMs: 10_000,
  }),
  /** The caller's own: as a person, of the enterprises they manage, and for stewards all of the instance. Newest first. */
  listPledges: defineRpc({
    service: 'developers',
    name: 'list-pledges',
    input: pledgesQuery,
    output: pageOf(pledgeView),
    callers: ['person'],
  }),
  /** A promised transfer came: by a steward of the funder's instance. What the pitch no longer needs stays the funder's. */
  recordReceipt: defineRpc({
    service: 'developers',
    name: 'record-receipt',
    input: receiptBody.extend(ofPledge),
    output: pledgeView,
    callers: ['steward'],
    timeoutMs: 10_000,
  }),
  /** While the pitch is open: a promise ends, what is held goes back. */
  withdrawPledge: defineRpc({
    service: 'developers',
    name: 'withdraw-pledge',
    input: z.strictObject(ofPledge),
    output: pledgeView,
    callers: ['person'],
    timeoutMs: 10_000,
  }),
  /** Accepts or refuses the delivery with the weight of this pledge; may be changed until it is decided. */
  giveVerdict: defineRpc({
    service: 'developers',
    name: 'give-verdict',
    input: verdictBody.extend(ofPledge),
    output: pledgeView,
    callers: ['person'],
  }),
  /** What the caller and the enterprises they manage earned, newest first. */
  listEarnings: defineRpc({
    service: 'developers',
    name: 'list-earnings',
    input: z.strictObject(pageInput),
    output: pageOf(earning),
    callers: ['person'],
  }),
  getDevelopingStatement: defineRpc({
    service: 'developers',
    name: 'get-developing-statement',
    input: statementPeriod,
    output: developingStatement,
    callers: ['steward'],
  }),
  /** What the ledger of the caller's instance should have of pledges, in order of id; `reconcile` compares it. */
  listExpectedPledges: defineRpc({
    service: 'developers',
    name: 'list-expected-pledges',
    input: z.strictObject(pageInput),
    output: pageOf(z.object({ pledgeId: id, bookings: z.array(expectedBooking) })),
    callers: ['operator'],
  }),
  /** The same of what was paid on to teams. */
  listExpectedPayouts: defineRpc({
    service: 'developers',
    name: 'list-expected-payouts',
    input: z.strictObject(pageInput),
    output: pageOf(z.object({ payoutId: id, bookings: z.array(expectedBooking) })),
    callers: ['operator'],
  }),
};

export const developersEvents = {
  /** A pitch was made, or moved to another state. */
  pitchChanged: defineEvent({
    service: 'developers',
    name: 'pitch-changed',
    schema: z.object({
      pitchId: id,
      state: pitchState,
      failedBecause: failureReason.nullable(),
      goalMinor: amountMinor,
      currency: currencyCode,
      team: z.array(teamMember),
      changedAt: instant,
    }),
  }),
  /** A pledge was made, or moved to another state; of the instance whose ledger holds it. */
  pledgeChanged: defineEvent({
    service: 'developers',
    name: 'pledge-changed',
    schema: z.object({
      pledgeId: id,
      pitchId: id,
      funder: funderRef,
      source: pledgeSource,
      amountMinor,
      currency: currencyCode,
      state: pledgeState,
      changedAt: instant,
    }),
  }),
};
