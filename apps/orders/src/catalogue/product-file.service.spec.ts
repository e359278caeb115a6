import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DomainError, productImportRequest, type ImportProblem } from '@foodshed/contracts';
import { repositoryRoot } from '@foodshed/testing';
import type { ImportRow, RowSettings } from './import-row.rules.js';
import { nameKey } from './key.rules.js';
import { readProductFile } from './product-file.service.js';

const HEADER =
  'producer,sku,name,display_name,category,description,units,unit_type,variant_unit_name,price,on_hand,on_demand';

const read = (csv: string, options: object = {}) => {
  const request = productImportRequest.parse({ csv, ...options });
  const settings: RowSettings = {
    ...request,
    producerKeys: new Set(['Moor Farm', ...request.producerNames].map(nameKey)),
    producerName: 'Moor Farm',
    decimals: 2,
  };
  const file = readProductFile(request, settings);
  return {
    ...file,
    rows: file.outcomes.flatMap((outcome): ImportRow[] => (outcome.kind === 'row' ? [outcome.row] : [])),
    problems: file.outcomes.flatMap((outcome): readonly ImportProblem[] =>
      outcome.kind === 'problems' ? outcome.problems : [],
    ),
  };
};

const refusal = (csv: string, options?: object): DomainError => {
  try {
    read(csv, options);
  } catch (error) {
    if (error instanceof DomainError) return error;
    throw error;
  }
  throw new Error('the file was read');
};

describe('a file in the Open Food Network format', () => {
  it('gives rows with what its columns mean', () => {
    const { rows, problems } = read(
      `${HEADER},available_on\nmoor  farm,C1,Carrots,Nantaise,Vegetables,Sweet,500,g,,1.80,40,,2026-06-01\n` +
        ',,Eggs,,,,6,,eggs,2.40,,1,',
    );
    expect(problems).toEqual([]);
    expect(rows).toMatchObject([
      {
        line: 2,
        name: 'Carrots',
        displayName: 'Nantaise',
        sku: 'C1',
        category: 'Vegetables',
        description: 'Sweet',
        unit: { kind: 'weight', amount: '500', scale: 'g' },
        priceMinor: 180,
        priceIncludesVat: true,
        onDemand: false,
        stock: 40,
        availableOn: '2026-06-01',
      },
      {
        line: 3,
        unit: { kind: 'items', amount: '6', name: 'eggs' },
        priceMinor: 240,
        onDemand: true,
        stock: null,
        sku: null,
      },
    ]);
  });

  it('may have a byte-order mark, CRLF, quotes, quoted line breaks, empty lines and columns in any order', () => {
    const { rows } = read(
      '\ufeff"price","name","on hand","units","Unit Type"\r\n\r\n"1,50","Kale, ""Nero""\r\nnew","3","1","kg"\r\n2,Leek,5,1,kg\r\n,,,,\r\n',
    );
    expect(rows).toMatchObject([
      { line: 3, name: 'Kale, "Nero"\nnew', priceMinor: 150, stock: 3 },
      { line: 5, name: 'Leek', priceMinor: 200, stock: 5 },
    ]);
  });

  it('may be separated by semicolons or tabs, with Excel’s hint before the header', () => {
    expect(read('sep=;\nname;units;unit_type;price;on_hand\nKale;1;kg;1,50;3').rows).toMatchObject([
      { line: 3, priceMinor: 150 },
    ]);
    expect(read('name\tunits\tunit_type\tprice\ton_hand\nKale\t1\tkg\t1.50\t3').rows).toHaveLength(1);
  });

  it('names line, column and reason of every bad cell', () => {
    const { problems, rows } = read(
      `${HEADER}\n,,Kale,,,,1,kg,,1.50,3,\n,,,,,,1,kg,,abc,3,\n,,Leek,,,,1,stone,,1,,\n,,Beet,,,,0,g,,1,1,maybe\n,,=1+1,,,,1,,,1,1,,,extra`,
    );
    expect(rows).toHaveLength(1);
    expect(problems.map(({ line, column }) => [line, column])).toEqual([
      [3, 'name'],
      [3, 'price'],
      [4, 'unit_type'],
      [4, 'on_hand'],
      [5, 'on_demand'],
      [5, 'units'],
      [6, 'row'],
    ]);
  });

  it('of another producer is refused, skipped, assigned or taken by its name, as the caller says', () => {
    const csv = `${HEADER}\nHill Dairy,,Kale,,,,1,kg,,1.50,3,\nMoor Farm,,Leek,,,,1,kg,,1.50,3,`;
    expect(read(csv).problems).toEqual([
      {
        line: 2,
        column: 'producer',
        reason: expect.stringContaining('“Hill Dairy”, not “Moor Farm”') as unknown,
      },
    ]);
    expect(read(csv, { otherProducers: 'skip' }).rows.map(({ name }) => name)).toEqual(['Leek']);
    expect(read(csv, { otherProducers: 'assign' }).rows).toHaveLength(2);
    expect(read(csv, { producerNames: ['hill dairy'] }).rows).toHaveLength(2);
  });

  it('gives VAT by tax category when the caller says what they mean', () => {
    const csv = `name,units,unit_type,price,on_hand,tax_category\nKale,1,kg,1,1,Reduced\nLeek,1,kg,1,1,Other`;
    expect(read(csv).ignoredColumns).toEqual(['tax_category']);
    const { rows, problems, ignoredColumns } = read(csv, { taxCategories: { reduced: 700 } });
    expect(rows).toMatchObject([{ vatRateBps: 700 }]);
    expect(problems).toEqual([{ line: 3, column: 'tax_category', reason: 'is not among taxCategories' }]);
    expect(ignoredColumns).toEqual([]);
  });

  it.each([
    ['', 'header', /empty/],
    ['name,price\nKale,1', 'units', /missing from the header/],
    ['name,name,units,price\n', 'name', /twice/],
    ['name,units,price\n"Kale,1,1\n', 'row', /quotes/],
  ])('is refused as a whole when it is no table: %j', (csv, column, reason) => {
    const { code, options } = refusal(csv);
    expect(code).toBe('import-rejected');
    const [problem] = options['problems'] as ImportProblem[];
    expect(problem?.column).toBe(column);
    expect(problem?.reason).toMatch(reason);
  });

  it('has at most 10,000 rows', () => {
    const rows = (count: number) => `name,units,unit_type,price,on_hand\n${'Kale,1,kg,1,1\n'.repeat(count)}`;
    expect(read(rows(10_000)).outcomes).toHaveLength(10_000);
    expect(refusal(rows(10_001)).options.detail).toMatch(/line 10002, row: is one too many/);
  });
});

describe('a file of Foodsoft', () => {
  const header = Array.from({ length: 18 }, (_, index) => `c${index}`).join(';');

  it('is known by its 18 columns, whatever language they are named in', () => {
    const { format, rows, ignoredColumns } = read(
      `${header}\nYes;77;Apple juice;;4x250ml;10 Piece;;;1;;3.21;;6;0.4;cloudy;Drinks;DE;Orchard\nNo;78;Leek;;kg;;;;1;;2;;;;;;;`,
    );
    expect(format).toBe('foodsoft');
    expect(rows).toMatchObject([
      {
        sku: '77',
        unit: { kind: 'items', amount: '1', name: '4x250ml' },
        packSize: 10,
        priceMinor: 361,
        depositMinor: 40,
        priceIncludesVat: false,
        vatRateBps: 600,
        onDemand: true,
        description: 'cloudy\nDE\nOrchard',
      },
      {
        sku: '78',
        unit: { kind: 'weight', amount: '1', scale: 'kg' },
        onDemand: false,
        stock: 0,
        vatRateBps: null,
      },
    ]);
    expect(ignoredColumns).toContain('billing unit');
  });

  it('with a price for another unit than the one sold is refused', () => {
    expect(read(`${header}\nYes;1;Leek;;500 g;;;;1;;2;kg;6;0;;;;`).problems).toEqual([
      { line: 2, column: 'price unit', reason: 'differs from the unit sold: give the price for that unit' },
    ]);
  });
});

const samples = join(repositoryRoot(), '../shared/data');
const present = existsSync(samples);
if (!present)
  process.stderr.write('The sample files in ../shared/data are not here: their specs are skipped.\n');

(present ? describe : describe.skip)('the published sample files', () => {
  it('of the Open Food Network give 120 rows with its control totals', () => {
    const { rows, problems } = read(
      readFileSync(join(samples, 'ofn/ofn-sample_file_120_products.csv'), 'utf8'),
      {
        otherProducers: 'assign',
      },
    );
    expect(problems).toEqual([]);
    const sum = (of: (row: ImportRow) => number) => rows.reduce((total, row) => total + of(row), 0);
    expect(rows).toHaveLength(120);
    expect(sum((row) => row.priceMinor)).toBe(738_000);
    expect(sum((row) => row.stock ?? 0)).toBe(19_140);
    expect(sum((row) => row.priceMinor * (row.stock ?? 0))).toBe(132_110_000);
  });

  it('of the Open Food Network have every column of its template', () => {
    const template = readFileSync(join(samples, 'ofn/product_list_template.csv'), 'utf8');
    expect(read(template)).toMatchObject({
      outcomes: [],
      ignoredColumns: ['shipping_category', 'tax_category'],
    });
  });

  it('of Foodsoft give four articles with VAT, deposit and pack', () => {
    const { format, rows, problems } = read(
      readFileSync(join(samples, 'foodsoft/foodsoft_file_01.csv'), 'utf8'),
    );
    expect([format, problems]).toEqual(['foodsoft', []]);
    expect(
      rows.map(({ sku, priceMinor, depositMinor, packSize, vatRateBps }) => [
        sku,
        priceMinor,
        depositMinor,
        packSize,
        vatRateBps,
      ]),
    ).toEqual([
      ['29932', 234, 0, null, 600],
      ['28391', 556, 0, 10, 600],
      ['1829', 361, 40, 10, 600],
      ['177813', 120, 0, 20, 600],
    ]);
  });
});
