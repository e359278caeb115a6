import { DomainError, type Enterprise, type EnterpriseContact, type Place } from '@foodshed/contracts';

/** An enterprise as hubs keeps it. The contact is null once its person was erased. */
export interface StoredEnterprise {
  readonly enterpriseId: string;
  readonly slug: string;
  readonly name: string;
  readonly description: string;
  readonly isProducer: boolean;
  readonly isHub: boolean;
  readonly place: Place | null;
  readonly contact: EnterpriseContact | null;
  readonly contactPublished: boolean;
  readonly vatRegistered: boolean;
  readonly registeredAt: string;
  readonly changedAt: string;
}

const SLUG_LENGTH = 50;

/** A slug made of a name: Latin letters without marks, digits and hyphens, at most 50 long. */
export function slugOf(name: string): string {
  const plain = name.normalize('NFKD').replace(/\p{M}/gu, '').replace(/ß/g, 'ss').toLowerCase();
  const slug = plain
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, SLUG_LENGTH)
    .replace(/^-+|-+$/g, '');
  return slug || 'enterprise';
}

/** The slug itself, or with the first number from 2 on that is not taken. */
export function freeSlug(wanted: string, taken: ReadonlySet<string>): string {
  if (!taken.has(wanted)) return wanted;
  for (let number = 2; ; number++) if (!taken.has(`${wanted}-${number}`)) return `${wanted}-${number}`;
}

/** What a caller sees: the contact only when it is published, or when they manage the enterprise. */
export function visibleEnterprise(stored: StoredEnterprise, isManager: boolean): Enterprise {
  return { ...stored, contact: isManager || stored.contactPublished ? stored.contact : null };
}

/** The enterprise with the changes made. @throws invalid-input when it would be neither producer nor hub */
export function changedEnterprise<T extends { isProducer: boolean; isHub: boolean }>(
  stored: T,
  changes: Partial<T>,
): T {
  const given = Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined));
  const changed = { ...stored, ...given };
  if (changed.isProducer || changed.isHub) return changed;
  throw new DomainError('invalid-input', {
    detail: 'An enterprise is a producer, a hub, or both.',
    fields: [{ path: 'isHub', message: 'an enterprise is a producer, a hub, or both' }],
  });
}
