// The language that the issuer speaks with a cardholder: the browser's, else the card's. Spec: CHL-UI-12; Table A.1
// (browserLanguage, [2.3.1] acceptLanguage).
import type { Card } from './ports.ts'

export type Language = Card['language']

export interface LanguageAbout {
  readonly browserLanguage?: string | undefined
  /** In the order of the browser's liking. */
  readonly acceptLanguage?: string | readonly string[] | undefined
}

/** Undefined: one that we do not speak. */
const languageIn = (tag: string): Language | undefined => {
  const [range = '', quality] = tag.trim().toLowerCase().split(';')
  const [primary] = range.trim().split(/[-_]/)
  return (primary === 'en' || primary === 'ja') && quality?.trim() !== 'q=0' ? primary : undefined
}

export function languageOf(
  { browserLanguage = '', acceptLanguage = [] }: LanguageAbout,
  card: Pick<Card, 'language'>,
): Language {
  const liked = typeof acceptLanguage === 'string' ? acceptLanguage.split(',') : acceptLanguage
  for (const tag of [browserLanguage, ...liked]) {
    const language = languageIn(tag)
    if (language !== undefined) return language
  }
  return card.language
}
