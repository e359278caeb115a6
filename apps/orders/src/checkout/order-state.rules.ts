import {
  DomainError,
  orderState,
  paymentState,
  type OrderState,
  type PaymentState,
} from '@foodshed/contracts';

export type OrderCommand = 'pay' | 'refund' | 'cancel' | 'expire' | 'fulfil';

interface OrderStep {
  readonly from: readonly OrderState[];
  readonly whilePayment: readonly PaymentState[];
  /** The states it may lead to; the first is the usual one. `null` leaves the state as it is. */
  readonly to: readonly (OrderState | null)[];
}

const WITH_MONEY: readonly PaymentState[] = ['underpaid', 'paid', 'overpaid', 'partly-refunded'];

/** What may be done with an order, when, and what becomes of it. Nothing else decides this. */
export const orderSteps: Readonly<Record<OrderCommand, OrderStep>> = {
  pay: { from: ['placed', 'fulfilled'], whilePayment: ['unpaid', ...WITH_MONEY], to: [null] },
  refund: { from: ['placed', 'fulfilled'], whilePayment: WITH_MONEY, to: [null, 'refunded'] },
  cancel: { from: ['placed'], whilePayment: ['unpaid'], to: ['cancelled'] },
  expire: { from: ['placed'], whilePayment: ['unpaid'], to: ['expired'] },
  fulfil: { from: ['placed'], whilePayment: ['paid', 'overpaid', 'partly-refunded'], to: ['fulfilled'] },
};

/** How the state of payment may move; a state may follow itself. */
export const paymentSteps: Readonly<Record<PaymentState, readonly PaymentState[]>> = {
  unpaid: ['underpaid', 'paid', 'overpaid'],
  underpaid: ['paid', 'overpaid', 'partly-refunded', 'refunded'],
  paid: ['overpaid', 'partly-refunded', 'refunded'],
  overpaid: ['paid', 'partly-refunded', 'refunded'],
  'partly-refunded': ['overpaid', 'refunded'],
  refunded: [],
};

/**
 * Checks the two tables once, at boot: every state can be reached and is known, and no step leads out of an end.
 * @throws Error naming the fault.
 */
export function assertStateTables(steps = orderSteps, payments = paymentSteps): void {
  const reached = new Set<OrderState>(['placed']);
  for (const { to } of Object.values(steps)) for (const state of to) if (state) reached.add(state);
  const unreached = orderState.options.filter((state) => !reached.has(state));
  if (unreached.length > 0) throw new Error(`no step leads to the order state ${unreached.join(', ')}`);

  const paid = new Set<PaymentState>(['unpaid']);
  for (let before = 0; before < paid.size;) {
    before = paid.size;
    for (const state of [...paid]) for (const next of payments[state]) paid.add(next);
  }
  const unpaid = paymentState.options.filter((state) => !paid.has(state));
  if (unpaid.length > 0) throw new Error(`no step leads to the payment state ${unpaid.join(', ')}`);

  for (const [command, { from, whilePayment }] of Object.entries(steps)) {
    if (from.length === 0 || whilePayment.length === 0) throw new Error(`${command} can never be done`);
    if (from.some((state) => ENDS.has(state))) throw new Error(`${command} leads out of an end`);
  }
}

const ENDS: ReadonlySet<OrderState> = new Set(['cancelled', 'expired', 'refunded']);

const DOING: Readonly<Record<OrderCommand, string>> = {
  pay: 'A payment cannot be recorded for',
  refund: 'Nothing can be refunded on',
  cancel: 'There is no cancelling of',
  expire: 'There is no expiring of',
  fulfil: 'There is no handing out of',
};

/** True when the command may be done in these states. */
export function mayStep(
  command: OrderCommand,
  order: { state: OrderState; paymentState: PaymentState },
): boolean {
  const { from, whilePayment } = orderSteps[command];
  return from.includes(order.state) && whilePayment.includes(order.paymentState);
}

/** @throws invalid-state with both states, unless the command may be done in them. */
export function requireStep(
  command: OrderCommand,
  order: { state: OrderState; paymentState: PaymentState },
): void {
  if (mayStep(command, order)) return;
  throw new DomainError('invalid-state', {
    detail: `${DOING[command]} an order that is ${order.state} and ${order.paymentState}.`,
    state: order.state,
    paymentState: order.paymentState,
  });
}

/** Amounts in minor units: `paidMinor` before refunds and without surplus, both refunded and surplus as they stand. */
export interface PaymentStanding {
  readonly totalMinor: number;
  readonly paidMinor: number;
  readonly refundedMinor: number;
  readonly surplusMinor: number;
}

/** The state of payment that these amounts mean. Money owed to the buyer shows before money owed by them. */
export function paymentStateOf(standing: PaymentStanding): PaymentState {
  const { totalMinor, paidMinor, refundedMinor, surplusMinor } = standing;
  if (surplusMinor > 0) return 'overpaid';
  if (paidMinor === 0) return totalMinor === 0 ? 'paid' : 'unpaid';
  if (refundedMinor === paidMinor) return 'refunded';
  if (paidMinor < totalMinor) return 'underpaid';
  return refundedMinor > 0 ? 'partly-refunded' : 'paid';
}

/**
 * The state of payment after a capture or a refund.
 * @throws Error when the table does not know the move: the amounts are wrong then, not the request.
 */
export function nextPaymentState(from: PaymentState, standing: PaymentStanding): PaymentState {
  const to = paymentStateOf(standing);
  if (to !== from && !paymentSteps[from].includes(to))
    throw new Error(`payment cannot move from ${from} to ${to}`);
  return to;
}

/** What the buyer still has to pay, in minor units: nothing once the order has ended. */
export function outstandingMinor(order: PaymentStanding & { state: OrderState }): number {
  return ENDS.has(order.state) ? 0 : order.totalMinor - order.paidMinor;
}
