import { pitchState, type PitchState } from '@foodshed/contracts';
import {
  assertPitchSteps,
  pitchSteps,
  requirePitchStep,
  stepByItself,
  type PitchCommand,
} from './pitch-state.rules.js';

const times = {
  fundUntil: '2026-11-10T00:00:00.000Z',
  deliverBy: '2026-12-10T00:00:00.000Z',
  reviewUntil: '2026-12-20T00:00:00.000Z',
};

describe('what may become of a pitch', () => {
  it('is a table without faults', () => {
    expect(() => assertPitchSteps()).not.toThrow();
  });

  it.each<[string, string, Record<string, unknown>]>([
    ['a state that nothing leads to', 'no step leads to the pitch state delivered', { deliver: undefined }],
    ['a way out of an end', 'pay leads out of an end', { pay: { from: ['paid'], to: 'paid' } }],
    [
      'a failure without a reason',
      'refuse fails without a reason',
      { refuse: { from: ['delivered'], to: 'failed' } },
    ],
    ['a step from nowhere', 'fund can never be done', { fund: { from: [], to: 'funded' } }],
    [
      'two times to wait for',
      'funded waits for more than one time',
      { deliver: { from: ['funded'], to: 'delivered', at: 'fundUntil' } },
    ],
    [
      'a state that is left by nothing',
      'nothing leads out of the state failed',
      { 'give-back': { from: ['accepted'], to: 'refunded' } },
    ],
  ])('is refused at boot with %s', (_, message, change) => {
    const changed = Object.entries({ ...pitchSteps, ...change }).filter(([, step]) => step !== undefined);
    expect(() => assertPitchSteps(Object.fromEntries(changed) as typeof pitchSteps)).toThrow(message);
  });

  it.each<[PitchCommand, PitchState[]]>([
    ['fund', ['open']],
    ['deliver', ['funded']],
    ['accept', ['delivered']],
    ['withdraw', ['open', 'funded', 'delivered']],
    ['pay', ['accepted']],
  ])('allows to %s when it is %j, and never else', (command, allowed) => {
    for (const state of pitchState.options) {
      const attempt = () => requirePitchStep(command, { state });
      if (allowed.includes(state)) expect(attempt).not.toThrow();
      else expect(attempt).toThrow(expect.objectContaining({ code: 'invalid-state' }));
    }
  });

  it.each<[PitchState, [PitchCommand, string] | null]>([
    ['open', ['miss-goal', times.fundUntil]],
    ['funded', ['be-late', times.deliverBy]],
    ['delivered', ['accept-in-silence', times.reviewUntil]],
    ['accepted', null],
    ['paid', null],
    ['failed', null],
    ['refunded', null],
  ])('happens to one that is %s by itself: %j', (state, expected) => {
    const step = stepByItself({ ...times, state });
    expect(step && [step.command, step.at]).toEqual(expected);
  });
});
