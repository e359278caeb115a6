import {
  AckPolicy,
  DeliverPolicy,
  jetstream,
  JetStreamApiCodes,
  JetStreamApiError,
  type JetStreamManager,
} from '@nats-io/jetstream';
import { ordersEvents, type EventDefinition } from '@foodshed/contracts';
import {
  ALL_INSTANCES,
  type Bus,
  type Database,
  managerOf,
  readMessage,
  streamOf,
  type ReceivedEvent,
} from '@foodshed/platform';
import { nanos } from '@nats-io/transport-node';
import { applyEvents, countedEvents, forgetOrders, lockReadModel, moveOn } from './read-model.store.js';

const MESSAGES_AT_ONCE = 500;
const FETCH_TIMEOUT_MS = 5_000;

export interface Rebuilding {
  readonly database: Database;
  readonly bus: Bus;
  readonly now: Date;
  /** Told after each portion. */
  readonly onProgress?: (subject: string, events: number) => void;
}

/**
 * Counts every event of the streams anew, in one transaction that readers do not notice. Orders whose placing
 * is still in its stream are forgotten first and made from nothing; older ones keep what is counted of them,
 * since streams keep events for a time only. Returns how many events were counted, by subject.
 */
export async function rebuildReadModel(rebuilding: Rebuilding): Promise<Record<string, number>> {
  const manager = await managerOf(rebuilding.bus.connection);
  const counted: Record<string, number> = {};
  await rebuilding.database.transaction(ALL_INSTANCES, async (tx) => {
    await lockReadModel(tx);
    const newest = new Map<string, ReceivedEvent>();
    for (const event of countedEvents) {
      counted[event.subject] = 0;
      for await (const events of portions(manager, rebuilding.bus, event)) {
        if (event.subject === ordersEvents.placed.subject) {
          await forgetOrders(
            tx,
            events.map(({ data }) => (data as { orderId: string }).orderId),
          );
        }
        await applyEvents(tx, events);
        for (const each of events) {
          const known = newest.get(each.instanceId);
          if (!known || known.occurredAt < each.occurredAt) newest.set(each.instanceId, each);
        }
        counted[event.subject] = (counted[event.subject] ?? 0) + events.length;
        rebuilding.onProgress?.(event.subject, counted[event.subject] ?? 0);
      }
    }
    await moveOn(tx, [...newest.values()], rebuilding.now);
  });
  return counted;
}

/** The events of a subject that are in its stream now, in portions; those that are not as agreed are left out. */
async function* portions(
  manager: JetStreamManager,
  bus: Bus,
  event: EventDefinition,
): AsyncGenerator<ReceivedEvent[]> {
  const stream = streamOf(event.service);
  const made = await manager.consumers
    .add(stream, {
      filter_subject: event.subject,
      ack_policy: AckPolicy.None,
      deliver_policy: DeliverPolicy.All,
      inactive_threshold: nanos(60_000),
    })
    .catch((error: unknown) => {
      // A service that never ran here has told of nothing.
      if (error instanceof JetStreamApiError && error.code === JetStreamApiCodes.StreamNotFound) return null;
      throw error;
    });
  if (!made) return;
  const { name } = made;
  const consumer = await jetstream(bus.connection).consumers.get(stream, name);
  let pending = (await consumer.info()).num_pending;
  while (pending > 0) {
    const messages = await consumer.fetch({
      max_messages: Math.min(pending, MESSAGES_AT_ONCE),
      expires: FETCH_TIMEOUT_MS,
    });
    const events: ReceivedEvent[] = [];
    let received = 0;
    for await (const message of messages) {
      received++;
      for (const { id, instanceId, occurredAt, data } of readMessage(message.data)) {
        const parsed = event.schema.safeParse(data);
        if (parsed.success)
          events.push({ id, instanceId, occurredAt, subject: event.subject, data: parsed.data });
      }
    }
    if (received === 0) throw new Error(`the stream ${stream} stopped answering; nothing was changed`);
    pending -= received;
    if (events.length > 0) yield events;
  }
  await manager.consumers.delete(stream, name);
}
