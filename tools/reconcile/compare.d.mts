import type { SalesTotal, SplitView } from '@foodshed/contracts';

interface LedgerTotals {
  orderId: string;
  totals: {
    account: { owner: { kind: string; id: string }; purpose: string; currency: string };
    amountMinor: number;
  }[];
}

/** What differs between the three books of one instance, a line each. */
export function compareBooks(books: {
  sales: Partial<SalesTotal>[];
  splits: Partial<SplitView>[];
  totals: LedgerTotals[];
  allocate: (total: number, weights: number[]) => number[];
}): string[];
