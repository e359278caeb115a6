import { DomainError, type ManagersOf } from '@foodshed/contracts';

export interface Share {
  readonly personId: string;
  readonly shareBps: number;
}

/** Who manages an enterprise from `validFrom` on, until another set counts. */
export interface ShareSet {
  readonly shareSetId: string;
  readonly validFrom: string;
  readonly recordedAt: string;
  readonly shares: readonly Share[];
}

/** An enterprise's owner and every set of shares it ever had, in any order. */
export interface EnterprisePeople {
  readonly instanceId: string;
  readonly ownerPersonId: string;
  readonly sets: readonly ShareSet[];
}

/** Orders sets so that, of those begun, the last one counts: by start, then by when they were recorded. */
export function inOrderOfEffect(sets: readonly ShareSet[]): ShareSet[] {
  return [...sets].sort(
    (a, b) =>
      Date.parse(a.validFrom) - Date.parse(b.validFrom) ||
      Date.parse(a.recordedAt) - Date.parse(b.recordedAt) ||
      (a.shareSetId < b.shareSetId ? -1 : 1),
  );
}

/** The set that counts at an instant; undefined before the first. */
export function setAt(sets: readonly ShareSet[], at: string): ShareSet | undefined {
  const instant = Date.parse(at);
  return inOrderOfEffect(sets.filter(({ validFrom }) => Date.parse(validFrom) <= instant)).at(-1);
}

/** The shares above zero at an instant, in basis points of the commission, by person id; what is missing is the hub's. */
export function sharesAt(people: EnterprisePeople | undefined, at: string): Share[] {
  const shares = people ? (setAt(people.sets, at)?.shares ?? []) : [];
  return shares
    .filter(({ shareBps }) => shareBps > 0)
    .map(({ personId, shareBps }) => ({ personId, shareBps }))
    .sort((a, b) => (a.personId < b.personId ? -1 : 1));
}

/** The managers at an instant and the owner, by person id; empty for an unknown enterprise. */
export function peopleAt(people: EnterprisePeople | undefined, at: string): ReadonlySet<string> {
  if (!people) return new Set();
  const managers = setAt(people.sets, at)?.shares.map(({ personId }) => personId) ?? [];
  return new Set([...managers, people.ownerPersonId]);
}

/** True when the person is among the managers at the instant; an owner who manages no longer is not. */
export function isManagerAt(people: EnterprisePeople | undefined, personId: string, at: string): boolean {
  return people
    ? (setAt(people.sets, at)?.shares.some((share) => share.personId === personId) ?? false)
    : false;
}

/** The sets as people read them: the one that counts, those to come (soonest first), those past (newest first). */
export function managersByTime(
  sets: readonly ShareSet[],
  at: string,
  nameOf: (personId: string) => string | null,
): { current: ManagersOf | null; coming: ManagersOf[]; past: ManagersOf[] } {
  const described = (set: ShareSet): ManagersOf => ({
    validFrom: set.validFrom,
    hubShareBps: 10_000 - set.shares.reduce((sum, { shareBps }) => sum + shareBps, 0),
    managers: set.shares.map((share) => ({ ...share, displayName: nameOf(share.personId) })),
  });
  const ordered = inOrderOfEffect(sets).filter(
    ({ validFrom }, index, all) => all[index + 1]?.validFrom !== validFrom,
  );
  const instant = Date.parse(at);
  const begun = ordered.filter(({ validFrom }) => Date.parse(validFrom) <= instant);
  const current = begun.at(-1);
  return {
    current: current ? described(current) : null,
    coming: ordered.filter(({ validFrom }) => Date.parse(validFrom) > instant).map(described),
    past: begun.slice(0, -1).reverse().map(described),
  };
}

/** The present set, as from `now`, and those to come, the soonest first: what a change of the people must write anew. */
function setsFrom(sets: readonly ShareSet[], now: string): { validFrom: string; shares: readonly Share[] }[] {
  const present = setAt(sets, now);
  const later = inOrderOfEffect(sets).filter(
    ({ validFrom }, index, all) =>
      Date.parse(validFrom) > Date.parse(now) && all[index + 1]?.validFrom !== validFrom,
  );
  return [...(present ? [{ ...present, validFrom: now }] : []), ...later];
}

/** The sets to record so that a person manages nothing from `now` on: the present one and those to come, without them. */
export function setsWithout(
  sets: readonly ShareSet[],
  personId: string,
  now: string,
): { validFrom: string; shares: Share[] }[] {
  return setsFrom(sets, now)
    .filter(({ shares }) => shares.some((share) => share.personId === personId))
    .map(({ validFrom, shares }) => ({
      validFrom,
      shares: shares.filter((share) => share.personId !== personId),
    }));
}

/** The sets to record so that a person manages from `now` on, without a share until shares are set. */
export function setsWith(
  sets: readonly ShareSet[],
  personId: string,
  now: string,
): { validFrom: string; shares: Share[] }[] {
  return setsFrom(sets, now)
    .filter(({ shares }) => !shares.some((share) => share.personId === personId))
    .map(({ validFrom, shares }) => ({ validFrom, shares: [...shares, { personId, shareBps: 0 }] }));
}

/** Why a manager may not leave, or null: an enterprise is never without a manager, now or at a time that is set. */
export function refusalToLeave(sets: readonly ShareSet[], personId: string, now: string): DomainError | null {
  const alone = setsWithout(sets, personId, now).find(({ shares }) => shares.length === 0);
  if (!alone) return null;
  const detail =
    alone.validFrom === now
      ? 'The last manager stays; invite another one first.'
      : 'Shares that are set for later name you alone; set others first.';
  return new DomainError('invalid-state', { detail });
}

/** @throws invalid-input unless all of them manage already: nobody becomes a manager but by accepting an invitation */
export function requireManagers(people: EnterprisePeople, personIds: readonly string[], now: string): void {
  if (personIds.every((personId) => isManagerAt(people, personId, now))) return;
  throw new DomainError('invalid-input', {
    detail: 'Shares are set among those who manage; invite others, and set shares when they accepted.',
    fields: [{ path: 'managers', message: 'names somebody who does not manage this enterprise' }],
  });
}
