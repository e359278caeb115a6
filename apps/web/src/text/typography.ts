/**
 * French sets a narrow space before ; ! ? and %, and a full one before : and inside « », none of which may end a line.
 * Nobody can see them in a text file, so the catalogue has ordinary spaces and they are set when it is loaded.
 */
export function withFrenchSpaces<T extends object>(catalogue: T): T {
  const text = JSON.stringify(catalogue)
    .replaceAll(/ (?=[;!?%])/g, '\u202f')
    .replaceAll(/ (?=[:»])|(?<=«) /g, '\u00a0');
  return JSON.parse(text) as T;
}
