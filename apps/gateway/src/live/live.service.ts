import { adminEvents } from '@foodshed/contracts';
import { Bus, managerOf, readMessage, streamOf } from '@foodshed/platform';
import { AckPolicy, DeliverPolicy, jetstream, type ConsumerMessages } from '@nats-io/jetstream';
import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { setTimeout as delay } from 'node:timers/promises';

/** The read model of an instance moved on to a sequence. */
export interface Change {
  readonly instanceId: string;
  readonly sequence: number;
  readonly changedAt: string;
}

type Listener = (change: Change) => void;

const RETRY_MS = 1_000;
/** The server removes the consumer this long after the replica that made it is gone. */
const INACTIVE_MS = 30_000;

/**
 * One ephemeral JetStream consumer per replica on the read model's changes, however many browsers look. It
 * begins with what comes next: a browser that was away gets a snapshot, which includes what it missed.
 */
@Injectable()
export class LiveChanges implements OnApplicationBootstrap, OnModuleDestroy {
  readonly #listeners = new Map<string, Set<Listener>>();
  #running = true;
  #messages?: ConsumerMessages;
  readonly #ending = new AbortController();

  constructor(private readonly bus: Bus) {}

  onApplicationBootstrap(): void {
    void this.#follow();
  }

  async onModuleDestroy(): Promise<void> {
    this.#running = false;
    this.#ending.abort();
    await this.#messages?.close();
  }

  /** Aborted when the gateway stops: streams then end, and browsers come back to another replica. */
  get ending(): AbortSignal {
    return this.#ending.signal;
  }

  /** How many streams are open, over all instances. */
  get streamCount(): number {
    return [...this.#listeners.values()].reduce((sum, listeners) => sum + listeners.size, 0);
  }

  /** Calls `listener` for each change in the instance, until the returned function is called. */
  listen(instanceId: string, listener: Listener): () => void {
    const listeners = this.#listeners.get(instanceId) ?? new Set();
    this.#listeners.set(instanceId, listeners.add(listener));
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0) this.#listeners.delete(instanceId);
    };
  }

  async #follow(): Promise<void> {
    while (this.#running) {
      try {
        await this.#consume();
      } catch {
        // Admin has not made its stream yet, or NATS is away: the health check says so, and this tries again.
        await delay(RETRY_MS, undefined, { signal: this.#ending.signal }).catch(() => undefined);
      }
    }
  }

  async #consume(): Promise<void> {
    const { connection } = this.bus;
    const stream = streamOf('admin');
    const manager = await managerOf(connection);
    const { name } = await manager.consumers.add(stream, {
      filter_subject: adminEvents.dashboardChanged.subject,
      deliver_policy: DeliverPolicy.New,
      ack_policy: AckPolicy.None,
      inactive_threshold: INACTIVE_MS * 1_000_000,
      mem_storage: true,
    });
    const consumer = await jetstream(connection).consumers.get(stream, name);
    const messages = await consumer.consume({ max_messages: 500 });
    this.#messages = messages;
    void this.#endWhenGone(messages);
    for await (const message of messages) {
      for (const { instanceId, data } of readMessage(message.data)) {
        const { sequence, changedAt } = adminEvents.dashboardChanged.schema.parse(data);
        for (const listener of this.#listeners.get(instanceId) ?? [])
          listener({ instanceId, sequence, changedAt });
      }
    }
  }

  async #endWhenGone(messages: ConsumerMessages): Promise<void> {
    const gone = new Set(['consumer_not_found', 'consumer_deleted', 'stream_not_found']);
    for await (const { type } of messages.status()) if (gone.has(type)) break;
    await messages.close();
  }
}
