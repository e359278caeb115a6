import type { ProblemCode } from '@foodshed/contracts';
import { ApiError } from './client.js';
import { isUndecided } from './idempotency.js';

const refused = (status: number, code: ProblemCode | 'offline') => new ApiError(status, code, '');

describe('whether a request may have been done', () => {
  it.each([
    ['without an answer', refused(0, 'offline')],
    ['after its time was over', refused(504, 'timed-out')],
    ['with a fault of the server', refused(500, 'internal-error')],
    ['while an earlier press is still running', refused(409, 'request-in-progress')],
    ['once the session has ended', refused(401, 'unauthenticated')],
    ['from what was taken for another site', refused(403, 'csrf-refused')],
    ['too often', refused(429, 'rate-limited')],
    ['that failed here', new TypeError('of the program')],
  ])('is not known of one %s, so its key stays', (_what, error) => {
    expect(isUndecided(error)).toBe(true);
  });

  it.each([
    ['that was done', null],
    ['whose fields are wrong', refused(400, 'invalid-input')],
    ['that somebody may not make', refused(403, 'forbidden')],
    ['that came too late', refused(409, 'invalid-state')],
    ['whose key stands for something else', refused(422, 'idempotency-key-reused')],
  ])('is known of one %s, so the next begins anew', (_what, error) => {
    expect(isUndecided(error)).toBe(false);
  });
});
