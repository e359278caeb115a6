import type { TeamMember } from '@foodshed/contracts';
import { allocate } from '@foodshed/money';

/** One pledge that is to be paid, and the instance whose ledger holds it. */
export interface PayablePledge {
  readonly pledgeId: string;
  readonly instanceId: string;
  readonly escrowMinor: number;
}

/** Pledges of one ledger that are settled together, and what each member of the team gets of them. */
export interface PlannedPayout {
  readonly instanceId: string;
  readonly pledgeIds: readonly string[];
  readonly totalMinor: number;
  /** In the team's order; members who get nothing of this payout are left out. */
  readonly parts: readonly { member: TeamMember; amountMinor: number }[];
}

/** What one call to a ledger settles at most. */
export const PLEDGES_AT_ONCE = 50;

/**
 * Divides what was pledged among the team: each member gets what `allocate` gives of the whole, to the cent, and each
 * payout pays out exactly what it settles. Payouts are in order of instance id; each takes its part of what the members
 * still have to get, which never gives anybody more than that.
 */
export function planPayouts(pledges: readonly PayablePledge[], team: readonly TeamMember[]): PlannedPayout[] {
  const total = sumOf(pledges);
  const remaining = allocate(
    total,
    team.map(({ shareBps }) => shareBps),
  );
  return groupsOf(pledges).map((group) => {
    const totalMinor = sumOf(group);
    const amounts = allocate(totalMinor, remaining);
    amounts.forEach((amountMinor, index) => (remaining[index]! -= amountMinor));
    const parts = team.map((member, index) => ({ member, amountMinor: amounts[index]! }));
    return {
      instanceId: group[0]!.instanceId,
      pledgeIds: group.map(({ pledgeId }) => pledgeId),
      totalMinor,
      parts: parts.filter(({ amountMinor }) => amountMinor > 0),
    };
  });
}

function sumOf(pledges: readonly PayablePledge[]): number {
  return pledges.reduce((sum, { escrowMinor }) => sum + escrowMinor, 0);
}

/** Pledges of one instance each, at most as many as a ledger settles at once, in order of instance and pledge id. */
function groupsOf(pledges: readonly PayablePledge[]): PayablePledge[][] {
  const key = ({ instanceId, pledgeId }: PayablePledge): string => `${instanceId} ${pledgeId}`;
  const groups: PayablePledge[][] = [];
  for (const pledge of [...pledges].sort((a, b) => (key(a) < key(b) ? -1 : 1))) {
    const last = groups.at(-1);
    if (last?.[0]?.instanceId === pledge.instanceId && last.length < PLEDGES_AT_ONCE) last.push(pledge);
    else groups.push([pledge]);
  }
  return groups;
}
