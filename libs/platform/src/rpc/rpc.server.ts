import { DomainError, mayCall, type CallContext, type Rpc, type ServiceName } from '@foodshed/contracts';
import { Server, type CustomTransportStrategy, type MessageHandler } from '@nestjs/microservices';
import { headers, type Msg, type Subscription } from '@nats-io/transport-node';
import { isObservable, lastValueFrom } from 'rxjs';
import type { Tokens } from '../identity/tokens.js';
import type { Logger } from '../observe/logger.js';
import type { Metrics } from '../observe/metrics.js';
import { requestContext, withRequest } from '../observe/request.context.js';
import type { Bus } from './bus.js';
import { asDomainError, invalidInput, PROBLEM_HEADER, unavailable } from './problem.js';
import { IDEMPOTENCY_HEADER, REQUEST_ID_HEADER, TOKEN_HEADER, TRACE_HEADER } from './rpc.client.js';
import type { RpcExtras } from './rpc.decorator.js';
import { republishRpc, statusRpc, type ServiceStatus } from './status.rpc.js';

export interface RpcServerParts {
  readonly service: ServiceName;
  readonly bus: Bus;
  readonly tokens: Tokens;
  readonly metrics: Metrics;
  readonly log: Logger;
  readonly status: () => Promise<ServiceStatus>;
  /** Only where the service publishes. */
  readonly republish?: (eventId: string) => Promise<void>;
}

type Handler = (input: unknown, context: CallContext) => Promise<unknown>;

/** Beyond this many calls at once a process answers 503 instead of letting all of them time out. */
const MAX_IN_FLIGHT = 2_000;
/** NATS takes 8 MB a message here; a character is at most three bytes. */
const MAX_REPLY_LENGTH = 2_600_000;

/**
 * Nest's transport for RPC: one NATS subscription per subject in the service's queue group. Around each
 * handler: the caller's signed token, the definition's callers, its schemas, and problems as replies.
 */
export class RpcServer extends Server implements CustomTransportStrategy {
  readonly #subscriptions: Subscription[] = [];
  #inFlight = 0;
  #idle?: () => void;

  constructor(private readonly parts: RpcServerParts) {
    super();
  }

  on(): void {
    throw new Error('This transport has no events of its own; NATS is watched by Bus.');
  }

  unwrap<T>(): T {
    return this.parts.bus.connection as T;
  }

  listen(ready: (failure?: unknown) => void): void {
    const { service } = this.parts;
    for (const handler of this.messageHandlers.values()) {
      const { rpc } = handler.extras as RpcExtras;
      if (rpc.service !== service) throw new Error(`${service} cannot answer ${rpc.subject}`);
      this.#subscribe(rpc, (input, context) => call(handler, input, context));
    }
    this.#subscribe(statusRpc(service), () => this.parts.status(), false);
    const { republish } = this.parts;
    if (republish) {
      this.#subscribe(republishRpc(service), async (input) => {
        await republish((input as { eventId: string }).eventId);
        return {};
      });
    }
    this.parts.bus.connection.flush().then(() => ready(), ready);
  }

  /** Takes no more calls and waits until those in flight are answered. */
  async close(): Promise<void> {
    for (const subscription of this.#subscriptions.splice(0)) subscription.unsubscribe();
    if (this.#inFlight > 0) await new Promise<void>((resolve) => (this.#idle = resolve));
  }

  #subscribe(rpc: Rpc, handler: Handler, guarded = true): void {
    const subscription = this.parts.bus.connection.subscribe(rpc.subject, {
      queue: this.parts.service,
      callback: (error, message) => {
        if (error) this.parts.log.error({ error, subject: rpc.subject }, 'An RPC subscription failed');
        else void this.#answer(rpc, handler, message, guarded);
      },
    });
    this.#subscriptions.push(subscription);
  }

  async #answer(rpc: Rpc, handler: Handler, message: Msg, guarded: boolean): Promise<void> {
    const sent = message.headers;
    const request = requestContext(sent?.get(REQUEST_ID_HEADER) || undefined, sent?.get(TRACE_HEADER));
    const stop = this.parts.metrics.rpcHandled.startTimer({ subject: rpc.subject });
    this.#inFlight++;
    await withRequest(request, async () => {
      try {
        if (this.#inFlight > MAX_IN_FLIGHT) throw unavailable();
        const token = sent?.get(TOKEN_HEADER) ?? '';
        const known = guarded ? await this.#admit(rpc, token) : undefined;
        const context = {
          caller: known,
          requestId: request.requestId,
          token,
          idempotencyKey: sent?.get(IDEMPOTENCY_HEADER) || undefined,
        } as CallContext;
        const output = await handler(this.#input(rpc, message), context);
        const reply = JSON.stringify(this.#output(rpc, output));
        if (reply.length > MAX_REPLY_LENGTH)
          throw new Error(`the answer of ${rpc.subject} is too large to send`);
        this.parts.bus.sendSoon(() => message.respond(reply));
        stop({ outcome: 'ok' });
      } catch (failure) {
        const error = asDomainError(failure);
        this.#refuse(rpc, message, error, request.requestId);
        stop({ outcome: error.code });
      }
    });
    this.#inFlight--;
    if (this.#inFlight === 0) this.#idle?.();
  }

  async #admit(rpc: Rpc, token: string): Promise<CallContext['caller']> {
    if (!token) throw new DomainError('unauthenticated', { detail: 'This call needs a token.' });
    const caller = await this.parts.tokens.verify(token);
    if (mayCall(rpc, caller)) return caller;
    if (caller.kind === 'anonymous')
      throw new DomainError('unauthenticated', { detail: 'Sign in to do this.' });
    throw new DomainError('forbidden', { detail: 'Your role does not allow this.' });
  }

  #input(rpc: Rpc, message: Msg): unknown {
    let payload: unknown;
    try {
      payload = message.data.length === 0 ? {} : message.json();
    } catch (error) {
      throw new DomainError('invalid-input', { detail: 'The request is not JSON.' }, error);
    }
    const parsed = rpc.input.safeParse(payload);
    if (parsed.success) return parsed.data;
    throw invalidInput(parsed.error);
  }

  #output(rpc: Rpc, output: unknown): unknown {
    const parsed = rpc.output.safeParse(output);
    if (parsed.success) return parsed.data;
    throw new DomainError(
      'internal-error',
      {},
      new Error(`the answer of ${rpc.subject} is against its schema`, { cause: parsed.error }),
    );
  }

  #refuse(rpc: Rpc, message: Msg, error: DomainError, requestId: string): void {
    const { log } = this.parts;
    if (error.code === 'internal-error') {
      log.error(
        { error: error.cause ?? error, subject: rpc.subject },
        'A call failed by a fault in the program',
      );
    } else if (error.cause && (error.code === 'dependency-unavailable' || error.code === 'timed-out')) {
      log.warn({ error: error.cause, subject: rpc.subject }, 'A call failed because a dependency was away');
    }
    const reply = headers();
    reply.set(PROBLEM_HEADER, error.code);
    const problem = JSON.stringify(error.toProblem(requestId));
    this.parts.bus.sendSoon(() => message.respond(problem, { headers: reply }));
  }
}

async function call(handler: MessageHandler, input: unknown, context: CallContext): Promise<unknown> {
  const result: unknown = await handler(input, context);
  return isObservable(result) ? lastValueFrom(result) : result;
}
