// Headers of the shop's pages. Spec: SEC-CSP-10, MIS-FRM-5: a merchant's policy must let the ACS be framed and posted to.

/** The origin of an http(s) address that can stand in a policy; nothing for any other. */
function originOf(url: string): readonly string[] {
  if (!URL.canParse(url)) return []
  const { origin } = new URL(url)
  return /^https?:\/\/[a-z0-9.-]+(:\d+)?$/.test(origin) ? [origin] : []
}

/** `acsUrls`: the ACS's public origin, and the addresses of this transaction if another ACS serves it. */
export function shopHeaders(acsUrls: readonly (string | undefined)[]): Readonly<Record<string, string>> {
  const origins = [...new Set(acsUrls.flatMap((url) => (url === undefined ? [] : originOf(url))))].join(' ')
  return {
    'Content-Security-Policy': [
      "default-src 'none'",
      "script-src 'self'",
      "style-src 'self'",
      "img-src 'self' data:",
      "connect-src 'self'",
      `frame-src 'self' ${origins}`,
      `form-action 'self' ${origins}`,
      "base-uri 'none'",
      "object-src 'none'",
      "frame-ancestors 'none'",
    ].join('; '),
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
    'X-Frame-Options': 'DENY',
    'Referrer-Policy': 'same-origin',
    'Cross-Origin-Opener-Policy': 'same-origin',
  }
}
