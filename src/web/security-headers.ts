/**
 * Response headers of HTML pages: those a merchant frames, and those that stand alone.
 *
 * Spec: EMV 3DS 2.2.0, [Req 122] (frameable by any merchant); rules SEC-CSP-1..6, SEC-URL-6.
 */
import { randomBytes } from 'node:crypto'

export type HeaderMap = Readonly<Record<string, string>>

/** One per response, for every `<script>` and `<style>` of the page. */
export const newNonce = (): string => randomBytes(18).toString('base64')

interface PageSecurity {
  readonly nonce: string
  /** True when the page is served over https. */
  readonly secure?: boolean
}

interface FramedPageSecurity extends PageSecurity {
  /** Where a form of the page, or of the page after it, is posted: notificationURL or threeDSMethodNotificationURL. */
  readonly postsTo?: string
}

/** Challenge, result, error and 3DS Method pages: any merchant may frame them, and they may post to the merchant. */
export function framedPageHeaders({ nonce, postsTo, secure }: FramedPageSecurity): HeaderMap {
  return {
    ...common(secure),
    'Content-Security-Policy': policy(nonce, [['form-action', ...formTargets(postsTo)]]),
    'Cross-Origin-Resource-Policy': 'cross-origin', // a shop that isolates itself may frame us all the same
  }
}

/** Home and inbox: never framed, never posting elsewhere. */
export function topLevelPageHeaders({ nonce, secure }: PageSecurity): HeaderMap {
  return {
    ...common(secure),
    'Content-Security-Policy': policy(nonce, [
      ['form-action', "'self'"],
      ['frame-ancestors', "'none'"],
    ]),
    'X-Frame-Options': 'DENY',
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Resource-Policy': 'same-origin',
  }
}

function common(secure = false): HeaderMap {
  return {
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
    'Referrer-Policy': 'no-referrer',
    ...(secure ? { 'Strict-Transport-Security': 'max-age=31536000' } : {}),
  }
}

function policy(nonce: string, more: readonly (readonly string[])[]): string {
  return [
    ['default-src', "'none'"],
    ['script-src', `'nonce-${nonce}'`],
    ['style-src', `'nonce-${nonce}'`],
    ['img-src', "'self'", 'data:'],
    ['connect-src', "'self'"],
    ['base-uri', "'none'"],
    ['object-src', "'none'"],
    ...more,
  ]
    .map((directive) => directive.join(' '))
    .join('; ')
}

/**
 * Browsers apply form-action to the redirects after the POST too, and where a merchant redirects to is not ours to know: any https, and
 * on a loopback set-up any http. A host goes in by name only when it is made of plain characters: `;` is legal in a URL's host and would
 * end the directive, and `[::1]` is unknown to CSP.
 */
function formTargets(postsTo: string | undefined): readonly string[] {
  const always = ["'self'", 'https:']
  if (postsTo === undefined || !URL.canParse(postsTo)) return always
  const { origin, protocol, hostname } = new URL(postsTo)
  const named = /^https?:\/\/[a-z0-9.-]+(:\d+)?$/.test(origin) ? [origin] : []
  const loopback = hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname)
  return [...always, ...named, ...(protocol === 'http:' && loopback ? ['http:'] : [])]
}
