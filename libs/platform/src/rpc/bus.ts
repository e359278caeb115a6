import { connect, type NatsConnection } from '@nats-io/transport-node';
import type { Logger } from '../observe/logger.js';

export interface BusOptions {
  readonly service: string;
  readonly url: string;
  readonly user?: string;
  readonly password?: string;
}

/** The connection to NATS of one process; it reconnects for ever, and knows whether it is connected now. */
export class Bus {
  #connected = true;
  #closing = false;
  #sending: (() => void)[] = [];

  private constructor(
    readonly connection: NatsConnection,
    private readonly log: Logger,
  ) {
    void this.#watch();
  }

  /** Waits until a server answers, for ever. Replies arrive below `_INBOX_<service>`, which NATS permissions rely on. */
  static async connect(options: BusOptions, log: Logger): Promise<Bus> {
    const connection = await connect({
      servers: options.url.split(','),
      user: options.user,
      pass: options.password,
      name: options.service,
      inboxPrefix: `_INBOX_${options.service}`,
      noAsyncTraces: true,
      waitOnFirstConnect: true,
      maxReconnectAttempts: -1,
      reconnectTimeWait: 250,
      reconnectJitter: 100,
      timeout: 5_000,
      pingInterval: 20_000,
      ignoreAuthErrorAbort: true,
    });
    return new Bus(connection, log);
  }

  get connected(): boolean {
    return this.#connected && !this.connection.isClosed();
  }

  /**
   * Runs `send` at the end of this turn of the event loop: what is published in one turn leaves in one write,
   * which is half of a busy process's system calls.
   */
  sendSoon(send: () => void): void {
    if (this.#sending.push(send) === 1) setImmediate(() => this.#sendNow());
  }

  #sendNow(): void {
    const sending = this.#sending;
    this.#sending = [];
    for (const send of sending) {
      try {
        send();
      } catch (error) {
        this.log.warn({ error }, 'A message was not sent');
      }
    }
  }

  /** Sends what is pending and closes. */
  async close(): Promise<void> {
    this.#closing = true;
    this.#sendNow();
    if (!this.connection.isClosed()) await this.connection.close();
  }

  async #watch(): Promise<void> {
    for await (const status of this.connection.status()) {
      if (status.type === 'disconnect') {
        this.#connected = false;
        if (!this.#closing) this.log.warn('NATS is not reachable; reconnecting');
      } else if (status.type === 'reconnect') {
        this.#connected = true;
        this.log.info('NATS is reachable again');
      } else if (status.type === 'error') {
        this.log.error({ error: status.error }, 'NATS refused something');
      }
    }
  }
}
