import { DomainError, type CallContext } from '@foodshed/contracts';

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
