// The first walk through a challenge over HTTP: AReq, CReq, code, RReq before the final CRes.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type ListeningDs, listeningDs } from '../support/ds.ts'
import { browserAReq, challengeCard, creqFor, cresIn, field, post, postForm } from '../support/messages.ts'
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
