/** The languages there is a catalogue for, each by its own name; another one is a file, a line here and one beside. */
export const languages = { en: 'English', fr: 'Français' } as const;
export type Language = keyof typeof languages;
export const languageCodes = Object.keys(languages) as Language[];

/** The first of the wished languages that there is: `fr-CA` is read in French. Undefined when there is none. */
export function chooseLanguage(wished: readonly (string | null)[]): Language | undefined {
  return wished
    .map((tag) => tag?.toLowerCase().split('-')[0])
    .find((code): code is Language => languageCodes.includes(code as Language));
}

/** How dates and numbers are written: as in the reader's own region where their browser names one (`en-GB`). */
export function localeOf(language: string, wished: readonly string[]): string {
  return wished.find((tag) => tag.toLowerCase().split('-')[0] === language) ?? language;
}
