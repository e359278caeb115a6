/** The languages there is a catalogue for, each by its own name; another one is a file, a line here and one beside. */
export const languages = { en: 'English', fr: 'Français' };
export const languageCodes = Object.keys(languages);
/** The first of the wished languages that there is: `fr-CA` is read in French. Undefined when there is none. */
export function chooseLanguage(wished) {
  return wished.map((tag) => tag?.toLowerCase().split('-')[0]).find((code) => languageCodes.includes(code));
}
/** How dates and numbers are written: as in the reader's own region where their browser names one (`en-GB`). */
export function localeOf(language, wished) {
  return wished.find((tag) => tag.toLowerCase().split('-')[0] === language) ?? language;
}
//# sourceMappingURL=languages.js.map
