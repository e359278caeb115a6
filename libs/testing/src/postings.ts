import { randomUUID } from 'node:crypto';
import type { AccountRef, BusinessKey, PostingCommand, PostingEntry } from '@foodshed/contracts';

/** An account by its meaning, in EUR unless told. */
export function accountOf(
  kind: AccountRef['owner']['kind'],
  id: string,
  purpose: AccountRef['purpose'],
  currency = 'EUR',
): AccountRef {
  return { owner: { kind, id }, purpose, currency };
}

/** One entry; debit positive. */
export function entryOf(
  account: AccountRef,
  amountMinor: number,
  rest: Partial<Pick<PostingEntry, 'line' | 'shareId'>> = {},
): PostingEntry {
  return { account, amountMinor, line: rest.line ?? 'money', shareId: rest.shareId ?? null };
}

/** The business key of a sale of a new order, changed as told. */
export function keyFor(change: Partial<BusinessKey> = {}): BusinessKey {
  return {
    kind: 'sale',
    orderId: randomUUID(),
    captureId: randomUUID(),
    producerId: randomUUID(),
    version: 1,
    revision: 0,
    ...change,
  };
}

/** A command of these entries, with a key of its own unless told. */
export function commandOf(
  entries: PostingEntry[],
  rest: Partial<Pick<PostingCommand, 'key' | 'occurredAt' | 'corrects'>> = {},
): PostingCommand {
  return { key: rest.key ?? keyFor(), occurredAt: '2026-11-02T09:00:00.000Z', ...rest, entries };
}
