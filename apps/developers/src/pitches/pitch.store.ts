import type { FailureReason, PitchState, TeamMember } from '@foodshed/contracts';
import { rowsOf, type Tx } from '@foodshed/platform';

/** A pitch as it is kept; instants are ISO. */
export interface Pitch {
  readonly instanceId: string;
  readonly pitchId: string;
  readonly title: string;
  readonly need: string;
  readonly audience: string;
  readonly goalMinor: number;
  readonly currency: string;
  readonly state: PitchState;
  readonly failedBecause: FailureReason | null;
  readonly fundUntil: string;
  readonly deliverBy: string;
  readonly reviewDays: number;
  readonly reviewUntil: string | null;
  readonly heldUntil: string;
  readonly dueAt: string | null;
  readonly deliveryUrl: string | null;
  readonly deliveryText: string | null;
  readonly deliveredAt: string | null;
  readonly team: TeamMember[];
  readonly asks: { instanceId: string; amountMinor: number }[];
  readonly madeBy: string;
  readonly createdAt: string;
}

const COLUMNS: Readonly<Record<keyof Pitch, string>> = {
  instanceId: 'instance_id',
  pitchId: 'pitch_id',
  title: 'title',
  need: 'need',
  audience: 'audience',
  goalMinor: 'goal_minor',
  currency: 'currency',
  state: 'state',
  failedBecause: 'failed_because',
  fundUntil: 'fund_until',
  deliverBy: 'deliver_by',
  reviewDays: 'review_days',
  reviewUntil: 'review_until',
  heldUntil: 'held_until',
  dueAt: 'due_at',
  deliveryUrl: 'delivery_url',
  deliveryText: 'delivery_text',
  deliveredAt: 'delivered_at',
  team: 'team',
  asks: 'asks',
  madeBy: 'made_by',
  createdAt: 'created_at',
};
const NAMES = Object.keys(COLUMNS) as (keyof Pitch)[];
const SELECTED = NAMES.map((name) => `p.${COLUMNS[name]} as "${name}"`).join(', ');

/** Adds a pitch. */
export async function insertPitch(tx: Tx, pitch: Pitch): Promise<void> {
  const values = NAMES.map((name) =>
    name === 'team' || name === 'asks' ? JSON.stringify(pitch[name]) : pitch[name],
  );
  await rowsOf(
    tx,
    `insert into pitches (${NAMES.map((name) => COLUMNS[name]).join(', ')})
     values (${NAMES.map((_, index) => `$${index + 1}`).join(', ')})`,
    values,
  );
}

/** Writes what moves of a pitch: its state with its reason and its times, and the delivery. */
export async function savePitch(tx: Tx, pitch: Pitch): Promise<void> {
  await rowsOf(
    tx,
    `update pitches set state = $2, failed_because = $3, review_until = $4, due_at = $5, delivery_url = $6,
       delivery_text = $7, delivered_at = $8
     where pitch_id = $1`,
    [
      pitch.pitchId,
      pitch.state,
      pitch.failedBecause,
      pitch.reviewUntil,
      pitch.dueAt,
      pitch.deliveryUrl,
      pitch.deliveryText,
      pitch.deliveredAt,
    ],
  );
}

/** The pitch, or null; locked until the transaction ends with `lock`, before any of its pledges. */
export async function findPitch(
  tx: Tx,
  pitchId: string,
  { lock = false }: { lock?: boolean } = {},
): Promise<Pitch | null> {
  const [row] = await rowsOf<Pitch>(
    tx,
    `select ${SELECTED} from pitches p where p.pitch_id = $1${lock ? ' for update' : ''}`,
    [pitchId],
  );
  return row ? pitchOf(row) : null;
}

/** Pitches in these states, of a team with one of these members where given, newest first, at most `limit`. */
export async function findPitches(
  tx: Tx,
  page: {
    states: readonly PitchState[];
    memberIds: readonly string[] | null;
    before: string | null;
    limit: number;
  },
): Promise<Pitch[]> {
  const members = page.memberIds?.map((id) => JSON.stringify([{ id }])) ?? null;
  const rows = await rowsOf<Pitch>(
    tx,
    `select ${SELECTED} from pitches p
     where p.state = any($1) and ($2::text[] is null or p.team @> any($2::jsonb[]))
       and ($3::uuid is null or p.pitch_id < $3)
     order by p.pitch_id desc limit $4`,
    [page.states, members, page.before, page.limit],
  );
  return rows.map(pitchOf);
}

/** Pitches that have something to do by themselves or wait for the ledger, the longest waiting first. */
export async function findWaiting(tx: Tx, { now, limit }: { now: Date; limit: number }): Promise<string[]> {
  const rows = await rowsOf<{ pitchId: string }>(
    tx,
    `select w.pitch_id as "pitchId", min(w.since) as since from (
       select pitch_id, due_at as since from pitches where due_at <= $1
       union all select pitch_id, pledged_at from pledges where state in ('placing', 'returning')
       union all select o.pitch_id, null from payouts o where o.paid_at is null) w
     group by w.pitch_id order by 2 nulls last, 1 limit $2`,
    [now, limit],
  );
  return rows.map(({ pitchId }) => pitchId);
}

interface Instants {
  fundUntil: Date | string;
  deliverBy: Date | string;
  reviewUntil: Date | string | null;
  heldUntil: Date | string;
  dueAt: Date | string | null;
  deliveredAt: Date | string | null;
  createdAt: Date | string;
}

function pitchOf(row: Omit<Pitch, keyof Instants> & Instants): Pitch {
  return {
    ...row,
    fundUntil: iso(row.fundUntil),
    deliverBy: iso(row.deliverBy),
    reviewUntil: row.reviewUntil && iso(row.reviewUntil),
    heldUntil: iso(row.heldUntil),
    dueAt: row.dueAt && iso(row.dueAt),
    deliveredAt: row.deliveredAt && iso(row.deliveredAt),
    createdAt: iso(row.createdAt),
  };
}

function iso(at: Date | string): string {
  return new Date(at).toISOString();
}
