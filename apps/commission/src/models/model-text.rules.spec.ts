import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { tooMuchToRead } from './model-text.rules.js';
import { readModel } from './model-text.service.js';

const demo = readFileSync(join(__dirname, '../../../../tools/demo/network-model.yaml'), 'utf8');

describe('a text that would stop the service', () => {
  const nested: [string, string][] = [
    ['brackets', '['.repeat(100_000)],
    ['braces that close', '{a: '.repeat(5_000) + '}'.repeat(5_000)],
    ['brackets over many lines', '[\n'.repeat(5_000)],
    ['lists in lists', `a: 1\n${'- '.repeat(5_000)}a`],
    ['keys of keys', '? '.repeat(5_000)],
    ['indentation', Array.from({ length: 300 }, (_, depth) => `${' '.repeat(depth)}a:`).join('\n')],
    ['length', Array.from({ length: 15_000 }, (_, index) => `k${index}: 1`).join('\n')],
  ];
  it.each(nested)('by its %s is not given to the parser', (_by, source) => {
    const began = performance.now();
    const { model, problems } = readModel(source, 'EUR');
    expect(model).toBeNull();
    expect(problems).toEqual([expect.objectContaining({ path: '', severity: 'error' })]);
    expect(problems[0]?.message).toMatch(/nested deeper|is longer/);
    expect(performance.now() - began).toBeLessThan(200);
  });

  it('names the line', () => {
    expect(tooMuchToRead(`name: a\n\nb: ${'['.repeat(33)}`)).toMatchObject({ line: 3 });
  });

  it('is not the model of the demo network, nor one whose prose has brackets', () => {
    expect(tooMuchToRead(demo)).toBeNull();
    expect(tooMuchToRead(`${demo}\n# see [1], [2] and {3}; a smile :-[\n`.repeat(3))).toBeNull();
  });
});
