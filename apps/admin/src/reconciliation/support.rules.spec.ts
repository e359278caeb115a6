import type { AccountRef } from '@foodshed/contracts';
import { compareSupport, type SupportBooks } from './support.rules.js';

const account = (kind: AccountRef['owner']['kind'], id: string): AccountRef => ({
  owner: { kind, id },
  purpose: 'pending',
  currency: 'EUR',
});

/** A gift of 5.00 that is given, another that is being asked, and a pledge of 7.00 that is held. */
function books() {
  const gift = [
    { account: account('person', 'anna'), amountMinor: 500 },
    { account: account('enterprise', 'farm'), amountMinor: -500 },
  ];
  const held = [{ account: account('person', 'anna'), amountMinor: 700 }];
  return {
    expected: [
      { key: 'gift:1', totals: gift, isCertain: true },
      { key: 'gift:2', totals: gift, isCertain: false },
      { key: 'hold:3', totals: held, isCertain: true },
    ],
    booked: [
      { key: 'gift:1', totals: structuredClone(gift) },
      { key: 'hold:3', totals: structuredClone(held) },
    ],
  } satisfies SupportBooks;
}

describe('compareSupport', () => {
  it.each<[string, (all: ReturnType<typeof books>) => unknown, string[]]>([
    ['books that agree, also while a gift is being asked', () => undefined, []],
    [
      'a gift that is there before its service knows',
      (all) => all.booked.push({ ...all.booked[0]!, key: 'gift:2' }),
      [],
    ],
    ['a gift that is not in the ledger', (all) => all.booked.shift(), ['gift:1 is not in the ledger']],
    ['a hold that ended', (all) => all.booked.pop(), ['hold:3 is not in the ledger']],
    [
      'a hold that nobody asked for',
      (all) => all.expected.pop(),
      ['hold:3 is in the ledger, and nobody asked for it'],
    ],
    [
      'a cent too few for the receiver',
      (all) => (all.booked[0]!.totals[1]!.amountMinor += 1),
      ['gift:1 differs by 1 in pending EUR enterprise farm'],
    ],
    [
      'a gift that went to somebody else',
      (all) => (all.booked[0]!.totals[1]!.account = account('enterprise', 'mill')),
      [
        'gift:1 differs by -500 in pending EUR enterprise mill',
        'gift:1 differs by 500 in pending EUR enterprise farm',
      ],
    ],
  ])('finds what there is to find in %s', (_of, change, findings) => {
    const all = books();
    change(all);
    expect(compareSupport(all)).toEqual(findings);
  });
});
