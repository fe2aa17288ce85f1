// The reference of elements over HTTP, under the rules of the admin API.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { elements } from '../../src/protocol/tables/elements.ts'
import { type Running, running } from '../support/running.ts'
import { api } from './support.ts'

describe('GET /api/v1/elements', () => {
  let sekisho: Running
  beforeAll(async () => {
    sekisho = await running({ only: ['acs'] })
  })
  afterAll(() => sekisho.close())

  test('has every element of the table, in its order, with its form in both languages', async () => {
    const { status, body } = await api(sekisho, '/elements')
    expect(status).toBe(200)
    const listed = body.elements as readonly { readonly path: string }[]
    expect(listed.map(({ path }) => path)).toEqual(Object.keys(elements))
    expect(listed.find(({ path }) => path === 'acctNumber')).toMatchObject({
      forms: [{ words: { en: expect.stringMatching(/13 to 19 digits/), ja: expect.stringMatching(/数字 13〜19 桁/) } }],
      rules: ['AREQ:acctNumber'],
    })
  })

  test('is asked for again with its ETag, and then answers 304 without a body', async () => {
    const url = `${sekisho.acs}/api/v1/elements`
    const first = await fetch(url)
    const etag = first.headers.get('etag') ?? ''
    expect(first.headers.get('cache-control')).toBe('private, no-cache')
    expect(etag).toMatch(/^"[\w-]+"$/)
    await first.arrayBuffer()
    const again = await fetch(url, { headers: { 'if-none-match': etag, 'cache-control': 'max-age=0' } })
    expect(again.status).toBe(304)
    expect(await again.text()).toBe('')
    const other = await fetch(url, { headers: { 'if-none-match': '"another"', 'cache-control': 'max-age=0' } })
    expect(other.status).toBe(200)
    await other.arrayBuffer()
  })

  test('one element by its path; others are not there', async () => {
    const { status, body } = await api(sekisho, '/elements/acctInfo.chAccAgeInd')
    expect(status).toBe(200)
    expect(body).toMatchObject({ path: 'acctInfo.chAccAgeInd', parent: 'acctInfo', messages: ['AReq'] })
    for (const path of ['chAccAgeInd', 'constructor', '__proto__', 'mcc/x'])
      expect((await api(sekisho, `/elements/${path}`)).status, path).toBe(404)
  })

  test('the token of the admin API counts here as well', async () => {
    const guarded = await running({ only: ['acs'], adminToken: 'a-token-of-a-test-1234' })
    const url = `${guarded.acs}/api/v1/elements`
    expect((await fetch(url)).status).toBe(401)
    const allowed = await fetch(url, { headers: { authorization: 'Bearer a-token-of-a-test-1234' } })
    expect(allowed.status).toBe(200)
    await allowed.arrayBuffer()
    await guarded.close()
  })
})
