import { networkModel } from '@foodshed/contracts';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { functionsOf, modelAt } from './model.rules.js';
import { readModel } from './model-text.service.js';

const root = join(__dirname, '../../../..');
const demo = readFileSync(join(root, 'tools/demo/network-model.yaml'), 'utf8');
const edited = (from: string | RegExp, to: string): string => {
  const text = demo.replace(from, to);
  expect(text).not.toBe(demo);
  return text;
};

describe('the network model’s text', () => {
  it('of the demo is sound, and is said in plain words', () => {
    const { problems } = readModel(demo, 'EUR');
    expect(problems).toEqual([]);
  });

  test.each([
    ['a tab', edited('name: Everybody', 'name:\tEverybody: x\n\t- y'), /this is not YAML/, ''],
    ['an unknown key', edited('limits:', 'limit: 1\nlimits:'), /limit/, ''],
    ['a missing part', edited(/limits:[\s\S]*/, ''), /expected object/, 'limits'],
    [
      'a rate that is no percentage',
      edited('- rate: 8.1 %', '- rate: 8.1'),
      /./,
      'splits.paid-sale.shares.1.rules.0.rate',
    ],
    [
      'a function that is not there',
      edited('function: finding-customers', 'function: finding'),
      /no function finding/,
      'splits.paid-sale.shares.0.function',
    ],
    [
      'a flow nobody agreed to',
      edited(/ {2}- id: platform-fee[\s\S]*?\n {2}- id: payment-costs/, '  - id: payment-costs'),
      /no flow to administering/,
      'splits.paid-sale.shares.1.function',
    ],
    [
      'a platform above its maximum',
      edited('platformMaximum: 12 %', 'platformMaximum: 8 %'),
      /can reach 8.1 %/,
      'limits.platformMaximum',
    ],
    [
      'shares above what the producer must keep',
      edited('producerMinimum: 75 %', 'producerMinimum: 90 %'),
      /can reach 18.35 %/,
      'splits.paid-sale.shares',
    ],
    [
      'a share used twice',
      edited('- id: platform\n', '- id: referral\n'),
      /used twice/,
      'splits.paid-sale.shares.1.id',
    ],
    [
      'a rule that can never apply',
      edited('          - rate: 8.1 %', '          - rate: 8.1 %\n          - rate: 5 %'),
      /can never apply/,
      'splits.paid-sale.shares.1.rules.1',
    ],
    [
      'two ways of counting in one rule',
      edited('          - rate: 8.1 %', '          - rate: 8.1 %\n            perUnit: { EUR: 1 }'),
      /exactly one/,
      'splits.paid-sale.shares.1.rules.0',
    ],
    [
      'an amount finer than a cent',
      edited('          - rate: 8.1 %', '          - rate: 8.1 %\n            minimum: { EUR: 1.505 }'),
      /not an amount in EUR/,
      'splits.paid-sale.shares.1.rules.0.minimum.EUR',
    ],
    [
      'a minimum that is silent about the instance’s currency',
      edited('          - rate: 8.1 %', '          - rate: 8.1 %\n            minimum: { GBP: 1.50 }'),
      /say it in EUR too/,
      'splits.paid-sale.shares.1.rules.0.minimum',
    ],
    [
      'a tier that begins within a cent',
      edited(
        '          - rate: 8.1 %',
        '          - tiers: [{ from: 0, rate: 3 % }, { from: 0.0000001, rate: 2 % }]',
      ),
      /not an amount in EUR/,
      'splits.paid-sale.shares.1.rules.0.tiers.1.from',
    ],
    [
      'a flow to which one end did not agree',
      edited("agreedBy: [the producers' assembly, the hubs' circle]", "agreedBy: [the hubs' circle]"),
      /nobody agreed for producing/,
      'flows.0.agreedBy',
    ],
    ['a name that cannot be stored', edited('name: Everybody who', 'name: "a\\0b" #'), /NUL/, 'name'],
    [
      'an alias, which could stand for a huge text',
      edited("stewards: [the network's stewards]", 'stewards: &s [x]').replace(
        "stewards: [the network's stewards]",
        'stewards: *s',
      ),
      /aliases/,
      '',
    ],
  ])('with %s names the line and the mend', (_, source, message, path) => {
    const { problems } = readModel(source, 'EUR');
    expect(problems).not.toEqual([]);
    expect(problems.map((problem) => problem.message).join()).toMatch(message);
    expect(problems.map((problem) => problem.path)).toContain(path);
    for (const problem of problems) expect(problem.line).toBeLessThanOrEqual(source.split('\n').length);
  });

  it('points at the line of the mistake', () => {
    const source = edited('- rate: 8.1 %', '- rate: lots');
    const line = source.split('\n').findIndex((text) => text.includes('lots')) + 1;
    expect(readModel(source, 'EUR').problems.map((problem) => problem.line)).toEqual([line]);
  });

  it('still checks with one function removed, share and flow and all', () => {
    const source = demo
      .replace(/ {2}finding-customers:[\s\S]*?(?= {2}hosting:)/, '')
      .replace(/ {2}- id: commission[\s\S]*?(?= {2}- id: platform-fee)/, '')
      .replace(/ {6}- id: referral[\s\S]*?(?= {6}- id: platform)/, '');
    const { model, problems } = readModel(source, 'EUR');
    expect(problems).toEqual([]);
    expect(model!.splits['paid-sale'].shares.map((share) => share.id)).toEqual(['platform', 'payment']);
  });

  it('is described by the published JSON Schema', () => {
    const published: unknown = JSON.parse(
      readFileSync(join(root, 'apps/commission/network-model.schema.json'), 'utf8'),
    );
    expect(published).toEqual(JSON.parse(JSON.stringify(z.toJSONSchema(networkModel, { io: 'input' }))));
  });
});

describe('the version in force', () => {
  const versions = [
    { instanceId: 'a', version: 2, takesEffectAt: '2026-06-01T00:00:00.000Z' },
    { instanceId: 'a', version: 1, takesEffectAt: '2026-01-01T00:00:00.000Z' },
    { instanceId: 'b', version: 9, takesEffectAt: '2020-01-01T00:00:00.000Z' },
  ];
  test.each([
    ['2025-12-31T23:59:59.999Z', undefined],
    ['2026-01-01T00:00:00.000Z', 1],
    ['2026-05-31T23:59:59.999Z', 1],
    ['2026-06-01T00:00:00.000Z', 2],
  ])('at %s is %s', (at, version) => {
    expect(modelAt(versions, 'a', at)?.version).toBe(version);
  });
});

describe('functionsOf', () => {
  it('tells of functions as they follow each other in the text, however they were stored', () => {
    const source = readFileSync(join(process.cwd(), 'tools/demo/network-model.yaml'), 'utf8');
    const { model } = readModel(source, 'EUR');
    const stored = { ...model!, functions: Object.fromEntries(Object.entries(model!.functions).reverse()) };
    const ids = functionsOf(stored, source).map(({ functionId }) => functionId);
    expect(ids.slice(0, 3)).toEqual(['producing', 'finding-customers', 'hosting']);
  });
});
