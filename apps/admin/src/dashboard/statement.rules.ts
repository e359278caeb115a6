import { DomainError, id, instant } from '@foodshed/contracts';

const ENTRIES_AT_MOST = 1_000_000;

/** An entry's place in a statement. */
export interface Position {
  readonly occurredAt: string;
  readonly transactionId: string;
  readonly entryIndex: number;
}

/** The place after which a page begins, null on the first one. @throws invalid-input for a cursor of another list. */
export function positionOf(cursor: string | undefined): Position | null {
  if (cursor === undefined) return null;
  const [occurredAt, transactionId, index = ''] = cursor.split('_');
  const [at, transaction] = [instant.safeParse(occurredAt), id.safeParse(transactionId)];
  const entryIndex = /^\d{1,7}$/.test(index) ? Number(index) : Number.NaN;
  if (at.success && transaction.success && entryIndex <= ENTRIES_AT_MOST) {
    return { occurredAt: at.data, transactionId: transaction.data, entryIndex };
  }
  throw new DomainError('invalid-input', {
    detail: 'The cursor is not one that this list gave.',
    fields: [{ path: 'cursor', message: 'is not a cursor of this list' }],
  });
}

/** The cursor of an entry. */
export function cursorOf(row: { occurred_at: Date; transaction_id: string; entry_index: number }): string {
  return [row.occurred_at.toISOString(), row.transaction_id, row.entry_index].join('_');
}
