import type { EventData } from '@foodshed/contracts';
import { type ordersEvents } from '@foodshed/contracts';
import { rowsOf, type Tx } from '@foodshed/platform';
import { newestByKey, type Within } from './standing.rules.js';

type Placed = EventData<typeof ordersEvents.placed>;
type Closed = EventData<typeof ordersEvents.closed>;
type Fulfilled = EventData<typeof ordersEvents.fulfilled>;

/** The date of an instant in the instance's own time zone, as SQL; the order's week is that of its placing. */
export const localDate = (instant: string, instanceId: string): string =>
  `(${instant} at time zone coalesce((select time_zone from instances i where i.instance_id = ${instanceId}), 'UTC'))::date`;

const keyOf = (row: { instance_id: string; order_id: string }): string =>
  `${row.instance_id} ${row.order_id}`;

/** Notes orders and which producers are in them. Repeating it changes nothing. */
export async function applyPlaced(tx: Tx, events: readonly Within<Placed>[]): Promise<void> {
  const orders = newestByKey(
    events.map(({ instanceId, data }) => ({ instance_id: instanceId, order_id: data.orderId, data })),
    keyOf,
    () => false,
  );
  await rowsOf(
    tx,
    {
      name: 'dashboard-placed',
      text: `insert into dashboard_orders (instance_id, order_id, hub_id, placed_on, is_placed, producer_ids)
             select e.instance_id, e.order_id, e.hub_id, ${localDate('e.placed_at', 'e.instance_id')}, true,
                    e.producer_ids::uuid[]
               from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::timestamptz[], $5::text[])
                 as e(instance_id, order_id, hub_id, placed_at, producer_ids)
             on conflict (instance_id, order_id)
             do update set placed_on = excluded.placed_on, is_placed = true, producer_ids = excluded.producer_ids`,
    },
    [
      orders.map(({ instance_id }) => instance_id),
      orders.map(({ order_id }) => order_id),
      orders.map(({ data }) => data.hubId),
      orders.map(({ data }) => data.placedAt),
      orders.map(
        ({ data }) => `{${[...new Set(data.producers.map(({ producerId }) => producerId))].join(',')}}`,
      ),
    ],
  );
}

/** Notes that orders are over; of several reasons the last one stands. */
export async function applyClosed(tx: Tx, events: readonly Within<Closed>[]): Promise<void> {
  const rows = newestByKey(
    events.map(({ instanceId, data }) => ({
      instance_id: instanceId,
      order_id: data.orderId,
      hub_id: data.hubId,
      closed_at: new Date(data.closedAt).toISOString(),
      closed_reason: data.reason,
    })),
    keyOf,
    (a, b) => `${a.closed_at} ${a.closed_reason}` > `${b.closed_at} ${b.closed_reason}`,
  );
  await rowsOf(
    tx,
    {
      name: 'dashboard-closed',
      text: `insert into dashboard_orders as o (instance_id, order_id, hub_id, closed_at, closed_reason)
             select instance_id, order_id, hub_id, closed_at, closed_reason
               from jsonb_to_recordset($1::jsonb)
                 as e(instance_id uuid, order_id uuid, hub_id uuid, closed_at timestamptz, closed_reason text)
             on conflict (instance_id, order_id)
             do update set closed_at = excluded.closed_at, closed_reason = excluded.closed_reason
              where o.closed_at is null
                 or (o.closed_at, o.closed_reason) < (excluded.closed_at, excluded.closed_reason)`,
    },
    [JSON.stringify(rows)],
  );
}

/** Notes when orders were handed over; of several times the first one stands. */
export async function applyFulfilled(tx: Tx, events: readonly Within<Fulfilled>[]): Promise<void> {
  const rows = newestByKey(
    events.map(({ instanceId, data }) => ({
      instance_id: instanceId,
      order_id: data.orderId,
      hub_id: data.hubId,
      fulfilled_at: new Date(data.fulfilledAt).toISOString(),
    })),
    keyOf,
    (a, b) => a.fulfilled_at < b.fulfilled_at,
  );
  await rowsOf(
    tx,
    {
      name: 'dashboard-fulfilled',
      text: `insert into dashboard_orders as o (instance_id, order_id, hub_id, fulfilled_at)
             select instance_id, order_id, hub_id, fulfilled_at
               from jsonb_to_recordset($1::jsonb)
                 as e(instance_id uuid, order_id uuid, hub_id uuid, fulfilled_at timestamptz)
             on conflict (instance_id, order_id)
             do update set fulfilled_at = least(o.fulfilled_at, excluded.fulfilled_at)`,
    },
    [JSON.stringify(rows)],
  );
}
