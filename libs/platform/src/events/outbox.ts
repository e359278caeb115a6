import type { EventDefinition } from '@foodshed/contracts';
import { afterCommit, rowsOf, type Tx } from '../database/database.js';
import { currentRequest, type RequestContext } from '../observe/request.context.js';
import { jsonLines } from '../database/values.js';
import { newId } from '../service/ids.js';
import type { Clock } from '../time/clock.js';

export interface OutgoingEvent<T = unknown> {
  readonly event: EventDefinition<T>;
  readonly instanceId: string;
  readonly data: T;
  /** Given when the event must be the same each time the same thing is done again. */
  readonly id?: string;
  /** The request it belongs to, when that is not the current one. */
  readonly request?: RequestContext;
}

/** JetStream takes 1 MiB a message by default; a larger event would hold up the relay for ever. */
const MAX_EVENT_BYTES = 900_000;

function payloadOf({ event, data }: OutgoingEvent): string {
  const payload = JSON.stringify(event.schema.parse(data));
  if (payload.length * 3 > MAX_EVENT_BYTES && Buffer.byteLength(payload) > MAX_EVENT_BYTES) {
    throw new RangeError(`an event of ${event.subject} is larger than a message may be`);
  }
  return payload;
}

/** Puts events beside the rows they tell of, in the same transaction; the relay publishes them after the commit. */
export class Outbox {
  #poke: () => void = () => undefined;

  constructor(private readonly clock: Clock) {}

  /**
   * Adds events to the transaction, each checked against its schema.
   * @throws ZodError when an event is not as its definition says.
   */
  async add(tx: Tx, events: readonly OutgoingEvent[]): Promise<void> {
    if (events.length === 0) return;
    const current = currentRequest() ?? {};
    await rowsOf(
      tx,
      {
        name: 'outbox-add',
        text: `with added as (
                 insert into outbox (id, instance_id, subject, payload, headers, occurred_at)
                 select id, instance_id, subject, payload::json, headers::json, $6
                 from unnest($1::uuid[], $2::uuid[], $3::text[], string_to_array($4, E'\\n'), string_to_array($5, E'\\n'))
                   as e(id, instance_id, subject, payload, headers)
                 returning id)
               insert into outbox_pending select id from added`,
      },
      [
        events.map(({ id }) => id ?? newId()),
        events.map(({ instanceId }) => instanceId),
        events.map(({ event }) => event.subject),
        events.map(payloadOf).join('\n'),
        jsonLines(events.map(({ request }) => request ?? current)),
        this.clock.now(),
      ],
    );
    afterCommit(tx, () => this.poke());
  }

  /** Wakes the relay; for SQL functions that insert into the outbox themselves. */
  poke(): void {
    this.#poke();
  }

  /** Called by the relay once it runs. */
  onPoke(wake: () => void): void {
    this.#poke = wake;
  }
}
