import type { FunderRef, PledgeSource, PledgeState, Verdict } from '@foodshed/contracts';
import { rowsOf, type Tx } from '@foodshed/platform';

/** A pledge as it is kept; instants are ISO. */
export interface Pledge {
  readonly instanceId: string;
  readonly pledgeId: string;
  readonly pitchInstanceId: string;
  readonly pitchId: string;
  readonly funder: FunderRef;
  readonly amountMinor: number;
  readonly currency: string;
  readonly source: PledgeSource;
  readonly state: PledgeState;
  readonly receivedMinor: number | null;
  readonly holder: 'instance-bank' | 'provider' | null;
  readonly receivedAt: string | null;
  /** What is to be held, or is; 0 before it is asked of the ledger. */
  readonly escrowMinor: number;
  readonly verdict: Verdict | null;
  readonly payoutId: string | null;
  readonly pledgedBy: string;
  readonly pledgedAt: string;
}

export interface PledgeWithPitch extends Pledge {
  readonly pitchTitle: string;
  readonly heldUntil: string;
}

const COLUMNS = `g.instance_id as "instanceId", g.pledge_id as "pledgeId", g.pitch_instance_id as "pitchInstanceId",
  g.pitch_id as "pitchId", jsonb_build_object('kind', g.funder_kind, 'id', g.funder_id) as funder,
  g.amount_minor as "amountMinor", g.currency, g.source, g.state, g.received_minor as "receivedMinor", g.holder,
  g.received_at as "receivedAt", g.escrow_minor as "escrowMinor", g.verdict, g.payout_id as "payoutId",
  g.pledged_by as "pledgedBy", g.pledged_at as "pledgedAt"`;
const OF_PITCH = `${COLUMNS}, p.title as "pitchTitle", p.held_until as "heldUntil"`;

/** Adds a pledge. */
export async function insertPledge(tx: Tx, pledge: Pledge): Promise<void> {
  await rowsOf(
    tx,
    `insert into pledges (instance_id, pledge_id, pitch_instance_id, pitch_id, funder_kind, funder_id, amount_minor,
       currency, source, state, escrow_minor, pledged_by, pledged_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
    [
      pledge.instanceId,
      pledge.pledgeId,
      pledge.pitchInstanceId,
      pledge.pitchId,
      pledge.funder.kind,
      pledge.funder.id,
      pledge.amountMinor,
      pledge.currency,
      pledge.source,
      pledge.state,
      pledge.escrowMinor,
      pledge.pledgedBy,
      pledge.pledgedAt,
    ],
  );
}

/** Writes what moves of a pledge: its state, what came, what is held, the verdict and the payout. */
export async function savePledge(tx: Tx, pledge: Pledge): Promise<void> {
  await rowsOf(
    tx,
    `update pledges set state = $2, received_minor = $3, holder = $4, received_at = $5, escrow_minor = $6,
       verdict = $7, payout_id = $8
     where pledge_id = $1`,
    [
      pledge.pledgeId,
      pledge.state,
      pledge.receivedMinor,
      pledge.holder,
      pledge.receivedAt,
      pledge.escrowMinor,
      pledge.verdict,
      pledge.payoutId,
    ],
  );
}

/** The pledge with its pitch's title and the deadline of its hold, or null. Lock the pitch before changing it. */
export async function findPledge(tx: Tx, pledgeId: string): Promise<PledgeWithPitch | null> {
  const [row] = await rowsOf<PledgeWithPitch>(
    tx,
    `select ${OF_PITCH} from pledges g join pitches p on p.pitch_id = g.pitch_id where g.pledge_id = $1`,
    [pledgeId],
  );
  return row ? withIsoInstants(row) : null;
}

/** All pledges of a pitch, in the order in which they were made. Lock the pitch before changing one. */
export async function pledgesOf(tx: Tx, pitchId: string): Promise<Pledge[]> {
  const rows = await rowsOf<Pledge>(
    tx,
    `select ${COLUMNS} from pledges g where g.pitch_id = $1 order by g.pledge_id`,
    [pitchId],
  );
  return rows.map(withIsoInstants);
}

/** A page of a pitch's pledges after an id, oldest first. */
export async function findPledgesOfPitch(
  tx: Tx,
  page: { pitchId: string; after: string | null; limit: number },
): Promise<PledgeWithPitch[]> {
  const rows = await rowsOf<PledgeWithPitch>(
    tx,
    `select ${OF_PITCH} from pledges g join pitches p on p.pitch_id = g.pitch_id
     where g.pitch_id = $1 and ($2::uuid is null or g.pledge_id > $2) order by g.pledge_id limit $3`,
    [page.pitchId, page.after, page.limit],
  );
  return rows.map(withIsoInstants);
}

/** A page of the pledges of these funders, and of a whole instance where given, before an id, newest first. */
export async function findPledgesOfFunders(
  tx: Tx,
  page: { funderIds: readonly string[]; instanceId: string | null; before: string | null; limit: number },
): Promise<PledgeWithPitch[]> {
  const rows = await rowsOf<PledgeWithPitch>(
    tx,
    `select ${OF_PITCH} from pledges g join pitches p on p.pitch_id = g.pitch_id
     where (g.funder_id = any($1) or g.instance_id = $2) and ($3::uuid is null or g.pledge_id < $3)
     order by g.pledge_id desc limit $4`,
    [page.funderIds, page.instanceId, page.before, page.limit],
  );
  return rows.map(withIsoInstants);
}

/** A page of the pledges of an instance's funders after an id, in order of id. */
export async function findPledgesIn(
  tx: Tx,
  page: { instanceId: string; after: string | null; limit: number },
): Promise<Pledge[]> {
  const rows = await rowsOf<Pledge>(
    tx,
    `select ${COLUMNS} from pledges g
     where g.instance_id = $1 and ($2::uuid is null or g.pledge_id > $2) order by g.pledge_id limit $3`,
    [page.instanceId, page.after, page.limit],
  );
  return rows.map(withIsoInstants);
}

/** What a pitch's pledges add up to, in minor units. */
export interface PledgeSums {
  readonly pitchId: string;
  readonly heldMinor: number;
  readonly promisedMinor: number;
  readonly paidMinor: number;
  readonly returnedMinor: number;
  readonly acceptedMinor: number;
  readonly refusedMinor: number;
  readonly funders: number;
}

/** The sums of these pitches' pledges; one without pledges is left out. */
export function sumPledges(tx: Tx, pitchIds: readonly string[]): Promise<PledgeSums[]> {
  const sum = (what: string, where: string): string =>
    `coalesce(sum(${what}) filter (where ${where}), 0)::bigint`;
  return rowsOf<PledgeSums>(
    tx,
    `select pitch_id as "pitchId",
       ${sum('escrow_minor', "state in ('placing', 'held', 'paying')")} as "heldMinor",
       ${sum('amount_minor', "state = 'promised'")} as "promisedMinor",
       ${sum('escrow_minor', "state = 'paid'")} as "paidMinor",
       ${sum('escrow_minor', "state in ('returning', 'returned')")} as "returnedMinor",
       ${sum('escrow_minor', "verdict = 'accepted'")} as "acceptedMinor",
       ${sum('escrow_minor', "verdict = 'refused'")} as "refusedMinor",
       (count(distinct funder_id) filter (where state in ('placing', 'held', 'paying', 'paid')))::int as funders
     from pledges where pitch_id = any($1) group by pitch_id`,
    [pitchIds],
  );
}

function withIsoInstants<T extends Pledge & { heldUntil?: string }>(row: T): T {
  return {
    ...row,
    ...(row.heldUntil ? { heldUntil: new Date(row.heldUntil).toISOString() } : {}),
    receivedAt: row.receivedAt && new Date(row.receivedAt).toISOString(),
    pledgedAt: new Date(row.pledgedAt).toISOString(),
  };
}
