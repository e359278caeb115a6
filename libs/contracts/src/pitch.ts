import { z } from 'zod';
import { accountRef, amountMinor, currencyCode, id, instant, isStorable, textOf } from './primitives.js';

/** The least and the most one may ask for; beyond it sums of a pitch could leave the safe integers. */
const askedMinor = z.int().min(1).max(1_000_000_000_000);

export const pitchState = z.enum(['open', 'funded', 'delivered', 'accepted', 'paid', 'failed', 'refunded']);
export type PitchState = z.output<typeof pitchState>;

/** Why all pledges went back: the goal was missed, the delivery late or refused, or the team gave up. */
export const failureReason = z.enum(['goal-missed', 'late', 'refused', 'withdrawn']);
export type FailureReason = z.output<typeof failureReason>;

export const pledgeState = z.enum([
  'promised',
  'placing',
  'held',
  'paying',
  'paid',
  'returning',
  'returned',
  'refused',
  'withdrawn',
  'lapsed',
]);
export type PledgeState = z.output<typeof pledgeState>;

/** Who is paid when a delivery is accepted, and their part of it. */
export const teamMember = z.strictObject({
  kind: z.enum(['person', 'enterprise']),
  id,
  shareBps: z.int().min(1).max(10_000),
});
export type TeamMember = z.output<typeof teamMember>;

const team = z
  .array(teamMember)
  .min(1)
  .max(20)
  .refine((members) => members.reduce((sum, { shareBps }) => sum + shareBps, 0) === 10_000, {
    error: 'the shares must add up to 100 % (10000)',
  })
  .refine((members) => new Set(members.map((member) => member.id)).size === members.length, {
    error: 'must name each member once',
  });

export const newPitch = z.strictObject({
  title: textOf(120),
  /** What is missing, and what will be there. */
  need: textOf(4_000),
  /** Who would use it. */
  audience: textOf(2_000),
  goalMinor: askedMinor,
  currency: currencyCode,
  /** Until when the goal must be reached; otherwise everything goes back. */
  fundUntil: instant,
  /** Until when it must be delivered. */
  deliverBy: instant,
  /** How many days the funders have to look at a delivery; silence after them accepts it. */
  reviewDays: z.int().min(1).max(60).default(14),
  team,
  /** Instances that are asked to share the goal equally. */
  askedInstanceIds: z
    .array(id)
    .max(100)
    .refine((ids) => new Set(ids).size === ids.length, { error: 'must name each instance once' })
    .default([]),
});
export type NewPitch = z.output<typeof newPitch>;

/** A person for themselves, a manager for an enterprise, a steward for their instance. */
export const funderRef = z.strictObject({ kind: z.enum(['person', 'enterprise', 'instance']), id });
export type FunderRef = z.output<typeof funderRef>;

/**
 * Where the money comes from: what the funder has in the ledger (an instance's fund for developing), the income of an
 * instance's administration, or a transfer that a steward records when it came.
 */
export const pledgeSource = z.enum(['balance', 'administration', 'transfer']);
export type PledgeSource = z.output<typeof pledgeSource>;

export const pledgeBody = z.strictObject({
  funder: funderRef,
  amountMinor: askedMinor,
  source: pledgeSource,
});
/** The capture: what came, and in whose hands it is. */
export const receiptBody = z.strictObject({
  receivedMinor: askedMinor,
  holder: z.enum(['instance-bank', 'provider']),
});
export const deliveryBody = z.strictObject({
  url: z
    .url({ protocol: /^https?$/, error: 'must be an address that begins with http:// or https://' })
    .max(2_000)
    .refine(isStorable, { error: 'must not contain NUL or unpaired surrogate characters' }),
  text: textOf(4_000),
});
export const verdict = z.enum(['accepted', 'refused']);
export type Verdict = z.output<typeof verdict>;
export const verdictBody = z.strictObject({ verdict });

export const pitchView = z.object({
  pitchId: id,
  instanceId: id,
  title: z.string(),
  need: z.string(),
  audience: z.string(),
  goalMinor: amountMinor,
  currency: currencyCode,
  state: pitchState,
  failedBecause: failureReason.nullable(),
  /** In escrow or being put there; it never exceeds the goal. */
  heldMinor: amountMinor,
  /** Transfers that were promised and have not come. */
  promisedMinor: amountMinor,
  paidMinor: amountMinor,
  returnedMinor: amountMinor,
  funders: z.int().min(0),
  /** By pledged amount; what is said by neither counts for neither. */
  acceptedMinor: amountMinor,
  refusedMinor: amountMinor,
  fundUntil: instant,
  deliverBy: instant,
  reviewDays: z.int(),
  /** When silence will have accepted the delivery; null before there is one. */
  reviewUntil: instant.nullable(),
  /** The deadline of every hold in the ledger: after it the ledger gives the money back by itself. */
  heldUntil: instant,
  delivery: z.object({ url: z.string(), text: z.string(), deliveredAt: instant }).nullable(),
  team: z.array(teamMember),
  /** What each asked instance would give if they shared the goal equally. */
  asks: z.array(z.object({ instanceId: id, amountMinor })),
  /** True when the caller is on the team, or manages an enterprise that is. */
  isOwn: z.boolean(),
  createdAt: instant,
});
export type PitchView = z.output<typeof pitchView>;

/** Null for a person, unless it is the caller or a steward of their instance asks. */
const funderShown = z.object({ kind: funderRef.shape.kind, id: id.nullable() });

export const pledgeView = z.object({
  pledgeId: id,
  pitchId: id,
  pitchTitle: z.string(),
  /** The instance whose ledger holds the money. */
  instanceId: id,
  funder: funderShown,
  amountMinor,
  currency: currencyCode,
  source: pledgeSource,
  state: pledgeState,
  /** What came of a transfer; null before, and for other sources. */
  receivedMinor: amountMinor.nullable(),
  verdict: verdict.nullable(),
  /** Who gets it, who gets it back, and until when it is held, as the ledger has it; null before it is held. */
  escrow: z.object({ holdId: id, payee: accountRef, refundTo: funderShown, deadline: instant }).nullable(),
  pledgedAt: instant,
  /** True when the caller may speak for the funder. */
  isOwn: z.boolean(),
});
export type PledgeView = z.output<typeof pledgeView>;
