import {
  contributionsEvents,
  developersEvents,
  ledgerEvents,
  ordersEvents,
  type CallContext,
  type EventDefinition,
  type PledgeState,
} from '@foodshed/contracts';
import { ALL_INSTANCES, newId, rowsOf, type ReceivedEvent } from '@foodshed/platform';
import { testDatabase, type TestDatabase } from '@foodshed/testing';
import fc from 'fast-check';
import { migrations } from '../migrations/migrations.js';
import { DashboardService } from './dashboard.service.js';
import { applyEvents } from './read-model.store.js';

let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase('admin', migrations);
}, 60_000);
afterAll(() => db?.close());

const apply = (events: ReceivedEvent[]) =>
  db.database.transaction(ALL_INSTANCES, (tx) => applyEvents(tx, events));
const eventOf = <T>(instanceId: string, event: EventDefinition<T>, data: T): ReceivedEvent => ({
  id: newId(),
  instanceId,
  occurredAt: at(0),
  subject: event.subject,
  data: event.schema.parse(data),
});
const at = (hours: number): string =>
  new Date(Date.parse('2026-11-02T08:00:00.000Z') + hours * 3_600_000).toISOString();

async function dashboard(instanceId: string, period: { from?: string; to?: string } = {}) {
  const context: CallContext = {
    caller: {
      kind: 'person',
      personId: newId(),
      instance: { id: instanceId, currency: 'EUR', timeZone: 'UTC' },
      roles: ['steward'],
      enterpriseIds: [],
    },
    requestId: 'request-1',
    token: '',
  };
  return new DashboardService(db.database).dashboard(period, context);
}

/** A pledge that goes through these states, an hour each. */
function lifeOf(instanceId: string, amountMinor: number, states: readonly PledgeState[]): ReceivedEvent[] {
  const [pledgeId, pitchId] = [newId(), newId()];
  return states.map((state, hour) =>
    eventOf(instanceId, developersEvents.pledgeChanged, {
      pledgeId,
      pitchId,
      funder: { kind: 'person', id: newId() },
      source: 'balance',
      amountMinor,
      currency: 'EUR',
      state,
      changedAt: at(hour),
    }),
  );
}
const gift = (instanceId: string, amountMinor: number, givenAt: string) =>
  eventOf(instanceId, contributionsEvents.given, {
    giftId: newId(),
    giver: { kind: 'person', id: null },
    receiver: { kind: 'enterprise', id: newId() },
    parts: [],
    amountMinor,
    platformPartMinor: 10,
    currency: 'EUR',
    source: 'balance',
    holder: null,
    givenAt,
  });

describe('pledges and gifts in the read model', () => {
  it('count by where each pledge is now, in any order and repetition of what was told', async () => {
    await fc.assert(
      fc.asyncProperty(fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })), async (chance) => {
        const instanceId = newId();
        const events = [
          ...lifeOf(instanceId, 100, ['promised', 'placing', 'held', 'paying', 'paid']),
          ...lifeOf(instanceId, 20, ['placing', 'held', 'returning', 'returned']),
          ...lifeOf(instanceId, 3, ['placing', 'held']),
          ...lifeOf(instanceId, 4, ['promised']),
          ...lifeOf(instanceId, 5_000, ['promised', 'lapsed']),
          gift(instanceId, 700, at(1)),
          gift(instanceId, 55, at(30)),
        ];
        const order = [...events, ...events.filter(() => chance.next().value < 0.3)]
          .map((event) => [chance.next().value, event] as const)
          .sort(([a], [b]) => a - b)
          .map(([, event]) => event);
        for (let next = 0; next < order.length; next += 5) await apply(order.slice(next, next + 5));
        expect((await dashboard(instanceId)).funding).toEqual({
          pledges: [
            {
              currency: 'EUR',
              pledges: 4,
              promisedMinor: 4,
              heldMinor: 3,
              paidMinor: 100,
              returnedMinor: 20,
            },
          ],
          gifts: [{ currency: 'EUR', gifts: 2, amountMinor: 755, platformPartMinor: 20 }],
        });
        const { gifts } = (await dashboard(instanceId, { from: '2026-11-03', to: '2026-11-03' })).funding;
        expect(gifts).toEqual([{ currency: 'EUR', gifts: 1, amountMinor: 55, platformPartMinor: 10 }]);
      }),
      { numRuns: 15 },
    );
  }, 60_000);
});

/** Tells that earnings of an order became available. */
function released(instanceId: string, orderId: string, occurredAt: string): ReceivedEvent {
  const key = {
    kind: 'release' as const,
    orderId,
    captureId: newId(),
    producerId: null,
    version: 1,
    revision: 0,
  };
  return eventOf(instanceId, ledgerEvents.posted, {
    batch: 1,
    headHash: '',
    recordedAt: occurredAt,
    accounts: [],
    transactions: [{ transactionId: newId(), key, occurredAt, entries: [] }],
    refused: [],
  });
}

describe('the fairness of orders', () => {
  it('says take by order, since when orders that were handed over wait, and how long others waited', async () => {
    const instanceId = newId();
    const orders = [50, 60, 70, 80, 1_000];
    await db.database.transaction(ALL_INSTANCES, async (tx) => {
      for (const platform of orders) {
        await rowsOf(
          tx,
          `insert into dashboard_sales (instance_id, order_id, capture_id, producer_id, hub_id, placed_on, gross_minor,
             split_gross_minor, platform_minor, producer_minor)
           values ($1, $2, $2, $3, $3, '2026-11-02', 10000, 10000, $4::bigint, 9000)`,
          [instanceId, newId(), newId(), platform],
        );
      }
    });
    const handedOver = [3, 1, 2].map((hour) => {
      const [orderId, hubId] = [newId(), newId()];
      return { orderId, hubId, producerIds: [newId()], fulfilledAt: at(hour) };
    });
    await apply(handedOver.map((data) => eventOf(instanceId, ordersEvents.fulfilled, data)));
    await apply(handedOver.map((data) => eventOf(instanceId, ordersEvents.fulfilled, data)));
    await db.database.transaction(ALL_INSTANCES, (tx) =>
      rowsOf(
        tx,
        `update dashboard_orders set is_paid = true, placed_on = '2026-11-02' where instance_id = $1`,
        [instanceId],
      ),
    );
    const { fairness } = await dashboard(instanceId);
    expect(fairness.takePerOrder).toEqual({ orders: 5, p50Bps: 70, p95Bps: 1_000, worstBps: 1_000 });
    expect(fairness.concentration).toEqual({
      producers: 5,
      bottomHalfBps: 5_000,
      topTenthBps: 1_000,
      gini: 0,
    });
    expect(fairness.bySize.map(({ size, producers }) => [size, producers])).toEqual([
      ['smaller-half', 2],
      ['middle', 2],
      ['top-tenth', 1],
    ]);
    expect(fairness.availability).toEqual({
      hours: null,
      waiting: { orders: 3, p50Since: at(2), p95Since: at(1), worstSince: at(1) },
    });
    const [third, first, second] = handedOver;
    await apply([
      released(instanceId, second!.orderId, at(2.5)),
      released(instanceId, first!.orderId, at(2)),
      released(instanceId, first!.orderId, at(3)),
      released(instanceId, first!.orderId, at(2)),
    ]);
    const { availability } = (await dashboard(instanceId)).fairness;
    // Of an order with several payments the last one counts.
    expect(availability.hours).toEqual({ p50: 0.5, p95: 2, worst: 2 });
    const since = third!.fulfilledAt;
    expect(availability.waiting).toEqual({ orders: 1, p50Since: since, p95Since: since, worstSince: since });
  });
});
