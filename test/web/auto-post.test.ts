import { describe, expect, test } from 'vitest'
import { type AutoPost, renderAutoPost } from '../../src/web/auto-post.ts'

const post = (more: Partial<AutoPost> = {}): string =>
  renderAutoPost({
    lang: 'en',
    nonce: 'abc',
    action: 'https://shop.example/n?a=1&b=2',
    fields: { cres: 'e30' },
    ...more,
  })

describe('a page that posts by itself', () => {
  test('has one form, posted in its own frame, and nothing else to fetch or follow (FLOW-BRW-6, SEC-URL-7)', () => {
    const html = post()
    expect(html.match(/<form /g)).toHaveLength(1)
    expect(html).toContain('<form method="post" action="https://shop.example/n?a=1&amp;b=2" target="_self"')
    expect(html).not.toMatch(/<(a|img|iframe|object|embed|meta http-equiv)\b/)
    expect(html.replace(/action="[^"]*"/, '')).not.toMatch(/https?:/)
  })

  test('keeps the order and the exact characters of its fields, and leaves out absent ones', () => {
    const html = post({ fields: { cres: 'a-b_c', threeDSSessionData: 'x==', other: undefined } })
    expect(
      [...html.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)">/g)].map((m) => [m[1], m[2]]),
    ).toEqual([
      ['cres', 'a-b_c'],
      ['threeDSSessionData', 'x=='],
    ])
  })

  test('keeps a field with an empty value', () => {
    expect(post({ fields: { threeDSSessionData: '' } })).toContain('name="threeDSSessionData" value=""')
  })

  test.each([
    ['en', 'Continue'],
    ['ja', '次へ進む'],
  ] as const)('has a button for browsers without script, in %s', (lang, label) => {
    expect(post({ lang })).toMatch(new RegExp(`<noscript><button type="submit"[^>]*>${label}</button></noscript>`))
    expect(post({ lang })).toContain(`<html lang="${lang}">`)
  })

  test('cannot be broken out of by the address, a field name or a field value (SEC-URL-3, SEC-URL-5)', () => {
    const hostile = `"'><script>alert(1)</script><%= it %>`
    const html = post({ action: `https://shop.example/${hostile}`, fields: { [hostile]: hostile } })
    expect(html.match(/<script/g)).toHaveLength(1)
    expect(html).not.toContain(hostile)
    const escaped = '&quot;&#39;&gt;&lt;script&gt;alert(1)&lt;/script&gt;&lt;%= it %&gt;'
    expect(html.split(escaped)).toHaveLength(4)
  })

  test('submits with the form’s own method, even when a field is called submit', () => {
    expect(post({ fields: { submit: '1' } })).toContain('HTMLFormElement.prototype.submit.call(')
  })
})
