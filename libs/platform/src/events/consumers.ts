import type { EventDefinition } from '@foodshed/contracts';
import type { Tx } from '../database/database.js';
import { consumptionsOf, type ReceivedEvent } from './consume.decorator.js';
import { EventConsumer } from './consumer.js';
import type { ConsumerParts } from './consumer-task.js';

const DEFAULT_BATCH = 100;
const DEFAULT_GATHER_MS = 250;

/** The durable name of a service's consumer of a subject: kept for ever, so not made of a method's name. */
export function durableOf(service: string, event: EventDefinition, name?: string): string {
  return [service, event.subject.replaceAll('.', '-'), ...(name ? [name] : [])].join('--');
}

/** One consumer for each event that a provider declares with @Consume. @throws Error when two would share a name. */
export function consumersOf(parts: ConsumerParts, providers: readonly object[]): EventConsumer[] {
  const consumers = providers.flatMap((provider) =>
    consumptionsOf(provider).flatMap(({ events, options, method }) =>
      events.map((event) => {
        const handler = (provider as Record<string, (tx: Tx, events: ReceivedEvent[]) => Promise<void>>)[
          method
        ];
        return new EventConsumer(parts, {
          durable: durableOf(parts.service, event, options.name),
          event,
          batch: options.batch ?? DEFAULT_BATCH,
          gatherMs: options.gatherMs ?? DEFAULT_GATHER_MS,
          handle: async (tx, received) => handler?.call(provider, tx, received),
        });
      }),
    ),
  );
  const names = consumers.map(({ task }) => task.durable);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice) throw new Error(`two consumers are named ${twice}; give one of them a name`);
  return consumers;
}
