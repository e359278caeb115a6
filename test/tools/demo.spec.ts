import { join } from 'node:path';
import { repositoryRoot } from '@foodshed/testing';

interface Person {
  readonly email: string;
}
interface Enterprise {
  readonly name: string;
  readonly kind: string;
  readonly managers: readonly Person[];
}
interface World {
  readonly steward: Person;
  readonly hubs: readonly Enterprise[];
  readonly producers: readonly Enterprise[];
  readonly buyers: readonly Person[];
}
interface Demo {
  readonly instances: readonly { readonly currency: string }[];
  readonly peopleOf: (instance: object) => World;
  readonly assortmentOf: (kind: string) => readonly { readonly priceMinor: number; readonly unit: string }[];
  readonly asProductFile: (producer: object, goods: readonly object[]) => string;
  readonly suppliersOf: (world: World, hubIndex: number) => World['producers'];
  readonly fateOf: (...labels: (string | number)[]) => object;
  readonly instantAt: (day: number, time: string, timeZone: string) => Date;
  readonly dayName: (day: number) => string;
}

const files = ['world', 'assortments', 'settle', 'shopping', 'calendar'];

describe('the demo network', () => {
  let demo: Demo;
  let worlds: World[];

  beforeAll(async () => {
    const folder = join(repositoryRoot(), 'tools/demo');
    const parts = await Promise.all(
      files.map((file) => import(join(folder, `${file}.mjs`)) as Promise<object>),
    );
    demo = Object.assign({}, ...parts) as Demo;
    worlds = demo.instances.map(demo.peopleOf);
  });

  it('has three networks in two currencies, 6 hubs, 25 producers and 150 buyers, each with their own address', () => {
    expect(demo.instances.map(({ currency }) => currency)).toEqual(['EUR', 'EUR', 'GBP']);
    const enterprises = worlds.flatMap(({ hubs, producers }) => [...hubs, ...producers]);
    expect([worlds.flatMap(({ hubs }) => hubs).length, enterprises.length]).toEqual([6, 31]);
    expect(worlds.flatMap(({ buyers }) => buyers)).toHaveLength(150);
    const people = [
      ...worlds.flatMap(({ steward, buyers }) => [steward, ...buyers]),
      ...enterprises.flatMap(({ managers }) => managers),
    ];
    expect(new Set(people.map(({ email }) => email)).size).toBe(people.length);
  });

  it('is the same each time', () => {
    expect(demo.instances.map(demo.peopleOf)).toEqual(worlds);
    expect(demo.fateOf('demo', 7)).toEqual(demo.fateOf('demo', 7));
  });

  it('sells some 700 products, more than 400 in each shop of its first network', () => {
    const goodsOf = (of: World['producers']) => of.flatMap(({ kind }) => demo.assortmentOf(kind));
    const goods = goodsOf(worlds.flatMap(({ producers }) => producers));
    expect(goods).toHaveLength(692);
    const [first] = worlds;
    for (const hub of first!.hubs.keys()) {
      expect(goodsOf(demo.suppliersOf(first!, hub)).length).toBeGreaterThan(400);
    }
    expect(goods.filter(({ priceMinor, unit }) => !(priceMinor > 0) || !unit)).toEqual([]);
  });

  it('writes products in the columns of the Open Food Network', () => {
    const [producer] = worlds[0]!.producers;
    const [header, ...rows] = demo
      .asProductFile(producer!, demo.assortmentOf(producer!.kind))
      .trim()
      .split('\n');
    expect(header?.split(',').slice(0, 4)).toEqual(['producer', 'sku', 'name', 'display_name']);
    expect(rows).toHaveLength(17);
  });

  it.each([
    ['2026-03-28', '08:00', 'Europe/Berlin', '2026-03-28T07:00:00.000Z'],
    ['2026-03-29', '08:00', 'Europe/Berlin', '2026-03-29T06:00:00.000Z'],
    ['2026-10-25', '20:00', 'Europe/London', '2026-10-25T20:00:00.000Z'],
    ['2026-07-01', '00:30', 'Europe/Lisbon', '2026-06-30T23:30:00.000Z'],
  ])('opens its shops at local time: %s %s in %s is %s', (date, time, zone, instant) => {
    expect(demo.instantAt(Date.parse(date) / 86_400_000, time, zone).toISOString()).toBe(instant);
    expect(demo.dayName(20_000)).toBe('Friday 4 October');
  });
});
