import type { CycleSelection } from '@foodshed/contracts';
import { rowsOf, type Tx } from '@foodshed/platform';

interface HubId {
  readonly instanceId: string;
  readonly hubId: string;
}

/** Whose goods a hub may sell, itself among them, and those of them at prices of its own. */
export interface Supply {
  readonly producerIds: readonly string[];
  readonly pricedByHubIds: readonly string[];
}

/**
 * What a hub may sell now, in no order. Its agreements are locked against ending until the transaction ends; lock
 * them before any order cycle, as whoever ends one locks the agreement first and then the cycles.
 */
export async function lockSupply(tx: Tx, { instanceId, hubId }: HubId): Promise<Supply> {
  const rows = await rowsOf<{ producerId: string; pricesSetBy: 'producer' | 'hub' }>(
    tx,
    `select a.producer_id as "producerId", a.prices_set_by as "pricesSetBy" from supply_agreements a
     where a.instance_id = $1 and a.hub_id = $2 and a.state = 'accepted' order by a.id for share`,
    [instanceId, hubId],
  );
  const pricedByHub = rows.filter(({ pricesSetBy }) => pricesSetBy === 'hub');
  return {
    producerIds: [hubId, ...rows.map(({ producerId }) => producerId)],
    pricedByHubIds: [hubId, ...pricedByHub.map(({ producerId }) => producerId)],
  };
}

/**
 * The first variant of the list (by position, from 0) that the hub may not sell, or not at the price given;
 * undefined when there is none.
 */
export async function variantWithoutSupply(
  tx: Tx,
  { instanceId, variants, supply }: Pick<CycleSelection, 'variants'> & { instanceId: string; supply: Supply },
): Promise<{ position: number; isAgreed: boolean } | undefined> {
  if (variants.length === 0) return undefined;
  const [row] = await rowsOf<{ position: number; isAgreed: boolean }>(
    tx,
    `select listed.position::int - 1 as position, v.producer_id = any($4::uuid[]) as "isAgreed"
     from unnest($2::uuid[], $3::bigint[]) with ordinality as listed(variant_id, price_minor, position)
     join variants v on v.instance_id = $1 and v.id = listed.variant_id
     where not (v.producer_id = any(case when listed.price_minor is null then $4::uuid[] else $5::uuid[] end))
     order by listed.position limit 1`,
    [
      instanceId,
      variants.map(({ variantId }) => variantId),
      variants.map(({ priceMinor }) => priceMinor),
      supply.producerIds,
      supply.pricedByHubIds,
    ],
  );
  return row;
}

/**
 * Takes a producer's goods out of the hub's cycles that have not closed, and the hub off the list of who sells them.
 * Placed orders keep their lines.
 */
export async function withdrawGoods(
  tx: Tx,
  { instanceId, hubId, producerId, now }: HubId & { producerId: string; now: Date },
): Promise<void> {
  const cycles = await rowsOf<{ id: string }>(
    tx,
    `select o.id from order_cycles o where o.instance_id = $1 and o.hub_id = $2 and o.closes_at > $3
     order by o.id for update`,
    [instanceId, hubId, now],
  );
  const cycleIds = cycles.map(({ id }) => id);
  await rowsOf(
    tx,
    `with gone as (
       delete from cycle_variants c
       where c.instance_id = $1 and c.cycle_id = any($2::uuid[]) and c.producer_id = $3 returning c.cycle_id),
     counts as (select cycle_id, count(*)::int as removed from gone group by cycle_id)
     update order_cycles o set variant_count = o.variant_count - counts.removed
     from counts where o.instance_id = $1 and o.id = counts.cycle_id`,
    [instanceId, cycleIds, producerId],
  );
  // Kept, as orders that were placed before may be paid afterwards: who sold then decides who may have referred.
  await rowsOf(
    tx,
    `update hub_producers set ended_at = $4
     where instance_id = $1 and producer_id = $2 and hub_id = $3 and ended_at is null`,
    [instanceId, producerId, hubId, now],
  );
}
