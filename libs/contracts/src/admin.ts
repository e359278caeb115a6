import { z } from 'zod';
import { instanceRole } from './caller.js';
import { dashboardFilter, dashboardView, statementAccount, statementView } from './dashboard.js';
import { defineRpc } from './define.js';
import {
  acceptInvitationBody,
  apiTokenSecret,
  apiTokenView,
  auditEntry,
  auditQuery,
  createApiTokenBody,
  createInstanceBody,
  instanceView,
  inviteBody,
  meView,
  personView,
  registerBody,
  resolvedSession,
  sessionSecret,
  setRolesBody,
  signInBody,
  updateMeBody,
  verifyEmailBody,
} from './person.js';
import { dateOnly, done, id, instant, pageInput, pageOf, slug } from './primitives.js';

/** Milliseconds added to the system's time; a year each way. */
export const clockOffsetMs = z.int().min(-31_622_400_000).max(31_622_400_000);
export const setClockBody = z.strictObject({ offsetMs: clockOffsetMs });
export const clockView = z.object({ now: instant, offsetMs: z.int(), isSimulated: z.boolean() });

export const systemHealth = z.object({
  isHealthy: z.boolean(),
  clock: clockView,
  services: z.array(
    z.object({
      service: z.string(),
      isReady: z.boolean(),
      /** How long the answer took; null when there was none, and then the others are null too. */
      answeredInMs: z.number().nullable(),
      clockOffsetMs: z.int().nullable(),
      version: z.string().nullable(),
    }),
  ),
});

export const adminRpc = {
  createInstance: defineRpc({
    service: 'admin',
    name: 'create-instance',
    input: createInstanceBody,
    output: instanceView,
    callers: ['operator'],
  }),
  listInstances: defineRpc({
    service: 'admin',
    name: 'list-instances',
    input: z.strictObject({ ...pageInput }),
    output: pageOf(instanceView),
    callers: ['anonymous'],
    services: ['gateway', 'orders', 'hubs', 'commission', 'ledger', 'developers', 'contributions'],
  }),
  /** By slug or by id, exactly one of them. */
  getInstance: defineRpc({
    service: 'admin',
    name: 'get-instance',
    input: z.strictObject({ slug: slug.optional(), instanceId: id.optional() }),
    output: instanceView,
    callers: ['anonymous'],
    services: ['gateway', 'orders', 'hubs', 'commission', 'ledger', 'developers', 'contributions'],
  }),

  /**
   * A buyer registers in the instance of the call; the same e-mail address is one person in all instances. They are
   * sent a link to verify it, unless an operator vouches for it.
   */
  registerPerson: defineRpc({
    service: 'admin',
    name: 'register-person',
    input: registerBody,
    output: z.object({ personId: id }),
    callers: ['anonymous'],
  }),
  /** The invitation is shown once, to be handed over; it is good for seven days. */
  invitePerson: defineRpc({
    service: 'admin',
    name: 'invite-person',
    input: inviteBody,
    output: z.object({ personId: id, invitation: z.string(), expiresAt: instant }),
    callers: ['steward'],
  }),
  acceptInvitation: defineRpc({
    service: 'admin',
    name: 'accept-invitation',
    input: acceptInvitationBody,
    output: z.object({ personId: id }),
    callers: ['anonymous'],
  }),
  /** The cookie's value is `sessionToken`; it is told here only and never again. */
  signIn: defineRpc({
    service: 'admin',
    name: 'sign-in',
    input: signInBody,
    output: resolvedSession.extend({ sessionToken: z.string(), sessionExpiresAt: instant }),
    callers: ['anonymous'],
    services: ['gateway'],
  }),
  /** Being used, a session goes on. @throws unauthenticated when it is unknown, ended or expired */
  resolveSession: defineRpc({
    service: 'admin',
    name: 'resolve-session',
    input: z.strictObject({ sessionToken: sessionSecret }),
    output: resolvedSession.extend({ sessionExpiresAt: instant }),
    services: ['gateway'],
  }),
  /** @throws unauthenticated when the token is unknown, revoked or expired */
  resolveApiToken: defineRpc({
    service: 'admin',
    name: 'resolve-api-token',
    input: z.strictObject({ apiToken: apiTokenSecret }),
    output: resolvedSession,
    services: ['gateway'],
  }),
  /** Ends the session; one that is unknown is ended already. */
  signOut: defineRpc({
    service: 'admin',
    name: 'sign-out',
    input: z.strictObject({ sessionToken: sessionSecret }),
    output: done,
    services: ['gateway'],
  }),
  /** The session acts in another instance from now on; a person who was not in it becomes a buyer there. */
  switchInstance: defineRpc({
    service: 'admin',
    name: 'switch-instance',
    input: z.strictObject({ sessionToken: sessionSecret, slug }),
    output: resolvedSession,
    services: ['gateway'],
  }),

  /** Sends the link again, once a minute at most; does nothing for an address that is verified. */
  requestEmailVerification: defineRpc({
    service: 'admin',
    name: 'request-email-verification',
    input: z.strictObject({}),
    output: done,
    callers: ['person'],
  }),
  /** By the secret of the link, whoever has it. @throws not-found when it was used, or is too old */
  verifyEmail: defineRpc({
    service: 'admin',
    name: 'verify-email',
    input: verifyEmailBody,
    output: z.object({ emailVerifiedAt: instant }),
    callers: ['anonymous'],
  }),
  getMe: defineRpc({
    service: 'admin',
    name: 'get-me',
    input: z.strictObject({}),
    output: meView,
    callers: ['person'],
  }),
  /** `sessionToken` is the session that a new password leaves; the caller's own, when they have one. */
  updateMe: defineRpc({
    service: 'admin',
    name: 'update-me',
    input: updateMeBody.extend({ sessionToken: sessionSecret.optional() }),
    output: meView,
    callers: ['person'],
  }),
  listPeople: defineRpc({
    service: 'admin',
    name: 'list-people',
    input: z.strictObject({ ...pageInput }),
    output: pageOf(personView),
    callers: ['steward'],
  }),
  /**
   * Names by id; people who are erased, or not of the instance, are left out. A service, which calls outside any
   * instance, names the one that it asks for.
   */
  getPeople: defineRpc({
    service: 'admin',
    name: 'get-people',
    input: z.strictObject({ personIds: z.array(id).max(200), instanceId: id.optional() }),
    output: z.object({ items: z.array(z.object({ personId: id, displayName: z.string() })) }),
    callers: ['steward'],
    services: ['hubs', 'developers', 'contributions'],
  }),
  /**
   * What hubs needs for pick-up lists and existing-customer lists; an address that is not verified may not be
   * compared with anything. @throws not-found also when erased, or not of the instance
   */
  getContact: defineRpc({
    service: 'admin',
    name: 'get-contact',
    input: z.strictObject({ instanceId: id, personId: id }),
    output: z.object({
      personId: id,
      displayName: z.string(),
      email: z.string(),
      emailVerifiedAt: instant.nullable(),
    }),
    services: ['hubs'],
  }),
  /** Oneself, or as a steward anybody of the instance who is no operator. Erasing again changes nothing. */
  erasePerson: defineRpc({
    service: 'admin',
    name: 'erase-person',
    input: z.strictObject({ personId: id }),
    output: z.object({ personId: id, erasedAt: instant }),
    callers: ['person'],
  }),
  /** Stewards name stewards; only an operator names operators, and the last operator stays. */
  setRoles: defineRpc({
    service: 'admin',
    name: 'set-roles',
    input: setRolesBody.extend({ personId: id }),
    output: z.object({ personId: id, roles: z.array(instanceRole) }),
    callers: ['steward'],
  }),

  /** The token acts as this person in the present instance; it is shown once. */
  createApiToken: defineRpc({
    service: 'admin',
    name: 'create-api-token',
    input: createApiTokenBody,
    output: apiTokenView.extend({ token: z.string() }),
    callers: ['person'],
  }),
  listApiTokens: defineRpc({
    service: 'admin',
    name: 'list-api-tokens',
    input: z.strictObject({ ...pageInput }),
    output: pageOf(apiTokenView),
    callers: ['person'],
  }),
  revokeApiToken: defineRpc({
    service: 'admin',
    name: 'revoke-api-token',
    input: z.strictObject({ apiTokenId: id }),
    output: done,
    callers: ['person'],
  }),

  /** The newest first; all that is given must hold. */
  listAudit: defineRpc({
    service: 'admin',
    name: 'list-audit',
    input: auditQuery,
    output: pageOf(auditEntry),
    callers: ['steward'],
  }),

  getDashboard: defineRpc({
    service: 'admin',
    name: 'get-dashboard',
    input: z.strictObject(dashboardFilter),
    output: dashboardView,
    callers: ['steward'],
  }),
  getStatement: defineRpc({
    service: 'admin',
    name: 'get-statement',
    input: z.strictObject({
      ...pageInput,
      account: statementAccount.default('administration'),
      from: dateOnly.optional(),
      to: dateOnly.optional(),
    }),
    output: statementView,
    callers: ['steward'],
  }),

  /** @throws invalid-state unless the system runs with CLOCK=simulated */
  setClock: defineRpc({
    service: 'admin',
    name: 'set-clock',
    input: setClockBody,
    output: clockView,
    callers: ['operator'],
  }),
  getSystemHealth: defineRpc({
    service: 'admin',
    name: 'get-system-health',
    input: z.strictObject({}),
    output: systemHealth,
    callers: ['steward'],
  }),
};
