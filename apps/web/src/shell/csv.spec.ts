import { csvOf, separatorOf } from './csv.js';

describe('a file for spreadsheets', () => {
  it('separates by what the reader’s numbers leave free', () => {
    expect(['en', 'de', 'fr', 'fr-CA', 'de-CH'].map(separatorOf)).toEqual([',', ';', ';', ';', ',']);
    expect(csvOf([['Apples', 1.5]], 'en')).toBe('\uFEFFApples,1.5\r\n');
    expect(csvOf([['Pommes', 1234.5]], 'fr')).toBe('\uFEFFPommes;1234,5\r\n');
  });

  it.each([
    ['=1+1', "'=1+1"],
    ['+49 30', "'+49 30"],
    ['-2', "'-2"],
    ['@name', "'@name"],
    ['\tx', "'\tx"],
    ['say "cheese"', '"say ""cheese"""'],
    ['a;b', '"a;b"'],
    ['two\nlines', '"two\nlines"'],
    ['1 - 2', '1 - 2'],
  ])('writes the text %j so that it stays text', (text, cell) => {
    expect(csvOf([[text]], 'de')).toBe(`\uFEFF${cell}\r\n`);
  });

  it('leaves numbers numbers', () => {
    expect(csvOf([[-3]], 'en')).toBe('\uFEFF-3\r\n');
  });
});
