import { supplyState, type NewSupplyAgreement, type SupplySide, type SupplyState } from '@foodshed/contracts';
import { assertSupplySteps, moved, proposed, supplySteps, type AgreementRow } from './supply.rules.js';

const now = new Date('2026-05-04T08:00:00.000Z');
const made = { agreementId: 'a', personId: 'somebody', now };
const by = (...sides: SupplySide[]) => ({ sides, personId: 'somebody else', now });
const wanted = (proposedBy: SupplySide, pricesSetBy: SupplySide = 'producer'): NewSupplyAgreement => ({
  producerId: 'p',
  hubId: 'h',
  proposedBy,
  pricesSetBy,
});
const asked = proposed(undefined, wanted('hub'), made);
const agreement = (state: SupplyState): AgreementRow => {
  if (state === 'requested') return asked;
  if (state === 'offered') return proposed(undefined, wanted('producer'), made);
  if (state === 'ended') return moved(agreement('accepted'), 'ended', by('hub'));
  return moved(asked, state, by('producer'));
};

describe('a supply agreement', () => {
  it('is asked for by the hub and accepted by the producer, each of them remembered with the time', () => {
    expect(asked).toMatchObject({ state: 'requested', proposedBy: 'hub', answeredAt: null, version: 1 });
    expect(moved(asked, 'accepted', by('producer'))).toEqual({
      ...asked,
      state: 'accepted',
      answeredAt: now.toISOString(),
      answeredByPerson: 'somebody else',
      version: 2,
    });
  });

  // What each side may make of each state; everything else is refused.
  it.each<[SupplyState, Partial<Record<SupplySide, SupplyState[]>>]>([
    ['requested', { producer: ['accepted', 'declined'], hub: ['ended'] }],
    ['offered', { hub: ['accepted', 'declined'], producer: ['ended'] }],
    ['accepted', { producer: ['ended'], hub: ['ended'] }],
    ['declined', {}],
    ['ended', {}],
  ])('that is %s may become %j, and nothing else', (state, allowed) => {
    for (const side of ['producer', 'hub'] as const) {
      for (const to of ['accepted', 'declined', 'ended'] as const) {
        const move = () => moved(agreement(state), to, by(side));
        if (to === state) expect(move()).toEqual(agreement(state));
        else if (allowed[side]?.includes(to)) expect(move()).toMatchObject({ state: to });
        else expect(move).toThrow(expect.objectContaining({ code: expect.anything() as unknown }));
      }
    }
  });

  it('tells the wrong side that it is for the other, and both when it cannot be at all', () => {
    expect(() => moved(asked, 'accepted', by('hub'))).toThrow(expect.objectContaining({ code: 'forbidden' }));
    expect(() => moved(agreement('ended'), 'accepted', by('hub', 'producer'))).toThrow(
      expect.objectContaining({ code: 'invalid-state' }),
    );
  });

  it('names the side that ended it', () => {
    expect(moved(agreement('accepted'), 'ended', by('producer'))).toMatchObject({
      state: 'ended',
      endedBy: 'producer',
      endedAt: now.toISOString(),
      endedByPerson: 'somebody else',
    });
  });

  it.each(['declined', 'ended'] as const)('that was %s begins anew in the same row', (state) => {
    const again = proposed(agreement(state), wanted('producer', 'hub'), { ...made, agreementId: 'other' });
    expect(again).toEqual({
      ...proposed(undefined, wanted('producer', 'hub'), made),
      version: agreement(state).version + 1,
    });
  });

  it('that stands already on these terms is left as it is, and on others stands in the way', () => {
    const accepted = agreement('accepted');
    expect(proposed(asked, wanted('hub'), made)).toBe(asked);
    expect(proposed(accepted, wanted('producer'), made)).toBe(accepted);
    for (const [known, other] of [
      [asked, wanted('hub', 'hub')],
      [asked, wanted('producer')],
      [accepted, wanted('hub', 'hub')],
    ] as const) {
      expect(() => proposed(known, other, made)).toThrow(expect.objectContaining({ code: 'already-exists' }));
    }
  });
});

describe('the table of its steps', () => {
  it('is sound', () => expect(() => assertSupplySteps()).not.toThrow());

  it.each<[string, typeof supplySteps]>([
    ['no step leads to the supply state offered', supplySteps.filter(({ to }) => to !== 'offered')],
    [
      'no step leads out of the supply state accepted',
      supplySteps.map((step) => ({ ...step, from: step.from.filter((state) => state !== 'accepted') })),
    ],
    [
      'the supply step hub: accepted to ended is written twice',
      [...supplySteps, { by: 'hub', from: ['accepted'], to: 'ended' }],
    ],
    ['hub agrees with itself', [...supplySteps, { by: 'hub', from: ['requested'], to: 'accepted' }]],
  ])('is refused at boot when %s', (message, steps) => {
    expect(() => assertSupplySteps(steps)).toThrow(message);
  });

  it('knows every state', () => {
    expect(new Set(supplySteps.map(({ to }) => to))).toEqual(new Set(supplyState.options));
  });
});
