import { DomainError, type CallContext, type Rpc } from '@foodshed/contracts';
import { errors, headers, type Msg } from '@nats-io/transport-node';
import type { Tokens } from '../identity/tokens.js';
import type { Metrics } from '../observe/metrics.js';
import { currentRequest } from '../observe/request.context.js';
import { newId } from '../service/ids.js';
import type { Bus } from './bus.js';
import { PROBLEM_HEADER, problemFromReply, timedOut, unavailable } from './problem.js';

export const REQUEST_ID_HEADER = 'Foodshed-Request';
export const TOKEN_HEADER = 'Foodshed-Token';
export const IDEMPOTENCY_HEADER = 'Idempotency-Key';
export const TRACE_HEADER = 'traceparent';

export interface CallOptions {
  readonly timeoutMs?: number;
  readonly idempotencyKey?: string;
}

/** Calls other services; every call has a timeout, and fails with the DomainError the other side answered. */
export class RpcClient {
  constructor(
    private readonly bus: Bus,
    private readonly tokens: Tokens,
    private readonly metrics: Metrics,
  ) {}

  /**
   * The answer, checked against the definition's schema. `as` is the caller's context, or `'service'` to call
   * as this service itself.
   * @throws DomainError: the refusal; dependency-unavailable when nobody answers; timed-out.
   */
  async call<I, O>(
    rpc: Rpc<I, O>,
    input: I,
    as: CallContext | 'service',
    options: CallOptions = {},
  ): Promise<O> {
    if (!this.bus.connected) throw unavailable();
    const token = as === 'service' ? await this.tokens.own() : as.token;
    const sent = headers();
    const current = currentRequest();
    const requestId = (as === 'service' ? undefined : as.requestId) ?? current?.requestId ?? newId();
    sent.set(REQUEST_ID_HEADER, requestId);
    if (token) sent.set(TOKEN_HEADER, token);
    if (current && current.traceId !== requestId.replaceAll('-', '')) {
      sent.set(TRACE_HEADER, `00-${current.traceId}-${current.traceId.slice(0, 16)}-01`);
    }
    const key = options.idempotencyKey ?? (as === 'service' ? undefined : as.idempotencyKey);
    if (key) sent.set(IDEMPOTENCY_HEADER, key);
    const stop = this.metrics.rpcCalls.startTimer({ subject: rpc.subject });
    try {
      const reply = await this.#request(rpc.subject, JSON.stringify(input ?? {}), {
        timeout: options.timeoutMs ?? rpc.timeoutMs,
        headers: sent,
      });
      const output = this.#read(rpc, reply);
      stop({ outcome: 'ok' });
      return output;
    } catch (error) {
      stop({ outcome: error instanceof DomainError ? error.code : 'internal-error' });
      throw error;
    }
  }

  async #request(
    subject: string,
    payload: string,
    options: { timeout: number; headers: ReturnType<typeof headers> },
  ) {
    try {
      return await new Promise<Msg>((resolve, reject) => {
        this.bus.sendSoon(() => {
          this.bus.connection.request(subject, payload, options).then(resolve, reject);
        });
      });
    } catch (error) {
      if (error instanceof errors.TimeoutError) throw timedOut(error);
      if (error instanceof errors.InvalidArgumentError) throw new DomainError('body-too-large', {}, error);
      throw unavailable(error);
    }
  }

  #read<O>(rpc: Rpc<never, O> | Rpc<unknown, O>, reply: Msg): O {
    const payload: unknown = reply.json();
    if (reply.headers?.get(PROBLEM_HEADER)) throw problemFromReply(payload);
    const output = rpc.output.safeParse(payload);
    if (output.success) return output.data;
    throw new DomainError(
      'internal-error',
      {},
      new Error(`${rpc.subject} answered against its schema`, { cause: output.error }),
    );
  }
}
