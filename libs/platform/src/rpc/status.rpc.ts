import { defineRpc, type ServiceName } from '@foodshed/contracts';
import { z } from 'zod';

export const serviceStatus = z.object({
  ready: z.boolean(),
  /** What simulated time is ahead of the system's; 0 with the system's clock. */
  clockOffsetMs: z.number(),
  version: z.string(),
});
export type ServiceStatus = z.output<typeof serviceStatus>;

/** `<service>.status.v1`: how a service is; answered without a token, it says nothing of anybody. */
export function statusRpc(service: ServiceName) {
  return defineRpc({ service, name: 'status', input: z.object({}), output: serviceStatus, timeoutMs: 2_000 });
}
