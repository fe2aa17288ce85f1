// What a request says of itself: by header or message extension, from the requestor to the ACS, where the tenant allows it.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { api, put, until } from '../http/support.ts'
import { browserAReq, challengeCard, frictionlessCard, type Members, post } from '../support/messages.ts'
import { type Running, running } from '../support/running.ts'

let sekisho: Running
beforeAll(async () => {
  sekisho = await running({ overrides: true })
})
afterAll(() => sekisho.close())

const riskCard = '4111110000000450'

/** Straight to the ACS. */
const asked = async (change: Members, override?: unknown, base = sekisho.acs) => {
  const headers: Record<string, string> =
    override === undefined
      ? {}
      : { 'sekisho-override': typeof override === 'string' ? override : JSON.stringify(override) }
  const response = await fetch(`${base}/acs/areq`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(browserAReq({ acctNumber: frictionlessCard, ...change })),
  })
  return { ares: (await response.json()) as Members, problem: response.headers.get('sekisho-override-problem') }
}
const recordOf = async ({ acsTransID }: Members): Promise<Members> =>
  (await api(sekisho, `/transactions/${String(acsTransID)}`)).body
const deciderOf = (record: Members, by: string): Members =>
  (record.deciders as Members[]).find((one) => one.by === by) ?? {}

const extension = (then: unknown): Members => ({
  messageExtension: [
    {
      name: 'Sekisho override',
      id: 'sekisho.override',
      criticalityIndicator: false,
      data: { then },
    },
  ],
})

/** What the 3DS Server and the DS add to an AReq. */
const ofServers =
  /^(threeDSServer|threeDSCompInd|message(Type|Version|Category)|deviceChannel|notificationURL|browserIP|ds[A-Z])/

/** As a requestor: a call of the 3DS Server, which sends the AReq to the DS, which passes it on to the ACS. */
const paid = async (change: Members, headers: Record<string, string> = {}): Promise<Members> => {
  const members = Object.entries(browserAReq({ acctNumber: frictionlessCard, ...change }))
  const areq = Object.fromEntries(members.filter(([name]) => !ofServers.test(name)))
  const call = { messageVersion: '2.2.0', areq }
  return (await post(`${sekisho.shop}/3ds-server/authenticate`, call, headers)).body
}

describe('where the tenant allows it', () => {
  test('the header decides one AReq, and the record keeps what others would have said', async () => {
    const { ares, problem } = await asked({ acctNumber: challengeCard }, { transStatus: 'N', transStatusReason: '04' })
    expect(ares).toMatchObject({ transStatus: 'N', transStatusReason: '04' })
    expect(problem).toBeNull()
    const record = await recordOf(ares)
    expect(record).toMatchObject({ decidedBy: 'override', selected: { by: 'override' } })
    expect(deciderOf(record, 'override')).toMatchObject({ isChosen: true, why: { en: 'The AReq asked for it.' } })
    expect(deciderOf(record, 'scenario').outcome).toEqual({ transStatus: 'C' })
    expect(deciderOf(record, 'engine').outcome).toMatchObject({ transStatus: expect.any(String) as string })
    expect((await asked({ acctNumber: challengeCard })).ares.transStatus).toBe('C')
  })

  test('the message extension does, too, and the header goes before it', async () => {
    const change = { acctNumber: riskCard, ...extension({ transStatus: 'A', eci: '06' }) }
    expect((await asked(change)).ares).toMatchObject({ transStatus: 'A', eci: '06' })
    expect((await asked(change, { transStatus: 'U' })).ares.transStatus).toBe('U')
  })

  test('a stub goes before it', async () => {
    // biome-ignore lint/suspicious/noThenProperty: its name in the API
    await put(sekisho, '/stubs', { match: {}, then: { transStatus: 'R' } }, 'POST')
    expect((await asked({}, { transStatus: 'A' })).ares.transStatus).toBe('R')
    expect((await asked({}, { transStatus: 'A' })).ares.transStatus).toBe('A')
  })

  test('the header reaches the ACS by way of 3DS Server and DS', async () => {
    const plan = JSON.stringify({ transStatus: 'R', transStatusReason: '09', cardholderInfo: 'Please call us.' })
    expect(await paid({}, { 'Sekisho-Override': plan })).toMatchObject({
      transStatus: 'R',
      transStatusReason: '09',
      cardholderInfo: 'Please call us.',
    })
    expect(await paid({})).toMatchObject({ transStatus: 'Y' })
  })

  test('the message extension, too', async () => {
    expect(await paid(extension({ transStatus: 'A' }))).toMatchObject({ transStatus: 'A' })
  })

  test.each<readonly [string, unknown, string]>([
    ['no JSON', '{"transStatus":', 'header: no plan in JSON'],
    ['no plan', '"Y"', 'header: no plan in JSON'],
    ['an unknown member', { transStatus: 'Y', colour: 'red' }, 'header: colour'],
    ['an unknown status', { transStatus: 'Z' }, 'header: transStatus'],
    [
      'a reason that has no place',
      { transStatus: 'Y', transStatusReason: '01' },
      'header: transStatusReason: only N, U',
    ],
    ['a card number for a name', { [frictionlessCard]: 'Y' }, 'header: ***'],
    [
      'a card number for the cardholder',
      { cardholderInfo: `No ${frictionlessCard}.` },
      'header: cardholderInfo: no card',
    ],
    [
      'a card number to be entered',
      { challenge: { play: [{ do: 'submit', value: frictionlessCard }] } },
      'header: challenge.play.0.value: no card',
    ],
    ['a value of great depth', `{"faults":${'['.repeat(3_800)}${']'.repeat(3_800)}}`, 'header: nested too deeply'],
  ])(
    '%s is not taken: the answer is that of everybody, with a header and the record that say why',
    async (_what, override, problem) => {
      const answered = await asked({}, override)
      expect(answered.ares.transStatus).toBe('Y')
      expect(answered.problem).toContain(problem)
      const record = await recordOf(answered.ares)
      expect(record.decidedBy).toBe('scenario')
      expect((deciderOf(record, 'override').why as Members).en).toContain(problem)
      expect(JSON.stringify(record)).not.toContain(frictionlessCard)
      expect(sekisho.log()).not.toContain(frictionlessCard)
    },
  )

  test('a faulty extension is not taken either', async () => {
    const { ares, problem } = await asked(extension({ transStatus: 'Q' }))
    expect([ares.transStatus, problem]).toEqual(['Y', expect.stringContaining('messageExtension: transStatus')])
  })
})

describe('where it does not', () => {
  test('nothing is changed by it, and the record says how it would be allowed', async () => {
    const off = { headers: { 'content-type': 'application/json' }, body: JSON.stringify({ overrides: false }) }
    const changed = await fetch(`${sekisho.acs}/t/closed/api/v1/tenant`, { method: 'PUT', ...off })
    expect(changed.status).toBe(200)
    const { ares, problem } = await asked({}, { transStatus: 'N' }, `${sekisho.acs}/t/closed`)
    expect([ares.transStatus, problem]).toEqual(['Y', expect.stringContaining('--overrides')])
    const record = (await (
      await fetch(`${sekisho.acs}/t/closed/api/v1/transactions/${String(ares.acsTransID)}`)
    ).json()) as Members
    expect((deciderOf(record, 'override').why as Members).en).toContain('not allowed here')
  })
})

describe('what a plan does besides', () => {
  test('the ARes waits, and nobody else does', async () => {
    const gone = new AbortController()
    const areq = browserAReq({ acctNumber: frictionlessCard })
    const waiting = fetch(`${sekisho.acs}/acs/areq`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'sekisho-override': JSON.stringify({ delay: '10m' }) },
      body: JSON.stringify(areq),
      signal: gone.signal,
    })
    const search = `/transactions?threeDSServerTransID=${String(areq.threeDSServerTransID)}`
    await until(async () => ((await api(sekisho, search)).body.transactions as Members[]).length === 1)
    expect((await asked({})).ares.transStatus).toBe('Y')
    const [record] = (await api(sekisho, search)).body.transactions as Members[]
    expect(await recordOf(record ?? {})).toMatchObject({ transStatus: 'Y', plan: { delay: 600_000 } })
    gone.abort()
    await expect(waiting).rejects.toThrow()
    expect((await asked({}, { delay: '20ms' })).ares.transStatus).toBe('Y')
  })

  test('a fault of the plan meets the message of this transaction only', async () => {
    const plan = { faults: [{ link: 'ACS-DS', message: 'ARes', fault: { kind: 'set', element: 'eci', value: '99' } }] }
    const [faulty, usual] = await Promise.all([asked({}, plan), asked({})])
    expect([faulty.ares.eci, usual.ares.eci]).toEqual(['99', '05'])
  })

  test('a card number that a fault is to say stands in no record', async () => {
    const value = ['4111110000000021', 4111110000000021, { in: '4111110000000021' }]
    const fault = { kind: 'set', element: 'acctNumber', value }
    const { ares } = await asked({}, { faults: [{ link: 'ACS-DS', message: 'ARes', fault }] })
    expect(ares.acctNumber).toEqual(value)
    const { transactions } = (await api(sekisho, '/transactions')).body
    expect(JSON.stringify(transactions)).toContain('411111******0021')
    expect(JSON.stringify(transactions)).not.toContain('4111110000000021')
  })

  test('the ECI of the plan is in the RReq of a challenge, not in its ARes', async () => {
    const { ares } = await asked(
      { acctNumber: challengeCard, dsURL: `${sekisho.acs}/ds/rreq` },
      { transStatus: 'C', eci: '01', challenge: { ending: { transStatus: 'A', on: 'start' } } },
    )
    expect([ares.transStatus, ares.eci]).toEqual(['C', undefined])
    await until(async () => {
      const { messages } = (await recordOf(ares)) as { messages: { messageType?: string; message: Members }[] }
      return messages.some(({ messageType, message }) => messageType === 'RReq' && message.eci === '01')
    })
  })
})
