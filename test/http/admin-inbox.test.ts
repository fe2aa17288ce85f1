// The admin API: the inbox of cardholders.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type ListeningDs, listeningDs } from '../support/ds.ts'
import type { Members } from '../support/messages.ts'
import { type Running, running } from '../support/running.ts'
import { api, challenged, mails, opened } from './support.ts'

let ds: ListeningDs
let sekisho: Running

beforeAll(async () => {
  ds = await listeningDs()
  sekisho = await running({ only: ['acs'] })
})

afterAll(async () => {
  await Promise.all([sekisho.close(), ds.close()])
})

describe('the inbox', () => {
  test('holds the code of a challenge, for whom and what it is, in plain words (SEC-OTP-5)', async () => {
    const challenge = await challenged(sekisho, ds, {
      merchantName: 'Odawara Market',
      purchaseAmount: '123456',
      purchaseCurrency: '840',
      purchaseExponent: '2',
    })
    expect(await mails(sekisho, challenge)).toEqual([])
    await opened(sekisho, challenge)
    const [mail] = await mails(sekisho, challenge)
    expect(mail).toMatchObject({
      channel: 'email',
      via: 'inbox',
      acsTransID: challenge.acsTransID,
      code: expect.stringMatching(/^[0-9]{6}$/) as string,
    })
    expect(mail?.to).toMatch(/^card-[0-9a-f]{8}@cardholder\.example$/)
    for (const part of ['Odawara Market', '1,234.56', String(mail?.code), String(challenge.areq.acctNumber).slice(-4)])
      expect(mail?.text).toContain(part)
    expect(mail?.subject).not.toContain(mail?.code)
    const { body } = await api(sekisho, `/inbox/${String((mail as unknown as Members).id)}`)
    expect(body).toEqual(mail)
  })

  test('begins with the newest and keeps to its limit', async () => {
    for (let i = 0; i < 3; i += 1) await opened(sekisho, await challenged(sekisho, ds))
    const { body } = await api(sekisho, '/inbox?limit=2')
    const ids = (body.messages as Members[]).map(({ id }) => Number(id))
    expect(ids).toHaveLength(2)
    expect(ids[0]).toBeGreaterThan(ids[1] ?? 0)
  })

  test.each([
    ['/inbox/0', 400],
    ['/inbox/x', 400],
    ['/inbox/999999', 404],
    [`/inbox?acsTransID=${crypto.randomUUID()}`, 404],
    ['/inbox?acctNumber=1', 400],
  ])('answers %s with %i', async (where, status) => {
    expect((await api(sekisho, where)).status).toBe(status)
  })
})
