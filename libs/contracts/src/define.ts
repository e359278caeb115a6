import type { z } from 'zod';

/** The services that own data and talk over NATS; the gateway is the only one that speaks HTTP. */
export const serviceNames = [
  'gateway',
  'orders',
  'hubs',
  'commission',
  'ledger',
  'developers',
  'contributions',
  'admin',
] as const;
export type ServiceName = (typeof serviceNames)[number];

/**
 * Who may call a subject at all. `person` is anybody signed in, `steward` a person with that role in the
 * instance (an operator is one too). Rights on a single object are checked in the service.
 */
export type CallerKind = 'anonymous' | 'person' | 'steward' | 'operator';

/** A request and its answer between two processes; the subject is `<service>.<verb>-<noun>.v<version>`. */
export interface Rpc<Input = unknown, Output = unknown> {
  readonly subject: string;
  readonly service: ServiceName;
  readonly input: z.ZodType<Input>;
  readonly output: z.ZodType<Output>;
  readonly callers: readonly CallerKind[];
  readonly services: readonly ServiceName[];
  readonly timeoutMs: number;
}

export interface RpcOptions<I extends z.ZodType, O extends z.ZodType> {
  service: ServiceName;
  /** Verb and noun in kebab case, such as `place-order`. */
  name: string;
  version?: number;
  input: I;
  output: O;
  callers?: readonly CallerKind[];
  /** Services that may call it as themselves, without a person behind the call. */
  services?: readonly ServiceName[];
  timeoutMs?: number;
}

/** Writes a subject once, with its schemas and who may call it. */
export function defineRpc<I extends z.ZodType, O extends z.ZodType>(
  options: RpcOptions<I, O>,
): Rpc<z.output<I>, z.output<O>> {
  const { service, name, version = 1, callers = [], services = [], timeoutMs = 5_000 } = options;
  return {
    subject: `${service}.${name}.v${version}`,
    service,
    input: options.input as z.ZodType<z.output<I>>,
    output: options.output as z.ZodType<z.output<O>>,
    callers,
    services,
    timeoutMs,
  };
}

export type RpcInput<R> = R extends Rpc<infer I, unknown> ? I : never;
export type RpcOutput<R> = R extends Rpc<infer _I, infer O> ? O : never;

/** A fact that happened, on the JetStream stream of the service that owns it. */
export interface EventDefinition<Data = unknown> {
  readonly subject: string;
  readonly service: ServiceName;
  readonly schema: z.ZodType<Data>;
}

/** `<service>.events.<past-participle>.v<version>`, one schema for producer and consumers. */
export function defineEvent<S extends z.ZodType>(options: {
  service: ServiceName;
  name: string;
  version?: number;
  schema: S;
}): EventDefinition<z.output<S>> {
  const { service, name, version = 1 } = options;
  return {
    subject: `${service}.events.${name}.v${version}`,
    service,
    schema: options.schema as z.ZodType<z.output<S>>,
  };
}

export type EventData<E> = E extends EventDefinition<infer D> ? D : never;

/** Told to every replica that listens at this moment, and to nobody later: what depends on it has another way too. */
export interface Broadcast<Data = unknown> {
  readonly subject: string;
  readonly service: ServiceName;
  readonly schema: z.ZodType<Data>;
}

/** `<service>.broadcast.<past-participle>.v<version>`; only the service itself may send it. */
export function defineBroadcast<S extends z.ZodType>(options: {
  service: ServiceName;
  name: string;
  version?: number;
  schema: S;
}): Broadcast<z.output<S>> {
  const { service, name, version = 1 } = options;
  return {
    subject: `${service}.broadcast.${name}.v${version}`,
    service,
    schema: options.schema as z.ZodType<z.output<S>>,
  };
}
