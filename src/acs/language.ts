// The language that the issuer speaks with a cardholder: the browser's, else the card's. Spec: CHL-UI-12; Table A.1
// (browserLanguage, [2.3.1] acceptLanguage).
import type { Card } from './ports.ts'

export type Language = Card['language']

export interface LanguageAbout {
  readonly browserLanguage?: string | undefined
  /** In the order of the browser's liking. */
  readonly acceptLanguage?: string | readonly string[] | undefined
}

interface Liked {
  readonly language: Language
  /** 0 to 1; 0 is a no. */
  readonly quality: number
}

/** None: one that we do not speak. */
function likedIn(tag: string): readonly Liked[] {
  const [range = '', ...parameters] = tag.trim().toLowerCase().split(';')
  const [language] = range.trim().split(/[-_]/)
  if (language !== 'en' && language !== 'ja') return []
  const written = parameters.map((text) => /^\s*q\s*=\s*([\d.]+)\s*$/.exec(text)?.[1]).find((q) => q !== undefined)
  const quality = written === undefined ? 1 : Number(written)
  return quality > 0 ? [{ language, quality }] : []
}

export function languageOf(
  { browserLanguage = '', acceptLanguage = [] }: LanguageAbout,
  card: Pick<Card, 'language'>,
): Language {
  const liked = typeof acceptLanguage === 'string' ? acceptLanguage.split(',') : acceptLanguage
  const [first] = likedIn(browserLanguage)
  const [best] = liked.flatMap((tags) => tags.split(',').flatMap(likedIn)).toSorted((a, b) => b.quality - a.quality)
  return (first ?? best)?.language ?? card.language
}
