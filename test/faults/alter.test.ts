// What faults make of bytes: nothing else than they say.
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { alter, alterForm, nameOf, sentInstead } from '../../src/faults/alter.ts'
import { kindsOf, messagesOf, misfitOf } from '../../src/faults/fits.ts'
import { type Fault, faultSchema, links, plannedFaultSchema } from '../../src/faults/rule.ts'

const ares = {
  messageType: 'ARes',
  messageVersion: '2.2.0',
  threeDSServerTransID: '8a880dc0-d2d2-4067-bcb1-b08d1690b26e',
  acsTransID: 'd7c1ee99-9478-44a6-b1f2-391e29c6b340',
  dsTransID: 'f25084f0-5b16-4c0a-ae5d-b24808a95e4b',
  transStatus: 'C',
  broadInfo: { list: ['a', 'b'], deep: { one: 1 } },
  acsSignedContent: 'eyJhbGciOiJQUzI1NiJ9.eyJhIjoxfQ.c2lnbmF0dXJl',
}
const bytes = Buffer.from(JSON.stringify(ares))
const fault = (value: object): Fault => faultSchema.parse(value)
const altered = (value: object): Record<string, unknown> =>
  JSON.parse(alter(fault(value), bytes, 'ACS→DS').body.toString('utf8')) as Record<string, unknown>

describe('a message', () => {
  test('wrongIds: all ids are others, and UUIDs still; the rest is the same', () => {
    const other = altered({ kind: 'wrongIds' })
    for (const name of ['threeDSServerTransID', 'acsTransID', 'dsTransID'] as const) {
      expect(other[name]).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
      expect(other[name]).not.toBe(ares[name])
    }
    expect({ ...other, threeDSServerTransID: 0, acsTransID: 0, dsTransID: 0 }).toEqual({
      ...ares,
      threeDSServerTransID: 0,
      acsTransID: 0,
      dsTransID: 0,
    })
  })

  test('wrongVersion, set, extra and missing: one element, at any depth', () => {
    expect(altered({ kind: 'wrongVersion' })).toEqual({ ...ares, messageVersion: '9.9.9' })
    expect(altered({ kind: 'wrongVersion', messageVersion: '2.1.0' }).messageVersion).toBe('2.1.0')
    expect(altered({ kind: 'set', element: 'transStatus', value: 'Q' })).toEqual({ ...ares, transStatus: 'Q' })
    expect(altered({ kind: 'set', element: 'broadInfo.list.1', value: null }).broadInfo).toEqual({
      ...ares.broadInfo,
      list: ['a', null],
    })
    expect(altered({ kind: 'extra', element: 'surprise.inside', value: [1] }).surprise).toEqual({ inside: [1] })
    expect(altered({ kind: 'missing', element: 'transStatus' })).not.toHaveProperty('transStatus')
    expect(altered({ kind: 'missing', element: 'broadInfo.list.0' }).broadInfo).toEqual({
      ...ares.broadInfo,
      list: ['b'],
    })
    expect(altered({ kind: 'missing', element: 'nobody.has.this' })).toEqual(ares)
  })

  test('badSignature: signed and signature alone, the header and payload stay', () => {
    const { acsSignedContent, ...rest } = altered({ kind: 'badSignature' })
    const [header, payload, signature] = String(acsSignedContent).split('.')
    expect([header, payload]).toEqual(ares.acsSignedContent.split('.').slice(0, 2))
    expect(signature).not.toBe(ares.acsSignedContent.split('.')[2])
    expect(signature).toHaveLength('c2lnbmF0dXJl'.length)
    expect(rest).toEqual({ ...ares, acsSignedContent: undefined })
  })

  test('erro: of any code, from who would have sent the message, about what it answers', () => {
    expect(altered({ kind: 'erro', errorCode: '999', errorDetail: 'because' })).toEqual({
      messageType: 'Erro',
      messageVersion: '2.2.0',
      threeDSServerTransID: ares.threeDSServerTransID,
      acsTransID: ares.acsTransID,
      dsTransID: ares.dsTransID,
      errorCode: '999',
      errorComponent: 'A',
      errorDescription: 'An error made on purpose',
      errorDetail: 'because',
      errorMessageType: 'AReq',
    })
    expect(altered({ kind: 'erro', errorCode: '405' }).errorDescription).toBe('A connection could not be made.')
  })

  test('truncate: half of it, under a length that is honest or not', () => {
    const half = bytes.subarray(0, Math.floor(bytes.length / 2))
    expect(alter(fault({ kind: 'truncate' }), bytes, 'ACS→DS')).toEqual({ body: half, announced: bytes.length })
    expect(alter(fault({ kind: 'truncate', contentLength: 'sent' }), bytes, 'ACS→DS')).toEqual({
      body: half,
      announced: half.length,
    })
  })

  test('malformed and html: nothing that a parser of JSON takes', () => {
    for (const kind of ['malformed', 'html'] as const) {
      const { body, announced, contentType } = alter(fault({ kind }), bytes, 'ACS→DS')
      expect(() => JSON.parse(body.toString('utf8'))).toThrow(SyntaxError)
      expect(announced).toBe(body.length)
      expect(contentType?.startsWith('text/html')).toBe(kind === 'html' ? true : undefined)
    }
  })

  test('what befalls the connection leaves the bytes alone, and the record says what left', () => {
    const left = (value: object) => sentInstead(fault(value), bytes, alter(fault(value), bytes, 'ACS→DS'))
    for (const kind of ['hang', 'drop', 'reset']) expect(left({ kind })).toHaveLength(0)
    expect(left({ kind: 'status', status: 502 })).toHaveLength(0)
    expect(left({ kind: 'delay', delay: '4s' })).toBeUndefined()
    expect(left({ kind: 'drip' })).toBeUndefined()
    expect(left({ kind: 'missing', element: 'nobody.has.this' })).toBeUndefined()
    expect(left({ kind: 'missing', element: 'transStatus' })?.length).toBeGreaterThan(0)
  })
})

describe('a form', () => {
  const cres = { messageType: 'CRes', messageVersion: '2.2.0', acsTransID: ares.acsTransID, transStatus: 'Y' }
  const form = new URLSearchParams({
    cres: Buffer.from(JSON.stringify(cres)).toString('base64url'),
    threeDSSessionData: 'abc',
  }).toString()
  const posted = (value: object): URLSearchParams =>
    new URLSearchParams(alterForm(fault(value), Buffer.from(form), 'browser→3DSS').body.toString('utf8'))

  test('carries the message as its fault makes it; the other fields stay', () => {
    const next = posted({ kind: 'set', element: 'transStatus', value: 'N' })
    expect(JSON.parse(Buffer.from(next.get('cres') ?? '', 'base64url').toString('utf8'))).toEqual({
      ...cres,
      transStatus: 'N',
    })
    expect(next.get('threeDSSessionData')).toBe('abc')
  })

  test('of an honest length holds a message that is cut', () => {
    const next = posted({ kind: 'truncate', contentLength: 'sent' })
    const text = Buffer.from(next.get('cres') ?? '', 'base64url').toString('utf8')
    expect(JSON.stringify(cres).startsWith(text)).toBe(true)
    expect(text.length).toBeLessThan(JSON.stringify(cres).length)
  })
})

describe('names and fits', () => {
  test('every kind has a name that begins with it', () => {
    const all = [
      { kind: 'delay', delay: 5 },
      { kind: 'status', status: 503, delay: '2s' },
      { kind: 'drip', bytesPerSecond: 7 },
      { kind: 'set', element: 'eci', value: '05' },
      { kind: 'erro', errorCode: '404' },
      { kind: 'hang' },
    ].map(fault)
    expect(all.map(nameOf)).toEqual([
      'delay 5 ms',
      'status 503, after 2000 ms',
      'drip 7 bytes/s',
      'set eci',
      'erro 404',
      'hang',
    ])
  })

  test('a fault that would never do anything is told so', () => {
    const misfit = (rule: object) => misfitOf(plannedFaultSchema.parse({ fault: { kind: 'drop' }, ...rule }))
    expect(misfit({ link: 'ACS→hook' })).toBeUndefined()
    expect(misfit({ link: 'ACS→hook', message: 'RReq' })?.path).toBe('message')
    expect(misfit({ link: 'ACS→DS', message: 'AReq' })?.message).toContain('ARes, RReq')
    expect(misfit({ link: 'ACS->browser', message: 'page', fault: { kind: 'wrongIds' } })?.path).toBe('message')
    expect(misfit({ link: 'ACS->browser', message: 'CRes', fault: { kind: 'wrongIds' } })).toBeUndefined()
    expect(misfit({ link: '3DSS-browser', fault: { kind: 'erro', errorCode: '101' } })?.path).toBe('fault.kind')
  })

  test('between servers every kind fits', () => {
    for (const link of links.filter(
      (name) => /DS.*→.*(?:ACS|DS)|ACS→DS/.test(name) && !/browser|Requestor/.test(name),
    )) {
      expect(kindsOf[link], link).toHaveLength(16)
    }
  })
})

describe('the page of the documentation', () => {
  const page = readFileSync(new URL('../../docs/faults.md', import.meta.url), 'utf8')

  test.each(links)('has the messages and kinds of %s', (link) => {
    const cells = new RegExp(`^\\| \`${link}\` \\|(.*)\\|(.*)\\|$`, 'm').exec(page)
    const names = (cells?.[1] ?? '').split(',').map((name) => name.trim())
    expect(names.filter((name) => name !== '')).toEqual(messagesOf[link])
    const said = (cells?.[2] ?? '').trim()
    const all = kindsOf['ACS→DS']
    const [, without = ''] = /^all but ([a-zA-Z, ]+)/.exec(said) ?? []
    const kinds = said.startsWith('all')
      ? all.filter((kind) => !without.split(', ').includes(kind))
      : all.filter((kind) => said.split(', ').includes(kind))
    expect(new Set(kinds)).toEqual(new Set(kindsOf[link]))
  })
})
