import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot } from '@foodshed/testing';
import { readModel } from './model-text.service.js';
import { valueFlowsOf } from './value-flows.rules.js';

const source = readFileSync(join(repositoryRoot(), 'tools/demo/network-model.yaml'), 'utf8');
const document = valueFlowsOf(readModel(source, 'EUR').model!);
const graph = document['@graph'] as Record<string, unknown>[];

/** Every key and type below the context. */
function termsOf(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(termsOf);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => [
    ...(key.startsWith('@') ? [] : [key]),
    ...(key === '@type' || key === 'action' || key === 'purpose' ? [String(inner)] : []),
    ...termsOf(inner),
  ]);
}

describe('A model in the words of ValueFlows', () => {
  it('has its functions, flows and shares, and names nothing that is not there', () => {
    const ids = new Set(graph.map((node) => node['@id']));
    expect([...ids]).toEqual(
      expect.arrayContaining(['#function-producing', '#flow-commission', '#share-platform-1']),
    );
    const references = graph.flatMap((node) => [
      ...['provider', 'receiver', 'recipeReciprocalClauseOf'].map((key) => node[key]),
      ...((node['inScopeOf'] as string[] | undefined) ?? []),
    ]);
    for (const reference of references.filter((each) => each !== undefined)) expect(ids).toContain(reference);
    expect(graph.find((node) => node['@id'] === '#share-referral-1')).toMatchObject({
      resourceQuantity: { hasNumericalValue: '8.35', hasUnit: '#percent' },
    });
  });

  it('uses terms that the vocabulary has', () => {
    const vocabulary = join(repositoryRoot(), '../shared/data/valueflows/all_vf.TTL');
    if (!existsSync(vocabulary)) {
      process.stderr.write('Not tested: ValueFlows’ terms, as ../shared/data/valueflows is not here.\n');
      return;
    }
    const known = new Set(
      [...readFileSync(vocabulary, 'utf8').matchAll(/^vf:(\w+)/gm)].map(([, term]) => term),
    );
    expect([...new Set(termsOf(graph))].filter((term) => !known.has(term))).toEqual([]);
  });
});
