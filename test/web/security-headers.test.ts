import { describe, expect, test } from 'vitest'
import { framedPageHeaders, newNonce, topLevelPageHeaders } from '../../src/web/security-headers.ts'

const directives = (headers: Readonly<Record<string, string>>): ReadonlyMap<string, string> =>
  new Map(
    (headers['Content-Security-Policy'] ?? '').split(';').map((directive) => {
      const [name = '', ...values] = directive.trim().split(' ')
      return [name, values.join(' ')] as const
    }),
  )
const framed = (postsTo?: string) =>
  directives(framedPageHeaders({ nonce: 'abc', ...(postsTo === undefined ? {} : { postsTo }) }))

describe('a framed page', () => {
  test('runs scripts and styles with its nonce only, and loads nothing from elsewhere (SEC-CSP-1)', () => {
    const csp = framed('https://shop.example/notify')
    expect(Object.fromEntries([...csp].filter(([name]) => name !== 'form-action'))).toEqual({
      'default-src': "'none'",
      'script-src': "'nonce-abc'",
      'style-src': "'nonce-abc'",
      'img-src': "'self' data:",
      'connect-src': "'self'",
      'base-uri': "'none'",
      'object-src': "'none'",
    })
  })

  test.each([
    ['https://shop.example/notify?a=1', "'self' https: https://shop.example"],
    ['https://shop.example:8443/n', "'self' https: https://shop.example:8443"],
    ['http://127.0.0.1:9441/n', "'self' https: http://127.0.0.1:9441 http:"],
    ['http://localhost:3000/n', "'self' https: http://localhost:3000 http:"],
    ['http://[::1]:3000/n', "'self' https: http:"], // CSP knows no IPv6 hosts
    ['http://shop.example/n', "'self' https: http://shop.example"],
    ["https://a;script-src'unsafe-inline'/n", "'self' https:"], // `;` is legal in a host
    ['https://a,b.example/n', "'self' https:"],
    ['javascript:alert(1)', "'self' https:"],
    ['not a URL', "'self' https:"],
  ])('that posts to %s may submit forms to %s (SEC-CSP-2)', (postsTo, expected) => {
    const csp = framed(postsTo)
    expect(csp.get('form-action')).toBe(expected)
    expect(csp.size).toBe(framed().size)
  })

  test('can be framed by any merchant: no X-Frame-Options, no frame-ancestors, no COEP, no COOP (SEC-CSP-3, SEC-CSP-5, SEC-CSP-6)', () => {
    const headers = framedPageHeaders({ nonce: 'abc' })
    expect(directives(headers).has('frame-ancestors')).toBe(false)
    expect(headers).not.toHaveProperty('X-Frame-Options')
    expect(headers).not.toHaveProperty('Cross-Origin-Embedder-Policy')
    expect(headers).not.toHaveProperty('Cross-Origin-Opener-Policy')
    expect(headers['Cross-Origin-Resource-Policy']).toBe('cross-origin')
  })
})

describe.each([
  ['framed', framedPageHeaders],
  ['top-level', topLevelPageHeaders],
])('every %s page', (_, headersOf) => {
  test('is neither stored nor sniffed, and sends no referrer (SEC-CSP-4, SEC-URL-6, CHL-REP-12)', () => {
    expect(headersOf({ nonce: 'abc' })).toMatchObject({
      'Cache-Control': 'no-store',
      'X-Content-Type-Options': 'nosniff',
      'Referrer-Policy': 'no-referrer',
    })
  })

  test('asks for https from then on, over https only (SEC-CSP-4)', () => {
    expect(headersOf({ nonce: 'abc', secure: true })).toHaveProperty('Strict-Transport-Security')
    expect(headersOf({ nonce: 'abc' })).not.toHaveProperty('Strict-Transport-Security')
  })
})

test('a top-level page cannot be framed and posts to itself only', () => {
  const headers = topLevelPageHeaders({ nonce: 'abc' })
  expect(directives(headers).get('frame-ancestors')).toBe("'none'")
  expect(directives(headers).get('form-action')).toBe("'self'")
  expect(headers['X-Frame-Options']).toBe('DENY')
})

test('nonces differ and need no quoting', () => {
  const nonces = Array.from({ length: 100 }, newNonce)
  expect(new Set(nonces).size).toBe(100)
  for (const nonce of nonces) expect(nonce).toMatch(/^[A-Za-z0-9+/]{24}$/)
})
