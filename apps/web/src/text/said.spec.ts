import { learnSentences, said } from './said.js';

describe('a sentence of a service', () => {
  beforeAll(() =>
    learnSentences({
      ours: {
        'There is no such order.': 'Cette commande n’existe pas.',
        'The field {{field}} {{message}}.': 'Le champ {{field}} {{message}}.',
        'is required': 'est obligatoire',
      },
      composed: {
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

  it('is put together from parts', () => {
    learnSentences({
      ours: {},
      composed: {
        '{{left}} = {{right}}': '{{left}} = {{right}}',
        '{{rate}} % of {{whole}} ({{bounds}})': '{{rate}} % de {{whole}} ({{bounds}})',
        'at most {{most}}': 'au plus {{most}}',
      },
    });
    expect(said('5 % of 1200.00 EUR (at most 20.00 EUR) = 20.00 EUR')).toBe(
      '5 % de 1200.00 EUR (au plus 20.00 EUR) = 20.00 EUR',
    );
  });
});
