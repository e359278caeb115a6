import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AttributedSale, NetworkModel } from '@foodshed/contracts';
import { freeze } from '../splits/split.rules.js';
import { standingOf } from '../splits/standing.rules.js';
import { readModel } from './model-text.service.js';
import { NOBODY, saleIn } from './situation.rules.js';

const examples = join(__dirname, '../../examples');
const read = (name: string, currency = 'EUR', change = (text: string): string => text) =>
  readModel(change(readFileSync(join(examples, `${name}.yaml`), 'utf8')), currency);

interface Goods {
  grossMinor: number;
  netMinor: number;
  vatRateBps: number;
}

/** What each share gets and its VAT, in the model's order, then what the producer is paid. */
function divide(model: NetworkModel, goods: Goods, currency: string): number[] {
  const all = [{ ...goods, units: 1 }];
  const attributed: AttributedSale = saleIn(
    { monthsSince: null, buyer: 'person', method: 'bank-transfer' },
    { currency, goods: all },
  );
  const frozen = freeze({
    model,
    modelVersion: 1,
    instanceId: NOBODY,
    attributed,
    producerId: NOBODY,
    positionMinor: () => 0,
  });
  const { shares, residualMinor } = standingOf(NOBODY, currency, frozen, all);
  return [...shares.flatMap(({ amountMinor, vatMinor }) => [amountMinor, vatMinor]), residualMinor];
}

const net = (netMinor: number): Goods => ({ grossMinor: netMinor, netMinor, vatRateBps: 0 });

describe('The published host models', () => {
  test.each<[string, string, Goods, number[]]>([
    // 80 / 8.35 / 11.65
    ['la-ruche', 'EUR', net(10_000), [835, 0, 1_165, 0, 8_000]],
    ['la-ruche', 'EUR', net(2_345), [196, 0, 273, 0, 1_876]],
    // 81.65 / 8.35 / 8.1 / 1.9
    ['marktschwaermer', 'EUR', net(10_000), [835, 0, 810, 0, 190, 0, 8_165]],
    ['marktschwaermer', 'EUR', net(2_345), [196, 0, 190, 0, 45, 0, 1_914]],
    ['marktschwaermer', 'EUR', net(3_333), [278, 0, 270, 0, 63, 0, 2_722]],
    // 79.65 / 9.35 / 11
    ['marktschwaermer-guest', 'EUR', net(10_000), [935, 0, 1_100, 0, 7_965]],
    // 11.00 = 10.00 + 1.00 VAT; platform 1.30 + 0.29, host 1.20 + 0.26; the producer is paid 7.95.
    ['l-alveare', 'EUR', { grossMinor: 1_100, netMinor: 1_000, vatRateBps: 1_000 }, [130, 29, 120, 26, 795]],
    // 80 / 10 / 10 and 23 % on the platform's part.
    ['neighbourfood', 'EUR', net(10_000), [1_000, 230, 1_000, 0, 7_770]],
    ['ofn-norway', 'NOK', net(10_000), [200, 0, 9_800]],
  ])('%s divides in %s %j as published', (name, currency, goods, expected) => {
    const { model, problems } = read(name, currency);
    expect(problems).toEqual([]);
    expect(divide(model!, goods, currency)).toEqual(expected);
  });

  it('NeighbourFood’s host charges VAT when it is registered, and says why when it is not', () => {
    const registered = read('neighbourfood', 'EUR', (text) =>
      text.replace('registered: []', `registered: [${NOBODY}]`),
    );
    expect(divide(registered.model!, net(10_000), 'EUR')).toEqual([1_000, 230, 1_000, 230, 7_540]);
    const attributed = saleIn(
      { monthsSince: null, buyer: 'person', method: 'cash' },
      { currency: 'EUR', goods: [] },
    );
    const { model } = read('neighbourfood');
    const input = { model, modelVersion: 1, instanceId: NOBODY, attributed, producerId: NOBODY };
    expect(freeze({ ...input, positionMinor: () => 0 }).shares[1]?.vat).toEqual({
      treatment: 'outside-scope',
      rateBps: 0,
      country: 'IE',
      reason: 'the hub is not registered for VAT',
    });
  });
});
