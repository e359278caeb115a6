import type { MapArrow, MapParty } from '@foodshed/contracts';
import fc from 'fast-check';
import { drawingOf, OTHERS } from './drawing.js';

const group = (kind: MapParty['kind']): MapParty => ({ kind, id: null });
const hub = (number: number): MapParty => ({ kind: 'enterprise', id: `hub-${number}` });
const arrow = (from: MapParty, to: MapParty, amountMinor: number): MapArrow => ({
  from,
  to,
  line: 'share',
  shareId: null,
  amountMinor,
  entries: 1,
});
const linksOf = (arrows: MapArrow[], limit = 12) =>
  drawingOf(arrows, limit).links.map(({ source, target, value }) => [source, target, value]);

describe('drawingOf', () => {
  it('draws one link for all that goes from one to another, and nothing for what was given back', () => {
    const arrows = [
      arrow(group('buyers'), group('producers'), 100),
      arrow(group('buyers'), group('producers'), 20),
      arrow(group('producers'), group('hubs'), -5),
    ];
    expect(linksOf(arrows)).toEqual([['buyers', 'producers', 120]]);
  });

  it.each([
    [6, 6, 0],
    [13, 13, 0],
    [200, 12, 188],
  ])('of %i hubs it draws %i on their own and puts %i together', (count, drawn, others) => {
    const arrows = Array.from({ length: count }, (_, index) =>
      arrow(group('producers'), hub(index), index + 1),
    );
    const drawing = drawingOf(arrows, 12);
    expect([drawing.boxes.filter(({ party }) => party?.id).length, drawing.others]).toEqual([drawn, others]);
    expect(drawing.links.reduce((sum, { value }) => sum + value, 0)).toBe((count * (count + 1)) / 2);
    if (others > 0) expect(drawing.links[0]?.target).toBe(OTHERS);
  });

  it('ends a link that would close a circle at a second box of the same name', () => {
    const arrows = [
      arrow(group('producers'), group('administration'), 10),
      arrow(group('administration'), group('producers'), 4),
      arrow(group('hubs'), group('hubs'), 3),
    ];
    expect(linksOf(arrows)).toEqual([
      ['producers', 'administration', 10],
      ['administration', 'producers ↩', 4],
      ['hubs', 'hubs ↩', 3],
    ]);
  });

  it('never draws a circle, and draws every cent', () => {
    const party = fc.oneof(fc.nat(8).map(hub), fc.constantFrom(group('buyers'), group('people')));
    const any = fc.array(
      fc
        .tuple(party, party, fc.integer({ min: 1, max: 1_000 }))
        .map(([from, to, amount]) => arrow(from, to, amount)),
    );
    fc.assert(
      fc.property(any, fc.nat(6), (arrows, limit) => {
        const { links } = drawingOf(arrows, limit);
        expect(links.reduce((sum, { value }) => sum + value, 0)).toBe(
          arrows.reduce((sum, { amountMinor }) => sum + amountMinor, 0),
        );
        let left = links;
        // A drawing without a circle can be taken apart from its ends.
        for (let before = -1; left.length !== before;) {
          before = left.length;
          left = left.filter(({ target }) => left.some(({ source }) => source === target));
        }
        expect(left).toEqual([]);
      }),
    );
  });
});
