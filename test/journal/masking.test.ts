// No form of the journal has a card number, a code or an authentication value, unless the switch for test data is on.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { browserAReq, post } from '../support/messages.ts'
import { type Running, running } from '../support/running.ts'
import { apiJson, apiText, buy, canonicalOf, challenged, fileOf, openChallenge, otherThan } from './support.ts'

interface Secrets {
  readonly pan: string
  readonly codes: readonly string[]
  readonly cavv: string
}

async function played(sekisho: Running): Promise<Secrets> {
  const purchase = await buy(sekisho, challenged)
  const visit = await openChallenge(sekisho, purchase)
  const code = await visit.code()
  const wrong = otherThan(code)
  await visit.answer('verify', wrong)
  await visit.answer('verify', code)
  // A message that is refused holds them, too.
  await post(`${sekisho.acs}/acs/areq`, browserAReq({ acctNumber: challenged, purchaseAmount: 'x', note: challenged }))
  await post(`${sekisho.acs}/acs/areq`, `{"acctNumber":"${challenged}","cardSecurityCode":"987"`)
  // Names and ids that a sender chooses come back in Erros and findings; what no table knows may hold anything.
  const extension = (id: string, criticalityIndicator: boolean) => [
    { name: 'note', id, criticalityIndicator, data: { note: challenged, [challenged]: 1 } },
  ]
  await post(`${sekisho.acs}/acs/areq`, browserAReq({ messageExtension: extension(challenged, true) }))
  await post(`${sekisho.acs}/acs/areq`, browserAReq({ messageExtension: extension('a-note', false) }))
  await post(
    `${sekisho.acs}/acs/areq`,
    JSON.stringify(browserAReq({})).replace('{', `{"${challenged}":1,"${challenged}":2,`),
  )
  await buy(sekisho, challenged, { merchantName: `Shop ${challenged}` })
  const status = (await (
    await fetch(`${sekisho.shop}/3ds-server/transactions/${purchase.threeDSServerTransID}`)
  ).json()) as { authenticationValue: string }
  return { pan: challenged, codes: [code, wrong], cavv: status.authenticationValue }
}

/** Every way in which a journal leaves. */
async function forms(sekisho: Running): Promise<Readonly<Record<string, string>>> {
  const [canonical, file, search] = [
    await canonicalOf(sekisho),
    await fileOf(sekisho),
    await apiText(sekisho, '/journal?limit=500'),
  ]
  const { body: diff } = await apiJson(sekisho, '/journal/diff', {
    a: '{"clock":"run","format":"sekisho-canonical","formatVersion":1}\n',
    b: file,
  })
  const { body: verdict } = await apiJson(sekisho, '/verify', { match: { messageType: 'AReq' } })
  return {
    canonical,
    file,
    search,
    transactions: await apiText(sekisho, '/transactions?view=summary&limit=500'),
    diff: JSON.stringify(diff),
    verdict: JSON.stringify(verdict),
    tail: await tailOf(sekisho),
  }
}

async function tailOf(sekisho: Running): Promise<string> {
  const stop = new AbortController()
  const response = await fetch(`${sekisho.acs}/api/v1/journal/tail?last=500`, { signal: stop.signal })
  let text = ''
  const decoder = new TextDecoder()
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk as Uint8Array, { stream: true })
    if (text.includes('event:ready')) break
  }
  stop.abort()
  return text
}

describe('as it is', () => {
  let sekisho: Running
  beforeAll(async () => {
    sekisho = await running()
  })
  afterAll(() => sekisho.close())

  test('no form of it holds a secret', async () => {
    const { pan, codes, cavv } = await played(sekisho)
    expect(cavv).toMatch(/^[A-Za-z0-9+/]{20,}=*$/)
    for (const [name, text] of Object.entries(await forms(sekisho))) {
      expect(text.length, name).toBeGreaterThan(200)
      expect(text, name).not.toContain(pan)
      expect(text, name).not.toContain(cavv)
      expect(text, name).not.toContain('987"')
      for (const code of codes) expect(text, name).not.toMatch(new RegExp(`[^0-9a-f-]${code}[^0-9a-f-]`))
    }
  })
})

describe('with the switch for test data', () => {
  let sekisho: Running
  beforeAll(async () => {
    sekisho = await running({ testData: true })
  })
  afterAll(() => sekisho.close())

  test('search and file have messages as they came beside the masked ones; what is compared has not', async () => {
    const { pan } = await played(sekisho)
    const { canonical, file, search } = await forms(sekisho)
    expect(search).toContain(pan)
    expect(file).toContain(pan)
    expect(canonical).not.toContain(pan)
    const { body } = await apiJson(sekisho, '/journal?messageType=AReq&link=DS-ACS&limit=1&text=Hakone')
    const [entry] = body.entries as readonly { raw: string; message: { acctNumber: string } }[]
    expect(JSON.parse(entry?.raw ?? '')).toMatchObject({ acctNumber: pan })
    expect(entry?.message.acctNumber).toBe('400000******7700')
  })

  test('a file from there is taken in without them where the switch is off', async () => {
    const other = await running()
    try {
      const response = await fetch(`${other.acs}/api/v1/journal/import`, {
        method: 'POST',
        headers: { 'content-type': 'application/x-ndjson' },
        body: await fileOf(sekisho),
      })
      expect(response.status, await response.clone().text()).toBe(201)
      for (const [name, text] of Object.entries(await forms(other))) expect(text, name).not.toContain(challenged)
    } finally {
      await other.close()
    }
  })
})
