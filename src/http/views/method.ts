/**
 * The 3DS Method page: looks at the browser, tells the ACS, then the 3DS Requestor, within four seconds, and needs no storage.
 *
 * Spec: EMV 3DS 2.2.0, [Req 262–264]; rules FLOW-MTH-3, FLOW-MTH-6, FLOW-MTH-10, SEC-URL-4.
 */
import { renderTemplate } from './page.ts'

export interface MethodView {
  readonly nonce: string
  /**
   * Where the device data goes, on this origin: JSON `{ threeDSServerTransID, data }`. `data` has what the browser was willing to say
   * of the parameters in ../method-data.ts.
   */
  readonly dataAction: string
  readonly threeDSServerTransID: string
  /** threeDSMethodNotificationURL, checked by the caller. */
  readonly notificationURL: string
  /** base64url of `{"threeDSServerTransID":"…"}`. */
  readonly threeDSMethodData: string
}

export function renderMethodPage(view: MethodView): string {
  return renderTemplate('./method', view)
}
