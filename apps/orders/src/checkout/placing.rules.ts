import {
  DomainError,
  managesEnterprise,
  type BuyerRef,
  type FieldProblem,
  type IntendedPayment,
  type PersonCaller,
} from '@foodshed/contracts';
import type { Offer } from './pricing.rules.js';
import { unitPriceMinor } from './pricing.rules.js';

/** What checkout needs of an order cycle. */
export interface CycleTerms {
  readonly instanceId: string;
  readonly cycleId: string;
  readonly hubId: string;
  readonly currency: string;
  readonly timeZone: string;
  readonly hubFeeBps: number;
  readonly hubFeeFlatMinor: number;
  readonly opensAt: Date;
  readonly closesAt: Date;
  readonly pickupAt: Date | null;
  readonly paymentTermMinutes: number;
  readonly closed: boolean;
}

/** What the database says of one line that it cannot take; `line` counts from 1. */
export interface LineProblem {
  readonly line: number;
  readonly problem: 'not-in-cycle' | 'stale' | 'stock';
  readonly available?: number;
}

/** Who buys: the caller, or an enterprise they manage. @throws forbidden for anybody else. */
export function buyerOf(wanted: BuyerRef | undefined, caller: PersonCaller): BuyerRef {
  if (!wanted) return { kind: 'person', id: caller.personId };
  const own = wanted.kind === 'person' ? wanted.id === caller.personId : managesEnterprise(caller, wanted.id);
  if (own) return wanted;
  throw new DomainError('forbidden', {
    detail: 'An order is placed for oneself or for an enterprise one manages.',
    fields: [{ path: 'buyer.id', message: 'is neither you nor an enterprise you manage' }],
  });
}

/** When an order expires unless it is paid: a term after placing, or after the hand-over for cash. */
export function expiresAt(terms: CycleTerms, method: IntendedPayment, placedAt: Date): Date {
  const handedOutAt = terms.pickupAt ?? terms.closesAt;
  const from = method === 'cash' && handedOutAt > placedAt ? handedOutAt : placedAt;
  return new Date(from.getTime() + terms.paymentTermMinutes * 60_000);
}

/** A short name of an order for people and bank transfers: eight random hexadecimal digits of its id. */
export function orderReference(orderId: string): string {
  return orderId.slice(-8).toUpperCase();
}

/** True when the cycle takes orders at this instant; the closing instant itself is too late. */
export function isOpen(terms: CycleTerms, now: Date): boolean {
  return !terms.closed && terms.opensAt <= now && now < terms.closesAt;
}

/** The lines, counted from 0, whose unit price is not the one the buyer saw; empty when all are. */
export function changedPrices(
  lines: readonly { variantId: string; unitPriceMinor: number }[],
  offers: ReadonlyMap<string, Offer>,
): { index: number; unitPriceMinor: number }[] {
  return lines.flatMap((line, index) => {
    const offer = offers.get(line.variantId);
    const now = offer ? unitPriceMinor(offer) : line.unitPriceMinor;
    return now === line.unitPriceMinor ? [] : [{ index, unitPriceMinor: now }];
  });
}

export function priceChanged(changed: readonly { index: number; unitPriceMinor: number }[]): DomainError {
  return new DomainError('price-changed', {
    detail: 'A price has changed since you saw it; look at the new prices and order again.',
    fields: changed.map(({ index, unitPriceMinor }) => ({
      path: `lines.${index}.unitPriceMinor`,
      message: `is ${unitPriceMinor} now`,
    })),
  });
}

export function cycleNotFound(): DomainError {
  return new DomainError('not-found', {
    detail: 'There is no such order cycle.',
    fields: [{ path: 'cycleId', message: 'is not an order cycle here' }],
  });
}

export function cycleClosed(): DomainError {
  return new DomainError('cycle-closed', {
    detail: 'This order cycle does not take orders now.',
    fields: [{ path: 'cycleId', message: 'is not open' }],
  });
}

/** The lines, counted from 0, are not sold in the cycle. */
export function notInCycle(indexes: readonly number[]): DomainError {
  return new DomainError('not-found', {
    detail: 'A product is not sold in this order cycle.',
    fields: indexes.map((index) => ({
      path: `lines.${index}.variantId`,
      message: 'is not sold in this order cycle',
    })),
  });
}

/** The refusal for lines the database would not take; a missing product is told before missing stock. */
export function refusalOf(problems: readonly LineProblem[]): DomainError {
  const missing = problems.filter(({ problem }) => problem === 'not-in-cycle');
  if (missing.length > 0) return notInCycle(missing.map(({ line }) => line - 1));
  const fields: FieldProblem[] = problems.map(({ line, available = 0 }) => ({
    path: `lines.${line - 1}.quantity`,
    message: available > 0 ? `is more than the ${available} that are left` : 'is sold out',
  }));
  return new DomainError('stock-insufficient', {
    detail: 'There is not enough left of what you want.',
    fields,
    lines: problems.map(({ line, available = 0 }) => ({ line: line - 1, available })),
  });
}
