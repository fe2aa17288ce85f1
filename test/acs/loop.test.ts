// The first walk through a challenge over HTTP: AReq, CReq, code, RReq before the final CRes.
import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { until } from '../http/support.ts'
import { type ListeningDs, listeningDs } from '../support/ds.ts'
import {
  browserAReq,
  challengeCard,
  creqFor,
  cresIn,
  field,
  type Members,
  post,
  postForm,
} from '../support/messages.ts'
import { type Running, running } from '../support/running.ts'

let sekisho: Running
let ds: ListeningDs

beforeAll(async () => {
  sekisho = await running({ only: ['acs'] })
  ds = await listeningDs()
})

afterAll(async () => {
  await sekisho.close()
  await ds.close()
})

test('a challenge that is passed sends the RReq before the final CRes (RES-MX-7, CHL-SM-4, CHL-TR-6)', async () => {
  const { body: ares } = await post(
    `${sekisho.acs}/acs/areq`,
    browserAReq({ acctNumber: challengeCard, dsURL: ds.url }),
  )
  expect(ares).toMatchObject({
    messageType: 'ARes',
    transStatus: 'C',
    acsChallengeMandated: 'N',
    authenticationType: '02',
  })
  const challenge = await postForm(String(ares.acsURL), { creq: creqFor(ares), threeDSSessionData: 'c2Vzc2lvbg' })
  expect(challenge.status).toBe(200)
  const inbox = (await (await fetch(`${sekisho.acs}/api/v1/inbox?acsTransID=${ares.acsTransID}`)).json()) as {
    messages: { code: string }[]
  }
  const [mail] = inbox.messages
  expect(mail?.code).toMatch(/^[0-9]{6}$/)
  expect(ds.received).toHaveLength(0)
  const done = await postForm(`${sekisho.acs}/acs/challenge/answer`, {
    acsTransID: String(ares.acsTransID),
    stepToken: field(challenge.page, 'stepToken') ?? '',
    action: 'verify',
    otp: mail?.code ?? '',
  })
  expect(ds.received.map(({ message }) => message)).toMatchObject([
    { messageType: 'RReq', transStatus: 'Y', interactionCounter: '01', eci: '05', authenticationType: '02' },
  ])
  expect(cresIn(done.page)).toEqual({
    messageType: 'CRes',
    messageVersion: '2.2.0',
    threeDSServerTransID: ares.threeDSServerTransID,
    acsTransID: ares.acsTransID,
    transStatus: 'Y',
  })
  expect(field(done.page, 'threeDSSessionData')).toBe('c2Vzc2lvbg')
})

test('an RReq that a plan sends with the ARes comes after it, at the DS and at the 3DS Server', async () => {
  const whole = await running({})
  try {
    const shopper = JSON.parse(
      readFileSync(new URL('../../examples/authenticate.json', import.meta.url), 'utf8'),
    ) as Members
    const then = { transStatus: 'C', challenge: { ending: { transStatus: 'Y', on: 'start' } } }
    await post(`${whole.acs}/api/v1/stubs`, { match: { acctNumber: challengeCard }, times: 10, then })
    for (let payment = 0; payment < 10; payment += 1) {
      const { threeDSServerTransID: _old, ...asked } = shopper
      const { body } = await post(`${whole.shop}/3ds-server/authenticate`, asked)
      expect(body).toMatchObject({ transStatus: 'C' })
      const path = `/3ds-server/transactions/${String(body.threeDSServerTransID)}`
      await until(async () => {
        const settled = (await (await fetch(`${whole.shop}${path}`)).json()) as Members
        return settled.phase === 'settled'
      })
      const settled = (await (await fetch(`${whole.shop}${path}`)).json()) as Members
      expect(settled).toMatchObject({ settledBy: 'RReq', transStatus: 'Y' })
    }
  } finally {
    await whole.close()
  }
})
