import { defineRpc, type ServiceName } from '@foodshed/contracts';
import { z } from 'zod';

export const serviceStatus = z.object({
  ready: z.boolean(),
  /** What is not as it should be, by check; nothing when it is ready. */
  faults: z.record(z.string(), z.string()),
  /** What waits to be published; null for a service that publishes nothing. */
  outbox: z.object({ pending: z.int().min(0), ageSeconds: z.number().min(0) }).nullable(),
  /** What simulated time is ahead of the system's; 0 with the system's clock. */
  clockOffsetMs: z.number(),
  version: z.string(),
});
export type ServiceStatus = z.output<typeof serviceStatus>;

/** `<service>.status.v1`: how a service is; answered without a token, it says nothing of anybody. */
export function statusRpc(service: ServiceName) {
  return defineRpc({ service, name: 'status', input: z.object({}), output: serviceStatus, timeoutMs: 4_000 });
}

/**
 * `<service>.republish.v1`: publishes an event of its own once more, from its outbox. Others ask for it, since nobody
 * may publish what another service says. @throws not-found when the outbox does not have it (any more)
 */
export function republishRpc(service: ServiceName) {
  return defineRpc({
    service,
    name: 'republish',
    input: z.strictObject({ eventId: z.uuid() }),
    output: z.object({}),
    services: ['admin'],
  });
}
