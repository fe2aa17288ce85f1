/** The challenge is over, and a plan keeps the browser here: nothing leads back to the shop (Plan.rreq, insteadOfCRes). */
import type { Language } from '../../web/i18n.ts'
import { renderTemplate, translator } from './page.ts'

export interface KeptView {
  readonly lang: Language
  readonly nonce: string
}

export const renderKeptPage = (view: KeptView): string =>
  renderTemplate('./kept', { ...view, t: translator(view.lang) })
