// POST /api/v1/lint: the same result as the command line, under the rules of the admin API, and nothing is kept.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { lint } from '../../src/lint/lint.ts'
import { api } from '../http/support.ts'
import { type Running, running } from '../support/running.ts'
import { challenge, changed } from './messages.ts'

const { areq, ares } = challenge
const broken = JSON.stringify([changed(areq, { mcc: 'x', purchaseAmount: '1.5' }), ares], null, 2)
const json = { 'content-type': 'application/json' }
const text = { 'content-type': 'text/plain; charset=utf-8' }

describe('POST /api/v1/lint', () => {
  let sekisho: Running
  beforeAll(async () => {
    sekisho = await running({ only: ['acs'] })
  })
  afterAll(() => sekisho.close())

  const post = (body: string, headers: Record<string, string>, query = '') =>
    api(sekisho, `/lint${query}`, { method: 'POST', body, headers })

  test('answers what the command line prints as JSON', async () => {
    const { status, body } = await post(JSON.stringify({ text: broken, lang: 'ja', show: true }), json)
    expect(status).toBe(200)
    expect(body).toEqual(JSON.parse(JSON.stringify(lint(broken, { profile: 'strict', lang: 'ja', show: true }))))
    expect(body.summary).toMatchObject({ messages: 2, errors: 2 })
  })

  test('takes plain text, with the options in the query', async () => {
    const { body } = await post(broken, text, '?lang=ja&profile=lenient&versions=2.2.0,2.3.1&leg=DS-ACS')
    expect(body).toMatchObject({ lang: 'ja', profile: 'lenient', summary: { messages: 2, errors: 2 } })
    const { body: unread } = await post('hello', text)
    expect(unread.problems).toEqual([expect.objectContaining({ fault: 'unknown', line: 1, column: 1 })])
  })

  test.each([
    ['no text', json, '{}', '', 'text'],
    ['another profile', json, JSON.stringify({ text: 'x', profile: 'kind' }), '', 'profile'],
    ['an option that does not exist', json, JSON.stringify({ text: 'x', colour: 1 }), '', 'colour'],
    ['a version that does not exist', json, JSON.stringify({ text: 'x', versions: ['2.0.0'] }), '', 'versions.0'],
    ['another language in the query', text, 'x', '?lang=fr', 'lang'],
    ['an option twice', text, 'x', '?lang=en&lang=ja', 'lang'],
  ])('%s is refused with its path', async (_, headers, body, query, where) => {
    const answer = await post(body, headers, query)
    expect(answer.status).toBe(400)
    expect(answer.body.path).toBe(where)
  })

  test('more objects than one request may hold are refused, whatever they are', async () => {
    for (const part of ['{}\n', '{"messageType":1}\n']) {
      const answer = await post(part.repeat(20_001), text)
      expect(answer.status).toBe(413)
      expect(answer.body.path).toBe('text')
    }
  })

  test('what is no JSON, and what is too large, is refused', async () => {
    expect((await post('{', json)).status).toBe(400)
    expect((await post('x'.repeat(9 * 1_048_576), text)).status).toBe(413)
  })

  test('pages of other sites, other types and other methods are refused', async () => {
    expect((await post(broken, { ...text, origin: 'https://evil.example' })).status).toBe(403)
    expect((await post(broken, { ...json, origin: 'null' })).status).toBe(403)
    expect((await post('text=x', { 'content-type': 'application/x-www-form-urlencoded' })).status).toBe(415)
    expect((await api(sekisho, '/lint')).status).toBe(404)
    // The exception for text is for this address alone.
    expect((await api(sekisho, '/stubs', { method: 'POST', body: '{}', headers: text })).status).toBe(415)
    expect((await api(sekisho, '/lint/x', { method: 'POST', body: '{}', headers: text })).status).toBe(415)
  })

  test('a token is needed where there is one', async () => {
    const guarded = await running({ only: ['acs'], adminToken: 'a-token-of-the-tests' })
    const { status } = await api(guarded, '/lint', { method: 'POST', body: broken, headers: text })
    expect(status).toBe(401)
    const headers = { ...text, authorization: 'Bearer a-token-of-the-tests' }
    expect((await api(guarded, '/lint', { method: 'POST', body: broken, headers })).status).toBe(200)
    await guarded.close()
  })

  test('nothing of it is kept or logged', async () => {
    const marker = 'Zanzibar Imports'
    const body = JSON.stringify(changed(areq, { merchantName: marker, acctNumber: '4000000000005100' }))
    expect((await post(body, text)).status).toBe(200)
    expect(sekisho.log()).not.toContain(marker)
    expect(sekisho.log()).not.toContain('4000000000005100')
    const { body: list } = await api(sekisho, '/transactions')
    expect(list.transactions).toEqual([])
  })

  test('an export of the transactions of this very Sekisho has nothing to object to', async () => {
    const sent = changed(areq, {
      acctNumber: '4000000000005100',
      threeDSServerTransID: crypto.randomUUID(),
      dsTransID: crypto.randomUUID(),
    })
    const answer = await fetch(`${sekisho.acs}/acs/areq`, {
      method: 'POST',
      headers: { 'content-type': 'application/json;charset=utf-8' },
      body: JSON.stringify(sent),
    })
    const { acsTransID } = (await answer.json()) as { acsTransID: string }
    const exported = await fetch(`${sekisho.acs}/api/v1/transactions/${acsTransID}`)
    const { body } = await post(await exported.text(), text)
    expect(body).toMatchObject({ kind: 'journal', summary: { messages: 2, errors: 0, problems: 0 } })
    expect((body.messages as { masked: string[] }[])[0]?.masked).toContain('acctNumber')
  })
})
