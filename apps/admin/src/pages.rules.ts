import { DomainError, id } from '@foodshed/contracts';

/** The id after which a page begins, null on the first page. @throws invalid-input for a cursor of another list. */
export function idAfter(cursor: string | undefined): string | null {
  if (cursor === undefined) return null;
  if (id.safeParse(cursor).success) return cursor;
  throw new DomainError('invalid-input', {
    detail: 'The cursor is not one that this list gave.',
    fields: [{ path: 'cursor', message: 'is not a cursor of this list' }],
  });
}

/** The first `limit` of up to `limit` + 1 rows, and the cursor of the last one when there are more. */
export function pageFrom<T>(rows: readonly T[], limit: number, cursorOf: (row: T) => string) {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return { items, nextCursor: rows.length > limit && last !== undefined ? cursorOf(last) : null };
}
