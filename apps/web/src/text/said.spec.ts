import { learnSentences, said } from './said.js';

describe('a sentence of a service', () => {
  beforeAll(() =>
    learnSentences({
      ours: {
        'There is no such order.': 'Cette commande n’existe pas.',
        'The field {{field}} {{message}}.': 'Le champ {{field}} {{message}}.',
        'is required': 'est obligatoire',
      },
      ofFields: {
        'Too small: expected string to have >={{least}} characters': 'au moins {{least}} caractères',
      },
    }),
  );
  afterAll(() => learnSentences(undefined));

  it.each([
    ['There is no such order.', 'Cette commande n’existe pas.'],
    ['The field name is required.', 'Le champ name est obligatoire.'],
    ['Too small: expected string to have >=10 characters', 'au moins 10 caractères'],
    ['Nobody has translated this yet.', 'Nobody has translated this yet.'],
  ])('%s is said as %s', (english, french) => {
    expect(said(english)).toBe(french);
  });

  it('stays English where no sentences were learnt', () => {
    learnSentences(undefined);
    expect(said('There is no such order.')).toBe('There is no such order.');
  });
});
