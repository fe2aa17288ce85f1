// Alerts by SMTP, to a real server on loopback.
import type { AddressInfo } from 'node:net'
import PostalMime from 'postal-mime'
import { SMTPServer } from 'smtp-server'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { api, put, until } from '../../http/support.ts'
import type { Members } from '../../support/messages.ts'
import { newCard, pay, thief, type WithSources, withSources } from './support.ts'

let smtp: SMTPServer
let sekisho: WithSources
const received: { readonly to: string; readonly raw: string }[] = []
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
        const to = session.envelope.rcptTo.map(({ address }) => address).join()
        received.push({ to, raw: Buffer.concat(chunks).toString('utf8') })
        done()
      })
    },
  })
  await new Promise<void>((resolve) => smtp.listen(0, '127.0.0.1', resolve))
  const { port } = smtp.server.address() as AddressInfo
  sekisho = await withSources({}, { smtpUrl: `smtp://127.0.0.1:${port}` })
  const first = await pay(sekisho, thief(71))
  await put(sekisho, '/lists/deny', { kind: 'email', transaction: first.acsTransID, reason: 'a test' }, 'POST')
})
afterAll(async () => {
  await sekisho.close()
  await new Promise<void>((resolve) => smtp.close(resolve))
})

const alerted = async (email: string, language: 'en' | 'ja') => {
  const acctNumber = newCard()
  await put(sekisho, '/cards', { acctNumber, email, language }, 'POST')
  const { acsTransID } = await pay(sekisho, { ...thief(71), acctNumber })
  const mails = () => received.filter(({ to }) => to === email)
  await until(() => mails().length > 0, 60_000)
  return { acsTransID, acctNumber, mails: mails() }
}

test.each([
  ['en', 'Was this you?'],
  ['ja', 'ご本人のご利用ですか'],
] as const)(
  'goes to the contact in the register, never to an address that the AReq claims: %s',
  async (language, subject) => {
    const { acsTransID, acctNumber, mails } = await alerted(`holder-${language}@bank.example`, language)
    expect(mails).toHaveLength(1)
    const mail = await PostalMime.parse(mails[0]?.raw ?? '')
    expect(mail.subject).toContain(subject)
    expect(mail.text).toContain(`/bank/alerts/${acsTransID}`)
    expect(mail.text).not.toContain(acctNumber)
    expect(received.some(({ to }) => to.startsWith('thief'))).toBe(false)
    const { body } = await api(sekisho, `/inbox?acsTransID=${acsTransID}`)
    const kept = (body.messages as readonly Members[]).find(({ channel }) => channel === 'email')
    expect(kept).toMatchObject({ via: 'smtp', to: `holder-${language}@bank.example` })
  },
)

test('comes again where the mail server did not take it', async () => {
  refusals = 1
  const { mails } = await alerted('holder-late@bank.example', 'en')
  expect(refusals).toBe(0)
  expect(mails).toHaveLength(1)
})
