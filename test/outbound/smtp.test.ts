// Codes by SMTP, to a real server on loopback.
import type { AddressInfo } from 'node:net'
import PostalMime from 'postal-mime'
import { SMTPServer } from 'smtp-server'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { manualClock } from '../../src/clock.ts'
import { browserAReq, challengeCard, creqFor, post, postForm } from '../support/messages.ts'
import { type Running, running } from '../support/running.ts'

interface Received {
  readonly to: string
  readonly raw: string
}

let smtp: SMTPServer
let sekisho: Running
const received: Received[] = []
let wake = (): void => {}
/** So many mails are not taken. */
let refusals = 0

beforeAll(async () => {
  smtp = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onData(stream, session, done) {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', () => {
        if (refusals > 0) {
          refusals -= 1
          return done(new Error('not now'))
        }
        received.push({
          to: session.envelope.rcptTo.map(({ address }) => address).join(),
          raw: Buffer.concat(chunks).toString('utf8'),
        })
        wake()
        done()
      })
    },
  })
  await new Promise<void>((resolve) => smtp.listen(0, '127.0.0.1', resolve))
  const { port } = smtp.server.address() as AddressInfo
  sekisho = await running({ only: ['acs'], smtpUrl: `smtp://127.0.0.1:${port}` })
})

afterAll(async () => {
  await sekisho.close()
  await new Promise<void>((resolve) => smtp.close(resolve))
})

test('a code goes by SMTP to the contact in the register, never to an address the AReq claims', async () => {
  await post(`${sekisho.acs}/api/v1/cards`, { acctNumber: challengeCard, email: 'holder@bank.example', language: 'ja' })
  const { body: ares } = await post(
    `${sekisho.acs}/acs/areq`,
    browserAReq({ acctNumber: challengeCard, email: 'thief@elsewhere.example', dsURL: 'http://127.0.0.1:9/ds' }),
  )
  const arrived = new Promise<void>((resolve) => {
    wake = resolve
  })
  await postForm(String(ares.acsURL), { creq: creqFor(ares) })
  await arrived
  expect(received.map(({ to }) => to)).toEqual(['holder@bank.example'])
  const mail = await PostalMime.parse(received[0]?.raw ?? '')
  const inbox = (await (await fetch(`${sekisho.acs}/api/v1/inbox?acsTransID=${ares.acsTransID}`)).json()) as {
    messages: { code: string; to: string; via: string }[]
  }
  expect(inbox.messages).toMatchObject([{ to: 'holder@bank.example', via: 'smtp' }])
  expect(mail.subject).toBe('認証コードのお知らせ')
  expect(mail.text).toContain(inbox.messages[0]?.code ?? 'no code')
  expect(sekisho.log()).not.toContain(inbox.messages[0]?.code ?? 'no code')
})

test('a mail server that is not there is told in the log by its code alone, and the inbox has the code all the same', async () => {
  const alone = await running({ only: ['acs'], smtpUrl: 'smtp://127.0.0.1:9' })
  try {
    const areq = browserAReq({ acctNumber: challengeCard, dsURL: 'http://127.0.0.1:9/ds' })
    const { body: ares } = await post(`${alone.acs}/acs/areq`, areq)
    await postForm(String(ares.acsURL), { creq: creqFor(ares) })
    await expect.poll(alone.log, { timeout: 10_000 }).toContain('the mail could not be sent: ')
    const inbox = (await (await fetch(`${alone.acs}/api/v1/inbox?acsTransID=${ares.acsTransID}`)).json()) as {
      messages: { code: string; to: string }[]
    }
    expect(inbox.messages).toHaveLength(1)
    expect(alone.log()).not.toContain(inbox.messages[0]?.to ?? 'nobody')
    expect(alone.log()).not.toContain(inbox.messages[0]?.code ?? 'no code')
  } finally {
    await alone.close()
  }
})

test('a mail whose challenge has ended before it could be sent is not sent any more: there is no code for it (CHL-SM-6)', async () => {
  const { port } = smtp.server.address() as AddressInfo
  const alone = await running(
    { only: ['acs'], smtpUrl: `smtp://127.0.0.1:${port}` },
    { clock: manualClock(Date.UTC(2026, 0, 15)) },
  )
  try {
    const before = received.length
    refusals = 1
    const areq = browserAReq({ acctNumber: challengeCard, dsURL: 'http://127.0.0.1:9/ds' })
    const { body: ares } = await post(`${alone.acs}/acs/areq`, areq)
    await postForm(String(ares.acsURL), { creq: creqFor(ares) })
    await expect.poll(alone.log, { timeout: 10_000 }).toContain('the mail could not be sent: ')
    const transaction = `${alone.acs}/api/v1/transactions/${String(ares.acsTransID)}`
    const mailStep = async () => {
      const { steps } = (await (await fetch(transaction)).json()) as { steps: { kind: string; done: boolean }[] }
      return steps.find(({ kind }) => kind === 'sendOtp')
    }
    expect(await mailStep()).toMatchObject({ done: false })
    await post(`${transaction}/challenge`, { action: 'cancel' })
    await post(`${alone.acs}/api/v1/clock`, { advance: '10s' })
    expect(await mailStep()).toMatchObject({ done: true })
    expect(received).toHaveLength(before)
  } finally {
    await alone.close()
  }
})
