import { newCycle, type CycleChanges } from '@foodshed/contracts';
import { changedCycle, cycleOf, cycleStateAt, requireTimes } from './cycle.rules.js';

const at = (time: string) => new Date(`2026-05-${time}.000Z`);
const opensAt = at('04T08:00:00').toISOString();
const closesAt = at('06T18:00:00').toISOString();
const wanted = newCycle.parse({
  name: 'Week 19',
  opensAt,
  closesAt,
  handover: { kind: 'pickup', place: 'The mill', times: 'Friday 16:00' },
});
const ids = { cycleId: 'c', hubId: 'h', currency: 'EUR', timeZone: 'Europe/Berlin' };
const cycle = cycleOf(wanted, ids, at('01T00:00:00'));

describe('an order cycle', () => {
  it.each([
    ['04T07:59:59', 'scheduled'],
    ['04T08:00:00', 'open'],
    ['06T17:59:59', 'open'],
    ['06T18:00:00', 'closed'],
    ['09T00:00:00', 'closed'],
  ])('at %s is %s', (time, state) => expect(cycleStateAt({ opensAt, closesAt }, at(time))).toBe(state));

  it.each([
    [{ opensAt, closesAt: opensAt }, 'must be after opensAt'],
    [
      { opensAt: at('01T00:00:00').toISOString(), closesAt: at('02T00:00:00').toISOString() },
      'must be in the future',
    ],
    [{ opensAt, closesAt: '2027-06-01T00:00:00.000Z' }, 'must be within 366 days of opensAt'],
  ])('with the times %j is refused: closesAt %s', (times, message) => {
    expect(() => requireTimes(times, at('03T00:00:00'))).toThrow(
      expect.objectContaining({
        options: expect.objectContaining({ fields: [{ path: 'closesAt', message }] }) as unknown,
      }),
    );
  });

  it.each<[string, CycleChanges]>([
    ['01T00:00:00', { hubFeeBps: 500, opensAt: at('05T00:00:00').toISOString() }],
    ['05T00:00:00', { closesAt: at('07T00:00:00').toISOString(), name: 'Week 19, longer' }],
    ['07T00:00:00', { handover: { ...cycle.handover, times: 'Saturday 10:00' } }],
  ])('may change at %s: %j', (time, changes) => {
    expect(changedCycle(cycle, changes, at(time))).toEqual({ ...cycle, ...changes });
  });

  it.each<[string, CycleChanges, string]>([
    ['05T00:00:00', { hubFeeBps: 500 }, 'invalid-state'],
    ['05T00:00:00', { opensAt }, 'invalid-state'],
    ['01T00:00:00', { closeNow: true }, 'invalid-state'],
    ['07T00:00:00', { closesAt: at('09T00:00:00').toISOString() }, 'cycle-closed'],
    ['05T00:00:00', { closesAt: at('04T09:00:00').toISOString() }, 'invalid-input'],
  ])('may not change at %s: %j', (time, changes, code) => {
    expect(() => changedCycle(cycle, changes, at(time))).toThrow(expect.objectContaining({ code }));
  });

  it('closes at once when its hub says so', () => {
    const changed = changedCycle(cycle, { closeNow: true }, at('05T00:00:00'));
    expect(cycleStateAt(changed, at('05T00:00:00'))).toBe('closed');
  });
});
