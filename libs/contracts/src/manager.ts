import { z } from 'zod';
import { defineRpc } from './define.js';
import { done, email, id, instant, slug } from './primitives.js';

/** What may become of an invitation; every answer is final. */
export const managerInvitationState = z.enum(['pending', 'accepted', 'declined', 'withdrawn']);
export type ManagerInvitationState = z.output<typeof managerInvitationState>;

/** Whom to invite: whoever signs in with the address, or somebody who manages another enterprise with the caller. */
export const managerInvitationBody = z
  .strictObject({ email: email.optional(), personId: id.optional() })
  .refine(({ email: address, personId }) => (address === undefined) !== (personId === undefined), {
    error: 'give either an e-mail address or a person',
    path: ['email'],
  });

/** An invitation as the enterprise's managers see it: the same whether the address is anybody's or nobody's. */
export const managerInvitation = z.object({
  invitationId: id,
  email: z.string().nullable(),
  personId: id.nullable(),
  displayName: z.string().nullable(),
  invitedAt: instant,
  expiresAt: instant,
});
export type ManagerInvitation = z.output<typeof managerInvitation>;

/** An invitation as the invited person sees it. */
export const ownManagerInvitation = z.object({
  invitationId: id,
  enterpriseId: id,
  enterpriseName: z.string(),
  enterpriseSlug: slug,
  isHub: z.boolean(),
  isProducer: z.boolean(),
  invitedByName: z.string().nullable(),
  invitedAt: instant,
  expiresAt: instant,
});
export type OwnManagerInvitation = z.output<typeof ownManagerInvitation>;

/** What changed about who manages an enterprise, for the audit. */
export const managersChangeKind = z.enum([
  'invited',
  'invitation-accepted',
  'invitation-declined',
  'invitation-withdrawn',
  'left',
  'shares-set',
]);
export type ManagersChangeKind = z.output<typeof managersChangeKind>;

/** Ids only; `invitationId` is null where no invitation is concerned. */
export const managersChanged = z.object({
  enterpriseId: id,
  change: managersChangeKind,
  actorId: id,
  invitationId: id.nullable(),
  changedAt: instant,
});

const ofInvitation = z.strictObject({ invitationId: id });

/** How people become managers of an enterprise, and stop being: nobody is named as one without accepting it. */
export const managerRpc = {
  /** Inviting the same address again renews what is pending. */
  inviteManager: defineRpc({
    service: 'hubs',
    name: 'invite-manager',
    input: z.strictObject({ enterpriseId: id, invite: managerInvitationBody }),
    output: managerInvitation,
    callers: ['person'],
  }),
  /** Those that are pending, the newest first. */
  listManagerInvitations: defineRpc({
    service: 'hubs',
    name: 'list-manager-invitations',
    input: z.strictObject({ enterpriseId: id }),
    output: z.object({ items: z.array(managerInvitation) }),
    callers: ['person'],
  }),
  withdrawManagerInvitation: defineRpc({
    service: 'hubs',
    name: 'withdraw-manager-invitation',
    input: z.strictObject({ enterpriseId: id, invitationId: id }),
    output: done,
    callers: ['person'],
  }),
  /** Those that wait for the caller's answer in this instance; by address only once theirs is verified. */
  listOwnManagerInvitations: defineRpc({
    service: 'hubs',
    name: 'list-own-manager-invitations',
    input: z.strictObject({}),
    output: z.object({ items: z.array(ownManagerInvitation) }),
    callers: ['person'],
  }),
  /** Makes the caller a manager, with no share until shares are set. */
  acceptManagerInvitation: defineRpc({
    service: 'hubs',
    name: 'accept-manager-invitation',
    input: ofInvitation,
    output: z.object({ enterpriseId: id }),
    callers: ['person'],
  }),
  declineManagerInvitation: defineRpc({
    service: 'hubs',
    name: 'decline-manager-invitation',
    input: ofInvitation,
    output: z.object({ enterpriseId: id }),
    callers: ['person'],
  }),
  /** What the caller held of the commission is the hub's own until shares are set; the last manager stays. */
  leaveManagement: defineRpc({
    service: 'hubs',
    name: 'leave-management',
    input: z.strictObject({ enterpriseId: id }),
    output: done,
    callers: ['person'],
  }),
};
