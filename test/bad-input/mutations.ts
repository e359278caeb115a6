import fc from 'fast-check';

/** One field of a valid body made wrong: where, how, and the whole body with it. */
export interface Mutation {
  readonly path: string;
  readonly kind: string;
  /** An id of something that exists was replaced by one of nothing. */
  readonly isForeign: boolean;
  readonly body: unknown;
}

/** `chance` varies what is sent where there is more than one way. */
type Change = (value: unknown, chance: number) => unknown;
const REMOVED = Symbol('removed');

/** Half of a surrogate pair, as only JSON escapes can carry it. */
const LONE_SURROGATE = '\ud800';
const MEGABYTE = 'x'.repeat(1024 * 1024);
const NOBODY = '01890000-0000-7000-8000-000000000000';

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const inserted = (value: unknown, text: string, chance: number): string => {
  if (typeof value !== 'string') return text;
  const position = chance % (value.length + 1);
  return value.slice(0, position) + text + value.slice(position);
};

const changes: Record<string, Change> = {
  missing: () => REMOVED,
  null: () => null,
  'a number': (_value, chance) => chance % 100_000,
  'a string': (_value, chance) => `something ${chance}`,
  'a boolean': (_value, chance) => chance % 2 === 0,
  'an object': () => ({ unexpected: 1 }),
  'an array': () => [[]],
  'a fraction': (_value, chance) => (chance % 1_000) + 0.5,
  negative: (value, chance) => -1 - (typeof value === 'number' ? Math.abs(value) : chance),
  '2^53': (_value, chance) => 2 ** 53 + 2 * (chance % 1_000),
  NUL: (value, chance) => inserted(value, '\0', chance),
  'a lone surrogate': (value, chance) => inserted(value, LONE_SURROGATE, chance),
  empty: () => '',
  'a foreign id': () => NOBODY,
  'a string of 1 MiB': () => MEGABYTE,
};

/** Every field of a body, at any depth, by its path (`lines.0.quantity`). */
export function pathsOf(body: unknown, prefix = ''): string[] {
  if (body === null || typeof body !== 'object') return [];
  return Object.entries(body).flatMap(([key, value]) => {
    const path = prefix === '' ? key : `${prefix}.${key}`;
    return [path, ...pathsOf(value, path)];
  });
}

function valueAt(body: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((part, key) => (part as Record<string, unknown>)[key], body);
}

/** A copy of the body with one field changed. */
function withField(body: unknown, path: string, value: unknown): unknown {
  const copy = structuredClone(body) as Record<string, unknown>;
  const keys = path.split('.');
  const last = keys.pop() ?? '';
  let owner = copy;
  for (const key of keys) owner = owner[key] as Record<string, unknown>;
  if (value !== REMOVED) owner[last] = value;
  else if (Array.isArray(owner)) owner.splice(Number(last), 1);
  else delete owner[last];
  return copy;
}

/**
 * `count` mutations of the body, the same for the same seed: each way of making each field wrong comes once
 * before any comes again.
 */
export function mutationsOf(body: unknown, options: { seed: number; count: number }): Mutation[] {
  const ways = pathsOf(body).flatMap((path) => Object.keys(changes).map((kind) => ({ path, kind })));
  const rounds = Math.ceil(options.count / ways.length);
  const chances = fc.array(fc.nat(), { minLength: ways.length, maxLength: ways.length });
  const round = fc.tuple(
    fc.shuffledSubarray(ways, { minLength: ways.length, maxLength: ways.length }),
    chances,
  );
  return fc
    .sample(round, { numRuns: rounds, seed: options.seed })
    .flatMap(([shuffled, chance]) => shuffled.map((way, index) => ({ ...way, chance: chance[index] ?? 0 })))
    .slice(0, options.count)
    .map(({ path, kind, chance }) => {
      const before = valueAt(body, path);
      const value = (changes[kind] as Change)(before, chance);
      const isForeign = kind === 'a foreign id' && typeof before === 'string' && UUID.test(before);
      return { path, kind, isForeign, body: withField(body, path, value) };
    });
}
