import { DomainError, problemCodes } from '@foodshed/contracts';
import { jetstream, type MsgRequest, type StoredMsg } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { z } from 'zod';
import type { ReceivedEvent } from './consume.decorator.js';
import { writeMessage } from './message.js';
import { DEAD_LETTER_PREFIX, DEAD_LETTER_STREAM, ensureDeadLetters, managerOf } from './streams.js';

const deadLetter = z.object({
  service: z.string(),
  consumer: z.string(),
  failedAt: z.string(),
  reason: z.object({
    code: z.enum(problemCodes as [string, ...string[]]),
    detail: z.string(),
    fields: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
  }),
  event: z.object({
    id: z.string(),
    instanceId: z.string(),
    occurredAt: z.string(),
    subject: z.string(),
    data: z.unknown(),
  }),
});

/** An event that a consumer gave up on, with the reason, and its place in the stream of dead letters. */
export type DeadLetter = z.output<typeof deadLetter> & { readonly sequence: number };

/** Stores the event with the reason why it could not be handled. @throws when NATS does not confirm it. */
export async function writeDeadLetter(
  connection: NatsConnection,
  letter: { service: string; consumer: string; event: ReceivedEvent; error: unknown },
): Promise<void> {
  const { service, consumer, event, error } = letter;
  await ensureDeadLetters(await managerOf(connection));
  const options = error instanceof DomainError ? error.options : {};
  const content: z.input<typeof deadLetter> = {
    service,
    consumer,
    failedAt: new Date().toISOString(),
    reason: {
      code: error instanceof DomainError ? error.code : 'internal-error',
      detail: error instanceof Error ? error.message : String(error),
      fields: options.fields && [...options.fields],
    },
    event: { ...event },
  };
  const subject = `${DEAD_LETTER_PREFIX}.${service}.${consumer}`;
  await jetstream(connection).publish(subject, JSON.stringify(content));
}

/** The dead letters after a place in the stream, oldest first; may be empty. `consumer` leaves out those of others. */
export async function listDeadLetters(
  connection: NatsConnection,
  { limit = 1_000, consumer, after = 0 }: { limit?: number; consumer?: string; after?: number } = {},
): Promise<DeadLetter[]> {
  const manager = await managerOf(connection);
  await ensureDeadLetters(manager);
  const { state } = await manager.streams.info(DEAD_LETTER_STREAM);
  const letters: DeadLetter[] = [];
  for (let next = Math.max(state.first_seq, after + 1); next <= state.last_seq && letters.length < limit;) {
    // The client's type leaves out that the server takes both: the first message from `seq` on.
    const query = { seq: next, next_by_subj: `${DEAD_LETTER_PREFIX}.>` } as MsgRequest;
    const stored = await manager.streams.getMessage(DEAD_LETTER_STREAM, query);
    if (!stored) break;
    const letter = readDeadLetter(stored);
    if (!consumer || letter.consumer === consumer) letters.push(letter);
    next = stored.seq + 1;
  }
  return letters;
}

/**
 * Publishes the event again under its own id and removes the dead letter. Every consumer of the subject sees
 * it; those that had handled it know it from their inbox. Returns the event's id.
 * @throws DomainError not-found when there is no such dead letter.
 */
export async function replayDeadLetter(connection: NatsConnection, sequence: number): Promise<string> {
  const { event } = await findDeadLetter(connection, sequence);
  const { subject, ...carried } = event;
  await jetstream(connection).publish(subject, writeMessage([JSON.stringify({ ...carried, headers: {} })]), {
    msgID: `${event.id}-again-${sequence}`,
  });
  await removeDeadLetter(connection, sequence);
  return event.id;
}

/** The dead letter at a place in the stream. @throws DomainError not-found when there is none. */
export async function findDeadLetter(connection: NatsConnection, sequence: number): Promise<DeadLetter> {
  const manager = await managerOf(connection);
  const stored = await manager.streams.getMessage(DEAD_LETTER_STREAM, { seq: sequence }).catch(() => null);
  if (!stored) throw new DomainError('not-found', { detail: `There is no dead letter ${sequence}.` });
  return readDeadLetter(stored);
}

/** Removes a dead letter; needs the right to. */
export async function removeDeadLetter(connection: NatsConnection, sequence: number): Promise<void> {
  await (await managerOf(connection)).streams.deleteMessage(DEAD_LETTER_STREAM, sequence);
}

/** How many events are put aside and not replayed. */
export async function countDeadLetters(connection: NatsConnection): Promise<number> {
  const manager = await managerOf(connection);
  return (await manager.streams.info(DEAD_LETTER_STREAM)).state.messages;
}

function readDeadLetter(stored: StoredMsg): DeadLetter {
  return { ...deadLetter.parse(stored.json()), sequence: stored.seq };
}
