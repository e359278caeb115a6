import { z } from 'zod';
import { type CallerKind, serviceNames, type ServiceName } from './define.js';
import { currencyCode, id } from './primitives.js';
import { DomainError } from './problems.js';

export const instanceRole = z.enum(['steward', 'operator']);
export type InstanceRole = z.output<typeof instanceRole>;

/** The instance a call acts in, as far as every service needs it. */
export const callerInstance = z.object({ id, currency: currencyCode, timeZone: z.string() });

/** What a verified token says: who asks, and in which instance. */
export const caller = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('person'),
    personId: id,
    instance: callerInstance,
    roles: z.array(instanceRole),
    /** The enterprises this person manages, as hubs said when the token was issued. */
    enterpriseIds: z.array(id),
    /** Hubs could not be asked then, so there may be more of them. */
    enterprisesUnknown: z.literal(true).optional(),
  }),
  z.object({ kind: z.literal('anonymous'), instance: callerInstance }),
  z.object({ kind: z.literal('service'), service: z.enum(serviceNames) }),
]);
export type Caller = z.output<typeof caller>;
export type PersonCaller = Extract<Caller, { kind: 'person' }>;

/** What travels with every call beside its input. */
export interface CallContext {
  readonly caller: Caller;
  readonly requestId: string;
  readonly idempotencyKey?: string;
  /** The signed token, to be passed on when this call needs another. */
  readonly token: string;
}

/** True when `caller` is one of `kinds`, or one of `services`; an operator is a steward too. */
export function mayCall(
  { callers, services }: { callers: readonly CallerKind[]; services: readonly ServiceName[] },
  caller: Caller,
): boolean {
  if (caller.kind === 'service') return services.includes(caller.service);
  if (caller.kind === 'anonymous') return callers.includes('anonymous');
  return callers.some(
    (kind) =>
      kind === 'anonymous' ||
      kind === 'person' ||
      caller.roles.includes('operator') ||
      (kind === 'steward' && caller.roles.includes('steward')),
  );
}

/** The person asking. @throws unauthenticated when nobody is signed in. */
export function requirePerson(context: CallContext): PersonCaller {
  if (context.caller.kind !== 'person') {
    throw new DomainError('unauthenticated', { detail: 'Sign in to do this.' });
  }
  return context.caller;
}

/** The instance the call acts in. @throws forbidden when a service called as itself, outside any instance. */
export function requireInstance(context: CallContext): z.output<typeof callerInstance> {
  if (context.caller.kind === 'service') {
    throw new DomainError('forbidden', { detail: 'This call must be made inside an instance.' });
  }
  return context.caller.instance;
}

/** True for managers of the enterprise; operators and stewards do not act for enterprises. */
export function managesEnterprise(caller: Caller, enterpriseId: string): boolean {
  return caller.kind === 'person' && caller.enterpriseIds.includes(enterpriseId);
}

/** True when the person has the role in the instance; an operator has every role. */
export function hasRole(caller: Caller, role: InstanceRole): boolean {
  return caller.kind === 'person' && (caller.roles.includes(role) || caller.roles.includes('operator'));
}

/** @throws forbidden unless the caller manages the enterprise; dependency-unavailable while that is not known. */
export function requireEnterprise(context: CallContext, enterpriseId: string): PersonCaller {
  const person = requirePerson(context);
  if (!managesEnterprise(person, enterpriseId)) {
    if (person.enterprisesUnknown) {
      throw new DomainError('dependency-unavailable', {
        detail: 'A part of the system is not reachable; try again shortly.',
        retryAfterSeconds: 1,
      });
    }
    throw new DomainError('forbidden', { detail: 'Only the managers of this enterprise may do this.' });
  }
  return person;
}

/** The key under which a command's answer is kept. @throws idempotency-key-missing */
export function requireKey(context: CallContext): string {
  if (context.idempotencyKey) return context.idempotencyKey;
  throw new DomainError('idempotency-key-missing', {
    detail: 'Send an Idempotency-Key: the same key again never does this twice.',
    fields: [{ path: 'Idempotency-Key', message: 'is required' }],
  });
}

/** Whose keys these are: those of different people, or of one person in different instances, never meet. */
export function callerKey({ caller }: CallContext): string {
  if (caller.kind !== 'person') return caller.kind;
  return `${caller.instance.id}:${caller.personId}`;
}
