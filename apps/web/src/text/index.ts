import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';
import type en from './en.json';
import { chooseLanguage, type Language } from './languages.js';
import { learnSentences, type Sentences } from './said.js';
import { withFrenchSpaces } from './typography.js';

declare module 'i18next' {
  interface CustomTypeOptions {
    resources: { translation: typeof en };
  }
}

/** Every text of the pages comes from a catalogue, of which only the one that is read is loaded. */
const catalogues: Record<Language, () => Promise<{ texts: object; sentences?: Sentences }>> = {
  en: async () => ({ texts: (await import('./en.json')).default }),
  fr: async () => {
    const [texts, sentences] = await Promise.all([import('./fr.json'), import('./said/fr.json')]);
    return { texts: withFrenchSpaces(texts.default), sentences: withFrenchSpaces(sentences.default) };
  },
};

const keptKey = 'foodshed.language';

/** Shows the pages in a language from now on; `document.lang` tells screen readers and hyphenation. */
async function speak(language: Language): Promise<void> {
  const { texts, sentences } = await catalogues[language]();
  i18next.addResourceBundle(language, 'translation', texts);
  learnSentences(sentences);
  await i18next.changeLanguage(language);
  document.documentElement.lang = language;
}

/** The language that this browser was told to keep, else the first of its own that there is. */
export async function startTexts(): Promise<void> {
  await i18next.use(initReactI18next).init({
    resources: {},
    fallbackLng: false,
    interpolation: { escapeValue: false }, // React escapes
  });
  await speak(chooseLanguage([localStorage.getItem(keptKey), ...navigator.languages]) ?? 'en');
}

/** What somebody chose in the menu; it is kept. */
export async function keepLanguage(language: Language): Promise<void> {
  localStorage.setItem(keptKey, language);
  await speak(language);
}

/** Where neither the reader nor their browser names a language that there is, the network's first one counts. */
export async function followNetwork(locales: readonly string[]): Promise<void> {
  if (chooseLanguage([localStorage.getItem(keptKey), ...navigator.languages])) return;
  const language = chooseLanguage(locales);
  if (language && language !== i18next.language) await speak(language);
}
