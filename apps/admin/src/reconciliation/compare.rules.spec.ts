import type { AccountRef } from '@foodshed/contracts';
import { compareBooks } from './compare.rules.js';

const currency = 'EUR';
const account = (
  purpose: AccountRef['purpose'],
  kind: AccountRef['owner']['kind'],
  id: string,
): AccountRef => ({ owner: { kind, id }, purpose, currency });

/** One paid order: 23.45 of a producer, 1.96 of it to a hub's managers 60/40, 1.00 hub fee, 0.50 too much paid. */
function books() {
  return {
    sales: [
      {
        orderId: 'order',
        captureId: 'capture',
        version: 1,
        currency,
        holder: { kind: 'hub-till' as const, hubId: 'hub' },
        amountMinor: 2_445,
        surplusMinor: 50,
        hubFeeMinor: 100,
        producers: [{ producerId: 'farm', grossMinor: 2_345 }],
      },
    ],
    splits: [
      {
        orderId: 'order',
        captureId: 'capture',
        version: 1,
        currency,
        standing: {
          producerId: 'farm',
          grossMinor: 2_345,
          netMinor: 2_345,
          residualMinor: 2_112,
          shares: [
            {
              shareId: 'referral',
              functionId: 'recruiting',
              isPlatform: false,
              amountMinor: 196,
              vatMinor: 37,
              payees: [
                { account: account('pending', 'person', 'anna'), amountMinor: 118 },
                { account: account('pending', 'person', 'ben'), amountMinor: 78 },
              ],
            },
          ],
        },
      },
    ],
    totals: [
      {
        orderId: 'order',
        totals: [
          { account: account('till', 'enterprise', 'hub'), amountMinor: 2_495 },
          { account: account('pending', 'enterprise', 'farm'), amountMinor: -2_112 },
          { account: account('pending', 'person', 'anna'), amountMinor: -118 - 22 },
          { account: account('pending', 'person', 'ben'), amountMinor: -78 - 15 },
          { account: account('pending', 'enterprise', 'hub'), amountMinor: -100 },
          { account: account('buyer-credit', 'person', 'carla'), amountMinor: -50 },
        ],
      },
    ],
  };
}

const changed = (change: (all: ReturnType<typeof books>) => void) => {
  const all = books();
  change(all);
  return compareBooks(all);
};

describe('reconciling orders, commission and ledger', () => {
  it('finds nothing when the three agree to the cent', () => {
    expect(compareBooks(books())).toEqual([]);
  });

  it.each<[string, (all: ReturnType<typeof books>) => void, RegExp[]]>([
    [
      'a sale that was not posted',
      (all) => all.totals.pop(),
      [
        /-2495 in till/,
        /2112 in pending EUR enterprise farm/,
        /140 .* anna/,
        /93 .* ben/,
        /lacks -100 in pending/,
        /lacks -50 in buyer-credit/,
      ],
    ],
    [
      'a sale that was not split',
      (all) => all.splits.pop(),
      [/commission has not split it/, /-2112 in pending EUR enterprise farm/, /-140 .* anna/, /-93 .* ben/],
    ],
    [
      'a cent too many',
      (all) => (all.totals[0]!.totals[2]!.amountMinor -= 1),
      [/does not sum to zero in the ledger: -1/, /differs by -1 in pending EUR person anna/],
    ],
    [
      'a cent that went to the other manager',
      (all) => ((all.totals[0]!.totals[2]!.amountMinor -= 1), (all.totals[0]!.totals[3]!.amountMinor += 1)),
      [/differs by -1 .* anna/, /differs by 1 .* ben/],
    ],
    [
      'a refund that commission has not seen',
      (all) => (all.sales[0]!.version = 2),
      [/at version 2, and commission split version 1/],
    ],
    [
      'another amount of goods',
      (all) => (all.sales[0]!.producers[0]!.grossMinor = 2_346),
      [/has 2346 of producer farm, and commission split 2345/],
    ],
  ])('finds %s', (_title, change, findings) => {
    const found = changed(change);
    expect(found).toHaveLength(findings.length);
    for (const finding of findings) expect(found.join('\n')).toMatch(finding);
  });

  it('finds nothing about an order that was refunded whole', () => {
    const found = changed((all) => {
      Object.assign(all.sales[0]!, { amountMinor: 0, surplusMinor: 0, hubFeeMinor: 0, producers: [] });
      Object.assign(all.splits[0]!.standing, { grossMinor: 0, residualMinor: 0, shares: [] });
      for (const total of all.totals[0]!.totals) total.amountMinor = 0;
    });
    expect(found).toEqual([]);
  });
});
