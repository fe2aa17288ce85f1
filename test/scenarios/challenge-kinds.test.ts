// Every kind of challenge has a number to pay with, and every play another: the rows of the table from 001 to 027, each paid with
// over HTTP, in the version that it needs.
import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type ChallengeKind, rowOf, type ScreenName } from '../../src/acs/challenge/kinds.ts'
import { loadIssuer } from '../../src/acs/issuer.ts'
import { cardTable } from '../../src/acs/queries/card-table.ts'
import { type ManualClock, manualClock } from '../../src/clock.ts'
import { tryCards } from '../../src/start/try-cards.ts'
import { areqOf, cardEnding } from '../http/any-areq.ts'
import { api, put, rreqsOf } from '../http/support.ts'
import { type ListeningDs, listeningDs } from '../support/ds.ts'
import { type Members, post } from '../support/messages.ts'
import { type Running, running } from '../support/running.ts'

let ds: ListeningDs
let clock: ManualClock
let sekisho: Running

beforeAll(async () => {
  ds = await listeningDs()
  clock = manualClock(Date.UTC(2026, 0, 15, 10, 30))
  sekisho = await running({ only: ['acs'] }, { clock })
})
afterAll(async () => {
  await Promise.all([sekisho.close(), ds.close()])
})

const issuer = loadIssuer(readFileSync(new URL('../../src/acs/data/issuer.yaml', import.meta.url), 'utf8'))
const rowsIn = (...groups: readonly string[]): readonly string[] =>
  cardTable(issuer)
    .endings.filter(({ group }) => groups.includes(group))
    .map(({ ending }) => ending)

const paid = async (ending: string, version: string, change: Members = {}): Promise<Members> => {
  const areq = areqOf(`browser-${version.replaceAll('.', '')}`, {
    dsURL: ds.url,
    acctNumber: cardEnding(ending),
    ...change,
  })
  return (await post(`${sekisho.acs}/acs/areq`, areq)).body
}
const challengeOf = ({ acsTransID }: Members): string => `/transactions/${String(acsTransID)}/challenge`

/** Ending, kind, the first screen; and what the AReq has to say for it, beside the version. */
const kinds: readonly (readonly [string, ChallengeKind, ScreenName, Members])[] = [
  ['001', 'emailOtp', 'code', {}],
  ['002', 'smsOtp', 'code', {}],
  ['003', 'pushOtp', 'code', {}],
  ['004', 'chooseOtp', 'choose', {}],
  ['005', 'singleSelect', 'question', {}],
  ['006', 'multiSelect', 'pictures', {}],
  ['007', 'oob', 'app', {}],
  ['008', 'oobMatch', 'appMatch', {}],
  ['009', 'passwordOtp', 'entries', {}],
  ['010', 'infoOtp', 'info', {}],
  ['011', 'infoDecoupled', 'info', { threeDSRequestorDecReqInd: 'F', threeDSRequestorDecMaxTime: '00060' }],
  ['012', 'oob', 'app', {}],
]

describe('a number for every kind', () => {
  test('the rows are those of the table', () => {
    expect(rowsIn('codes', 'choices', 'app').toSorted()).toEqual(kinds.map(([ending]) => ending))
  })

  test.each(kinds)('…%s is %s: the ARes names how, and the first page is %s', async (ending, kind, screen, change) => {
    const ares = await paid(ending, '2.3.1', change)
    expect(ares).toMatchObject({ messageType: 'ARes', transStatus: 'C' })
    expect(ares.authenticationMethod).toEqual(rowOf(kind).methods)
    const { status, body } = await put(sekisho, challengeOf(ares), { action: 'open' }, 'POST')
    expect([status, body]).toMatchObject([200, { phase: 'awaitingAnswer', kind, screen, triesLeft: 3 }])
  })

  test.each(['010', '011'])(
    '…%s is a code by mail where there is no information template (VER-23-7)',
    async (ending) => {
      for (const version of ['2.1.0', '2.2.0']) {
        const ares = await paid(ending, version)
        const { body } = await put(sekisho, challengeOf(ares), { action: 'open' }, 'POST')
        expect(body).toMatchObject({ kind: 'emailOtp', screen: 'code' })
      }
    },
  )

  test('…012 lets the page go on asking after the banking app has answered', async () => {
    const ares = await paid('012', '2.2.0')
    await put(sekisho, challengeOf(ares), { action: 'approve' }, 'POST')
    for (let look = 0; look < 3; look += 1) {
      const { body } = await put(sekisho, challengeOf(ares), { action: 'continue' }, 'POST')
      expect(body).toMatchObject({ phase: 'awaitingAnswer', screen: 'app', hint: 'appOpen' })
    }
  })
})

/** Ending, how far the clock has to go, and what becomes of it. */
const plays = [
  ['020', 3, { transStatus: 'Y', interactionCounter: '01' }],
  ['021', 6, { transStatus: 'Y', interactionCounter: '03' }],
  ['022', 6, { transStatus: 'N', transStatusReason: '19', interactionCounter: '03' }],
  ['023', 3, { transStatus: 'N', transStatusReason: '01', challengeCancel: '01', interactionCounter: '00' }],
  ['024', 600, { transStatus: 'N', transStatusReason: '14', challengeCancel: '04', interactionCounter: '00' }],
  ['025', 3, { transStatus: 'Y', interactionCounter: '01' }],
  ['026', 3, { transStatus: 'N', transStatusReason: '01', interactionCounter: '01' }],
  // The banking app answers after eleven minutes; ten are all that there is.
  ['027', 660, { transStatus: 'N', transStatusReason: '14', challengeCancel: '04', interactionCounter: '00' }],
] as const

describe('a number for every play', () => {
  test('the rows are those of the table', () => {
    expect(rowsIn('automatic').toSorted()).toEqual(plays.map(([ending]) => ending))
  })

  test.each(plays)('…%s is over after %i seconds by the clock, as its title says', async (ending, seconds, wanted) => {
    const ares = await paid(ending, '2.2.0')
    const acsTransID = String(ares.acsTransID)
    const stands = async (): Promise<Members> => (await api(sekisho, challengeOf(ares))).body
    await expect.poll(async () => (await stands()).phase).toBe('awaitingAnswer')
    const until = clock.now() + seconds * 1_000
    // Second by second where there are steps: each plans the next when it is done.
    while (clock.now() < until && rreqsOf(ds, acsTransID).length === 0) {
      clock.advance(seconds > 60 ? until - clock.now() : 1_000)
      const now = clock.now()
      await expect
        .poll(async () => {
          const { timeline } = (await api(sekisho, `/transactions/${acsTransID}`)).body as {
            timeline: { kind: string; at: number }[]
          }
          return timeline.filter(({ kind, at }) => kind === 'waits' && at <= now)
        })
        .toEqual([])
    }
    await expect.poll(() => rreqsOf(ds, acsTransID).length).toBe(1)
    expect(rreqsOf(ds, acsTransID)[0]).toMatchObject(wanted)
  })
})

test('the shop offers a card for every kind and every play, by group', () => {
  const offered = tryCards(issuer)
  for (const [group, endings] of [
    ['codes', ['001', '002', '003', '004', '009', '010', '011']],
    ['choices', ['005', '006']],
    ['app', ['007', '008', '012']],
    ['automatic', plays.map(([ending]) => ending)],
  ] as const) {
    const cards = offered.filter((card) => card.group === group)
    expect(cards.map(({ acctNumber }) => acctNumber.slice(-3))).toEqual(endings)
    for (const { about, transStatus } of cards) {
      expect(transStatus).toBe('C')
      expect(about.ja).not.toBe(about.en)
    }
  }
})
