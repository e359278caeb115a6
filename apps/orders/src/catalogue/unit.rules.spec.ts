import type { VariantUnit } from '@foodshed/contracts';
import { nameKey, searchPattern, searchText, unitKey } from './key.rules.js';
import { measuredUnit, scaleOf, unitLabel, unitMeasure, unitOfText } from './unit.rules.js';

const weight = (amount: string, scale: 'g' | 'kg' | 'lb' | 'oz' | 't'): VariantUnit => ({
  kind: 'weight',
  amount,
  scale,
});
const volume = (amount: string, scale: 'mL' | 'cL' | 'L' | 'gal'): VariantUnit => ({
  kind: 'volume',
  amount,
  scale,
});
const items = (amount: string, name: string): VariantUnit => ({ kind: 'items', amount, name });

describe('units', () => {
  it.each([
    [weight('1', 'kg'), '1 kg'],
    [weight('1.500', 'kg'), '1.5 kg'],
    [volume('750', 'mL'), '750 mL'],
    [items('1', 'bunch'), 'bunch'],
    [items('6', 'eggs'), '6 eggs'],
  ])('%j reads %s', (unit, label) => expect(unitLabel({ displayName: '', unit })).toBe(label));

  it('are read after the display name', () => {
    expect(unitLabel({ displayName: 'Bintje', unit: weight('2', 'kg') })).toBe('Bintje, 2 kg');
  });

  it.each([
    [weight('1', 'kg'), weight('1000', 'g')],
    [weight('0.001', 't'), weight('1', 'kg')],
    [weight('16', 'oz'), weight('1', 'lb')],
    [volume('0.75', 'L'), volume('75', 'cL')],
  ])('%j and %j are the same', (one, other) => expect(unitMeasure(one)).toBe(unitMeasure(other)));

  it('of different kinds never meet', () => {
    const keys = [weight('1', 'kg'), volume('1', 'kL' as 'L'), items('1', 'kg')].map((unit) =>
      unitKey({ displayName: '', unit }),
    );
    expect(new Set(keys).size).toBe(3);
  });

  it.each([
    ['KG', 'kg'],
    ['ml', 'mL'],
    ['T', 't'],
    ['Litre', 'L'],
    ['bunch', undefined],
  ])('the spelling %s means %s', (spelling, scale) => expect(scaleOf(spelling)).toBe(scale));

  it.each([
    ['500 g', weight('500', 'g')],
    ['100g', weight('100', 'g')],
    ['kg', weight('1', 'kg')],
    ['1,5 L', volume('1.5', 'L')],
    ['4x250ml', items('1', '4x250ml')],
    ['10 Piece', items('10', 'Piece')],
    ['bunch', items('1', 'bunch')],
  ])('the text %s is %j', (text, value) => expect(unitOfText(text)).toEqual({ value }));

  it.each(['0', '-1', '', '1,500', 'some'])('%s kg is refused', (amount) => {
    expect(measuredUnit(amount, 'kg')).toHaveProperty('problem');
  });
});

describe('names', () => {
  it.each([
    ['  Red   Carrots', 'red carrots'],
    ['ＡＢＣ', 'abc'],
  ])('%s is compared as %s', (name, key) => expect(nameKey(name)).toBe(key));

  it('with other accents are different, and found alike', () => {
    expect(nameKey('Pâte')).not.toBe(nameKey('Pate'));
    expect(searchText('Pâté Bœuf')).toBe('pate bœuf');
  });

  it('are searched with wildcards as plain characters', () => {
    expect(searchPattern('100 % _raw')).toBe('%100 \\% \\_raw%');
  });
});
