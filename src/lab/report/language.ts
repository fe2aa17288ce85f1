// What is said in both languages, side by side: the page shows one of them by style alone, so that no script is needed.
import { type Content, type Html, html } from './html.ts'

export type Language = 'en' | 'ja'
export type Both = { readonly en: string; readonly ja: string }

/** Puts values in the place of `{name}`. Values that are HTML stay so; anything else is escaped. */
function filled(text: string, values: Readonly<Record<string, Content>>): Html {
  const parts = text.split(/\{(\w+)\}/)
  return html`${parts.map((part, index) => (index % 2 === 0 ? part : (values[part] ?? `{${part}}`)))}`
}

/** The same in both languages: once where the words are equal. */
export function say({ en, ja }: Both, values: Readonly<Record<string, Content>> = {}): Html {
  if (en === ja) return filled(en, values)
  return html`<span lang="en">${filled(en, values)}</span><span lang="ja">${filled(ja, values)}</span>`
}

/** Words of a person, who may have written one language only. */
export const told = (words: { readonly en: string; readonly ja?: string }): Html =>
  words.ja === undefined ? html`${words.en}` : say({ en: words.en, ja: words.ja })
