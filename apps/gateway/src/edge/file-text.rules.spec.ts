import { DomainError } from '@foodshed/contracts';
import { textOfFile } from './file-text.rules.js';

describe('the text of a file', () => {
  it.each([
    [Buffer.from('name\nCafé'), 'text/csv', 'name\nCafé'],
    [Buffer.from('\ufeffname'), 'text/csv', 'name'],
    [Buffer.from('\ufeffname\nCafé', 'utf16le'), 'text/csv', 'name\nCafé'],
    [Buffer.from('Café', 'latin1'), 'text/csv; charset=windows-1252', 'Café'],
    [Buffer.from('Café', 'latin1'), 'text/csv; charset="ISO-8859-1"', 'Café'],
    [Buffer.from('Café', 'latin1'), 'text/csv', 'Caf\ufffd'],
    [Buffer.alloc(0), undefined, ''],
  ])('%# is read as it was written', (file, contentType, text) => {
    expect(textOfFile(file, contentType)).toBe(text);
  });

  it('in a charset nobody knows is refused', () => {
    expect(() => textOfFile(Buffer.from('x'), 'text/csv; charset=klingon')).toThrow(DomainError);
  });
});
