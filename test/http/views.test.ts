import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import en from '../../src/http/locales/en.json' with { type: 'json' }
import ja from '../../src/http/locales/ja.json' with { type: 'json' }
import { renderChallengePage } from '../../src/http/views/challenge.ts'
import { renderErrorPage } from '../../src/http/views/error.ts'
import { renderHomePage } from '../../src/http/views/home.ts'
import { renderInboxMessagePage, renderInboxPage } from '../../src/http/views/inbox.ts'
import { renderMethodPage } from '../../src/http/views/method.ts'
import { renderResultPage } from '../../src/http/views/result.ts'
import {
  challengeView,
  errorKinds,
  hints,
  homeView,
  languages,
  methodView,
  pages,
  resultView,
  usualIssuer,
} from '../web/fixtures.ts'

const views = new URL('../../src/http/views/', import.meta.url)
const hostile = `"'></script><script>alert(1)</script><img src=x onerror=alert(1)> <%= it %> {{t}} $t(common.test)`
const breaksOut = /<script>alert|<img src=x|"'>/
const everyPage = Object.entries(pages).flatMap(([name, render]) =>
  languages.map((lang) => [name, lang, render(lang)] as const),
)

describe('catalogues', () => {
  test('have the same keys in the same order, none empty', () => {
    expect(Object.keys(ja)).toEqual(Object.keys(en))
    for (const text of [...Object.values(en), ...Object.values(ja)]) expect(text.trim()).not.toBe('')
  })

  test('have the same placeholders', () => {
    const placeholders = (texts: Readonly<Record<string, string>>) =>
      Object.entries(texts).map(([key, text]) => [key, [...text.matchAll(/\{\{(\w+)\}\}/g)].map((m) => m[1]).sort()])
    expect(placeholders(ja)).toEqual(placeholders(en))
  })

  test('hold every key that a template uses, and no other', () => {
    const source = readdirSync(views)
      .filter((file) => /\.(eta|ts)$/.test(file))
      .map((file) => readFileSync(new URL(file, views), 'utf8'))
      .join('\n')
    const asked = new Set([...source.matchAll(/\bt\(\s*'([\w.]+)'/g)].map((m) => m[1]))
    for (const key of asked) if (!key?.endsWith('.')) expect(en).toHaveProperty([key ?? ''])
    const used = new Set([...source.matchAll(/'([a-z]+\.[\w.]+)'/g)].map((m) => m[1])) // also from tables of keys
    const madeUp = /^(hint|outcome|error\.\w+)\./ // keys that a template puts together
    expect(Object.keys(en).filter((key) => !used.has(key) && !madeUp.test(key))).toEqual([])
  })
})

describe.each(everyPage)('%s in %s', (name, lang, html) => {
  test('is a document in that language, with a title', () => {
    expect(html).toMatch(/^<!DOCTYPE html>\n/)
    if (name !== 'method') expect(html).toContain(`<html lang="${lang}">`)
    expect(html).toMatch(/<title>[^<]+<\/title>/)
  })

  test('has a nonce on every script and style and no inline handler or style (SEC-CSP-1)', () => {
    for (const [tag] of html.matchAll(/<(script|style)\b[^>]*>/g)) expect(tag).toContain('nonce="fixtureNonce"')
    expect(html).not.toMatch(/<[^>]*\s(on\w+|style)=/)
  })

  test('loads nothing by address (FLOW-BRW-10, SEC-PCI-6)', () => {
    expect(html).not.toMatch(/<(script|img|iframe|link|source|object|embed)\b[^>]*\b(src|data)=/)
    for (const [, href] of html.matchAll(/<link [^>]*href="([^"]*)"/g)) expect(href).toMatch(/^data:/)
    expect(html).not.toMatch(/@import|url\(|@font-face/)
  })

  test('stays in its frame and speaks to no other window (TOL-20, TOL-21, FLOW-IFR-4)', () => {
    expect(html).not.toMatch(
      /postMessage|_top\b|_parent\b|\balert\(|\bconfirm\(|\bprompt\(|window\.open|\.cookie|http-equiv/,
    )
  })

  test('has all its texts', () => {
    const marks = html.replace(/<(script|style)\b[\s\S]*?<\/\1>/g, '')
    expect(marks).not.toMatch(/undefined|\[object|\{\{/)
    expect(marks).not.toMatch(/["'>]\s*(common|challenge|hint|error|home|inbox|outcome)\.\w+/)
  })
})

describe.each(languages)('the challenge page in %s', (lang) => {
  test('shows merchant, amount, date, last four digits and masked contact (CHL-UI-8, CHL-UI-10)', () => {
    const view = challengeView(lang)
    const html = renderChallengePage(view)
    for (const [id, text] of [
      ['merchant', view.merchantName],
      ['amount', view.amount],
      ['date', view.date],
      ['card', '•••• 0005'],
      ['contact', 'h•••@example.jp'],
    ]) {
      expect(html).toContain(`data-testid="${id}">${text}<`)
    }
  })

  test('has no amount and another heading when nothing is paid (CHL-UI-11)', () => {
    const html = pages['challenge-no-amount']?.(lang) ?? ''
    expect(html).not.toContain('data-testid="amount"')
    expect(html).toContain(`<h1>${(lang === 'ja' ? ja : en)['challenge.titleNoAmount']}</h1>`)
  })

  test.each(hints.filter((hint) => hint !== 'appOpen'))(
    'says %s in an alert that describes the input (CHL-ATT-4)',
    (hint) => {
      const html = renderChallengePage(challengeView(lang, { hint, triesLeft: 2 }))
      const text = (lang === 'ja' ? ja : en)[`hint.${hint}`]
      expect(html).toContain(`id="hint" role="alert" data-testid="hint" data-hint="${hint}">${text}</p>`)
      expect(html).toContain('aria-describedby="hint instruction tries-left"')
      expect(/<input id="otp"[^>]*aria-invalid="true"/.test(html)).toBe(['wrong', 'expired', 'empty'].includes(hint))
    },
  )

  test('tells the tries that are left', () => {
    expect(renderChallengePage(challengeView(lang, { triesLeft: 1 }))).toMatch(/data-testid="tries-left">[^<]*1/)
  })
})

describe('the challenge page', () => {
  test('has one form with the ids, the code and its buttons; verify comes first, so Enter means verify', () => {
    const html = renderChallengePage(challengeView('en'))
    expect(html.match(/<form /g)).toHaveLength(1)
    expect(
      [...html.matchAll(/name="action" value="(\w+)"( formnovalidate)?/g)].map((m) => [m[1], m[2] !== undefined]),
    ).toEqual([
      ['verify', false],
      ['resend', true],
      ['cancel', true],
    ])
    expect(html).toContain('<input type="hidden" name="acsTransID" value="7f2c1c1e-1d0b-4f4b-9a39-4a1c3cf0a001">')
    expect(html).toContain('<input type="hidden" name="stepToken" value="c3RlcC0xLXRva2Vu">')
  })

  test('lets the code be pasted, filled in and typed with spaces (SEC-OTP-6)', () => {
    const input = /<input id="otp"[^>]*>/.exec(renderChallengePage(challengeView('en')))?.[0] ?? ''
    expect(input).toContain('autocomplete="one-time-code"')
    expect(input).toContain('inputmode="numeric"')
    expect(input).toContain('type="text"')
    expect(Number(/maxlength="(\d+)"/.exec(input)?.[1])).toBeGreaterThanOrEqual(16)
    expect(input).not.toMatch(/pattern=|onpaste/)
  })

  test('offers a new code only when there is one to be had (CHL-RSD-1, MIS-UI-8), and always a way out (CHL-CAN-2)', () => {
    const html = renderChallengePage(challengeView('en', { canResend: false }))
    expect(html).not.toContain('value="resend"')
    expect(html).toContain('value="cancel"')
  })

  test('has the four zones and says that it is a test (CHL-UI-16, SEC-OTP-8)', () => {
    const html = renderChallengePage(challengeView('en'))
    const at = ['header', 'branding', 'challenge-form', 'information'].map((zone) =>
      html.indexOf(`data-testid="${zone}"`),
    )
    expect(at).not.toContain(-1)
    expect(at).toEqual([...at].sort((a, b) => a - b))
    expect(html).toContain(en['common.simulator'])
    expect(html).toContain('data-testid="simulator-tag"')
  })

  test('is served for the size that the CReq names (FLOW-IFR-1)', () => {
    for (const windowSize of ['01', '02', '03', '04', '05'] as const) {
      expect(renderChallengePage(challengeView('en', { windowSize }))).toContain(`data-window-size="${windowSize}"`)
    }
  })

  test('writes every value as text, however hostile', () => {
    const html = renderChallengePage(
      challengeView('en', {
        action: hostile,
        acsTransID: hostile,
        stepToken: hostile,
        merchantName: hostile,
        amount: hostile,
        date: hostile,
        maskedPan: hostile,
        maskedContact: hostile,
        issuer: {
          ...usualIssuer,
          en: { ...usualIssuer.en, name: hostile, header: hostile, text: hostile, why: hostile },
        },
        schemeName: hostile,
      }),
    )
    expect(html).not.toMatch(breaksOut)
    expect(html.match(/<script/g)).toHaveLength(1)
    expect(html.split('&lt;%= it %&gt; {{t}} $t(common.test)')).toHaveLength(14) // thirteen values
  })
})

describe('the result page', () => {
  test('posts cres and the session data, unchanged, to the notificationURL (FLOW-GEN-5)', () => {
    const html = renderResultPage(resultView('en'))
    expect(html).toContain('action="http://127.0.0.1:9/shop/notification?order=1&amp;step=2"')
    expect(html).toContain('name="cres" value="eyJtZXNzYWdlVHlwZSI6IkNSZXMifQ"')
    expect(html).toContain('name="threeDSSessionData" value="c2Vzc2lvbg=="')
  })

  test('has no session data when there was none', () => {
    const { threeDSSessionData: _, ...view } = resultView('en')
    expect(renderResultPage(view)).not.toContain('threeDSSessionData')
  })

  test('writes address and session data as text, however hostile (SEC-URL-3, SEC-URL-5)', () => {
    const html = renderResultPage(
      resultView('ja', { notificationURL: hostile, cres: hostile, threeDSSessionData: hostile }),
    )
    expect(html).not.toMatch(breaksOut)
    expect(html.match(/<script/g)).toHaveLength(1)
  })
})

describe.each(errorKinds)('the error page for %s', (kind) => {
  test.each(languages)('says in %s where the shop has its result from', (lang) => {
    const texts = lang === 'ja' ? ja : en
    const html = renderErrorPage({ lang, nonce: 'abc', kind })
    expect(html).toContain(texts[`error.${kind}.heading`])
    expect(html).toContain(texts[`error.${kind}.text`])
    expect(html).toContain('3DS')
    expect(html).toContain(texts['error.outcome'])
    expect(html).not.toContain('data-testid="error-code"')
    expect(html).not.toContain('<form')
  })

  test('shows an error code as text', () => {
    expect(renderErrorPage({ lang: 'en', nonce: 'abc', kind, errorCode: '301' })).toContain('Error code 301')
    expect(renderErrorPage({ lang: 'en', nonce: 'abc', kind, errorCode: hostile })).not.toMatch(breaksOut)
  })
})

describe('the 3DS Method page', () => {
  test('carries the notification alone and needs no cookie (FLOW-MTH-3, SEC-URL-4)', () => {
    const html = renderMethodPage(methodView())
    expect(html.match(/<input /g)).toHaveLength(1)
    expect(html).toContain('action="http://127.0.0.1:9/3ds-server/method-notification" target="_self"')
  })

  test('writes every value as text, and none into its script', () => {
    const html = renderMethodPage(
      methodView({
        dataAction: hostile,
        threeDSServerTransID: hostile,
        notificationURL: hostile,
        threeDSMethodData: hostile,
      }),
    )
    expect(html).not.toMatch(breaksOut)
    expect(html.match(/<script/g)).toHaveLength(1)
    expect(/<script[\s\S]*<\/script>/.exec(html)?.[0]).not.toContain('{{t}}')
  })
})

describe('home and inbox', () => {
  test('home groups card numbers as on the card and lists the endings', () => {
    const html = renderHomePage(homeView('en'))
    expect(html).toContain('>4111 1100 0000 0005<')
    expect(html).toContain('>3400 000000 00700<')
    expect(html).toContain('…2rr')
    expect(html).toContain('href="http://127.0.0.1:9441/shop"')
  })

  test('home leads to the console first, then to the shop', () => {
    const html = renderHomePage({ ...homeView('en'), consoleUrl: '/console' })
    expect([...html.matchAll(/data-testid="link-(\w+)"/g)].map(([, name]) => name).slice(0, 2)).toEqual([
      'console',
      'shop',
    ])
  })

  test('the inbox leads to the console, and a mail to its transaction there', () => {
    const message = { id: '1', at: 0, to: 'a@example.jp', subject: 's', text: 't', transaction: 'tx-1' }
    const view = { lang: 'en', nonce: 'abc', consoleUrl: '/base/console' } as const
    expect(renderInboxPage({ ...view, messages: [message] })).toContain('href="/base/console/inbox"')
    expect(renderInboxMessagePage({ ...view, message })).toContain('href="/base/console/transactions/tx-1"')
    expect(renderInboxPage({ lang: 'en', nonce: 'abc', messages: [message] })).not.toContain('console/inbox')
  })

  test('the inbox shows the newest message first, whatever order they came in', () => {
    const message = (id: string, at: string) => ({
      id,
      at,
      to: 'a@example.jp',
      subject: id,
      text: '',
      transaction: 't',
    })
    const messages = [
      message('old', '2026-01-01T00:00:00Z'),
      message('new', '2026-01-03T00:00:00Z'),
      message('mid', '2026-01-02T00:00:00Z'),
    ]
    const html = renderInboxPage({ lang: 'en', nonce: 'abc', messages })
    expect([...html.matchAll(/data-testid="inbox-subject">(\w+)/g)].map((m) => m[1])).toEqual(['new', 'mid', 'old'])
    expect(html).toContain('data-ids="new mid old"')
  })

  test('a message without a code shows none', () => {
    const message = { id: '1', at: 0, to: 'a', subject: 's', text: 't', transaction: 'x' }
    expect(renderInboxMessagePage({ lang: 'en', nonce: 'abc', message })).not.toContain('inbox-code')
    expect(renderInboxPage({ lang: 'en', nonce: 'abc', messages: [message] })).not.toContain('inbox-code')
  })

  test('can be reloaded by hand without script', () => {
    expect(renderInboxPage({ lang: 'en', nonce: 'abc', messages: [] })).toMatch(/<noscript><a href="\/inbox"/)
  })

  test('write mail as text, however hostile', () => {
    const message = {
      id: hostile,
      at: 0,
      to: hostile,
      subject: hostile,
      text: hostile,
      code: hostile,
      transaction: hostile,
    }
    const html = renderInboxPage({ lang: 'en', nonce: 'abc', messages: [message] })
    expect(html).not.toMatch(breaksOut)
    expect(renderInboxMessagePage({ lang: 'en', nonce: 'abc', message })).not.toMatch(breaksOut)
    const cards = [{ number: hostile, scheme: hostile, what: hostile }]
    expect(renderHomePage({ ...homeView('en'), cards, version: hostile, shopUrl: hostile })).not.toMatch(breaksOut)
  })
})
