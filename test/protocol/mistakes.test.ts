// Mistakes seen in the field that one function decides; the others are fixtures (spec-fixtures/mistakes-shared) or flows.
import { describe, expect, test } from 'vitest'
import { renderMethodPage } from '../../src/http/views/method.ts'
import { decodeBase64url, encodeBase64url } from '../../src/protocol/base64url.ts'
import { ProtocolError, toErro } from '../../src/protocol/errors.ts'
import { errorDescriptions } from '../../src/protocol/tables/errors.ts'
import { reasonFor } from '../../src/protocol/tables/reasons.ts'
import { renderAutoPost } from '../../src/web/auto-post.ts'
import { framedPageHeaders } from '../../src/web/security-headers.ts'

const creq = '{"messageType":"CReq","text":"東京?>~"}'

describe('what travels through a browser', () => {
  test('is UTF-8 in base64url, without padding and without + and / (MIS-B64-4)', () => {
    const text = encodeBase64url(creq)
    expect(text).toMatch(/^[A-Za-z0-9_-]+$/)
    expect(Buffer.from(text, 'base64url').toString('utf8')).toBe(creq)
  })

  test('may come padded, and as standard base64 (MIS-B64-2, TOL-5)', () => {
    expect(decodeBase64url(Buffer.from('{"a":1}').toString('base64'))?.toString()).toBe('{"a":1}')
    expect(decodeBase64url(Buffer.from(creq).toString('base64'))?.toString()).toBe(creq)
  })

  test('may have lost its + to a form (MIS-B64-5)', () => {
    const json = '{"a":"~~~>>>~~~"}'
    const standard = Buffer.from(json).toString('base64')
    expect(standard).toContain('+')
    expect(decodeBase64url(standard.replaceAll('+', ' '))?.toString()).toBe(json)
  })

  test('is not plain JSON (MIS-B64-8)', () => {
    expect(decodeBase64url(creq)).toBeUndefined()
  })
})

describe('the page that brings the cres to the shop', () => {
  const html = renderAutoPost({
    lang: 'en',
    nonce: 'abc',
    action: 'https://shop.example/notify?order=42',
    fields: { cres: 'e30', threeDSSessionData: 'b3JkZXI9NDI+/ ==' },
  })

  test('is a form posted from where it stands, no redirect (MIS-FRM-6, MIS-FRM-8)', () => {
    expect(html).toContain('method="post"')
    expect(html).toContain('target="_self"')
    expect(html).not.toMatch(/_top|_parent|http-equiv="refresh"|location\s*=/)
  })

  test('returns the session data as they came (MIS-FRM-2)', () => {
    expect(html).toContain('name="threeDSSessionData" value="b3JkZXI9NDI+/ =="')
  })

  test('may be framed by any shop (FLOW-IFR-5, MIS-FRM-4)', () => {
    const headers = framedPageHeaders({ nonce: 'abc', postsTo: 'https://shop.example/notify', secure: true })
    expect(Object.keys(headers).map((name) => name.toLowerCase())).not.toContain('x-frame-options')
    expect(JSON.stringify(headers)).not.toContain('frame-ancestors')
  })
})

test('the 3DS Method is answered by a page that posts to the whole notification URL, query and all (MIS-MTH-4, MIS-MTH-7)', () => {
  const html = renderMethodPage({
    nonce: 'abc',
    dataAction: '/acs/method/data',
    threeDSServerTransID: 'd7c1ee99-9478-44a6-b1f2-391e29c6b340',
    notificationURL: 'https://shop.example/method?order=42&step=1',
    threeDSMethodData: 'e30',
  })
  expect(html).toMatch(/^<!DOCTYPE html>/i)
  expect(html).toContain('method="post" action="https://shop.example/method?order=42&amp;step=1"')
  expect(html).toContain('name="threeDSMethodData" value="e30"')
})

describe('an Erro', () => {
  const error = new ProtocolError('301', 'acsTransID')

  test('says one fixed sentence for each code; what varies is in the detail (ERR-A6)', () => {
    for (const errorCode of ['201', '203', '301'] as const) {
      for (const detail of ['acctNumber', 'purchaseDate,purchaseAmount'])
        expect(toErro(new ProtocolError(errorCode, detail), 'A')).toMatchObject({
          errorDescription: errorDescriptions[errorCode],
          errorDetail: detail,
        })
    }
  })

  test('names the ids that are known, and no others (MIS-RES-14)', () => {
    const acsTransID = 'd7c1ee99-9478-44a6-b1f2-391e29c6b340'
    expect(toErro(error, 'A', { acsTransID })).toHaveProperty('acsTransID', acsTransID)
    expect(toErro(error, 'A')).not.toHaveProperty('acsTransID')
  })
})

test.each(['22', '23', '24', '25', '26', '27', '28', '29', '30'])(
  'the reason %s is told in a code that 2.1.0 has, or in none (MIS-VER-8)',
  (reason) => {
    expect(reasonFor('2.1.0', 'N', reason) ?? '01').toMatch(/^(0[1-9]|1[0-9]|2[01])$/)
  },
)
