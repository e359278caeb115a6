import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { networkModel, type NetworkModel } from '@foodshed/contracts';
import fc from 'fast-check';
import { drawModel } from './drawing.rules.js';
import { readModel } from './model-text.service.js';

const source = readFileSync(join(__dirname, '../../../../tools/demo/network-model.yaml'), 'utf8');
const demo = readModel(source, 'EUR').model!;

interface Rect {
  x: number;
  y: number;
  width: number;
  height: number;
}
const rectsOf = (svg: string): Rect[] =>
  [...svg.matchAll(/<rect x="([\d.-]+)" y="([\d.-]+)" width="([\d.]+)" height="([\d.]+)"/g)].map((found) => {
    const [x, y, width, height] = found.slice(1).map(Number) as [number, number, number, number];
    return { x, y, width, height };
  });

const word = fc.string({ minLength: 1, maxLength: 40 }).filter((text) => text.trim() !== '');
const anyModel = fc
  .record({
    names: fc.uniqueArray(fc.stringMatching(/^[a-z][a-z-]{0,20}$/), { minLength: 1, maxLength: 8 }),
    flows: fc.array(fc.tuple(fc.nat(), fc.nat(), word), { maxLength: 12 }),
  })
  .map(({ names, flows }): NetworkModel => ({
    ...demo,
    functions: Object.fromEntries(names.map((name) => [name, { does: name.repeat(9), stewards: ['all'] }])),
    flows: flows.map(([from, to, what], index) => ({
      id: `flow-${index}`,
      from: names[from % names.length]!,
      to: names[to % names.length]!,
      what,
      agreedBy: ['all'],
    })),
  }));

describe('The drawing of a model', () => {
  it('has a box for each function and flow, and the rates as the model writes them', () => {
    const svg = drawModel(demo);
    for (const name of Object.keys(demo.functions)) expect(svg).toContain(`>${name}</text>`);
    for (const flow of demo.flows) expect(svg).toContain(`>${flow.id}</text>`);
    for (const rate of ['8.35 %', '8.1 %', '1.9 %']) expect(svg).toContain(rate);
  });

  it('overlaps nowhere and stays inside its frame, whatever the model', () => {
    fc.assert(
      fc.property(anyModel, (model) => {
        const svg = drawModel(networkModel.parse(model));
        const [, left, top, width, height] = /viewBox="([\d.-]+) ([\d.-]+) ([\d.]+) ([\d.]+)"/
          .exec(svg)!
          .map(Number) as [number, number, number, number, number];
        const rects = rectsOf(svg);
        const isOutside = (one: Rect): boolean =>
          one.x < left ||
          one.y < top ||
          one.x + one.width > left + width ||
          one.y + one.height > top + height;
        const isOn = (one: Rect, other: Rect): boolean =>
          other.x === one.x && other.y < one.y + one.height && one.y < other.y + other.height;
        expect(rects.filter(isOutside)).toEqual([]);
        expect(
          rects.filter((one, index) => rects.slice(index + 1).some((other) => isOn(one, other))),
        ).toEqual([]);
      }),
    );
  });

  it('cannot be broken out of by words of the model', () => {
    const svg = drawModel({ ...demo, name: '</title><script>alert(1)</script>' });
    expect(svg).not.toContain('<script>');
  });
});
