import type { BuyerRef, FirstSale } from '@foodshed/contracts';
import { rowsOf, type Tx } from '@foodshed/platform';
import { firstSaleOf, type FirstSaleRow } from './first-sale.rules.js';

interface Sale {
  readonly instanceId: string;
  readonly orderId: string;
  readonly hubId: string;
  readonly buyer: BuyerRef;
  readonly placedAt: Date;
}

const RECORD = `producer_id as "producerId", sequence, order_id as "orderId", hub_id as "hubId",
  placed_at as "placedAt", paid_at as "paidAt", selling_hub_ids as "sellingHubIds"`;

/** The hubs whose cycles had offered a producer's goods by an instant; both are SQL expressions. */
const sellingHubs = (producerId: string, at: string): string => `array(
  select s.hub_id from hub_producers s
  where s.instance_id = $1 and s.producer_id = ${producerId} and s.offered_at <= ${at}
    and (s.ended_at is null or s.ended_at > ${at}) order by s.hub_id)`;

const BUYER = `json_build_object('kind', buyer_kind, 'id', buyer_id)`;

type RecordRow = FirstSaleRow & { readonly producerId: string };
type PairRow = RecordRow & { readonly buyer: BuyerRef };

/** One producer's part of a paid order. */
export interface RecordedSale extends Sale {
  readonly producerId: string;
  readonly paidAt: Date;
}

/** What names a producer and a buyer together. */
export function pairOf(producerId: string, buyer: BuyerRef): string {
  return `${producerId} ${buyer.kind} ${buyer.id}`;
}

/**
 * The first paid sale of each pair of producer and buyer, by `pairOf`: the one that stands, or else the first of these
 * sales. Each pair's row is locked, in the order of producer and buyer, until the transaction ends; two orders of a
 * buyer wait for each other. All sales are of one instance; there may be none.
 */
export async function recordFirstSales(
  tx: Tx,
  instanceId: string,
  sales: readonly RecordedSale[],
): Promise<Map<string, FirstSale>> {
  const firsts = new Map<string, RecordedSale>();
  for (const sale of sales) {
    const pair = pairOf(sale.producerId, sale.buyer);
    if (!firsts.has(pair)) firsts.set(pair, sale);
  }
  if (firsts.size === 0) return new Map();
  const list = [...firsts.values()];
  const standing = await lockStanding(tx, instanceId, list);
  const missing = list.filter(({ producerId, buyer }) => !standing.has(pairOf(producerId, buyer)));
  if (missing.length === 0) return standing;
  return new Map([...standing, ...(await recordMissing(tx, instanceId, missing))]);
}

/** The records of these pairs that stand, each row locked; most sales are no first ones and change nothing. */
async function lockStanding(
  tx: Tx,
  instanceId: string,
  sales: readonly RecordedSale[],
): Promise<Map<string, FirstSale>> {
  const rows = await rowsOf<PairRow>(
    tx,
    {
      name: 'first-sales-stand',
      text: `select ${RECORD}, ${BUYER} as buyer from first_sales f
             where instance_id = $1 and standing and (producer_id, buyer_kind, buyer_id) in (
               select * from unnest($2::uuid[], $3::text[], $4::uuid[]))
             order by producer_id, buyer_kind, buyer_id for no key update of f`,
    },
    [instanceId, ...pairColumnsOf(sales)],
  );
  return byPair(rows);
}

/** Records the pairs whose first sale this is; where another transaction was first, its record is the answer. */
async function recordMissing(
  tx: Tx,
  instanceId: string,
  sales: readonly RecordedSale[],
): Promise<Map<string, FirstSale>> {
  const rows = await rowsOf<PairRow>(
    tx,
    {
      name: 'first-sales-record',
      text: `insert into first_sales as f (instance_id, producer_id, buyer_kind, buyer_id, sequence, order_id, hub_id,
               placed_at, paid_at, selling_hub_ids, standing)
             select $1, p.producer, p.kind, p.buyer, 1, p.order_id, p.hub, p.placed_at, p.paid_at,
               ${sellingHubs('p.producer', 'p.placed_at')}, true
             from unnest($2::uuid[], $3::text[], $4::uuid[], $5::uuid[], $6::uuid[], $7::timestamptz[],
                 $8::timestamptz[]) as p(producer, kind, buyer, order_id, hub, placed_at, paid_at)
             order by p.producer, p.kind, p.buyer
             on conflict (instance_id, producer_id, buyer_kind, buyer_id) do update set
               sequence = case when f.standing then f.sequence else f.sequence + 1 end,
               order_id = case when f.standing then f.order_id else excluded.order_id end,
               hub_id = case when f.standing then f.hub_id else excluded.hub_id end,
               placed_at = case when f.standing then f.placed_at else excluded.placed_at end,
               paid_at = case when f.standing then f.paid_at else excluded.paid_at end,
               selling_hub_ids = case when f.standing then f.selling_hub_ids else excluded.selling_hub_ids end,
               standing = true
             returning ${RECORD}, ${BUYER} as buyer`,
    },
    [
      instanceId,
      ...pairColumnsOf(sales),
      sales.map(({ orderId }) => orderId),
      sales.map(({ hubId }) => hubId),
      sales.map(({ placedAt }) => placedAt),
      sales.map(({ paidAt }) => paidAt),
    ],
  );
  return byPair(rows);
}

function pairColumnsOf(sales: readonly RecordedSale[]): [string[], string[], string[]] {
  return [
    sales.map(({ producerId }) => producerId),
    sales.map(({ buyer }) => buyer.kind),
    sales.map(({ buyer }) => buyer.id),
  ];
}

function byPair(rows: readonly PairRow[]): Map<string, FirstSale> {
  return new Map(rows.map((row) => [pairOf(row.producerId, row.buyer), firstSaleOf(row)]));
}

/** The first paid sale of each producer to the buyer as this sale would record it, by producer id. Locks nothing. */
export async function foreseeFirstSales(
  tx: Tx,
  sale: Sale & { paidAt: Date },
  producerIds: readonly string[],
): Promise<Map<string, FirstSale>> {
  const { orderId, hubId, placedAt, paidAt } = sale;
  const rows = await rowsOf<RecordRow & { standing: boolean }>(
    tx,
    {
      name: 'first-sales-foresee',
      text: `select ${RECORD}, standing from first_sales
             where instance_id = $1 and producer_id = any($2::uuid[]) and buyer_kind = $3 and buyer_id = $4`,
    },
    [sale.instanceId, producerIds, sale.buyer.kind, sale.buyer.id],
  );
  const offering = await rowsOf<{ producerId: string; sellingHubIds: string[] }>(
    tx,
    {
      name: 'first-sales-offering',
      text: `select p.id as "producerId", ${sellingHubs('p.id', '$3')} as "sellingHubIds"
             from unnest($2::uuid[]) as p(id)`,
    },
    [sale.instanceId, producerIds, placedAt],
  );
  const known = new Map(rows.map((row) => [row.producerId, row]));
  return byProducer(
    offering.map(({ producerId, sellingHubIds }) => {
      const row = known.get(producerId);
      const sequence = (row?.sequence ?? 0) + 1;
      return row?.standing ? row : { producerId, sequence, orderId, hubId, placedAt, paidAt, sellingHubIds };
    }),
  );
}

/**
 * Ends the records that this order made with producers of whose goods nothing remains in it. Where another order
 * of the buyer still stands, the earliest paid one follows with the next sequence; else the next paid one will.
 * The pairs' rows are locked, in producer order, also where another order made the record: its end waits for this one.
 */
export async function endFirstSales(tx: Tx, sale: Sale, producerIds: readonly string[]): Promise<void> {
  const pairs = [sale.instanceId, [...producerIds].sort(), sale.buyer.kind, sale.buyer.id];
  const locked = await rowsOf<{ producerId: string; isRecord: boolean }>(
    tx,
    {
      name: 'first-sales-lock',
      text: `select producer_id as "producerId", order_id = $5 and standing as "isRecord" from first_sales
             where instance_id = $1 and producer_id = any($2::uuid[]) and buyer_kind = $3 and buyer_id = $4
             order by producer_id for update`,
    },
    [...pairs, sale.orderId],
  );
  const ending = locked.filter(({ isRecord }) => isRecord).map(({ producerId }) => producerId);
  if (ending.length === 0) return;
  await rowsOf(
    tx,
    {
      name: 'first-sales-end',
      text: `with others as (
               select distinct on (g.producer_id) g.producer_id, o.id, o.hub_id, o.placed_at, c.paid_at
               from orders o
               join captures c on c.instance_id = o.instance_id and c.order_id = o.id
               join capture_goods g on g.instance_id = c.instance_id and g.capture_id = c.id
               where o.instance_id = $1 and g.producer_id = any($2::uuid[]) and o.buyer_kind = $3 and o.buyer_id = $4
                 and o.id <> $5 and g.remaining_minor > 0
               order by g.producer_id, c.paid_at, o.id)
             update first_sales f set
               standing = n.id is not null,
               sequence = case when n.id is null then f.sequence else f.sequence + 1 end,
               order_id = coalesce(n.id, f.order_id),
               hub_id = coalesce(n.hub_id, f.hub_id),
               placed_at = coalesce(n.placed_at, f.placed_at),
               paid_at = coalesce(n.paid_at, f.paid_at),
               selling_hub_ids = case when n.id is null then f.selling_hub_ids
                                 else ${sellingHubs('p.id', 'n.placed_at')} end
             from unnest($2::uuid[]) as p(id) left join others n on n.producer_id = p.id
             where f.instance_id = $1 and f.producer_id = p.id and f.buyer_kind = $3 and f.buyer_id = $4`,
    },
    [sale.instanceId, ending, sale.buyer.kind, sale.buyer.id, sale.orderId],
  );
}

function byProducer(rows: readonly RecordRow[]): Map<string, FirstSale> {
  return new Map(rows.map((row) => [row.producerId, firstSaleOf(row)]));
}
