import { id } from './primitives.js';
import { DomainError } from './problems.js';

/** The id that a page ended with, or null for a first page. @throws invalid-input for what no list answered */
export function idAfter(cursor: string | undefined): string | null {
  if (cursor === undefined) return null;
  const parsed = id.safeParse(cursor);
  if (parsed.success) return parsed.data;
  throw new DomainError('invalid-input', {
    detail: 'The cursor is not one of this list.',
    fields: [{ path: 'cursor', message: 'must be a nextCursor of this list' }],
  });
}

/** A page of at most `limit` rows out of up to one more; the cursor names the last row shown. */
export function pageFrom<T>(
  rows: readonly T[],
  limit: number,
  cursorOf: (row: T) => string,
): { items: T[]; nextCursor: string | null } {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return { items, nextCursor: rows.length > limit && last !== undefined ? cursorOf(last) : null };
}
