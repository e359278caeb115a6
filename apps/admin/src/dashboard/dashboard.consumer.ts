import {
  adminEvents,
  commissionEvents,
  contributionsEvents,
  developersEvents,
  hubsEvents,
  ledgerEvents,
  ordersEvents,
} from '@foodshed/contracts';
import { Clock, Consume, Outbox, type ReceivedEvent, type Tx } from '@foodshed/platform';
import { Injectable } from '@nestjs/common';
import { WebhookQueue } from '../webhooks/queue.service.js';
import { applyEvents, moveOn } from './read-model.store.js';

/** Nobody needs the figures of a busy network sooner; each batch costs, and is told to every open page. */
const GATHER_MS = 400;

/** Keeps the read model: each batch is counted by set-based statements, and its instances are told once. */
@Injectable()
export class DashboardConsumer {
  constructor(
    private readonly outbox: Outbox,
    private readonly clock: Clock,
    private readonly webhooks: WebhookQueue,
  ) {}

  @Consume([ordersEvents.placed, ordersEvents.paid, ordersEvents.closed, ordersEvents.fulfilled], {
    batch: 200,
    gatherMs: GATHER_MS,
  })
  ofOrders(tx: Tx, events: ReceivedEvent[]): Promise<void> {
    return this.count(tx, events);
  }

  @Consume([hubsEvents.enterpriseChanged, hubsEvents.referralChanged], { batch: 200 })
  ofHubs(tx: Tx, events: ReceivedEvent[]): Promise<void> {
    return this.count(tx, events);
  }

  @Consume([commissionEvents.split], { batch: 200, gatherMs: GATHER_MS })
  ofCommission(tx: Tx, events: ReceivedEvent[]): Promise<void> {
    return this.count(tx, events);
  }

  @Consume([ledgerEvents.posted], { batch: 50, gatherMs: GATHER_MS })
  ofLedger(tx: Tx, events: ReceivedEvent[]): Promise<void> {
    return this.count(tx, events);
  }

  @Consume([developersEvents.pledgeChanged], { batch: 200 })
  ofDevelopers(tx: Tx, events: ReceivedEvent[]): Promise<void> {
    return this.count(tx, events);
  }

  @Consume([contributionsEvents.given, contributionsEvents.returned], { batch: 200 })
  ofContributions(tx: Tx, events: ReceivedEvent[]): Promise<void> {
    return this.count(tx, events);
  }

  async count(tx: Tx, events: readonly ReceivedEvent[]): Promise<void> {
    await applyEvents(tx, events);
    await this.webhooks.add(tx, events);
    const now = this.clock.now();
    const moved = await moveOn(tx, events, now);
    await this.outbox.add(
      tx,
      moved.map(({ instanceId, sequence }) => ({
        event: adminEvents.dashboardChanged,
        instanceId,
        data: { sequence, changedAt: now.toISOString() },
      })),
    );
  }
}
