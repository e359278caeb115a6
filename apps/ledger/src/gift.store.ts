import type { LedgerGift } from '@foodshed/contracts';
import { rowsOf, type Tx } from '@foodshed/platform';

export interface GiftAnswer {
  readonly outcome: 'posted' | 'exists' | 'refused';
  readonly code: string | null;
  readonly field: string | null;
  readonly transactionId: string | null;
}

/** Posts a gift whole, or refuses it where its giver has less; the same again answers `exists`. Locks the chain. */
export async function postGift(tx: Tx, gift: LedgerGift, now: Date): Promise<GiftAnswer> {
  const [row] = await rowsOf<{ answer: GiftAnswer }>(tx, 'select post_gift($1::jsonb, $2) as answer', [
    JSON.stringify(gift),
    now,
  ]);
  return row!.answer;
}
