const spaced = (text: string): string =>
  text.replaceAll(/ (?=[;!?%])/g, '\u202f').replaceAll(/ (?=[:»])|(?<=«) /g, '\u00a0');

/**
 * French sets a narrow space before ; ! ? and %, and a full one before : and inside « », none of which may end a line.
 * Nobody can see them in a text file, so the catalogue has ordinary spaces and they are set when it is loaded.
 */
export function withFrenchSpaces<T extends object>(catalogue: T): T {
  const set = (_: string, value: unknown): unknown => (typeof value === 'string' ? spaced(value) : value);
  return JSON.parse(JSON.stringify(catalogue), set) as T;
}
