import { DomainError } from '@foodshed/contracts';
import { jetstream, type ConsumerMessages, type JsMsg } from '@nats-io/jetstream';
import { rowsOf, type Tx } from '../database/database.js';
import { ALL_INSTANCES } from '../database/tables.js';
import { requestContext, withRequest } from '../observe/request.context.js';
import { invalidInput, isTransient } from '../rpc/problem.js';
import type { ReceivedEvent } from './consume.decorator.js';
import type { ConsumerParts, ConsumerTask } from './consumer-task.js';
import { writeDeadLetter } from './dead-letters.js';
import { readMessage, type CarriedEvent } from './message.js';
import { Pause } from './pause.js';
import { ACK_WAIT_MS, ensureConsumer, managerOf, streamOf } from './streams.js';

/** A fault in the program is tried this often before the event is put aside. */
const TRIES_OF_A_FAULT = 5;
const PREFETCHED_MESSAGES = 200;
const MAX_PENDING_MESSAGES = 1_000;
const RETRY_MS = 250;
const MAX_BACKOFF_MS = 30_000;

/** A message whose events are still being handled; it is acknowledged when none is left. */
interface Delivery {
  readonly message: JsMsg;
  left: number;
  retryInMs: number;
}

interface Item {
  readonly event: CarriedEvent;
  readonly received: ReceivedEvent;
  readonly delivery: Delivery;
}

/**
 * Handles the events of one subject in batches: handler, inbox rows and outbox rows in one transaction, the
 * acknowledgement after it. A failing batch is taken apart; what fails alone is retried or put aside.
 */
export class EventConsumer {
  #running = false;
  #loop?: Promise<void>;
  #messages?: ConsumerMessages;
  #failures = 0;
  readonly #queue: Item[] = [];
  readonly #open = new Set<Delivery>();
  readonly #faults = new Map<string, number>();
  readonly #pause = new Pause();

  constructor(
    private readonly parts: ConsumerParts,
    readonly task: ConsumerTask,
  ) {}

  start(): void {
    this.#running = true;
    this.#loop = this.#run();
  }

  /** Finishes the batch in hand; what was fetched and not begun goes to another replica. */
  async stop(): Promise<void> {
    this.#running = false;
    this.#pause.stop();
    await this.#loop;
  }

  /** How many messages wait for this consumer, over all replicas. */
  async lag(): Promise<number> {
    const manager = await managerOf(this.parts.bus.connection);
    const info = await manager.consumers.info(streamOf(this.task.event.service), this.task.durable);
    return info.num_pending + info.num_ack_pending;
  }

  async #run(): Promise<void> {
    const keepAlive = setInterval(() => {
      for (const { message } of this.#open) message.working();
    }, ACK_WAIT_MS / 3);
    while (this.#running) {
      try {
        const messages = await this.#subscribe();
        await this.#work(messages);
      } catch (error) {
        // At the very first start a stream is there only once its service is.
        const level = error instanceof Error && error.name === 'StreamNotFoundError' ? 'debug' : 'warn';
        this.parts.log[level](
          { error, consumer: this.task.durable },
          'A consumer is not attached; it tries again',
        );
        await this.#backOff();
      }
      await this.#messages?.close();
      if (!this.#running) for (const { message } of this.#open) message.nak();
      this.#queue.length = 0;
      this.#open.clear();
    }
    clearInterval(keepAlive);
  }

  async #subscribe(): Promise<ConsumerMessages> {
    const { bus } = this.parts;
    const { event, durable } = this.task;
    const manager = await managerOf(bus.connection);
    await ensureConsumer(manager, { event, durable, maxPending: MAX_PENDING_MESSAGES });
    const consumer = await jetstream(bus.connection).consumers.get(streamOf(event.service), durable);
    const messages = await consumer.consume({
      max_messages: PREFETCHED_MESSAGES,
      callback: (message) => this.#receive(message),
    });
    this.#messages = messages;
    void this.#watch(messages);
    return messages;
  }

  /** Ends the subscription when the consumer or its stream is gone, so that it is made again. */
  async #watch(messages: ConsumerMessages): Promise<void> {
    const gone = new Set(['consumer_not_found', 'consumer_deleted', 'stream_not_found']);
    for await (const { type } of messages.status()) if (gone.has(type)) break;
    await messages.close();
  }

  #receive(message: JsMsg): void {
    let events: CarriedEvent[];
    try {
      events = readMessage(message.data);
    } catch (error) {
      this.parts.log.error(
        { error, subject: message.subject },
        'A message is not one of ours and is left out',
      );
      message.term();
      return;
    }
    const delivery: Delivery = { message, left: events.length, retryInMs: 0 };
    this.#open.add(delivery);
    for (const event of events) {
      const { id, instanceId, occurredAt, data } = event;
      this.#queue.push({
        event,
        delivery,
        received: { id, instanceId, occurredAt, subject: message.subject, data },
      });
    }
    this.#pause.wake();
  }

  async #work(messages: ConsumerMessages): Promise<void> {
    let closed = false;
    let begunAt = -Infinity;
    void messages.closed().then(() => {
      closed = true;
      this.#pause.wake();
    });
    while (this.#running && !closed) {
      if (this.#queue.length === 0) {
        await this.#pause.untilWoken(60_000);
        continue;
      }
      const early = begunAt + this.task.gatherMs - performance.now();
      if (early > 0 && this.#queue.length < this.task.batch) await this.#pause.fully(early);
      begunAt = performance.now();
      const items = this.#queue.splice(0, this.task.batch);
      const sound = [];
      for (const item of items) if (await this.#isSound(item)) sound.push(item);
      if (sound.length > 0) await this.#handle(sound);
    }
  }

  /** Checks the event against its schema; an event that is not so can never be handled and is put aside. */
  async #isSound(item: Item): Promise<boolean> {
    const parsed = this.task.event.schema.safeParse(item.received.data);
    if (!parsed.success) {
      await this.#putAside(item, invalidInput(parsed.error));
      return false;
    }
    (item.received as { data: unknown }).data = parsed.data;
    return true;
  }

  async #handle(items: Item[]): Promise<void> {
    try {
      const fresh = await this.#transact(items);
      this.#count('done', fresh);
      this.#count('repeated', items.length - fresh);
      this.#failures = 0;
      for (const item of items) this.#finish(item);
    } catch (error) {
      if (isTransient(error)) await this.#postpone(items, error);
      else if (items.length > 1) for (const item of items) await this.#handle([item]);
      else if (items[0]) await this.#refused(items[0], error);
    }
  }

  /** Returns how many of the events were not handled before. */
  #transact(items: Item[]): Promise<number> {
    const { requestId, traceId } = items[0]?.event.headers ?? {};
    const one = items.every(({ event }) => event.headers.requestId === requestId);
    const context = one && requestId ? { requestId, traceId: traceId ?? '' } : requestContext();
    return withRequest(context, () =>
      this.parts.database.transaction(ALL_INSTANCES, (tx) => this.#handleNew(tx, items), {
        isSmallBatch: true,
      }),
    );
  }

  async #handleNew(tx: Tx, items: Item[]): Promise<number> {
    const added = await rowsOf<{ event_id: string }>(
      tx,
      {
        name: 'inbox-add',
        text: `insert into inbox (consumer, event_id) select $1, unnest($2::uuid[])
                   on conflict do nothing returning event_id`,
      },
      [this.task.durable, items.map(({ event }) => event.id).sort()],
    );
    const fresh = new Set(added.map(({ event_id }) => event_id));
    // An event that came twice in one batch has one row, and is handled once.
    const events = items.filter(({ event }) => fresh.delete(event.id)).map(({ received }) => received);
    if (events.length > 0) await this.task.handle(tx, events);
    return events.length;
  }

  async #postpone(items: Item[], error: unknown): Promise<void> {
    this.#failures++;
    const delayMs = this.#delayAfter(this.#failures);
    this.parts.log.warn(
      { error, consumer: this.task.durable, events: items.length, delayMs },
      'Events wait for a dependency',
    );
    this.#count('retried', items.length);
    for (const item of items) this.#retryLater(item, delayMs);
    await this.#backOff();
  }

  /** A refusal is put aside at once, a fault in the program after some tries. */
  async #refused(item: Item, error: unknown): Promise<void> {
    const { id } = item.event;
    const tries = (this.#faults.get(id) ?? 0) + 1;
    if (error instanceof DomainError && error.code !== 'internal-error') return this.#putAside(item, error);
    this.parts.log.error(
      { error, consumer: this.task.durable, eventId: id, tries },
      'An event could not be handled',
    );
    if (tries >= TRIES_OF_A_FAULT) return this.#putAside(item, error);
    this.#faults.set(id, tries);
    this.#count('retried', 1);
    this.#retryLater(item, this.#delayAfter(tries));
  }

  async #putAside(item: Item, error: unknown): Promise<void> {
    const { bus, service, metrics, log } = this.parts;
    try {
      await writeDeadLetter(bus.connection, {
        service,
        consumer: this.task.durable,
        event: item.received,
        error,
      });
    } catch (failure) {
      log.warn({ error: failure }, 'A dead letter could not be written; its event is tried again');
      return this.#postpone([item], failure);
    }
    log.error({ error, consumer: this.task.durable, eventId: item.event.id }, 'An event was put aside');
    this.#faults.delete(item.event.id);
    metrics.deadLetters.inc({ consumer: this.task.durable });
    this.#count('dead', 1);
    this.#finish(item);
  }

  #retryLater(item: Item, delayMs: number): void {
    item.delivery.retryInMs = Math.max(item.delivery.retryInMs, delayMs);
    this.#finish(item);
  }

  #finish({ delivery }: Item): void {
    delivery.left--;
    if (delivery.left > 0) return;
    this.#open.delete(delivery);
    if (delivery.retryInMs > 0) delivery.message.nak(delivery.retryInMs);
    else delivery.message.ack();
  }

  #delayAfter(failures: number): number {
    return Math.min(MAX_BACKOFF_MS, RETRY_MS * 2 ** Math.min(failures, 10));
  }

  async #backOff(): Promise<void> {
    await this.#pause.fully(Math.min(this.#delayAfter(this.#failures), 5_000));
  }

  #count(outcome: string, events: number): void {
    if (events > 0) this.parts.metrics.eventsConsumed.inc({ consumer: this.task.durable, outcome }, events);
  }
}
