import fc from 'fast-check';
import { parseCount, parseDay, parsePercent, parsePrice, parseText, parseYesNo } from './cell.rules.js';

const euros = { decimals: 2, max: 100_000_000 };

describe('a price in a cell', () => {
  it.each([
    ['2', 200],
    ['2.5', 250],
    ['2,50', 250],
    ['2.500', undefined],
    ['0.500', 50],
    ['1.234,50', 123_450],
    ['1,234.50', 123_450],
    ['1 234,50', 123_450],
    ["1'234.50", 123_450],
    ['1.234.567', 123_456_700],
    ['€ 2.50', 250],
    ['2,50 EUR', 250],
    ['£3', 300],
    [',5', 50],
    ['2.', 200],
  ])('%s is %s minor units', (text, minor) => {
    const parsed = parsePrice(text, { ...euros, max: 1_000_000_000 });
    expect('value' in parsed ? parsed.value : undefined).toBe(minor);
  });

  it.each([
    ['', 'is empty'],
    ['-1', 'must not be negative'],
    ['(3.00)', 'must not be negative'],
    ['two', 'is not a number: “two”'],
    ['1.2.3', 'is not clear: “1.2.3” may be read in two ways; write it without thousands separators'],
    ['1,234', 'is not clear: “1,234” may be read in two ways; write it without thousands separators'],
    ['2.345', 'is not clear: “2.345” may be read in two ways; write it without thousands separators'],
    ['0.345', 'has more than 2 decimals'],
    ['1000000.01', 'must be at most 1000000'],
    ['99999999999999999999', 'is too large'],
    ['1e3', 'is not a number: “1e3”'],
  ])('%s is refused: %s', (text, problem) => {
    expect(parsePrice(text, euros)).toEqual({ problem });
  });

  it('is the amount that was written, with a point or a comma', () => {
    fc.assert(
      fc.property(fc.nat(100_000_000), fc.constantFrom('.', ','), (minor, separator) => {
        const text = (minor / 100).toFixed(2).replace('.', separator);
        expect(parsePrice(text, euros)).toEqual({ value: minor });
      }),
    );
  });
});

describe('other cells', () => {
  it.each([
    ['100', 100],
    ['19.0', 19],
    ['0', 0],
  ])('%s on hand is %s', (text, count) => expect(parseCount(text, 1_000)).toEqual({ value: count }));

  it.each([
    ['1.5', 'must be a whole number'],
    ['1001', 'must be at most 1000'],
    ['-3', 'must not be negative'],
  ])('%s on hand is refused: %s', (text, problem) => expect(parseCount(text, 1_000)).toEqual({ problem }));

  it.each([
    ['6', 600],
    ['5,5', 550],
    ['19 %', 1_900],
  ])('%s of VAT is %s basis points', (text, bps) => expect(parsePercent(text)).toEqual({ value: bps }));

  it.each([
    ['1', true],
    ['TRUE', true],
    ['Yes', true],
    ['', false],
    ['0', false],
    ['no', false],
  ])('%s means %s', (text, value) => expect(parseYesNo(text)).toEqual({ value }));

  it.each([
    ['2026-05-31', '2026-05-31'],
    ['2022-07-27 01:59:03.412543', '2022-07-27'],
    ['31.5.2026', '2026-05-31'],
  ])('%s is the day %s', (text, value) => expect(parseDay(text)).toEqual({ value }));

  it.each(['31/05/2026', '2026-02-30', 'soon'])('%s is no day', (text) => {
    expect(parseDay(text)).toHaveProperty('problem');
  });
});

describe('a text in a cell', () => {
  it.each([
    ['  Carrots ', 'Carrots'],
    ['="00123"', '00123'],
    ['- washed -', '- washed -'],
    ['+ 20 % more', '+ 20 % more'],
  ])('%s is the text %s', (cell, value) => expect(parseText(cell, 50)).toEqual({ value }));

  it.each([
    ['=HYPERLINK("x")', /formula/],
    ['@SUM(A1)', /formula/],
    ["-cmd|' /C calc'!A1", /formula/],
    ['Caf\ufffd', /could not be read; save the file as UTF-8/],
    ['a\u0000b', /control characters/],
    ['x'.repeat(51), /longer than 50/],
  ])('%s is refused', (cell, problem) => {
    expect(parseText(cell, 50)).toEqual({ problem: expect.stringMatching(problem) as unknown });
  });
});
