/** Sentences of the services by their English: what they answer is English, a gap such as `{{days}}` stands for anything. */
export interface Sentences {
  /** Written in this repository. */
  readonly ours: Readonly<Record<string, string>>;
  /** Put together from parts, such as the arithmetic of a cent, or said of a field by the schemas' library. */
  readonly composed: Readonly<Record<string, string>>;
}

let known: { pattern: RegExp; translation: string }[] = [];

/** The pattern of an English sentence: its gaps are groups. */
export function patternOf(sentence: string): RegExp {
  const parts = sentence.split(/\{\{(\w+)\}\}/);
  const pattern = parts.map((part, index) => (index % 2 === 1 ? `(?<${part}>.+?)` : escaped(part)));
  return new RegExp(`^${pattern.join('')}$`);
}

function escaped(text: string): string {
  return text.replaceAll(/[$()*+.?[\\\]^{|}]/g, '\\$&');
}

/** From now on these sentences are said in another language; none are in English. */
export function learnSentences(sentences: Sentences | undefined): void {
  const all = Object.entries({ ...sentences?.ours, ...sentences?.composed });
  // Whole sentences come before those with gaps, which would fit them too.
  all.sort(([one], [other]) => one.split('{{').length - other.split('{{').length);
  known = all.map(([english, translation]) => ({ pattern: patternOf(english), translation }));
}

/** A service's sentence in the reader's language; one that is not known stays as it is. */
export function said(sentence: string): string {
  for (const { pattern, translation } of known) {
    const gaps = pattern.exec(sentence)?.groups;
    if (gaps || pattern.test(sentence))
      return translation.replaceAll(/\{\{(\w+)\}\}/g, (_, gap: string) => said(gaps?.[gap] ?? ''));
  }
  return sentence;
}
