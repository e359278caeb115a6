import { z } from 'zod';

const carried = z.object({
  id: z.uuid(),
  instanceId: z.uuid(),
  occurredAt: z.string(),
  headers: z.object({ requestId: z.string().optional(), traceId: z.string().optional() }),
  data: z.unknown(),
});

/** One event as it travels: its data is checked by whoever handles it. */
export type CarriedEvent = z.output<typeof carried>;

/** A JetStream message carries the events of one subject that were published together. */
const message = z.object({ events: z.array(carried).min(1) });

/** The events of a message. @throws when it is not a message of ours. */
export function readMessage(payload: Uint8Array): CarriedEvent[] {
  return message.parse(
    JSON.parse(Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength).toString('utf8')),
  ).events;
}

/** One row of the outbox as relays read it: `payload` and `headers` still as JSON text. */
export interface OutboxRow {
  readonly id: string;
  readonly instance_id: string;
  readonly subject: string;
  readonly payload: string;
  readonly headers: string;
  readonly occurred_at: Date;
}

/** The event as JSON text, without parsing its payload again. */
export function writeEvent(row: OutboxRow): string {
  return `{"id":"${row.id}","instanceId":"${row.instance_id}","occurredAt":"${row.occurred_at.toISOString()}","headers":${row.headers},"data":${row.payload}}`;
}

/** A message of events already written as JSON. */
export function writeMessage(events: readonly string[]): string {
  return `{"events":[${events.join(',')}]}`;
}
