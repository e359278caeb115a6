import type { JetStreamClient } from '@nats-io/jetstream';
import { writeEvent, writeMessage, type OutboxRow } from './message.js';
import { messageIdOf } from './streams.js';

const MAX_MESSAGE_BYTES = 256 * 1024;
const MAX_EVENTS_PER_MESSAGE = 100;
export const PUBLISH_TIMEOUT_MS = 5_000;

/** What one publication carries: events of one subject, small enough for one message. */
export interface Publication {
  readonly subject: string;
  readonly ids: readonly string[];
  readonly payload: string;
}

/** Groups rows into messages: one subject each, at most 100 events and 256 KiB unless one event alone is larger. */
export function publicationsOf(rows: readonly OutboxRow[]): Publication[] {
  const open = new Map<string, { ids: string[]; events: string[]; bytes: number }>();
  const done: Publication[] = [];
  const close = (subject: string, { ids, events }: { ids: string[]; events: string[] }): void => {
    done.push({ subject, ids, payload: writeMessage(events) });
  };
  for (const row of rows) {
    const event = writeEvent(row);
    const bytes = Buffer.byteLength(event);
    let group = open.get(row.subject);
    if (group && (group.bytes + bytes > MAX_MESSAGE_BYTES || group.ids.length === MAX_EVENTS_PER_MESSAGE)) {
      close(row.subject, group);
      group = undefined;
    }
    if (!group) open.set(row.subject, (group = { ids: [], events: [], bytes: 0 }));
    group.ids.push(row.id);
    group.events.push(event);
    group.bytes += bytes;
  }
  for (const [subject, group] of open) close(subject, group);
  return done;
}

/** Publishes to JetStream in parallel and waits until every message is stored. @throws when one is not. */
export async function publish(
  client: JetStreamClient,
  publications: readonly Publication[],
  repeat = '',
): Promise<void> {
  await Promise.all(
    publications.map(({ subject, ids, payload }) =>
      client.publish(subject, payload, {
        msgID: messageIdOf(ids) + repeat,
        timeout: PUBLISH_TIMEOUT_MS,
      }),
    ),
  );
}
