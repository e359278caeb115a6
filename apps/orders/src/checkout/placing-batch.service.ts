import { setTimeout as delay } from 'node:timers/promises';
import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { Clock, Database, isRetried, Outbox } from '@foodshed/platform';
import { placeOrders, type OrderToPlace, type Placing } from './placing.store.js';

/** More in one call would keep the first of them waiting for longer than it saves. */
const BATCH = 64;
/** While orders keep coming, a call begins no sooner than this after the one before; the first is not kept waiting. */
const GATHER_MS = 5;
/** The second and later ones lock first; then only a deadlock with an edit of the catalogue can stand in the way. */
const ATTEMPTS = 4;

interface Waiting {
  readonly order: OrderToPlace;
  readonly resolve: (placing: Placing) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Orders that arrive together commit together: while one call to the database is under way the next orders
 * gather, and an idle system places an order at once. One call at a time, because two would wait for each other's stock.
 */
@Injectable()
export class PlacingBatchService implements OnModuleDestroy {
  readonly #waiting: Waiting[] = [];
  #running?: Promise<void>;
  #begunAt = -Infinity;

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly outbox: Outbox,
  ) {}

  /** What became of the order; @throws what the database failed with. */
  place(order: OrderToPlace): Promise<Placing> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ order, resolve, reject });
      this.#running ??= this.#run();
    });
  }

  async onModuleDestroy(): Promise<void> {
    await this.#running;
  }

  async #run(): Promise<void> {
    // What came in with the same packet joins the first batch.
    await new Promise((resolve) => setImmediate(resolve));
    while (this.#waiting.length > 0) {
      const early = this.#begunAt + GATHER_MS - performance.now();
      if (early > 0 && this.#waiting.length < BATCH) await delay(early);
      this.#begunAt = performance.now();
      await this.#placeAll(this.#waiting.splice(0, BATCH));
    }
    this.#running = undefined;
  }

  async #placeAll(batch: readonly Waiting[]): Promise<void> {
    try {
      const placings = await this.#place(batch.map(({ order }) => order));
      for (const [index, { resolve }] of batch.entries()) resolve(placings[index] as Placing);
      if (placings.some(({ verdict }) => verdict === 'placed')) this.outbox.poke();
    } catch (error) {
      // Postgres refused the whole call, for the sake of one: each is tried alone, so that only that one fails.
      if (batch.length > 1 && isRefusal(error)) for (const one of batch) await this.#placeAll([one]);
      else for (const { reject } of batch) reject(error);
    }
  }

  async #place(orders: readonly OrderToPlace[]): Promise<Placing[]> {
    const now = this.clock.now();
    for (let attempt = 1; ; attempt++) {
      try {
        return await placeOrders(this.database, orders, { now, lockFirst: attempt > 1 });
      } catch (error) {
        if (attempt === ATTEMPTS || !isRetried(error)) throw error;
      }
    }
  }
}

/** True when the statement itself failed (data or a constraint), so that nothing of it was committed. */
export function isRefusal(error: unknown): boolean {
  const code = (error as { code?: unknown }).code;
  return typeof code === 'string' && /^(22|23|40)/.test(code);
}
