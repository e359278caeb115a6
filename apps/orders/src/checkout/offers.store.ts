import { rowsOf, type Database, type Tx } from '@foodshed/platform';
import type { CycleTerms } from './placing.rules.js';
import type { Offer } from './pricing.rules.js';

/** An offer with what was left of it when it was read; null for goods made on demand. */
export interface StockedOffer extends Offer {
  readonly available: number | null;
}

interface CycleId {
  readonly instanceId: string;
  readonly cycleId: string;
}

interface TermsRow {
  readonly hub_id: string;
  readonly currency: string;
  readonly time_zone: string;
  readonly hub_fee_bps: number;
  readonly hub_fee_flat_minor: number;
  readonly opens_at: Date;
  readonly closes_at: Date;
  readonly pickup_at: Date | null;
  readonly payment_term_minutes: number;
  readonly state: string;
}

const TERMS = {
  name: 'cycle-terms',
  text: `select hub_id, currency, time_zone, hub_fee_bps, hub_fee_flat_minor, opens_at, closes_at, pickup_at,
                payment_term_minutes, state
         from order_cycles where instance_id = $1 and id = $2`,
};

/** The cycle's terms as they stand, null when the instance has no such cycle. Locks nothing. */
export async function readTerms(database: Database, cycle: CycleId): Promise<CycleTerms | null> {
  const { instanceId, cycleId } = cycle;
  const [row] = await database.queryIn<TermsRow>(instanceId, TERMS, [instanceId, cycleId]);
  return row ? termsOf(row, cycle) : null;
}

/** `readTerms` inside a transaction, on its connection. */
export async function readTermsIn(tx: Tx, cycle: CycleId): Promise<CycleTerms | null> {
  const [row] = await rowsOf<TermsRow>(tx, TERMS, [cycle.instanceId, cycle.cycleId]);
  return row ? termsOf(row, cycle) : null;
}

function termsOf(row: TermsRow, { instanceId, cycleId }: CycleId): CycleTerms {
  return {
    instanceId,
    cycleId,
    hubId: row.hub_id,
    currency: row.currency,
    timeZone: row.time_zone,
    hubFeeBps: row.hub_fee_bps,
    hubFeeFlatMinor: row.hub_fee_flat_minor,
    opensAt: row.opens_at,
    closesAt: row.closes_at,
    pickupAt: row.pickup_at,
    paymentTermMinutes: row.payment_term_minutes,
    closed: row.state === 'closed',
  };
}

/** What the cycle sells of these variants, in no promised order; others are left out. Locks nothing. */
export async function readOffers(
  database: Database,
  { instanceId, cycleId, now }: CycleId & { now: Date },
  variantIds: readonly string[],
): Promise<StockedOffer[]> {
  const rows = await database.queryIn<{
    id: string;
    producer_id: string;
    product_name: string;
    unit_label: string;
    price_minor: number;
    vat_rate_bps: number;
    price_includes_vat: boolean;
    available: number | null;
  }>(
    instanceId,
    {
      name: 'cycle-offers',
      text: `select v.id, v.producer_id, v.unit_label, v.vat_rate_bps, v.price_includes_vat,
                    coalesce(cv.price_minor, v.price_minor) as price_minor,
                    p.name as product_name,
                    case when not v.on_demand then v.stock end as available
             from unnest($3::uuid[]) as w(id)
             join cycle_variants cv on cv.instance_id = $1 and cv.cycle_id = $2 and cv.variant_id = w.id
             join variants v on v.instance_id = $1 and v.id = w.id and v.archived_at is null
             join products p on p.instance_id = $1 and p.id = v.product_id
             where v.available_from is null or v.available_from <= $4`,
    },
    [instanceId, cycleId, variantIds, now],
  );
  return rows.map((row) => ({
    variantId: row.id,
    producerId: row.producer_id,
    productName: row.product_name,
    unitLabel: row.unit_label,
    priceMinor: row.price_minor,
    vatRateBps: row.vat_rate_bps,
    priceIncludesVat: row.price_includes_vat,
    available: row.available,
  }));
}
