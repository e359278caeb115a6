import type { EventData, SplitFigures as StandingFigures } from '@foodshed/contracts';
import { type commissionEvents, type ledgerEvents, type ordersEvents } from '@foodshed/contracts';

type Paid = EventData<typeof ordersEvents.paid>;
type Split = EventData<typeof commissionEvents.split>;
type Posted = EventData<typeof ledgerEvents.posted>;

/** An event's data with the instance it is about. */
export interface Within<T> {
  readonly instanceId: string;
  readonly data: T;
}

/** What one producer's part of a split amounts to, in minor units. */
export interface SplitFigures {
  readonly split_gross_minor: number;
  readonly platform_minor: number;
  readonly commission_minor: number;
  readonly payment_costs_minor: number;
  readonly share_vat_minor: number;
  readonly producer_minor: number;
}

/** Of a split, how often its version was split anew because an earlier sale of the month came late; 0 of a sale. */
export const revisionOf = (data: Paid | Split): number => ('revision' in data ? (data.revision ?? 0) : 0);

const isBefore = (one: Paid | Split, other: Paid | Split): boolean =>
  one.version === other.version ? revisionOf(one) < revisionOf(other) : one.version < other.version;

/** Of each order and capture the highest version and revision; earlier ones of the same batch say nothing more. */
export function newestByCapture<T extends Paid | Split>(events: readonly Within<T>[]): Within<T>[] {
  const newest = new Map<string, Within<T>>();
  for (const event of events) {
    const captureId = 'captureId' in event.data ? event.data.captureId : event.data.capture.captureId;
    const key = `${event.instanceId} ${event.data.orderId} ${captureId}`;
    const known = newest.get(key);
    if (!known || isBefore(known.data, event.data)) newest.set(key, event);
  }
  return [...newest.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, event]) => event);
}

/**
 * The shares of one producer's standing split by what they are: the platform's own; those that only pay a
 * provider's costs; and the rest, which is commission. VAT on shares is apart.
 */
export function figuresOf(split: StandingFigures): SplitFigures {
  const figures = { platform: 0, paymentCosts: 0, commission: 0, vat: 0 };
  for (const share of split.shares) {
    const kind = share.isPlatform ? 'platform' : share.paysCosts ? 'paymentCosts' : 'commission';
    figures[kind] += share.amountMinor;
    figures.vat += share.vatMinor;
  }
  return {
    split_gross_minor: split.grossMinor,
    platform_minor: figures.platform,
    commission_minor: figures.commission,
    payment_costs_minor: figures.paymentCosts,
    share_vat_minor: figures.vat,
    producer_minor: split.residualMinor,
  };
}

/** Gross of one producer's goods that remain in a capture, VAT included. */
export function grossOf(sale: Paid['producers'][number]): number {
  return sale.goods.reduce((sum, goods) => sum + goods.grossMinor, 0);
}

/** The entries of sealed batches on accounts that an instance itself owns as income or cost; income positive. */
export function ownEntriesOf(batches: readonly Posted[]) {
  const own = [];
  // Loops: most entries are other people's, and flatMap would make a list for each of them.
  for (const { accounts, transactions, recordedAt } of batches) {
    const owned = ownAccounts(accounts);
    for (const { transactionId, key, occurredAt, entries } of transactions) {
      for (const [index, entry] of entries.entries()) {
        const account = owned.get(entry.account);
        if (!account) continue;
        own.push({
          ...account,
          transaction_id: transactionId,
          entry_index: index,
          kind: key.kind,
          line: entry.line,
          share_id: entry.shareId,
          order_id: 'orderId' in key ? key.orderId : null,
          producer_id: 'producerId' in key ? key.producerId : null,
          amount_minor: entry.amountMinor === 0 ? 0 : -entry.amountMinor,
          occurred_at: occurredAt,
          recorded_at: recordedAt,
        });
      }
    }
  }
  return own;
}

/** Of a batch's accounts, those of the instance itself for income or cost, by their numbers. */
function ownAccounts(accounts: Posted['accounts']): Map<number, { instance_id: string; account: string }> {
  return new Map(
    accounts
      .filter(
        ({ account: { owner, purpose } }) =>
          owner.kind === 'instance' && (purpose === 'administration' || purpose === 'payment-costs'),
      )
      .map(({ number, account: { owner, purpose } }) => [
        number,
        { instance_id: owner.id, account: purpose },
      ]),
  );
}

/** One row for each key, the one that `isNewer` prefers, sorted by key so that transactions lock in one order. */
export function newestByKey<T>(
  rows: readonly T[],
  keyOf: (row: T) => string,
  isNewer: (a: T, b: T) => boolean,
): T[] {
  const newest = new Map<string, T>();
  for (const row of rows) {
    const known = newest.get(keyOf(row));
    if (known === undefined || isNewer(row, known)) newest.set(keyOf(row), row);
  }
  return [...newest.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row);
}
