import { DomainError, id } from '@foodshed/contracts';

/**
 * The id of the last row of the page before, null for the first page; where that row stands in the list is looked
 * up. @throws invalid-input for what no list answered.
 */
export function readCursor(cursor: string | undefined): string | null {
  if (cursor === undefined) return null;
  const parsed = id.safeParse(cursor);
  if (parsed.success) return parsed.data;
  throw new DomainError('invalid-input', {
    detail: 'The cursor is not one that a list answered.',
    fields: [{ path: 'cursor', message: 'is not valid' }],
  });
}

/** The page that `limit` + 1 rows make: the rows but the surplus one, and the cursor of the next page. */
export function pageOfRows<T>(
  rows: readonly T[],
  limit: number,
  idOf: (row: T) => string,
): { page: T[]; nextCursor: string | null } {
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return { page, nextCursor: rows.length > limit && last !== undefined ? idOf(last) : null };
}
