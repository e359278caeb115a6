import { DomainError } from '@foodshed/contracts';

/** The position after an item, as callers hand it back. */
export function cursorAfter(...position: readonly string[]): string {
  return Buffer.from(JSON.stringify(position)).toString('base64url');
}

/** The parts of a cursor; undefined without one. @throws invalid-input for one that was not given out here */
export function positionOf(cursor: string | undefined, parts: number): string[] | undefined {
  if (cursor === undefined) return undefined;
  const position = parsed(cursor);
  if (Array.isArray(position) && position.length === parts && position.every(isStorable)) return position;
  throw notGivenOut();
}

/** A position that is an id. @throws invalid-input for one that is not */
export function idPositionOf(cursor: string | undefined): string | undefined {
  const [id] = positionOf(cursor, 1) ?? [];
  if (id !== undefined && !isId(id)) throw notGivenOut();
  return id;
}

/** A position by name and id. @throws invalid-input for one that is not */
export function namePositionOf(cursor: string | undefined): { name: string; id: string } | undefined {
  const [name, id] = positionOf(cursor, 2) ?? [];
  if (name === undefined || id === undefined) return undefined;
  if (!isId(id)) throw notGivenOut();
  return { name, id };
}

function parsed(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString());
  } catch (error) {
    throw notGivenOut(error);
  }
}

function isStorable(part: unknown): part is string {
  return typeof part === 'string' && part.isWellFormed() && !part.includes('\0');
}

function isId(text: string): boolean {
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text);
}

function notGivenOut(cause?: unknown): DomainError {
  const fields = [{ path: 'cursor', message: 'must be the nextCursor of another page' }];
  return new DomainError(
    'invalid-input',
    { detail: 'The cursor is not one that was given out.', fields },
    cause,
  );
}

/** A page of `limit` out of rows read with one more, and the cursor of the next. */
export function pageOfRows<Row>(
  rows: readonly Row[],
  limit: number,
  cursorOf: (last: Row) => string,
): { page: Row[]; nextCursor: string | null } {
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return { page, nextCursor: rows.length > limit && last ? cursorOf(last) : null };
}
