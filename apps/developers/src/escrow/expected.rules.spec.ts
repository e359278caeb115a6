import type { PledgeState } from '@foodshed/contracts';
import { expectedOfPayout, expectedOfPledge } from './expected.rules.js';

const pledge = {
  instanceId: 'net',
  pledgeId: 'p',
  pitchId: 'pitch',
  funder: { kind: 'person' as const, id: 'anna' },
  source: 'balance' as const,
  currency: 'EUR',
  escrowMinor: 700,
  receivedMinor: null,
  receivedAt: null,
  holder: null,
};
const told = (state: PledgeState, change: object = {}) =>
  expectedOfPledge({ ...pledge, state, ...change }).map(
    ({ key, totals, isCertain }) =>
      `${key}${isCertain ? '' : '?'} ${totals.map(({ account, amountMinor }) => `${account.owner.id} ${amountMinor}`).join(', ')}`,
  );

describe('what the ledger should have', () => {
  it.each<[PledgeState, string[]]>([
    ['promised', []],
    ['placing', ['hold:p? anna 700']],
    ['held', ['hold:p anna 700']],
    ['paying', ['hold:p? anna 700', 'hold-resolution:p? anna 700, pitch -700']],
    ['paid', ['hold-resolution:p anna 700, pitch -700']],
    ['returning', ['hold:p? anna 700']],
    ['returned', []],
    ['refused', []],
  ])('of a pledge that is %s', (state, expected) => {
    expect(told(state)).toEqual(expected);
  });

  it('of a transfer is what came, whatever is held of it', () => {
    const came = { source: 'transfer', receivedMinor: 900, receivedAt: 'now', holder: 'instance-bank' };
    expect(told('placing', { ...came, escrowMinor: 0 })).toEqual(['pledge-receipt:p? net 900, anna -900']);
    expect(told('returned', came)).toEqual(['pledge-receipt:p net 900, anna -900']);
    expect(told('held', came)).toEqual(['pledge-receipt:p net 900, anna -900', 'hold:p anna 700']);
  });

  it.each([true, false])(
    'of a payout is all of it and each part, for certain once it is confirmed: %s',
    (isPaid) => {
      const parts = [
        { kind: 'person' as const, payeeId: 'bela', amountMinor: 500 },
        { kind: 'enterprise' as const, payeeId: 'mill', amountMinor: 200 },
      ];
      const [booking, ...others] = expectedOfPayout({
        ...{ payoutId: 'o', pitchId: 'pitch', currency: 'EUR', totalMinor: 700, parts, isPaid },
      });
      expect(others).toEqual([]);
      expect([booking!.key, booking!.isCertain]).toEqual(['pitch-payout:o', isPaid]);
      expect(
        booking!.totals.map(({ account, amountMinor }) => [account.owner, account.purpose, amountMinor]),
      ).toEqual([
        [{ kind: 'pitch', id: 'pitch' }, 'pending', 700],
        [{ kind: 'person', id: 'bela' }, 'pending', -500],
        [{ kind: 'enterprise', id: 'mill' }, 'pending', -200],
      ]);
    },
  );
});
