import type { EventDefinition } from '@foodshed/contracts';

export interface ReceivedEvent<T = unknown> {
  readonly id: string;
  readonly instanceId: string;
  /** When it happened, by the clock of the service that said so; ISO, UTC. */
  readonly occurredAt: string;
  readonly subject: string;
  readonly data: T;
}

export interface ConsumeOptions {
  /** The most events one transaction handles. */
  readonly batch?: number;
  /**
   * While events keep coming, a batch that is not full begins no sooner than this after the one before; what comes
   * after a silence is handled at once.
   */
  readonly gatherMs?: number;
  /** Needed only when a service listens to one subject twice; part of the durable consumer's name, for ever. */
  readonly name?: string;
}

export interface Consumption {
  readonly events: readonly EventDefinition[];
  readonly options: ConsumeOptions;
  readonly method: string;
}

const consumptions = new WeakMap<object, Consumption[]>();

/**
 * Makes a method `(tx, events)` of a provider handle the events, each once, in a transaction with its inbox
 * rows; the method runs again when it throws. One call has events of one subject, in no promised order.
 */
export function Consume(
  events: readonly EventDefinition<never>[] | readonly EventDefinition[],
  options: ConsumeOptions = {},
): MethodDecorator {
  return (target, key) => {
    const list = consumptions.get(target) ?? [];
    list.push({ events: events as readonly EventDefinition[], options, method: String(key) });
    consumptions.set(target, list);
  };
}

/** What the provider's methods consume, as declared with @Consume; empty for most providers. */
export function consumptionsOf(provider: object): readonly Consumption[] {
  return consumptions.get(Object.getPrototypeOf(provider) as object) ?? [];
}
