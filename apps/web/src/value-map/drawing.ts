import type { MapArrow, MapParty } from '@foodshed/contracts';

/** A party as one text, the way the API takes it in a query. */
export const textOf = ({ kind, id }: MapParty): string => (id === null ? kind : `${kind}:${id}`);

/** A box of the drawing: one party, or a second box of the same where its arrow would close a circle. */
export interface Box {
  readonly name: string;
  /** Null for the box of all that are too small to be drawn on their own. */
  readonly party: MapParty | null;
}
export interface Link {
  readonly source: string;
  readonly target: string;
  readonly value: number;
}
export interface Drawing {
  readonly boxes: readonly Box[];
  readonly links: readonly Link[];
  /** How many parties are in the box of the others. */
  readonly others: number;
}

export const OTHERS = 'others';
const SECOND = ' ↩';

/** The parties that are drawn on their own: groups always, of single enterprises the `limit` with the most. */
function drawnParties(arrows: readonly MapArrow[], limit: number): { drawn: Set<string>; others: number } {
  const moved = new Map<string, number>();
  for (const { from, to, amountMinor } of arrows) {
    for (const party of [from, to]) {
      if (party.id !== null) moved.set(textOf(party), (moved.get(textOf(party)) ?? 0) + amountMinor);
    }
  }
  const single = [...moved].sort(([a, one], [b, other]) => other - one || (a < b ? -1 : 1));
  // A box of others that holds a single one would hide it for nothing.
  const shown = single.length <= limit + 1 ? single : single.slice(0, limit);
  return { drawn: new Set(shown.map(([party]) => party)), others: single.length - shown.length };
}

function reaches(next: ReadonlyMap<string, Set<string>>, from: string, to: string): boolean {
  const waiting = [from];
  const seen = new Set<string>();
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    if (name === to) return true;
    if (seen.has(name)) continue;
    seen.add(name);
    waiting.push(...(next.get(name) ?? []));
  }
  return false;
}

/**
 * The arrows of a map as boxes and links that run one way, the greatest first: arrows between the same two are one link,
 * small enterprises are one box, and a link that would close a circle ends at a second box of the same party. What
 * was given back more than it came is in the table only.
 */
export function drawingOf(arrows: readonly MapArrow[], limit: number): Drawing {
  const flowing = arrows.filter(({ amountMinor }) => amountMinor > 0);
  const { drawn, others } = drawnParties(flowing, limit);
  const nameOf = (party: MapParty): string =>
    party.id === null || drawn.has(textOf(party)) ? textOf(party) : OTHERS;
  const sums = new Map<string, { from: string; to: string; value: number }>();
  const parties = new Map<string, MapParty | null>([[OTHERS, null]]);
  for (const { from, to, amountMinor } of flowing) {
    const [source, target] = [nameOf(from), nameOf(to)];
    if (source !== OTHERS) parties.set(source, from);
    if (target !== OTHERS) parties.set(target, to);
    const known = sums.get(`${source} ${target}`) ?? { from: source, to: target, value: 0 };
    sums.set(`${source} ${target}`, { ...known, value: known.value + amountMinor });
  }
  const next = new Map<string, Set<string>>();
  const links = [...sums.values()]
    .sort((one, other) => other.value - one.value)
    .map(({ from, to, value }): Link => {
      const target = from === to || reaches(next, to, from) ? `${to}${SECOND}` : to;
      next.set(from, (next.get(from) ?? new Set()).add(target));
      return { source: from, target, value };
    });
  const names = new Set(links.flatMap(({ source, target }) => [source, target]));
  const boxes = [...names].map((name) => ({ name, party: parties.get(name.replace(SECOND, '')) ?? null }));
  return { boxes, links, others };
}
