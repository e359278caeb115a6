import type { ExpectedBooking, SupportBooking } from '@foodshed/contracts';

/** Both sides of one instance: what contributions and developers asked for, and what the ledger has of it. */
export interface SupportBooks {
  readonly expected: readonly ExpectedBooking[];
  readonly booked: readonly SupportBooking[];
}

/** What differs between gifts and pledges and the ledger: one line per difference, empty when they are one. */
export function compareSupport({ expected, booked }: SupportBooks): string[] {
  const inLedger = new Map(booked.map((booking) => [booking.key, booking]));
  const findings = expected.flatMap(({ key, totals, isCertain }) => {
    const found = inLedger.get(key);
    inLedger.delete(key);
    if (!found) return isCertain ? [`${key} is not in the ledger`] : [];
    return differences(totals, found.totals).map(
      ([account, amount]) => `${key} differs by ${amount} in ${account}`,
    );
  });
  return [
    ...findings,
    ...[...inLedger.keys()].map((key) => `${key} is in the ledger, and nobody asked for it`),
  ];
}

/** What the ledger has more than expected, by account; minor units, debit positive. */
function differences(
  expected: SupportBooking['totals'],
  booked: SupportBooking['totals'],
): [string, number][] {
  const rest = new Map<string, number>();
  const add = ({ account, amountMinor }: SupportBooking['totals'][number], sign: 1 | -1): void => {
    const { owner, purpose, currency } = account;
    const key = `${purpose} ${currency} ${owner.kind} ${owner.id}`;
    rest.set(key, (rest.get(key) ?? 0) + sign * amountMinor);
  };
  for (const total of booked) add(total, 1);
  for (const total of expected) add(total, -1);
  return [...rest].filter(([, amount]) => amount !== 0);
}
