// Every visible word comes from locales/en.json; the types below make an unknown key a compile error.
import i18next, { type i18n } from 'i18next'
import { initReactI18next } from 'react-i18next'
import en from './locales/en.json'

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'translation'
    resources: { translation: typeof en }
  }
}

/** The translator, ready to use: texts are bundled, so nothing is loaded. */
export function createTranslator(): i18n {
  const translator = i18next.createInstance()
  void translator.use(initReactI18next).init({
    lng: 'en',
    fallbackLng: 'en',
    resources: { en: { translation: en } },
    // React escapes what it renders.
    interpolation: { escapeValue: false },
    initAsync: false,
  })
  return translator
}
