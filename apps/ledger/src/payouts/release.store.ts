import { rowsOf, type Tx } from '@foodshed/platform';

interface OrderOf {
  readonly instanceId: string;
  readonly orderId: string;
}

/** Notes when orders were handed over; the first time said stands. */
export async function addFulfilments(
  tx: Tx,
  fulfilments: readonly (OrderOf & { readonly fulfilledAt: string })[],
): Promise<void> {
  await rowsOf(
    tx,
    `insert into fulfilments (instance_id, order_id, fulfilled_at, ask_at)
     select f.instance_id, f.order_id, min(f.fulfilled_at), min(f.fulfilled_at)
     from unnest($1::uuid[], $2::uuid[], $3::timestamptz[]) as f(instance_id, order_id, fulfilled_at)
     group by 1, 2 order by 1, 2
     on conflict do nothing`,
    [
      fulfilments.map(({ instanceId }) => instanceId),
      fulfilments.map(({ orderId }) => orderId),
      fulfilments.map(({ fulfilledAt }) => fulfilledAt),
    ],
  );
}

/** Orders whose hold is not known, of any instance, those first that wait longest; at most `limit`. */
export function findUnknownHolds(tx: Tx, { now, limit }: { now: Date; limit: number }): Promise<OrderOf[]> {
  return rowsOf(
    tx,
    `select instance_id as "instanceId", order_id as "orderId" from fulfilments
     where hold_over_at is null and ask_at <= $1 order by ask_at limit $2`,
    [now, limit],
  );
}

/**
 * Notes how many days of 24 hours the earnings of these orders wait; their captures are looked at when that is over.
 * Locks the instance's bookkeeping, so that no capture comes in between unseen.
 */
export async function saveHolds(
  tx: Tx,
  holds: { instanceId: string; items: readonly { orderId: string; holdDays: number }[] },
): Promise<void> {
  await rowsOf(tx, 'select lock_releases($1)', [holds.instanceId]);
  await rowsOf(
    tx,
    `with known as (
       update fulfilments f set hold_over_at = f.fulfilled_at + h.days * interval '24 hours'
       from unnest($2::uuid[], $3::integer[]) as h(order_id, days)
       where f.order_id = h.order_id and f.instance_id = $1 and f.hold_over_at is null
       returning f.order_id, f.hold_over_at
     )
     update captures c set look_at = known.hold_over_at from known
     where c.order_id = known.order_id and c.instance_id = $1`,
    [
      holds.instanceId,
      holds.items.map(({ orderId }) => orderId),
      holds.items.map(({ holdDays }) => holdDays),
    ],
  );
}

/** Orders that commission has not split yet are asked about again, less often the longer they wait. */
export async function askLater(tx: Tx, orders: { orderIds: readonly string[]; now: Date }): Promise<void> {
  await rowsOf(
    tx,
    `update fulfilments set ask_at = $2::timestamptz + least(interval '1 day',
       greatest(interval '2 seconds', $2 - fulfilled_at)) where order_id = any ($1::uuid[]) and hold_over_at is null`,
    [orders.orderIds, orders.now],
  );
}

/** Instances in which batches were sealed that nobody read for captures; in order of id. */
export function findUnread(tx: Tx): Promise<{ instanceId: string }[]> {
  return rowsOf(
    tx,
    `select h.instance_id as "instanceId" from chain_heads h
     left join release_progress p on p.instance_id = h.instance_id
     where h.batch > coalesce(p.batch, 0) order by 1`,
  );
}

/** Reads the captures of at most so many batches; returns how many batches are left. Each batch is read once. */
export async function followCaptures(
  tx: Tx,
  { instanceId, batches }: { instanceId: string; batches: number },
): Promise<number> {
  const [row] = await rowsOf<{ left: number }>(tx, 'select follow_captures($1, $2) as left', [
    instanceId,
    batches,
  ]);
  return row!.left;
}

/** Instances with captures that are due to be looked at; in order of id. */
export function findDue(tx: Tx, now: Date): Promise<{ instanceId: string }[]> {
  return rowsOf(
    tx,
    `select distinct instance_id as "instanceId" from captures where look_at <= $1 order by 1`,
    [now],
  );
}

/** Moves what became available by `now` of at most so many captures; returns how many it looked at. Locks the chain. */
export async function releaseDue(
  tx: Tx,
  due: { instanceId: string; now: Date; captures: number },
): Promise<number> {
  const [row] = await rowsOf<{ seen: number }>(tx, 'select release_due($1, $2, $3) as seen', [
    due.instanceId,
    due.now,
    due.captures,
  ]);
  return row!.seen;
}
