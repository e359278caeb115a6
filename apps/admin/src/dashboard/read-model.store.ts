import {
  commissionEvents,
  contributionsEvents,
  developersEvents,
  hubsEvents,
  ledgerEvents,
  ordersEvents,
} from '@foodshed/contracts';
import type { EventDefinition } from '@foodshed/contracts';
import { rowsOf, type ReceivedEvent, type Tx } from '@foodshed/platform';
import { applyGifts, applyReturns, applyPledges } from './funding.store.js';
import { applyClosed, applyFulfilled, applyPlaced } from './order.store.js';
import { applyEnterprises, applyPosted, applyReferrals } from './reference.store.js';
import { applyPaid, applySplit } from './sale.store.js';

type Apply = (tx: Tx, events: readonly ReceivedEvent<never>[]) => Promise<void>;

/** Every event the read model is made of, with how it is counted; `placed` first, for the rebuilding. */
const appliers = new Map<EventDefinition, Apply>([
  [ordersEvents.placed as EventDefinition, applyPlaced as Apply],
  [ordersEvents.paid as EventDefinition, applyPaid as Apply],
  [ordersEvents.closed as EventDefinition, applyClosed as Apply],
  [ordersEvents.fulfilled as EventDefinition, applyFulfilled as Apply],
  [commissionEvents.split as EventDefinition, applySplit as Apply],
  [ledgerEvents.posted as EventDefinition, applyPosted as Apply],
  [hubsEvents.enterpriseChanged as EventDefinition, applyEnterprises as Apply],
  [hubsEvents.referralChanged as EventDefinition, applyReferrals as Apply],
  [developersEvents.pledgeChanged as EventDefinition, applyPledges as Apply],
  [contributionsEvents.given as EventDefinition, applyGifts as Apply],
  [contributionsEvents.returned as EventDefinition, applyReturns as Apply],
]);

/** The events that the read model listens to. */
export const countedEvents: readonly EventDefinition[] = [...appliers.keys()];

/**
 * Counts events of any subjects in any order; the end is the same for every order and repetition of them.
 * @throws Error for a subject that is not counted.
 */
export async function applyEvents(tx: Tx, events: readonly ReceivedEvent[]): Promise<void> {
  const bySubject = new Map<string, ReceivedEvent[]>();
  for (const event of events) {
    const same = bySubject.get(event.subject);
    if (same) same.push(event);
    else bySubject.set(event.subject, [event]);
  }
  for (const subject of bySubject.keys()) {
    if (!countedEvents.some((event) => event.subject === subject))
      throw new Error(`${subject} is not counted`);
  }
  for (const [event, apply] of appliers) {
    const received = bySubject.get(event.subject);
    if (received) await apply(tx, received as ReceivedEvent<never>[]);
  }
}

/**
 * Moves each instance's sequence on and notes how far behind its newest event was; returns the new sequences.
 * Locks the instances' rows until the transaction ends, so it comes last.
 */
export async function moveOn(
  tx: Tx,
  events: readonly Pick<ReceivedEvent, 'instanceId' | 'occurredAt'>[],
  now: Date,
): Promise<{ instanceId: string; sequence: number }[]> {
  const newest = new Map<string, number>();
  for (const { instanceId, occurredAt } of events) {
    newest.set(instanceId, Math.max(newest.get(instanceId) ?? 0, Date.parse(occurredAt)));
  }
  const rows = [...newest.entries()].sort(([a], [b]) => (a < b ? -1 : 1));
  return rowsOf<{ instanceId: string; sequence: number }>(
    tx,
    {
      name: 'dashboard-progress',
      text: `insert into dashboard_progress as p (instance_id, sequence, last_event_at, last_lag_ms)
             select instance_id, 1, last_event_at, lag_ms
               from jsonb_to_recordset($1::jsonb)
                 as e(instance_id uuid, last_event_at timestamptz, lag_ms bigint)
              order by instance_id
             on conflict (instance_id)
             do update set sequence = p.sequence + 1,
                           last_event_at = greatest(p.last_event_at, excluded.last_event_at),
                           last_lag_ms = excluded.last_lag_ms
             returning instance_id as "instanceId", sequence`,
    },
    [
      JSON.stringify(
        rows.map(([instance_id, at]) => ({
          instance_id,
          last_event_at: new Date(at).toISOString(),
          lag_ms: Math.max(0, now.getTime() - at),
        })),
      ),
    ],
  );
}

const ofOrders = [
  'dashboard_sales',
  'dashboard_captures',
  'dashboard_orders',
  'dashboard_releases',
  'administration_entries',
];

/** Keeps everybody else from changing the read model until the transaction ends; reading goes on. */
export async function lockReadModel(tx: Tx): Promise<void> {
  await rowsOf(
    tx,
    `lock table ${[...ofOrders, 'enterprises', 'referrals', 'dashboard_pledges', 'dashboard_gifts'].join(', ')} in share row exclusive mode`,
  );
}

/** Forgets all that is counted of the orders. */
export async function forgetOrders(tx: Tx, orderIds: readonly string[]): Promise<void> {
  for (const table of ofOrders) {
    await rowsOf(tx, `delete from ${table} where order_id = any($1::uuid[])`, [orderIds]);
  }
}
