import { ApiError } from '../api/client.js';
import { refusalOf } from './ticks.js';

const refused = (status: number, ...paths: string[]) =>
  new ApiError(
    status,
    'not-found',
    '',
    paths.map((path) => ({ path, message: 'is wrong' })),
  );

describe('of a list of ticks that was refused', () => {
  it.each([
    ['the ones that were named are gone', refused(404, 'ticks.1.orderId'), ['unsaid', 'gone', 'unsaid']],
    [
      'a tick is not taken for another',
      refused(400, 'ticks.10.quantity', 'ticks.2'),
      ['unsaid', 'unsaid', 'gone'],
    ],
    ['none is sent for ever when none was named', refused(422), ['gone', 'gone', 'gone']],
    ['all say that one is no manager', refused(403), ['forbidden', 'forbidden', 'forbidden']],
  ])('%s', (_what, error, outcomes) => {
    expect(outcomes.map((_, index) => refusalOf(error, index))).toEqual(outcomes);
  });
});
