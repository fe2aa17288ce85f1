import type { Language } from '../../web/i18n.ts'
import { renderTemplate, type TextKey, translator } from './page.ts'

export interface HomeView {
  readonly lang: Language
  readonly nonce: string
  readonly version: string
  readonly shopUrl: string
  readonly consoleUrl?: string
  readonly inboxUrl: string
  readonly bankUrl?: string
  readonly apiUrl: string
  readonly healthUrl?: string
  /** False: the page says that the links are not encrypted (SEC-TLS-6). */
  readonly isEncrypted?: boolean
  /** `what` is shown as it is, in the language of the page. */
  readonly cards: readonly { readonly number: string; readonly scheme: string; readonly what: string }[]
  /** The endings of a scripted card number, such as `100` → Y or `2rr` → N. */
  readonly endings?: readonly {
    readonly ending: string
    readonly transStatus: 'Y' | 'N' | 'U' | 'R' | 'A' | 'I' | 'C' | 'D'
  }[]
}

export function renderHomePage(view: HomeView): string {
  const t = translator(view.lang)
  const cards = view.cards.map((card) => ({ ...card, grouped: grouped(card.number) }))
  const endings = (view.endings ?? []).map((row) => ({
    ...row,
    meaning: t(`outcome.${row.transStatus}` satisfies TextKey),
  }))
  return renderTemplate('./home', { ...view, t, cards, endings })
}

/** As printed on the card: 4-6-5 for fifteen digits, else fours. */
const grouped = (number: string): string =>
  (number.length === 15
    ? number.replace(/^(\d{4})(\d{6})(\d{5})$/, '$1 $2 $3')
    : number.replace(/(.{4})(?=.)/g, '$1 ')
  ).trim()
