import { orderState, paymentState, type OrderState, type PaymentState } from '@foodshed/contracts';
import fc from 'fast-check';
import {
  assertStateTables,
  mayStep,
  nextPaymentState,
  orderSteps,
  outstandingMinor,
  paymentStateOf,
  paymentSteps,
  requireStep,
  type OrderCommand,
} from './order-state.rules.js';

describe('the tables of states', () => {
  it('hold as they are', () => {
    expect(() => assertStateTables()).not.toThrow();
  });

  it('are refused when a state cannot be reached', () => {
    const steps = { ...orderSteps, cancel: { ...orderSteps.cancel, to: ['expired' as const] } };
    expect(() => assertStateTables(steps)).toThrow('no step leads to the order state cancelled');
    const payments = { ...paymentSteps, unpaid: ['paid' as const], paid: ['refunded' as const] };
    expect(() => assertStateTables(orderSteps, payments)).toThrow(/payment state underpaid, overpaid/);
  });

  it('are refused when a command can never be done or leads out of an end', () => {
    const never = { ...orderSteps, fulfil: { ...orderSteps.fulfil, from: [] } };
    expect(() => assertStateTables(never)).toThrow('fulfil can never be done');
    const undead = { ...orderSteps, pay: { ...orderSteps.pay, from: ['expired' as const] } };
    expect(() => assertStateTables(undead)).toThrow('pay leads out of an end');
  });

  const done: [OrderCommand, string[]][] = [
    ['cancel', ['placed unpaid']],
    ['expire', ['placed unpaid']],
    ['fulfil', ['placed paid', 'placed overpaid', 'placed partly-refunded']],
    ['pay', states(['unpaid', 'underpaid', 'paid', 'overpaid', 'partly-refunded'])],
    ['refund', states(['underpaid', 'paid', 'overpaid', 'partly-refunded'])],
  ];
  it.each(done)('let one %s in these states and no others', (command, expected) => {
    const allowed = orderState.options.flatMap((state) =>
      paymentState.options
        .filter((payment) => mayStep(command, { state, paymentState: payment }))
        .map((payment) => `${state} ${payment}`),
    );
    expect(allowed.sort()).toEqual([...expected].sort());
  });

  function states(payments: PaymentState[]): string[] {
    return (['placed', 'fulfilled'] as OrderState[]).flatMap((state) =>
      payments.map((payment) => `${state} ${payment}`),
    );
  }

  it('refuse the rest with both states', () => {
    expect(() => requireStep('cancel', { state: 'placed', paymentState: 'paid' })).toThrow(
      'There is no cancelling of an order that is placed and paid.',
    );
  });
});

describe('the state of payment', () => {
  it.each([
    [1_000, 0, 0, 0, 'unpaid'],
    [0, 0, 0, 0, 'paid'],
    [1_000, 400, 0, 0, 'underpaid'],
    [1_000, 400, 100, 0, 'underpaid'],
    [1_000, 1_000, 0, 0, 'paid'],
    [1_000, 1_000, 0, 1, 'overpaid'],
    [1_000, 1_000, 1, 0, 'partly-refunded'],
    [1_000, 1_000, 1_000, 0, 'refunded'],
    [1_000, 1_000, 1_000, 1, 'overpaid'],
    [1_000, 400, 400, 0, 'refunded'],
  ])('of %i with %i paid, %i refunded and %i too much is %s', (total, paid, refunded, surplus, expected) => {
    const standing = {
      totalMinor: total,
      paidMinor: paid,
      refundedMinor: refunded,
      surplusMinor: surplus,
    };
    expect(paymentStateOf(standing)).toBe(expected);
  });

  it('moves only as the table says, whatever is paid and refunded', () => {
    const moves = fc.array(fc.record({ pay: fc.boolean(), amount: fc.integer({ min: 1, max: 7 }) }));
    fc.assert(
      fc.property(moves, (steps) => {
        let standing = { totalMinor: 1_000, paidMinor: 0, refundedMinor: 0, surplusMinor: 0 };
        let state: PaymentState = 'unpaid';
        for (const { pay, amount: hundreds } of steps) {
          const amount = hundreds * 100;
          if (!mayStep(pay ? 'pay' : 'refund', { state: 'placed', paymentState: state })) continue;
          const { totalMinor, paidMinor, refundedMinor, surplusMinor } = standing;
          const covered = pay ? Math.min(amount, totalMinor - paidMinor) : 0;
          standing = {
            totalMinor,
            paidMinor: paidMinor + covered,
            refundedMinor: pay ? refundedMinor : Math.min(paidMinor, refundedMinor + amount),
            surplusMinor: pay ? surplusMinor + amount - covered : hundreds % 2 === 0 ? 0 : surplusMinor,
          };
          state = nextPaymentState(state, standing);
        }
      }),
    );
  });

  it('may move from underpaid to partly refunded: something was given back, then the rest was paid', () => {
    const standing = { totalMinor: 1_000, paidMinor: 1_000, refundedMinor: 100, surplusMinor: 0 };
    expect(nextPaymentState('underpaid', standing)).toBe('partly-refunded');
  });

  it('that the table does not know is a fault', () => {
    const unpaid = { totalMinor: 10, paidMinor: 0, refundedMinor: 0, surplusMinor: 0 };
    expect(() => nextPaymentState('paid', unpaid)).toThrow('payment cannot move from paid to unpaid');
  });
});

describe('what is outstanding', () => {
  const amounts = { totalMinor: 1_000, paidMinor: 400, refundedMinor: 100, surplusMinor: 0 };
  it.each([
    ['placed', 600],
    ['fulfilled', 600],
    ['cancelled', 0],
    ['expired', 0],
    ['refunded', 0],
  ] as const)('of an order that is %s is %i', (state, expected) => {
    expect(outstandingMinor({ ...amounts, state })).toBe(expected);
  });
});
