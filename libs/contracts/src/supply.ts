import { z } from 'zod';
import { defineRpc } from './define.js';
import { id, instant, pageInput, pageOf } from './primitives.js';

/** The two ends of a supply agreement. */
export const supplySide = z.enum(['producer', 'hub']);
export type SupplySide = z.output<typeof supplySide>;

/** Asked for by the hub or offered by the producer, then answered by the other side; either ends what stands. */
export const supplyState = z.enum(['requested', 'offered', 'accepted', 'declined', 'ended']);
export type SupplyState = z.output<typeof supplyState>;

/** That a hub may sell a producer's goods, and on what terms; at most one for each two of them. */
export const supplyAgreement = z.object({
  agreementId: id,
  producerId: id,
  hubId: id,
  state: supplyState,
  /** Who says what the goods cost in the hub's order cycles. */
  pricesSetBy: supplySide,
  proposedBy: supplySide,
  proposedAt: instant,
  /** When the other side accepted or declined. */
  answeredAt: instant.nullable(),
  endedBy: supplySide.nullable(),
  endedAt: instant.nullable(),
  /** Counts changes; send it back to answer what you saw. */
  version: z.int().min(1),
});
export type SupplyAgreement = z.output<typeof supplyAgreement>;

/** A hub asks, or a producer offers; the other side answers these terms. */
export const newSupplyAgreement = z.strictObject({
  producerId: id,
  hubId: id,
  proposedBy: supplySide,
  pricesSetBy: supplySide.default('producer'),
});
export type NewSupplyAgreement = z.output<typeof newSupplyAgreement>;

export const supplyAgreementsQuery = z.strictObject({
  as: supplySide,
  enterpriseId: id,
  state: supplyState.optional(),
  ...pageInput,
});

export const supplyAnswer = z.strictObject({
  state: z.enum(['accepted', 'declined', 'ended']),
  /** Another one than the present answers `invalid-state`: the terms may have changed. */
  version: z.int().min(1).optional(),
});
export type SupplyAnswer = z.output<typeof supplyAnswer>;

/** Which hubs a producer lets sell its goods; seen and changed by the managers of the two sides only. */
export const supplyRpc = {
  /** What stands on these terms already is answered as it is; an agreement that was declined or ended begins anew. */
  proposeSupplyAgreement: defineRpc({
    service: 'orders',
    name: 'propose-supply-agreement',
    input: newSupplyAgreement,
    output: supplyAgreement,
    callers: ['person'],
  }),
  /** Newest first. */
  listSupplyAgreements: defineRpc({
    service: 'orders',
    name: 'list-supply-agreements',
    input: supplyAgreementsQuery,
    output: pageOf(supplyAgreement),
    callers: ['person'],
  }),
  getSupplyAgreement: defineRpc({
    service: 'orders',
    name: 'get-supply-agreement',
    input: z.strictObject({ agreementId: id }),
    output: supplyAgreement,
    callers: ['person'],
  }),
  /** Ending takes the producer's goods out of the hub's cycles that have not closed; a second time changes nothing. */
  setSupplyState: defineRpc({
    service: 'orders',
    name: 'set-supply-state',
    input: supplyAnswer.extend({ agreementId: id }),
    output: supplyAgreement,
    callers: ['person'],
  }),
};
