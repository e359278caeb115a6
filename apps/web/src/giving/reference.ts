/** What a giver writes on a transfer or says with the cash, so that it is found again: the end of the gift's id. */
export function referenceOf(giftId: string): string {
  return giftId.slice(-8).toUpperCase();
}
