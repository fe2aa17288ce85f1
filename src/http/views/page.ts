import { createTranslator, type Language, type Translate } from '../../web/i18n.ts'
import { loadPages } from '../../web/page.ts'
import en from '../locales/en.json' with { type: 'json' }
import ja from '../locales/ja.json' with { type: 'json' }

/** A key of the catalogues in `../locales`. */
export type TextKey = keyof typeof en

export const isTextKey = (key: string): key is TextKey => Object.hasOwn(en, key)

export const translator: (lang: Language) => Translate<TextKey> = createTranslator<TextKey>({ en, ja })

export const renderTemplate = loadPages(new URL('../../../src/http/views/', import.meta.url))
