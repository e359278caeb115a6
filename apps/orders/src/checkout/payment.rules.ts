import {
  DomainError,
  type MoneyHolder,
  type OrderLine,
  type OrderState,
  type PaymentMethod,
  type PaymentState,
} from '@foodshed/contracts';
import { coverWith, type Cover, type CoveredGoods } from './capture.rules.js';
import { nextPaymentState, requireStep, type PaymentStanding } from './order-state.rules.js';
import { groupGoods } from './pricing.rules.js';

/** An order that is to be paid, with what it consists of and what earlier captures cover of it before refunds. */
export interface PayableOrder extends PaymentStanding {
  readonly instanceId: string;
  readonly hubId: string;
  readonly state: OrderState;
  readonly paymentState: PaymentState;
  readonly hubFeeMinor: number;
}

export interface Payment {
  readonly cover: Cover;
  readonly holder: MoneyHolder;
  /** How the order stands after it. */
  readonly standing: PaymentStanding & { readonly paymentState: PaymentState };
}

/**
 * What a payment covers of an order, who holds the money, and how the order stands after it.
 * @throws invalid-state for an order that cannot be paid (any more); order-already-paid when nothing is due, which
 * is how two people write down one payment, unless the payment says that it is surplus.
 */
export function payWith(
  { amountMinor, method, isSurplus }: { amountMinor: number; method: PaymentMethod; isSurplus?: boolean },
  order: PayableOrder,
  known: { lines: readonly OrderLine[]; covered: readonly CoveredGoods[] },
): Payment {
  requireStep('pay', order);
  if (order.paidMinor >= order.totalMinor && !isSurplus) {
    throw new DomainError('order-already-paid', {
      detail:
        'Nothing is due for this order. If the buyer did pay once more, record it with isSurplus set, and give it back.',
      fields: [{ path: 'isSurplus', message: 'is not set, and nothing is due' }],
    });
  }
  const coveredMinor = known.covered.reduce((sum, part) => sum + part.amountMinor, 0);
  const cover = coverWith(amountMinor, {
    goods: groupGoods(known.lines),
    hubFeeMinor: order.hubFeeMinor,
    covered: known.covered,
    coveredFeeMinor: order.paidMinor - coveredMinor,
  });
  const standing = {
    totalMinor: order.totalMinor,
    paidMinor: order.paidMinor + cover.amountMinor,
    refundedMinor: order.refundedMinor,
    surplusMinor: order.surplusMinor + cover.surplusMinor,
  };
  return {
    cover,
    holder: holderOf(order, method),
    standing: { ...standing, paymentState: nextPaymentState(order.paymentState, standing) },
  };
}

/** Who has the money: a transfer reaches the instance's account; cash is in the hub's till, and the hub's debt. */
export function holderOf(order: { instanceId: string; hubId: string }, method: PaymentMethod): MoneyHolder {
  return method === 'cash'
    ? { kind: 'hub-till', hubId: order.hubId }
    : { kind: 'instance-bank', instanceId: order.instanceId };
}
