import { chooseLanguage, localeOf } from './languages.js';
import { withFrenchSpaces } from './typography.js';

describe('the language of a reader', () => {
  it.each([
    [['fr-CA', 'en'], 'fr'],
    [[null, 'de-AT', 'EN-us'], 'en'],
    [['de', 'pt-PT'], undefined],
    [[], undefined],
  ])('is the first of %j that there is: %s', (wished, language) => {
    expect(chooseLanguage(wished)).toBe(language);
  });

  it('is written as in their region, where their browser names it', () => {
    expect(localeOf('en', ['fr', 'en-GB', 'en'])).toBe('en-GB');
    expect(localeOf('fr', ['en-GB', 'en'])).toBe('fr');
  });
});

describe('French typography', () => {
  it('sets the spaces that belong before high punctuation and inside guillemets, and they do not break', () => {
    expect(withFrenchSpaces({ text: 'Vraiment ? « Oui » : 10 %' })).toEqual({
      text: 'Vraiment\u202f? «\u00a0Oui\u00a0»\u00a0: 10\u202f%',
    });
  });
});
