/** A catalogue of texts, as it lies in a file. */
export interface Texts {
  [key: string]: string | Texts;
}

/** The texts of a catalogue by their full keys. */
export function flatten(texts: Texts, before = ''): Map<string, string> {
  const entries = Object.entries(texts).flatMap(([key, text]): [string, string][] =>
    typeof text === 'string' ? [[before + key, text]] : [...flatten(text, `${before}${key}.`)],
  );
  return new Map(entries);
}

const withoutPlural = (key: string): string => key.replace(/_(zero|one|two|few|many|other)$/, '');
const gapsOf = (text: string): string[] => text.match(/\{\{.+?\}\}/g) ?? [];

/** Keys that a language must have by the English ones, with its own plural forms: what it lacks, has too much, or left empty. */
export function wrongKeys(english: Map<string, string>, texts: Map<string, string>, language: string) {
  const { pluralCategories } = new Intl.PluralRules(language).resolvedOptions();
  const wanted = new Set(
    [...english.keys()].flatMap((key) =>
      key === withoutPlural(key) ? [key] : pluralCategories.map((form) => `${withoutPlural(key)}_${form}`),
    ),
  );
  return {
    missing: [...wanted].filter((key) => !texts.get(key)?.trim()),
    tooMuch: [...texts.keys()].filter((key) => !wanted.has(key)),
  };
}

/** Texts whose gaps differ from the English ones; one of something may be said without its number. */
export function wrongGaps(english: Map<string, string>, texts: Map<string, string>): string[] {
  return [...texts.keys()].filter((key) => {
    const wanted = gapsOf(english.get(`${withoutPlural(key)}_other`) ?? english.get(key) ?? '');
    const gaps = gapsOf(texts.get(key)!);
    const needed = key.endsWith('_one') ? wanted.filter((gap) => gap !== '{{count}}') : wanted;
    return needed.some((gap) => !gaps.includes(gap)) || gaps.some((gap) => !wanted.includes(gap));
  });
}

/** Keys that no page says: neither whole, in quotes, nor as a pattern with a part that is filled in. */
export function unusedKeys(english: Map<string, string>, code: string): string[] {
  const whole = new Set([...code.matchAll(/'([\w.-]+)'/g)].map(([, key]) => key));
  const patterns = [...code.matchAll(/`([a-zA-Z]\w*\.[^`\n]*\$\{[^`\n]*)`/g)].map(
    ([, key]) => new RegExp(`^${key!.replaceAll(/\$\{[^}]*\}/g, '[\\w-]+').replaceAll('.', '\\.')}$`),
  );
  const keys = new Set([...english.keys()].map(withoutPlural));
  return [...keys].filter((key) => !whole.has(key) && !patterns.some((pattern) => pattern.test(key)));
}

/** French texts with a straight apostrophe or quotation mark, or without the space before high punctuation. */
export function carelessFrench(texts: Map<string, string>): string[] {
  return [...texts].filter(([, text]) => /\w'\w|["“”]|\p{L}[;!?]/u.test(text)).map(([key]) => key);
}

/** English sentences of services, as a language translates them, that no service says any more. */
export function unsaidSentences(sentences: Record<string, string>, code: string): string[] {
  // A gap is what the code fills in: `${days}` there, {{days}} here.
  const said = code.replaceAll(/\$\{[^}]*\}+/g, '{{}}');
  return Object.keys(sentences).filter(
    (sentence) => !said.includes(sentence.replaceAll(/\{\{\w+\}\}/g, '{{}}')),
  );
}
