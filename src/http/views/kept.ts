/** The challenge is over, and a plan keeps the browser here: nothing leads back to the shop (Plan.rreq, insteadOfCRes). */
import type { IssuerBrand } from '../../acs/issuer.ts'
import type { Language } from '../../web/i18n.ts'
import { themeCss } from './brand.ts'
import { renderTemplate, translator } from './page.ts'

export interface KeptView {
  readonly lang: Language
  readonly nonce: string
  readonly issuer: IssuerBrand
}

export const renderKeptPage = (view: KeptView): string =>
  renderTemplate('./kept', { ...view, t: translator(view.lang), themeCss: themeCss(view.issuer.theme) })
