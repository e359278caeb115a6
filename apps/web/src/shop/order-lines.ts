interface Wanted {
  readonly variantId: string;
  readonly quantity: number;
}

/**
 * The basket's lines at the quoted prices; null while the quote is of another basket, as it is for a moment after each
 * change: what is ordered is what the basket shows.
 */
export function orderLines(
  basket: readonly Wanted[],
  quoted: readonly (Wanted & { readonly unitPriceMinor: number })[],
): { variantId: string; quantity: number; unitPriceMinor: number }[] | null {
  if (basket.length !== quoted.length) return null;
  const quotes = new Map(quoted.map((line) => [line.variantId, line]));
  const lines = basket.flatMap(({ variantId, quantity }) => {
    const quote = quotes.get(variantId);
    return quote?.quantity === quantity
      ? [{ variantId, quantity, unitPriceMinor: quote.unitPriceMinor }]
      : [];
  });
  return lines.length === basket.length ? lines : null;
}
