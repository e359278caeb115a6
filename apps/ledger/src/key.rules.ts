import { DomainError, payoutKey, postingKind, type TransactionKey } from '@foodshed/contracts';

/** The business key as the ledger stores it: one text, unique in an instance for ever. */
export function keyText(key: TransactionKey): string {
  if (key.kind === 'hold-resolution') return `${key.kind}:${key.holdId}`;
  if (key.kind === 'pledge-receipt') return `${key.kind}:${key.pledgeId}`;
  if (key.kind === 'pitch-payout') return `${key.kind}:${key.payoutId}`;
  if (key.kind === 'gift') return `${key.kind}:${key.giftId}`;
  if (key.kind === 'payout') return `${key.kind}:${key.payoutId}:${key.step}`;
  if (key.kind === 'cash-receipt') return `${key.kind}:${key.handoverId}`;
  const { kind, orderId, captureId, producerId, version, revision } = key;
  return [kind, orderId, captureId, producerId ?? '-', version, revision].join(':');
}

/** The key that a stored text stands for. @throws Error for a text that keyText did not write. */
export function keyOf(text: string): TransactionKey {
  const [kind = '', first = '', captureId = '', producerId = '', version, revision] = text.split(':');
  if (kind === 'hold-resolution') return { kind, holdId: first };
  if (kind === 'pledge-receipt') return { kind, pledgeId: first };
  if (kind === 'pitch-payout') return { kind, payoutId: first };
  if (kind === 'gift') return { kind, giftId: first };
  if (kind === 'payout') return { kind, payoutId: first, step: payoutKey.shape.step.parse(captureId) };
  if (kind === 'cash-receipt') return { kind, handoverId: first };
  return {
    kind: postingKind.parse(kind),
    orderId: first,
    captureId,
    producerId: producerId === '-' ? null : producerId,
    version: Number(version),
    revision: Number(revision),
  };
}

/** The last version a page ended with, or null for a first page. @throws invalid-input for another text. */
export function versionAfter(cursor: string | undefined): number | null {
  if (cursor === undefined) return null;
  if (/^\d{1,15}$/.test(cursor)) return Number(cursor);
  throw badCursor();
}

/** The last id a page ended with, or null for a first page. @throws invalid-input for another text. */
export function idAfter(cursor: string | undefined): string | null {
  if (cursor === undefined) return null;
  if (/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(cursor)) return cursor;
  throw badCursor();
}

function badCursor(): DomainError {
  return new DomainError('invalid-input', {
    detail: 'The cursor is not one of this list.',
    fields: [{ path: 'cursor', message: 'must be a nextCursor of this list' }],
  });
}
