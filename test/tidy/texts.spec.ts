import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repositorySources } from './sources.js';
import {
  carelessFrench,
  flatten,
  type Texts,
  unsaidSentences,
  unusedKeys,
  wrongGaps,
  wrongKeys,
} from './texts.js';

const SOURCES = join(__dirname, '../../apps/web/src');
const read = (file: string): string => readFileSync(join(SOURCES, file), 'utf8');
const textsIn = (language: string) => flatten(JSON.parse(read(`text/${language}.json`)) as Texts);
const english = textsIn('en');
const others = readdirSync(join(SOURCES, 'text'))
  .filter((file) => file.endsWith('.json') && file !== 'en.json')
  .map((file) => file.replace('.json', ''));

describe('the texts of the pages', () => {
  it.each(others)('are complete in %s', (language) => {
    expect(wrongKeys(english, textsIn(language), language)).toEqual({ missing: [], tooMuch: [] });
  });

  it.each(others)('have the same gaps to be filled in in %s', (language) => {
    expect(wrongGaps(english, textsIn(language))).toEqual([]);
  });

  it('are all said by a page', () => {
    const code = readdirSync(SOURCES, { recursive: true, encoding: 'utf8' })
      .filter((file) => /\.tsx?$/.test(file) && !file.endsWith('.spec.ts'))
      .map(read);
    expect(unusedKeys(english, code.join('\n'))).toEqual([]);
  });

  it('are set as French is', () => {
    expect(carelessFrench(textsIn('fr'))).toEqual([]);
    expect(carelessFrench(textsIn('said/fr'))).toEqual([]);
  });

  it('translate only what a service says', () => {
    const { ours } = JSON.parse(read('text/said/fr.json')) as { ours: Record<string, string> };
    const services = repositorySources().filter(({ path }) => /^(apps|libs)\/(?!web\/).*\.ts$/.test(path));
    expect(unsaidSentences(ours, services.map(({ text }) => text).join('\n'))).toEqual([]);
  });
});

describe('the rules of texts, broken on purpose', () => {
  const sample = flatten({
    shop: { title: 'Shop', left_one: '{{count}} left', left_other: '{{count}} left' },
  });

  it('find what is missing, too much or empty, by the plural forms of the language', () => {
    const french = flatten({
      shop: { title: ' ', left_one: '{{count}}', left_other: '{{count}}', more: 'Plus' },
    });
    expect(wrongKeys(sample, french, 'fr')).toEqual({
      missing: ['shop.title', 'shop.left_many'],
      tooMuch: ['shop.more'],
    });
  });

  it('find a gap that is lost or made up', () => {
    const french = flatten({ shop: { title: 'Chez {{name}}', left_one: 'un seul', left_many: 'beaucoup' } });
    expect(wrongGaps(sample, french)).toEqual(['shop.title', 'shop.left_many']);
  });

  it('find what no page says', () => {
    expect(unusedKeys(sample, "t('shop.title')")).toEqual(['shop.left']);
    expect(unusedKeys(sample, 't(`shop.${isOpen ? a : b}`)')).toEqual([]);
    expect(unusedKeys(sample, 't(`shops.${kind}`)')).toEqual(['shop.title', 'shop.left']);
  });

  it('find a sentence that no service says', () => {
    const code = 'error(`must be within ${DAYS} days`); error("is required")';
    const sentences = { 'must be within {{days}} days': '', 'is required': '', 'is {{days}} days': '' };
    expect(unsaidSentences(sentences, code)).toEqual(['is {{days}} days']);
  });

  it('find typewriter French', () => {
    const texts = flatten({ a: "l'heure", b: 'Vraiment?', c: '"oui"', d: 'l’heure, « oui » !' });
    expect(carelessFrench(texts)).toEqual(['a', 'b', 'c']);
  });
});
