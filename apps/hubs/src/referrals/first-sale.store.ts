import type { BuyerRef, ReferralEvidence, ReferralVia } from '@foodshed/contracts';
import { rowsOf, type Tx } from '@foodshed/platform';
import { pairOf } from './evidence.store.js';
import { firstSaleKey, pairColumns, pairKey, type Pair } from './pair.rules.js';
import type { ReferralDecision } from './referral.rules.js';

/** What stands decided for one first sale. `referralId` is null when nobody referred. */
export interface DecidedFirstSale extends Pair {
  readonly sequence: number;
  readonly referralId: string | null;
  readonly hubId: string | null;
  readonly via: ReferralVia | null;
  readonly boundAt: string | null;
}

/** What remained of a producer's goods in one capture of an order, at one version. */
export interface RemainingOfCapture extends Pair {
  readonly orderId: string;
  readonly captureId: string;
  readonly version: number;
  readonly grossMinor: number;
}

export interface ReferralFact {
  readonly referralId: string;
  readonly hubId: string;
  readonly via: ReferralVia;
  readonly state: 'standing' | 'ended';
}

/** How a pair's one referral changed; either side is null where there was, or is, none. */
export interface ReferralChange extends Pair {
  readonly before: ReferralFact | null;
  readonly after: ReferralFact | null;
}

interface DecidedRow {
  instance_id: string;
  producer_id: string;
  buyer_kind: BuyerRef['kind'];
  buyer_id: string;
  sequence: number;
  referral_id: string | null;
  hub_id: string | null;
  via: ReferralVia | null;
  bound_at: Date | null;
}

const DECIDED =
  'f.instance_id, f.producer_id, f.buyer_kind, f.buyer_id, f.sequence, f.referral_id, f.hub_id, f.via, f.bound_at';

function decidedOf(row: DecidedRow): DecidedFirstSale {
  return {
    ...pairOf(row),
    sequence: row.sequence,
    referralId: row.referral_id,
    hubId: row.hub_id,
    via: row.via,
    boundAt: row.bound_at?.toISOString() ?? null,
  };
}

function byKey(rows: readonly DecidedRow[]): Map<string, DecidedFirstSale> {
  return new Map(rows.map(decidedOf).map((decided) => [firstSaleKey(decided, decided.sequence), decided]));
}

/** What was decided for these first sales already, by `firstSaleKey`; no row is locked. */
export async function decidedFirstSales(
  tx: Tx,
  keys: readonly (Pair & { sequence: number })[],
): Promise<Map<string, DecidedFirstSale>> {
  const rows = await rowsOf<DecidedRow>(
    tx,
    {
      name: 'first-sales-decided',
      text: `select ${DECIDED}
             from unnest($1::uuid[], $2::uuid[], $3::text[], $4::uuid[], $5::int[])
                    as k(instance_id, producer_id, buyer_kind, buyer_id, sequence)
             join first_sales f using (instance_id, producer_id, buyer_kind, buyer_id, sequence)`,
    },
    [...pairColumns(keys), keys.map(({ sequence }) => sequence)],
  );
  return byKey(rows);
}

/** The last first sale known of each pair, by `pairKey`, unless its referral ended; for previews. */
export async function presentFirstSales(
  tx: Tx,
  pairs: readonly Pair[],
): Promise<Map<string, DecidedFirstSale>> {
  const rows = await rowsOf<DecidedRow>(
    tx,
    `select ${DECIDED}
     from unnest($1::uuid[], $2::uuid[], $3::text[], $4::uuid[]) as k(instance_id, producer_id, buyer_kind, buyer_id)
     join referrals r using (instance_id, producer_id, buyer_kind, buyer_id)
     join first_sales f using (instance_id, producer_id, buyer_kind, buyer_id, sequence)
     where r.state <> 'ended'`,
    pairColumns(pairs),
  );
  return new Map(rows.map(decidedOf).map((decided) => [pairKey(decided), decided]));
}

/**
 * Writes decisions (each once) and returns what stands by `firstSaleKey`: where another transaction was first,
 * its decision.
 */
export async function settleFirstSales(
  tx: Tx,
  sales: readonly (Pair & { sequence: number; referralId: string | null; decision: ReferralDecision })[],
  decidedAt: Date,
): Promise<Map<string, DecidedFirstSale>> {
  const rows = await rowsOf<DecidedRow>(
    tx,
    {
      name: 'first-sales-settle',
      text: `insert into first_sales as f (instance_id, producer_id, buyer_kind, buyer_id, sequence, order_id,
               referral_id, hub_id, via, bound_at, evidence, decided_at)
             select k.*, $12
             from unnest($1::uuid[], $2::uuid[], $3::text[], $4::uuid[], $5::int[], $6::uuid[], $7::uuid[],
                         $8::uuid[], $9::text[], $10::timestamptz[], $11::jsonb[]) as k
             on conflict (instance_id, producer_id, buyer_kind, buyer_id, sequence)
               do update set sequence = excluded.sequence
             returning ${DECIDED}`,
    },
    [
      ...pairColumns(sales),
      sales.map(({ sequence }) => sequence),
      sales.map(({ decision }) => decision.evidence.orderId),
      sales.map(({ referralId }) => referralId),
      sales.map(({ decision }) => decision.hubId),
      sales.map(({ decision }) => decision.via),
      sales.map(({ decision }) => decision.boundAt),
      sales.map(({ decision }) => JSON.stringify(decision.evidence)),
      decidedAt,
    ],
  );
  return byKey(rows);
}

/**
 * Takes the locks of pairs (distinct, sorted), so that what changes their referral is added up by one transaction
 * at a time; a statement after it sees what the one before has committed.
 */
export async function lockPairs(tx: Tx, pairs: readonly Pair[]): Promise<void> {
  await rowsOf(
    tx,
    {
      name: 'pairs-lock',
      text: `select pg_advisory_xact_lock(hashtextextended(p, 0)) from unnest($1::text[]) as p`,
    },
    [pairs.map(pairKey)],
  );
}

/** Keeps, per capture of an order, what remained at the highest version seen; each capture given once. */
export async function keepRemaining(tx: Tx, remaining: readonly RemainingOfCapture[]): Promise<void> {
  await rowsOf(
    tx,
    {
      name: 'remaining-keep',
      text: `insert into remaining_captures as c
               (instance_id, producer_id, buyer_kind, buyer_id, order_id, capture_id, version, gross_minor)
             select * from unnest($1::uuid[], $2::uuid[], $3::text[], $4::uuid[], $5::uuid[], $6::uuid[], $7::int[],
                                  $8::bigint[])
             on conflict (instance_id, producer_id, buyer_kind, buyer_id, order_id, capture_id)
               do update set version = excluded.version, gross_minor = excluded.gross_minor
               where excluded.version > c.version`,
    },
    [
      ...pairColumns(remaining),
      remaining.map(({ orderId }) => orderId),
      remaining.map(({ captureId }) => captureId),
      remaining.map(({ version }) => version),
      remaining.map(({ grossMinor }) => grossMinor),
    ],
  );
}

/**
 * Brings the one referral of each pair (distinct, locked) to what its first sales say: that of the highest sequence,
 * ended when nothing remains of the first order, "none" when nobody referred. Returns those that changed.
 */
export async function restateReferrals(tx: Tx, pairs: readonly Pair[]): Promise<ReferralChange[]> {
  const rows = await rowsOf<PairColumns & { before: StoredFact | null; after: StoredFact }>(
    tx,
    {
      name: 'referrals-restate',
      text: `insert into referrals as r
               (instance_id, producer_id, buyer_kind, buyer_id, sequence, referral_id, hub_id, via, state)
             select distinct on (f.instance_id, f.producer_id, f.buyer_kind, f.buyer_id)
               f.instance_id, f.producer_id, f.buyer_kind, f.buyer_id, f.sequence, f.referral_id, f.hub_id, f.via,
               case when c.remaining = 0 and c.version > 1 then 'ended'
                    when f.hub_id is null then 'none' else 'standing' end
             from unnest($1::uuid[], $2::uuid[], $3::text[], $4::uuid[])
                    as k(instance_id, producer_id, buyer_kind, buyer_id)
             join first_sales f using (instance_id, producer_id, buyer_kind, buyer_id)
             cross join lateral (
               select sum(gross_minor) as remaining, max(version) as version from remaining_captures c
               where c.instance_id = f.instance_id and c.producer_id = f.producer_id
                 and c.buyer_kind = f.buyer_kind and c.buyer_id = f.buyer_id and c.order_id = f.order_id) c
             order by f.instance_id, f.producer_id, f.buyer_kind, f.buyer_id, f.sequence desc
             on conflict on constraint referrals_are_single do update
               set sequence = excluded.sequence, referral_id = excluded.referral_id, hub_id = excluded.hub_id,
                   via = excluded.via, state = excluded.state,
                   before = jsonb_build_object('referralId', r.referral_id, 'hubId', r.hub_id, 'via', r.via,
                                               'state', r.state)
               where excluded.sequence > r.sequence
                  or (excluded.sequence = r.sequence and excluded.state <> r.state)
             returning r.instance_id, r.producer_id, r.buyer_kind, r.buyer_id, r.before,
               jsonb_build_object('referralId', r.referral_id, 'hubId', r.hub_id, 'via', r.via, 'state', r.state)
                 as after`,
    },
    pairColumns(pairs),
  );
  return rows.map((row) => ({ ...pairOf(row), before: factOf(row.before), after: factOf(row.after) }));
}

type PairColumns = Pick<DecidedRow, 'instance_id' | 'producer_id' | 'buyer_kind' | 'buyer_id'>;
type StoredFact = { referralId: string | null; hubId: string | null; via: ReferralVia | null; state: string };

function factOf(stored: StoredFact | null): ReferralFact | null {
  return stored?.referralId ? (stored as ReferralFact) : null;
}

export interface ListedReferral extends DecidedFirstSale {
  readonly evidence: ReferralEvidence;
  readonly state: 'standing' | 'ended';
}

/**
 * Referrals of a hub or of a producer, newest first, those that ended too; `before` is the last referral id of
 * the page before.
 */
export async function listReferrals(
  tx: Tx,
  options: {
    instanceId: string;
    side: 'hub_id' | 'producer_id';
    enterpriseId: string;
    before?: string;
    limit: number;
  },
): Promise<ListedReferral[]> {
  const { instanceId, side, enterpriseId, before, limit } = options;
  const rows = await rowsOf<DecidedRow & { evidence: ReferralEvidence; state: 'standing' | 'ended' }>(
    tx,
    `select ${DECIDED}, f.evidence, case when r.sequence = f.sequence then r.state else 'ended' end as state
     from first_sales f
     join referrals r using (instance_id, producer_id, buyer_kind, buyer_id)
     where f.instance_id = $1 and f.${side} = $2 and f.hub_id is not null
       and ($3::uuid is null or f.referral_id < $3)
     order by f.referral_id desc limit $4`,
    [instanceId, enterpriseId, before ?? null, limit],
  );
  return rows.map((row) => ({ ...decidedOf(row), evidence: row.evidence, state: row.state }));
}
