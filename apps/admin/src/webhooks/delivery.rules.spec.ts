import { MOST_TRIES, outcomeOf, reasonOf, retryAfterMs, type Attempt } from './delivery.rules.js';

const now = new Date('2026-03-02T10:00:00.000Z');
const refused: Attempt = { status: 500, reason: 'refused-status', retryAfterMs: null };
const after = (attempt: Attempt, tries: number, chance = 0) => outcomeOf(attempt, { tries, now, chance });
const waitOf = (attempt: Attempt, tries: number, chance = 0): number => {
  const outcome = after(attempt, tries, chance);
  return outcome.state === 'waiting' ? (outcome.nextTryAt.getTime() - now.getTime()) / 1_000 : -1;
};

describe('A delivery that was not taken', () => {
  it('is tried ten times, within a little more than three days, and then given up', () => {
    const waits = Array.from({ length: MOST_TRIES - 1 }, (_, index) => waitOf(refused, index + 1));
    expect(waits).toEqual([5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400]);
    expect(waits.reduce((sum, each) => sum + each, 0) / 86_400).toBeCloseTo(3.15, 1);
    expect(after(refused, MOST_TRIES)).toEqual({ state: 'failed', because: 'gave-up' });
  });

  it('waits up to a tenth longer, by chance, and never shorter', () => {
    expect(waitOf(refused, 2, 0.5)).toBe(315);
    expect(waitOf(refused, 2, 0.999)).toBeLessThan(330);
  });

  it.each([
    ['a longer wait', 900, 900],
    ['a shorter wait', 10, 300],
    ['more than a day', 400_000, 86_400],
  ])('waits as its receiver asks: %s', (_case, asked, waits) => {
    expect(waitOf({ status: 429, reason: 'refused-status', retryAfterMs: asked * 1_000 }, 2)).toBe(waits);
  });

  it.each<[string, Attempt, string]>([
    ['is not tried again where nobody listens any more', { ...refused, status: 410 }, 'gone'],
    ['is never sent when it is too large', { ...refused, status: null, reason: 'too-large' }, 'too-large'],
  ])('%s', (_title, attempt, because) => {
    expect(after(attempt, 1)).toEqual({ state: 'failed', because });
  });
});

describe('The answer of a receiver', () => {
  it.each([
    [200, null],
    [204, null],
    [301, 'redirected'],
    [307, 'redirected'],
    [400, 'refused-status'],
    [503, 'refused-status'],
  ])('%i means %s', (status, reason) => {
    expect(reasonOf(status)).toBe(reason);
  });

  it.each([
    ['120', 120_000],
    ['Mon, 02 Mar 2026 10:01:00 GMT', 60_000],
    ['Mon, 02 Mar 2026 09:00:00 GMT', 0],
    ['soon', null],
    ['99999999999999999999', null],
    [undefined, null],
  ])('asks with Retry-After %s for %p ms', (header, ms) => {
    expect(retryAfterMs(header, now)).toBe(ms);
  });
});
