import { readFileSync } from 'node:fs';
import { networkModel, type NetworkModel } from '@foodshed/contracts';
import { parse } from 'yaml';
import { examplesOf } from './example.rules.js';

const demo = networkModel.parse(parse(readFileSync('tools/demo/network-model.yaml', 'utf8')));
const partsOf = (model: NetworkModel, currency = 'EUR') =>
  examplesOf({ model, currency }).map(({ situation, parts }) => [
    situation,
    parts.map(({ payee, amountMinor }) => [payee ?? 'producer', amountMinor]),
  ]);

describe('examplesOf', () => {
  it('says who gets what of 10.00 in each situation that differs', () => {
    expect(partsOf(demo)).toEqual([
      [
        'brought-by-hub',
        [
          ['producer', 816],
          ['referring-hub-managers', 84],
          ['administration', 81],
          ['payment-costs', 19],
        ],
      ],
      [
        'brought-by-nobody',
        [
          ['producer', 900],
          ['administration', 81],
          ['payment-costs', 19],
        ],
      ],
      [
        'paid-in-cash',
        [
          ['producer', 835],
          ['referring-hub-managers', 84],
          ['administration', 81],
        ],
      ],
    ]);
  });

  it.each([
    ['EUR', 1_000],
    ['JPY', 1_000],
    ['KWD', 10_000],
  ])('divides a round amount of %s without losing a unit', (currency, totalMinor) => {
    for (const example of examplesOf({ model: demo, currency })) {
      expect(example.totalMinor).toBe(totalMinor);
      expect(example.parts.reduce((sum, { amountMinor }) => sum + amountMinor, 0)).toBe(totalMinor);
    }
  });

  it('says once what is the same in every situation, VAT on a share with it', () => {
    const [share] = demo.splits['paid-sale'].shares.filter(({ payee }) => payee === 'administration');
    const vat = { treatment: 'standard' as const, rate: '20 %', country: 'FR' };
    const alone = {
      ...demo,
      splits: { 'paid-sale': { residual: 'producer' as const, shares: [{ ...share!, vat }] } },
    };
    expect(partsOf(alone)).toEqual([
      [
        'brought-by-hub',
        [
          ['producer', 903],
          ['administration', 97],
        ],
      ],
    ]);
  });
});
