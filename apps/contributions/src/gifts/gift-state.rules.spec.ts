import { giftState, type GiftState } from '@foodshed/contracts';
import {
  assertGiftSteps,
  firstState,
  giftSteps,
  nextGiftState,
  type GiftCommand,
} from './gift-state.rules.js';

describe('what may become of a gift', () => {
  it('is a table without faults', () => {
    expect(() => assertGiftSteps()).not.toThrow();
  });

  it.each<[string, string, Record<string, unknown>]>([
    ['a state that nothing leads to', 'no step leads to the gift state withdrawn', { withdraw: undefined }],
    ['a gift that is taken back', 'withdraw takes back', { withdraw: { from: ['given'], to: 'withdrawn' } }],
    ['a step that can never be done', 'receive can never be done', { receive: { from: [], to: 'posting' } }],
    [
      'money that is asked for and never given',
      'what is asked of the ledger is never given',
      { post: { from: ['refused'], to: 'given' } },
    ],
  ])('is refused at boot with %s', (_, message, change) => {
    const changed = Object.entries({ ...giftSteps, ...change }).filter(([, step]) => step !== undefined);
    expect(() => assertGiftSteps(Object.fromEntries(changed) as typeof giftSteps)).toThrow(message);
  });

  it('begins with a promise where money must still come, and with the ledger where it is there', () => {
    expect((['balance', 'administration', 'transfer', 'cash'] as const).map(firstState)).toEqual([
      'posting',
      'posting',
      'promised',
      'promised',
    ]);
  });

  it('is only what the table says, state by state', () => {
    const done: string[] = [];
    for (const command of Object.keys(giftSteps) as GiftCommand[])
      for (const state of giftState.options as GiftState[]) {
        try {
          done.push(`${state} ${command} ${nextGiftState(command, { state })}`);
        } catch (error) {
          expect(error).toMatchObject({ code: 'invalid-state', options: { state } });
        }
      }
    expect(done).toEqual([
      'promised receive posting',
      'posting post given',
      'refused post given',
      'posting be-refused refused',
      'promised withdraw withdrawn',
    ]);
  });
});
