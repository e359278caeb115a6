import type { OrderState, PaymentState, SalesTotal } from '@foodshed/contracts';
import { rowsOf, type Database, type Tx } from '@foodshed/platform';
import { CAPTURE_COLUMNS, type CaptureRow } from './captures.store.js';
import { ORDER_COLUMNS, type OrderRow } from './orders.store.js';

export interface OrderFilter {
  readonly instanceId: string;
  readonly cycleId?: string;
  readonly state?: OrderState;
  readonly paymentState?: PaymentState;
  /** Only orders whose id is lower; ids grow with time. */
  readonly before: string | null;
  readonly limit: number;
}

const FILTERS = `o.instance_id = $1 and ($2::uuid is null or o.cycle_id = $2) and ($3::text is null or o.state = $3)
  and ($4::text is null or o.payment_state = $4) and ($5::uuid is null or o.id < $5)`;

function parametersOf(filter: OrderFilter): unknown[] {
  const { instanceId, cycleId = null, state = null, paymentState = null, before, limit } = filter;
  return [instanceId, cycleId, state, paymentState, before, limit];
}

/** Orders of a buyer (a person or an enterprise), newest first. */
export function listOfBuyer(tx: Tx, buyerId: string, filter: OrderFilter): Promise<OrderRow[]> {
  return rowsOf<OrderRow>(
    tx,
    `select ${ORDER_COLUMNS} from orders o where ${FILTERS} and o.buyer_id = $7 order by o.id desc limit $6`,
    [...parametersOf(filter), buyerId],
  );
}

/** Orders of a hub's cycles, newest first. */
export function listOfHub(tx: Tx, hubId: string, filter: OrderFilter): Promise<OrderRow[]> {
  return rowsOf<OrderRow>(
    tx,
    `select ${ORDER_COLUMNS} from orders o where ${FILTERS} and o.hub_id = $7 order by o.id desc limit $6`,
    [...parametersOf(filter), hubId],
  );
}

/**
 * Orders with goods of a producer, newest first. Amounts are the producer's part: goods, what was paid and
 * refunded for them; no hub fee and no surplus.
 */
export function listOfProducer(tx: Tx, producerId: string, filter: OrderFilter): Promise<OrderRow[]> {
  return rowsOf<OrderRow>(
    tx,
    `with own as materialized (
       select l.order_id as id, sum(l.gross_minor)::bigint as goods, sum(l.refunded_minor)::bigint as refunded
       from order_lines l where l.instance_id = $1 and l.producer_id = $7 and ($5::uuid is null or l.order_id < $5)
       group by l.order_id)
     select ${ORDER_COLUMNS}, own.goods as "goodsMinor", 0::bigint as "hubFeeMinor", own.goods as "totalMinor",
       own.refunded as "refundedMinor", 0::bigint as "surplusMinor",
       (select coalesce(sum(g.captured_minor), 0)::bigint from captures c
          join capture_goods g on g.instance_id = c.instance_id and g.capture_id = c.id and g.producer_id = $7
          where c.instance_id = o.instance_id and c.order_id = o.id) as "paidMinor"
     from own join orders o on o.id = own.id where ${FILTERS} order by o.id desc limit $6`,
    [...parametersOf(filter), producerId],
  );
}

/** Every capture with what stands of it, by id; of the instance `scope`, or of all with ALL_INSTANCES. */
export async function listSales(
  database: Database,
  scope: string,
  { after, limit }: { after: string | null; limit: number },
): Promise<SalesTotal[]> {
  type Row = CaptureRow & Pick<OrderRow, 'instanceId' | 'orderId' | 'state' | 'currency'>;
  const rows = await database.queryIn<Row>(
    scope,
    `select ${CAPTURE_COLUMNS}, c.instance_id as "instanceId", o.id as "orderId", o.state, o.currency
     from captures c join orders o on o.instance_id = c.instance_id and o.id = c.order_id
     where $1::uuid is null or c.id > $1 order by c.id limit $2`,
    [after, limit],
  );
  return rows.map((row) => ({
    instanceId: row.instanceId,
    orderId: row.orderId,
    captureId: row.captureId,
    version: row.version,
    state: row.state,
    currency: row.currency,
    holder: row.holder,
    amountMinor: row.remainingMinor,
    surplusMinor: row.surplusMinor,
    hubFeeMinor: row.hubFeeMinor,
    producers: grossByProducer(row),
    changedAt: row.changedAt.toISOString(),
  }));
}

function grossByProducer({ goods }: CaptureRow): SalesTotal['producers'] {
  const gross = new Map<string, number>();
  for (const { producerId, remainingMinor } of goods) {
    gross.set(producerId, (gross.get(producerId) ?? 0) + remainingMinor);
  }
  return [...gross].map(([producerId, grossMinor]) => ({ producerId, grossMinor }));
}
