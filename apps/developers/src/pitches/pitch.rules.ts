import { DomainError, type FieldProblem, type NewPitch, type TeamMember } from '@foodshed/contracts';
import { allocate } from '@foodshed/money';

const DAY_MS = 86_400_000;
/** The longest that money may wait for a goal, and the longest for a delivery after it. */
const FUNDING_DAYS = 366;
const DELIVERY_DAYS = 731;
/** Between the last moment of a review and the ledger's own deadline: a payment that was late is made in it. */
const GRACE_DAYS = 30;

/** @throws invalid-input naming each date that is out of turn. */
export function requireDates({ fundUntil, deliverBy }: NewPitch, now: Date): void {
  const [funding, delivery] = [Date.parse(fundUntil), Date.parse(deliverBy)];
  const fields: FieldProblem[] = [];
  if (funding <= now.getTime()) fields.push({ path: 'fundUntil', message: 'must be in the future' });
  if (funding > now.getTime() + FUNDING_DAYS * DAY_MS)
    fields.push({ path: 'fundUntil', message: `must be within ${FUNDING_DAYS} days` });
  if (delivery <= funding) fields.push({ path: 'deliverBy', message: 'must be after fundUntil' });
  if (delivery > funding + DELIVERY_DAYS * DAY_MS)
    fields.push({ path: 'deliverBy', message: `must be within ${DELIVERY_DAYS} days of fundUntil` });
  if (fields.length === 0) return;
  throw new DomainError('invalid-input', { detail: 'The dates of the pitch are out of turn.', fields });
}

/** The deadline of the pitch's holds in the ledgers: the latest review, and time to pay after it. */
export function heldUntil({ deliverBy, reviewDays }: Pick<NewPitch, 'deliverBy' | 'reviewDays'>): string {
  return new Date(Date.parse(deliverBy) + (reviewDays + GRACE_DAYS) * DAY_MS).toISOString();
}

/** When the funders' silence accepts a delivery that was made at an instant. */
export function reviewUntil(deliveredAt: Date, reviewDays: number): string {
  return new Date(deliveredAt.getTime() + reviewDays * DAY_MS).toISOString();
}

/** What each asked instance would give to share a goal equally: 10,000.00 among three is 3,333.34, 3,333.33, 3,333.33. */
export function equalAsks(
  goalMinor: number,
  instanceIds: readonly string[],
): { instanceId: string; amountMinor: number }[] {
  if (instanceIds.length === 0) return [];
  const parts = allocate(
    goalMinor,
    instanceIds.map(() => 1),
  );
  return instanceIds.map((instanceId, index) => ({ instanceId, amountMinor: parts[index]! }));
}

/** A pledge as far as a verdict weighs it. */
export interface Weighed {
  readonly escrowMinor: number;
  readonly verdict: 'accepted' | 'refused' | null;
}

/** What was pledged by those who said each; amounts in minor units. */
export function verdictsOf(pledges: readonly Weighed[]): { acceptedMinor: number; refusedMinor: number } {
  const sum = (verdict: Weighed['verdict']): number =>
    pledges.reduce((total, pledge) => total + (pledge.verdict === verdict ? pledge.escrowMinor : 0), 0);
  return { acceptedMinor: sum('accepted'), refusedMinor: sum('refused') };
}

/**
 * What the funders decided: by more than half of what is pledged at any time; when the review is over by more of
 * what was said, and silence or a tie accepts. Null while it is open.
 */
export function decisionOf(
  pledges: readonly Weighed[],
  { isOver }: { isOver: boolean },
): 'accept' | 'refuse' | 'accept-in-silence' | null {
  const total = pledges.reduce((sum, { escrowMinor }) => sum + escrowMinor, 0);
  const { acceptedMinor, refusedMinor } = verdictsOf(pledges);
  if (acceptedMinor * 2 > total) return 'accept';
  if (refusedMinor * 2 > total) return 'refuse';
  if (!isOver) return null;
  return refusedMinor > acceptedMinor ? 'refuse' : 'accept-in-silence';
}

/** True when the person is on the team, or manages an enterprise that is. */
export function isOnTeam(
  team: readonly TeamMember[],
  caller: { personId: string; enterpriseIds: readonly string[] },
): boolean {
  return team.some((member) =>
    member.kind === 'person' ? member.id === caller.personId : caller.enterpriseIds.includes(member.id),
  );
}
