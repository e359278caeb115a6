import type { CallContext } from '@foodshed/contracts';
import type { RequestContext } from '@foodshed/platform';
import type { FastifyRequest } from 'fastify';
import type { Resolved } from './callers.service.js';

/** What the edge knows about a request by the time a controller sees it. */
export interface EdgeRequest extends FastifyRequest {
  callContext: CallContext;
  resolved: Resolved;
  requestContext: RequestContext;
  /** True when the JSON text has escapes that could not be stored as they are; the body is then searched. */
  hasSuspectText: boolean;
}
