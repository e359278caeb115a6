import type { GiftBody, GiftView } from '@foodshed/contracts';
import type { Client } from './client.js';

/** Gives, from what there is in the ledger unless told otherwise. */
export function give(
  client: Client,
  gift: Pick<GiftBody, 'giver' | 'receiver' | 'amountMinor'> & Partial<GiftBody>,
): Promise<GiftView> {
  return client.post<GiftView>('/gifts', { source: 'balance', ...gift });
}
