import { createHash } from 'node:crypto';
import { serviceNames, type EventDefinition, type ServiceName } from '@foodshed/contracts';
import {
  AckPolicy,
  DeliverPolicy,
  DiscardPolicy,
  jetstreamManager,
  JetStreamApiCodes,
  JetStreamApiError,
  RetentionPolicy,
  StorageType,
  type JetStreamManager,
  type StreamConfig,
} from '@nats-io/jetstream';
import { nanos, type NatsConnection } from '@nats-io/transport-node';

export const DEAD_LETTER_STREAM = 'DEAD_LETTERS';
export const DEAD_LETTER_PREFIX = 'dead-letters';

const DAY_MS = 86_400_000;
/** Events stay in their stream this long; the outbox keeps them as long, and Postgres is the record. */
export const RETENTION_MS = 30 * DAY_MS;
const DUPLICATE_WINDOW_MS = 120_000;
export const ACK_WAIT_MS = 30_000;

/** The JetStream stream that holds a service's events. */
export function streamOf(service: ServiceName): string {
  return service.toUpperCase();
}

function configOf(name: string, subjects: string[]): Partial<StreamConfig> & { name: string } {
  return {
    name,
    subjects,
    storage: StorageType.File,
    retention: RetentionPolicy.Limits,
    discard: DiscardPolicy.Old,
    max_age: name === DEAD_LETTER_STREAM ? 0 : nanos(RETENTION_MS),
    duplicate_window: nanos(DUPLICATE_WINDOW_MS),
  };
}

/** Makes the stream exist. Returns true when it had to be created, so was new or lost. */
async function ensure(manager: JetStreamManager, name: string, subjects: string[]): Promise<boolean> {
  try {
    await manager.streams.info(name);
    return false;
  } catch (error) {
    if (!isStreamMissing(error)) throw error;
  }
  await manager.streams.add(configOf(name, subjects));
  return true;
}

/** Makes the service's stream exist. Returns true when it had to be created. */
export async function ensureStream(manager: JetStreamManager, service: ServiceName): Promise<boolean> {
  return ensure(manager, streamOf(service), [`${service}.events.>`]);
}

/** Makes the stream of dead letters exist. */
export async function ensureDeadLetters(manager: JetStreamManager): Promise<void> {
  await ensure(manager, DEAD_LETTER_STREAM, [`${DEAD_LETTER_PREFIX}.>`]);
}

/**
 * Makes the durable pull consumer exist; what it has already handled stands when it exists.
 * @throws JetStreamApiError while the publishing service has not made its stream yet.
 */
export async function ensureConsumer(
  manager: JetStreamManager,
  options: { event: EventDefinition; durable: string; maxPending: number },
): Promise<void> {
  await manager.consumers.add(streamOf(options.event.service), {
    durable_name: options.durable,
    ack_policy: AckPolicy.Explicit,
    deliver_policy: DeliverPolicy.All,
    filter_subject: options.event.subject,
    ack_wait: nanos(ACK_WAIT_MS),
    max_deliver: -1,
    max_ack_pending: options.maxPending,
  });
}

/** Every durable consumer of every service's stream, and how many messages wait for it; streams not made yet are left out. */
export async function consumersOfAll(
  connection: NatsConnection,
): Promise<{ service: string; consumer: string; waiting: number }[]> {
  const manager = await managerOf(connection);
  const lists = serviceNames.map(async (service) => {
    const found: { service: string; consumer: string; waiting: number }[] = [];
    try {
      for await (const info of manager.consumers.list(streamOf(service))) {
        const waiting = info.num_pending + info.num_ack_pending;
        if (info.config.durable_name) found.push({ service, consumer: info.config.durable_name, waiting });
      }
    } catch (error) {
      if (!isStreamMissing(error)) throw error;
    }
    return found;
  });
  return (await Promise.all(lists)).flat();
}

/** True when JetStream says that the stream is not there (yet, or any more). */
export function isStreamMissing(error: unknown): boolean {
  return error instanceof JetStreamApiError && error.code === JetStreamApiCodes.StreamNotFound;
}

/** A manager that asks no more of the account than it needs. */
export function managerOf(connection: NatsConnection): Promise<JetStreamManager> {
  return jetstreamManager(connection, { checkAPI: false, timeout: 5_000 });
}

/**
 * The message id of events published together. JetStream drops a second message with the same id, so that a
 * publication whose answer was lost can be repeated; other events never share it.
 */
export function messageIdOf(ids: readonly string[]): string {
  if (ids.length === 1) return ids[0] ?? '';
  return createHash('sha256').update(ids.join()).digest('base64url');
}
