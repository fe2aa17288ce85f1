/**
 * The page that carries the final CRes to the notificationURL. It holds the form and nothing else.
 *
 * Spec: EMV 3DS 2.2.0, [Req 138–140]; rules FLOW-BRW-6, FLOW-GEN-5, SEC-URL-7.
 */
import { renderAutoPost } from '../../web/auto-post.ts'
import type { Language } from '../../web/i18n.ts'

export interface ResultView {
  readonly lang: Language
  readonly nonce: string
  /** From the AReq, checked there. */
  readonly notificationURL: string
  /** base64url of the CRes, or of an Erro. */
  readonly cres: string
  readonly threeDSSessionData?: string
  /** Told when the browser leaves, where an RReq waits for that. */
  readonly tellsOfLeaving?: string | undefined
}

export function renderResultPage({ cres, threeDSSessionData, notificationURL, ...view }: ResultView): string {
  return renderAutoPost({ ...view, action: notificationURL, fields: { cres, threeDSSessionData } })
}
