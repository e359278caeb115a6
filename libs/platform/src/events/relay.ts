import { jetstream, type JetStreamClient } from '@nats-io/jetstream';
import type { ServiceName } from '@foodshed/contracts';
import { ALL_INSTANCES } from '../database/tables.js';
import { rowsOf, type Database, type Tx } from '../database/database.js';
import type { Logger } from '../observe/logger.js';
import type { Metrics } from '../observe/metrics.js';
import { isTransient } from '../rpc/problem.js';
import type { Bus } from '../rpc/bus.js';
import type { OutboxRow } from './message.js';
import type { Outbox } from './outbox.js';
import { Pause } from './pause.js';
import { publicationsOf, publish, PUBLISH_TIMEOUT_MS } from './publication.js';
import { ensureStream, managerOf } from './streams.js';
import { republish } from './upkeep.js';

/** For what another process wrote, or left behind; who commits here wakes the relay at once. */
const POLL_MS = 500;
/** While events keep coming, a batch begins no sooner than this after the one before; the first goes at once. */
const GATHER_MS = 80;
const BATCH = 500;
const RETRY_MS = 100;
const MAX_BACKOFF_MS = 5_000;

export interface RelayParts {
  readonly service: ServiceName;
  readonly database: Database;
  readonly bus: Bus;
  readonly outbox: Outbox;
  readonly metrics: Metrics;
  readonly log: Logger;
}

/**
 * Publishes what the outbox holds: poked after each commit, polling every 500 ms. What is taken stays locked until it
 * was published, so replicas share the work, and a crash at any line publishes again rather than loses.
 */
export class Relay {
  #running = false;
  #loop?: Promise<void>;
  readonly #pause = new Pause();
  #failures = 0;
  #streamIsThere = false;
  readonly #client: JetStreamClient;

  constructor(private readonly parts: RelayParts) {
    this.#client = jetstream(parts.bus.connection, { timeout: PUBLISH_TIMEOUT_MS });
  }

  start(): void {
    this.#running = true;
    this.parts.outbox.onPoke(() => this.#pause.wake());
    this.#loop = this.#run();
  }

  /** Publishes what is committed already, then stops. */
  async stop(): Promise<void> {
    this.#running = false;
    this.#pause.stop();
    await this.#loop;
    if (this.parts.bus.connected) await this.#drain().catch(() => undefined);
  }

  async #run(): Promise<void> {
    let isPoked = false;
    while (this.#running) {
      let published = 0;
      const begunAt = performance.now();
      try {
        if (!this.#streamIsThere) await this.#restoreStream();
        if (this.parts.bus.connected && (isPoked || (await this.#hasWork()))) {
          published = await this.relayOnce();
        }
        this.#failures = 0;
      } catch (error) {
        await this.#failed(error);
      }
      if (published === BATCH) continue;
      isPoked = await this.#pause.untilWoken(POLL_MS);
      const early = begunAt + GATHER_MS - performance.now();
      if (early > 0) await this.#pause.fully(early);
    }
  }

  /** Makes the stream; one that was lost gets every event again that the outbox still has. */
  async #restoreStream(): Promise<void> {
    const { bus, service, database, log } = this.parts;
    if (!bus.connected) return;
    const created = await ensureStream(await managerOf(bus.connection), service);
    if (created) {
      const count = await republish(database, bus.connection, { from: new Date(0), to: new Date() });
      log.info({ stream: service, republished: count }, 'The stream was made');
    }
    this.#streamIsThere = true;
  }

  /** One cheap statement, so that an idle service's poll opens no transaction. */
  async #hasWork(): Promise<boolean> {
    const statement = {
      name: 'outbox-look',
      text: 'select 1 from outbox_pending limit 1',
    };
    return (await this.parts.database.query(statement)).length > 0;
  }

  async #drain(): Promise<void> {
    while ((await this.relayOnce()) > 0);
  }

  /** Publishes one batch; returns how many events it had. @throws when Postgres or NATS did not do their part. */
  async relayOnce(): Promise<number> {
    const { database, metrics } = this.parts;
    const relay = async (tx: Tx): Promise<number> => {
      const rows = await takePending(tx);
      await publish(this.#client, publicationsOf(rows));
      return rows.length;
    };
    const count = await database.transaction(ALL_INSTANCES, relay, { isSmallBatch: true });
    metrics.eventsPublished.inc(count);
    return count;
  }

  async #failed(error: unknown): Promise<void> {
    const { log } = this.parts;
    this.#failures++;
    this.#streamIsThere = false;
    const level = isTransient(error) ? 'warn' : 'error';
    log[level]({ error, failures: this.#failures }, 'The relay could not publish; it tries again');
    await this.#pause.fully(Math.min(MAX_BACKOFF_MS, RETRY_MS * 2 ** Math.min(this.#failures, 8)));
  }
}

/** The oldest pending events that no other relay holds; they pend no longer if the transaction commits. */
function takePending(tx: Tx): Promise<OutboxRow[]> {
  return rowsOf<OutboxRow>(tx, {
    name: 'outbox-take',
    text: `with taken as materialized (
             select id from outbox_pending order by id limit ${BATCH} for update skip locked
           ), gone as (
             delete from outbox_pending using taken where outbox_pending.id = taken.id
           )
           select id, instance_id, subject, payload::text as payload, headers::text as headers, occurred_at
             from taken join outbox using (id) order by id`,
  });
}
