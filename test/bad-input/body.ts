import type { z } from 'zod';
import type { ActorName, World } from '../roles/row.js';

/** A route's schema, who sends to it, and a valid request. */
export interface Body {
  readonly schema: z.ZodType;
  readonly as: ActorName;
  /** What happens to be valid is not sent: it would change something for every other suite. */
  readonly isShared?: boolean;
  /** A path and a body that the route takes; made once, then mutated. */
  readonly call: (world: World) => { path: string; body: object } | Promise<{ path: string; body: object }>;
}
