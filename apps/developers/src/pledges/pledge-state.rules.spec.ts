import { pledgeState, type PledgeState } from '@foodshed/contracts';
import {
  assertPledgeSteps,
  firstState,
  nextPledgeState,
  pledgeSteps,
  waitingStates,
  type PledgeCommand,
} from './pledge-state.rules.js';

describe('what may become of a pledge', () => {
  it('is a table without faults', () => {
    expect(() => assertPledgeSteps()).not.toThrow();
  });

  it.each<[string, string, Record<string, unknown>]>([
    ['a state that nothing leads to', 'no step leads to the pledge state lapsed', { lapse: undefined }],
    [
      'a way out of an end',
      'withdraw leads out of an end',
      { withdraw: { from: ['paid'], to: 'withdrawn' } },
    ],
    [
      'money that stays in escrow',
      'what is returning stays in escrow for ever',
      {
        'be-returned': { from: ['placing'], to: 'returned' },
      },
    ],
    [
      'money that goes astray',
      'what is held goes astray as lapsed',
      { lapse: { from: ['held'], to: 'lapsed' } },
    ],
  ])('is refused at boot with %s', (_, message, change) => {
    const changed = Object.entries({ ...pledgeSteps, ...change }).filter(([, step]) => step !== undefined);
    expect(() => assertPledgeSteps(Object.fromEntries(changed) as typeof pledgeSteps)).toThrow(message);
  });

  it('begins with a promise where money must still come, and with the ledger where it is there', () => {
    expect([firstState('transfer'), firstState('balance'), firstState('administration')]).toEqual([
      'promised',
      'placing',
      'placing',
    ]);
  });

  it.each<[PledgeCommand, PledgeState[], PledgeState]>([
    ['receive', ['promised', 'withdrawn', 'lapsed'], 'placing'],
    ['hold', ['placing'], 'held'],
    ['give-up', ['placing', 'held', 'paying'], 'returning'],
    ['pay', ['held'], 'paying'],
    ['be-paid', ['paying'], 'paid'],
    ['be-returned', ['returning'], 'returned'],
  ])('lets it %s from %j', (command, allowed, to) => {
    for (const state of pledgeState.options) {
      if (allowed.includes(state)) expect(nextPledgeState(command, { state })).toBe(to);
      else
        expect(() => nextPledgeState(command, { state })).toThrow(
          expect.objectContaining({ code: 'invalid-state' }),
        );
    }
  });

  it('ends only where no money is on the way', () => {
    expect(pledgeState.options.filter((state) => waitingStates.has(state))).toEqual([
      'placing',
      'held',
      'paying',
      'returning',
    ]);
  });
});
