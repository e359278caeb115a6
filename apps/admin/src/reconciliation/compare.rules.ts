import type { AccountRef, SalesTotal, SplitView } from '@foodshed/contracts';
import { allocate } from '@foodshed/money';

/** The three books of one instance: what orders sold, what commission split, what the ledger posted. */
export interface Books {
  readonly sales: readonly Omit<SalesTotal, 'instanceId' | 'state' | 'changedAt'>[];
  readonly splits: readonly Pick<SplitView, 'orderId' | 'captureId' | 'version' | 'currency' | 'standing'>[];
  readonly totals: readonly {
    readonly orderId: string;
    readonly totals: readonly { readonly account: AccountRef; readonly amountMinor: number }[];
  }[];
}

type Sale = Books['sales'][number];
type Split = Books['splits'][number];

/** What an order's accounts should hold, debit positive, and what is wrong with it. */
interface ExpectedOrder {
  readonly accounts: Map<string, number>;
  /** Amounts whose owner is not said here, by purpose and currency. */
  readonly loose: Map<string, number>;
  readonly findings: string[];
}

/** What differs between the books: one line per difference, empty when they are one. Amounts are minor units. */
export function compareBooks({ sales, splits, totals }: Books): string[] {
  const expected = new Map<string, ExpectedOrder>();
  const ofOrder = (orderId: string): ExpectedOrder => {
    const known = expected.get(orderId) ?? { accounts: new Map(), loose: new Map(), findings: [] };
    expected.set(orderId, known);
    return known;
  };
  const splitOf = new Map(splits.map((split) => [keyOf(split, split.standing.producerId), split]));
  for (const sale of sales) {
    const order = ofOrder(sale.orderId);
    add(order.accounts, holderAccount(sale), sale.amountMinor + sale.surplusMinor);
    add(order.loose, `pending ${sale.currency}`, -sale.hubFeeMinor);
    add(order.loose, `buyer-credit ${sale.currency}`, -sale.surplusMinor);
    for (const { producerId, grossMinor } of sale.producers) {
      const split = splitOf.get(keyOf(sale, producerId));
      splitOf.delete(keyOf(sale, producerId));
      const fault = splitFault(split, { sale, producerId, grossMinor });
      if (fault) order.findings.push(fault);
      if (split) addSplit(order.accounts, split);
    }
  }
  for (const split of splitOf.values()) {
    if (split.standing.grossMinor !== 0)
      ofOrder(split.orderId).findings.push('is split by commission, and orders did not sell it');
  }
  const posted = new Map(totals.map(({ orderId, totals: accounts }) => [orderId, accounts]));
  for (const orderId of posted.keys()) ofOrder(orderId);
  return [...expected].flatMap(([orderId, order]) =>
    [...order.findings, ...ledgerFaults(order, posted.get(orderId) ?? [])].map(
      (finding) => `order ${orderId} ${finding}`,
    ),
  );
}

/** What is wrong with the split of one producer's goods in one capture, or nothing. */
function splitFault(
  split: Split | undefined,
  { sale, producerId, grossMinor }: { sale: Sale; producerId: string; grossMinor: number },
): string | undefined {
  const has = `has ${grossMinor} of producer ${producerId}`;
  if (!split) return grossMinor === 0 ? undefined : `${has}, and commission has not split it`;
  if (split.standing.grossMinor !== grossMinor)
    return `${has}, and commission split ${split.standing.grossMinor}`;
  if (split.version === sale.version) return undefined;
  return `is at version ${sale.version}, and commission split version ${split.version} for ${producerId}`;
}

/** Adds what a split credits: the producer's rest, each payee's part and the VAT on it. */
function addSplit(accounts: Map<string, number>, { standing, currency }: Split): void {
  const owner = { kind: 'enterprise', id: standing.producerId } as const;
  add(accounts, accountKey({ owner, purpose: 'pending', currency }), -standing.residualMinor);
  for (const { payees, vatMinor } of standing.shares) {
    const vat = allocate(
      vatMinor,
      payees.map(({ amountMinor }) => amountMinor),
    );
    payees.forEach(({ account, amountMinor }, index) =>
      add(accounts, accountKey(account), -amountMinor - (vat[index] ?? 0)),
    );
  }
}

/** What the ledger has otherwise. Whose a hub fee or a surplus is, is not said here: one account may have its amount. */
function ledgerFaults(order: ExpectedOrder, posted: Books['totals'][number]['totals']): string[] {
  const faults: string[] = [];
  const rest = new Map([...order.accounts].map(([key, amount]) => [key, -amount]));
  let sum = 0;
  for (const { account, amountMinor } of posted) {
    add(rest, accountKey(account), amountMinor);
    sum += amountMinor;
  }
  if (sum !== 0) faults.push(`does not sum to zero in the ledger: ${sum}`);
  const different = [...rest].filter(([, amount]) => amount !== 0);
  for (const [kind, amount] of order.loose) {
    if (amount === 0) continue;
    const found = different.findIndex(([key, left]) => key.startsWith(`${kind} `) && left === amount);
    if (found >= 0) different.splice(found, 1);
    else faults.push(`lacks ${amount} in ${kind}`);
  }
  return [...faults, ...different.map(([key, amount]) => `differs by ${amount} in ${key}`)];
}

function keyOf({ orderId, captureId }: { orderId: string; captureId: string }, producerId: string): string {
  return `${orderId} ${captureId} ${producerId}`;
}

function holderAccount({ holder, currency }: Sale): string {
  if (holder.kind === 'hub-till') return `till ${currency} enterprise ${holder.hubId}`;
  return `${holder.kind === 'provider' ? 'provider' : 'bank'} ${currency} instance ${holder.instanceId}`;
}

/** What became available of an order is still what was earned with it: both are one account here. */
function accountKey({ owner, purpose, currency }: AccountRef): string {
  return `${purpose === 'available' ? 'pending' : purpose} ${currency} ${owner.kind} ${owner.id}`;
}

function add(map: Map<string, number>, key: string, amount: number): void {
  map.set(key, (map.get(key) ?? 0) + amount);
}
