/** A page for a browser that cannot be sent back to the shop. It repeats nothing of what came in (SEC-LOG-3). */
import type { Language } from '../../web/i18n.ts'
import { renderTemplate, translator } from './page.ts'

export interface ErrorView {
  readonly lang: Language
  readonly nonce: string
  readonly errorCode?: string
  /** `method`: opened by GET, say from the address bar (CHL-REP-10). */
  readonly kind: 'badRequest' | 'unknownTransaction' | 'expired' | 'tooMany' | 'method'
}

export function renderErrorPage(view: ErrorView): string {
  return renderTemplate('./error', { ...view, t: translator(view.lang) })
}
