import { AsyncLocalStorage } from 'node:async_hooks';
import { newId } from '../service/ids.js';

/** What joins the log lines, calls and events of one request, whichever process they happen in. */
export interface RequestContext {
  readonly requestId: string;
  /** 32 hexadecimal digits, as in a W3C `traceparent`. */
  readonly traceId: string;
}

const storage = new AsyncLocalStorage<RequestContext>();

/** The context of the work that is going on, if it began with a request, an event or a job. */
export function currentRequest(): RequestContext | undefined {
  return storage.getStore();
}

/** Runs `work` inside the context; everything awaited in it sees the same one. */
export function withRequest<T>(context: RequestContext, work: () => T): T {
  return storage.run(context, work);
}

/** A context for an incoming request id, or a new one; the id's digits are the trace id unless one came along. */
export function requestContext(requestId: string = newId(), traceparent?: string): RequestContext {
  const traced = traceparent
    ? /^00-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}$/.exec(traceparent)?.[1]
    : undefined;
  return { requestId, traceId: traced ?? requestId.replaceAll('-', '') };
}
