import type { PayeeRef, ReceivedSummary } from '@foodshed/contracts';

/** The months (`YYYY-MM`) that end with this one, oldest first. */
export function monthsUpTo(month: string, count: number): string[] {
  const [year = 0, number = 1] = month.split('-').map(Number);
  return Array.from({ length: count }, (_, index) => {
    const months = year * 12 + (number - 1) - (count - 1 - index);
    return `${Math.floor(months / 12)}-${String((months % 12) + 1).padStart(2, '0')}`;
  });
}

/** What came in one month, or in all of them where it is null. */
interface Sum {
  readonly payee: PayeeRef;
  readonly currency: string;
  readonly month: string | null;
  readonly amountMinor: number;
  readonly gifts: number;
  readonly givers: number;
}

/**
 * Each payee's months in one currency, those without a gift as zeros; somebody who gave in two months is one giver of
 * them all. In the order of the sums over all months.
 */
export function summariesOf(sums: readonly Sum[], months: readonly string[]): ReceivedSummary[] {
  return sums
    .filter(({ month }) => month === null)
    .map(({ payee, currency, amountMinor, givers }) => {
      const own = sums.filter(
        (sum) => sum.payee.id === payee.id && sum.payee.kind === payee.kind && sum.currency === currency,
      );
      return {
        payee,
        currency,
        totalMinor: amountMinor,
        givers,
        months: months.map((month) => {
          const sum = own.find((one) => one.month === month);
          return {
            month,
            amountMinor: sum?.amountMinor ?? 0,
            gifts: sum?.gifts ?? 0,
            givers: sum?.givers ?? 0,
          };
        }),
      };
    });
}
