// Mails that are lost, late or refused on purpose: ACS→mail.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { manualClock } from '../../src/clock.ts'
import { api, type Challenged, challenged, codeOf, mails, opened, shown } from '../http/support.ts'
import { type ListeningDs, listeningDs } from '../support/ds.ts'
import { type Running, running } from '../support/running.ts'
import { addFault, clearFaults } from './support.ts'

const clock = manualClock(Date.parse('2026-03-01T10:00:00Z'))
let sekisho: Running
let ds: ListeningDs
beforeAll(async () => {
  ds = await listeningDs()
  sekisho = await running({}, { clock })
})
afterAll(async () => {
  await sekisho.close()
  await ds.close()
})
beforeEach(() => clearFaults(sekisho))

/** A challenge whose mail meets the fault. */
async function withFault(fault: object, times = 1): Promise<Challenged> {
  const challenge = await challenged(sekisho, ds)
  const match = { acsTransID: challenge.acsTransID }
  await addFault(sekisho, { link: 'ACS-mail', message: 'email', match, times, fault })
  expect((await opened(sekisho, challenge)).page).toContain('otp')
  return challenge
}
const count = async (challenge: Challenged): Promise<number> => (await mails(sekisho, challenge)).length
/** The clock stands: what is due is done, or will never be. */
const settled = (challenge: Challenged) => async () =>
  (await shown(sekisho, challenge.acsTransID)).steps.filter(({ kind, done }) => kind === 'sendOtp' && !done).length

describe('a mail', () => {
  test('is lost: the page waits for a code that never comes', async () => {
    const challenge = await withFault({ kind: 'drop' })
    clock.advance(60_000)
    expect(await settled(challenge)()).toBe(0)
    expect(await count(challenge)).toBe(0)
  })

  test('is late, by the clock of the tenant, and its code is good', async () => {
    const challenge = await withFault({ kind: 'delay', delay: '40s' })
    clock.advance(39_999)
    expect(await count(challenge)).toBe(0)
    expect(await settled(challenge)()).toBe(1)
    clock.advance(1)
    await expect.poll(settled(challenge), { timeout: 10_000 }).toBe(0)
    expect(await codeOf(sekisho, challenge)).toMatch(/^[0-9]{6}$/)
  })

  test('is refused twice and tried again each time', async () => {
    const challenge = await withFault({ kind: 'status', status: 550 }, 2)
    expect(await count(challenge)).toBe(0)
    clock.advance(10_000)
    const attempts = async () => {
      const { body } = await api(sekisho, '/faults')
      return (body.faults as readonly { readonly met: number }[])[0]?.met
    }
    await expect.poll(attempts, { timeout: 10_000 }).toBe(2)
    expect(await count(challenge)).toBe(0)
    await expect.poll(settled(challenge), { timeout: 10_000 }).toBe(1)
    clock.advance(10_000)
    await expect.poll(() => count(challenge), { timeout: 10_000 }).toBe(1)
  })

  test('that comes again after one was lost is another one', async () => {
    const challenge = await withFault({ kind: 'drop' })
    const other = await challenged(sekisho, ds)
    await opened(sekisho, other)
    expect(await count(other)).toBe(1)
    expect(await count(challenge)).toBe(0)
  })
})
