import { accessSync, constants, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { repositoryRoot } from '@foodshed/testing';
import { saleIn } from '../models/situation.rules.js';
import { checkFile, explainFile, exportFile, type Output, simulateFile } from './file-commands.service.js';

const root = repositoryRoot();
const demo = join(root, 'tools/demo/network-model.yaml');
const published = (name: string): string => join(root, `apps/commission/examples/${name}.yaml`);

describe('npx foodshed model', () => {
  let folder: string;
  let orders: string;
  let printed: string[];
  let progressed: string[];
  const output: Output = {
    print: (line) => printed.push(line),
    progress: (line) => progressed.push(line),
  };
  const goods = [{ vatRateBps: 0, grossMinor: 2_345, netMinor: 2_345, units: 1 }];
  const attributed = saleIn({ monthsSince: 0, buyer: 'person', method: 'card' }, { currency: 'EUR', goods });
  const fileOf = (name: string, text: string): string => {
    const file = join(folder, name);
    writeFileSync(file, text);
    return file;
  };

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'foodshed-model-'));
    orders = fileOf('sales.jsonl', `${JSON.stringify(attributed)}\n\n`);
    [printed, progressed] = [[], []];
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('check says what a sound model says, and which order asks most of its limits', () => {
    expect(checkFile(demo, 'EUR', output)).toBe(0);
    expect(printed).toContain('the platform: 8.1 %');
    expect(printed[0]).toMatch(/^platformMaximum: 0.07 EUR .* asks 0.01 EUR, 0.00 EUR is allowed/);
    expect(printed.at(-1)).toBe('The model is sound.');
  });

  it('check names file, line, path and mend of what is wrong', () => {
    const file = fileOf('model.yaml', readFileSync(demo, 'utf8').replace('rate: 8.1 %', 'rate: 18.1 %'));
    const line = readFileSync(file, 'utf8').split('\n').indexOf('  platformMaximum: 12 %') + 1;
    expect(checkFile(file, 'EUR', output)).toBe(1);
    expect(printed.join('\n')).toContain(`${file}:${line}: error: limits.platformMaximum: `);
    expect(printed.join('\n')).toContain('lower them or raise it');
  });

  it('simulate tells the difference by function and person', async () => {
    const options = { orders, against: demo, json: false };
    expect(await simulateFile(published('la-ruche'), options, output)).toBe(0);
    expect(printed).toContain('The platform takes 8.10 % before, 11.64 % after.');
    expect(printed.join('\n')).toMatch(/producing +19.14 +18.76 +-0.38/);
    expect(progressed.at(-1)).toMatch(/^1 sales in/);
  });

  it('simulate counts each sale once, as it stood last, in whatever order and however often it was told', async () => {
    const { sale } = attributed;
    const [whole, rest] = [
      attributed,
      {
        ...attributed,
        sale: {
          ...sale,
          version: 2,
          producers: sale.producers.map((each) => ({
            ...each,
            goods: [{ vatRateBps: 0, grossMinor: 1_000, netMinor: 1_000, units: 1 }],
          })),
        },
      },
    ];
    orders = fileOf('sales.jsonl', [rest, whole, rest, whole].map((each) => JSON.stringify(each)).join('\n'));
    expect(await simulateFile(demo, { orders, against: undefined, json: false }, output)).toBe(0);
    expect(progressed.at(-1)).toMatch(/^1 sales in/);
    expect(printed.join('\n')).toMatch(/producing +\S+ +8\.16/);
  });

  it('explain writes the arithmetic of each cent', async () => {
    const { orderId } = attributed.sale;
    expect(await explainFile(demo, { orders, order: orderId }, output)).toBe(0);
    expect(printed.join('\n')).toContain(
      'referral: 8.35 % of 23.45 EUR = 1.96 EUR (rule 1 of share referral',
    );
    expect(printed).toContain('the producer keeps 23.45 EUR − 4.31 EUR = 19.14 EUR');
    await expect(explainFile(demo, { orders, order: 'x' }, output)).rejects.toThrow('has no order x');
  });

  it('export writes a drawing or ValueFlows', () => {
    const svg = join(folder, 'model.svg');
    expect(exportFile(demo, { as: 'svg', output: svg, currency: 'EUR' }, output)).toBe(0);
    expect(readFileSync(svg, 'utf8')).toMatch(/^<svg /);
    exportFile(demo, { as: 'jsonld', output: undefined, currency: 'EUR' }, output);
    expect(JSON.parse(printed.join('\n'))).toHaveProperty('@graph');
  });

  it.each([
    ['no JSON', 'nonsense\n', /sales.jsonl:1: this is not JSON/],
    ['a field that is wrong', `${JSON.stringify({ ...attributed, hubs: 1 })}\n`, /:1: hubs: /],
    [
      'two currencies',
      [
        attributed,
        {
          ...attributed,
          sale: {
            ...attributed.sale,
            currency: 'SEK',
            version: 2,
            orderId: '00000000-0000-4000-8000-0000000000ff',
          },
        },
      ]
        .map((each) => JSON.stringify(each))
        .join('\n'),
      /:2: sale.currency: must be EUR/,
    ],
    ['nothing', '\n', /has no sale/],
  ])('simulate refuses a file with %s and says where', async (_, text, message) => {
    const file = fileOf('sales.jsonl', text);
    const options = { orders: file, against: undefined, json: false };
    await expect(simulateFile(demo, options, output)).rejects.toThrow(message);
  });

  it('is linked by npm as a program', () => {
    const { bin } = JSON.parse(readFileSync(join(root, 'apps/commission/package.json'), 'utf8')) as {
      bin: { foodshed: string };
    };
    accessSync(join(root, 'apps/commission', bin.foodshed), constants.X_OK);
  });
});
