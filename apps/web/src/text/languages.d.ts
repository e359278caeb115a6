/** The languages there is a catalogue for, each by its own name; another one is a file, a line here and one beside. */
export declare const languages: {
  readonly en: 'English';
  readonly fr: 'Français';
};
export type Language = keyof typeof languages;
export declare const languageCodes: Language[];
/** The first of the wished languages that there is: `fr-CA` is read in French. Undefined when there is none. */
export declare function chooseLanguage(wished: readonly (string | null)[]): Language | undefined;
/** How dates and numbers are written: as in the reader's own region where their browser names one (`en-GB`). */
export declare function localeOf(language: string, wished: readonly string[]): string;
//# sourceMappingURL=languages.d.ts.map
