import { ALL_INSTANCES, Clock, Database, Jobs, type Tx } from '@foodshed/platform';
import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { outcomeOf, type Attempt } from './delivery.rules.js';
import { recordAttempt, takeDue, type TakenDelivery } from './delivery.store.js';
import { WebhookPost } from './post.service.js';
import { markFailing, noteDelivered } from './webhook.store.js';

/** Of one webhook so many are under way at once, and of so many webhooks: a slow receiver uses up its own turn only. */
const EACH = 4;
const WEBHOOKS_AT_ONCE = 50;
/** What is due sooner than the next poll is woken by a job. */
const POLL_MS = 30_000;

/**
 * Sends what is due. Postgres is the record: a delivery is taken, tried, and what came of it is written, so that a crash
 * anywhere means that it is tried again, never that it is lost.
 */
@Injectable()
export class WebhookSending implements OnModuleDestroy {
  /** The webhooks whose turn it is in this process. */
  readonly #turns = new Map<string, Promise<void>>();
  #isLooking = false;
  #lookAgain = false;
  #isStopping = false;

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly jobs: Jobs,
    private readonly post: WebhookPost,
  ) {}

  /** Looks for what is due; returns when it is under way, not when it is told. */
  async sendDue(): Promise<void> {
    this.#lookAgain = true;
    if (this.#isLooking) return;
    this.#isLooking = true;
    try {
      while (this.#lookAgain && !this.#isStopping) {
        this.#lookAgain = false;
        await this.#beginTurns();
      }
    } finally {
      this.#isLooking = false;
    }
  }

  /** The same, where nobody waits: where it could not be looked for, a job does, which is tried again and logged. */
  wake(): void {
    this.sendDue().catch(() => void this.jobs.enqueue('send-webhooks', 'again', {}));
  }

  /** Finishes what is under way. */
  async onModuleDestroy(): Promise<void> {
    this.#isStopping = true;
    await Promise.all(this.#turns.values());
  }

  async #beginTurns(): Promise<void> {
    const webhooks = WEBHOOKS_AT_ONCE - this.#turns.size;
    if (webhooks <= 0) return;
    const take = { now: this.clock.now(), busy: [...this.#turns.keys()], webhooks, each: EACH };
    const taken = await this.database.transaction(ALL_INSTANCES, (tx) => takeDue(tx, take));
    const byWebhook = new Map<string, TakenDelivery[]>();
    for (const delivery of taken) {
      byWebhook.set(delivery.webhookId, [...(byWebhook.get(delivery.webhookId) ?? []), delivery]);
    }
    for (const [webhookId, deliveries] of byWebhook) {
      const turn = Promise.allSettled(deliveries.map((delivery) => this.#deliver(delivery))).then(() => {
        this.#turns.delete(webhookId);
        this.wake();
      });
      this.#turns.set(webhookId, turn);
    }
  }

  async #deliver(delivery: TakenDelivery): Promise<void> {
    const begun = performance.now();
    const attempt = await this.post.send(delivery);
    const tookMs = Math.round(performance.now() - begun);
    await this.database.transaction(delivery.instanceId, (tx) =>
      this.#record(tx, delivery, { ...attempt, tookMs }),
    );
  }

  async #record(tx: Tx, delivery: TakenDelivery, attempt: Attempt & { tookMs: number }): Promise<void> {
    const now = this.clock.now();
    const outcome = outcomeOf(attempt, { tries: delivery.tries, now, chance: Math.random() });
    const nextTryAt = outcome.state === 'waiting' ? outcome.nextTryAt : null;
    await recordAttempt(tx, delivery, { ...attempt, state: outcome.state, nextTryAt });
    if (outcome.state === 'delivered') await noteDelivered(tx, delivery, now);
    if (outcome.state === 'failed' && outcome.because !== 'too-large') {
      await markFailing(tx, delivery, { because: outcome.because, since: delivery.createdAt, at: now });
    }
    const inMs = nextTryAt ? nextTryAt.getTime() - now.getTime() : POLL_MS;
    if (inMs < POLL_MS) {
      void this.jobs.enqueue(
        'send-webhooks',
        `${delivery.deliveryId}-${delivery.tries}`,
        {},
        { delayMs: inMs + 1 },
      );
    }
  }
}
