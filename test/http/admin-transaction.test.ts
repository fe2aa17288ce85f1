// One transaction in full: who decided, why, and what happened when.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type ManualClock, manualClock } from '../../src/clock.ts'
import { type ListeningDs, listeningDs } from '../support/ds.ts'
import { browserAReq, creqFor, frictionlessCard, type Members, post, postForm } from '../support/messages.ts'
import { type Running, running } from '../support/running.ts'
import { answered, api, type Challenged, challenged, codeOf, opened, type Page, wrongCode } from './support.ts'

let ds: ListeningDs
let sekisho: Running
let clock: ManualClock
const start = Date.UTC(2026, 0, 15, 10, 30)

beforeAll(async () => {
  ds = await listeningDs()
  clock = manualClock(start)
  sekisho = await running({ only: ['acs'] }, { clock })
})
afterAll(async () => {
  await Promise.all([sekisho.close(), ds.close()])
})

interface Moment {
  readonly at: number
  readonly kind: string
  readonly title: { readonly en: string; readonly ja: string }
  readonly detail?: { readonly en: string }
}

const recordOf = async (acsTransID: string): Promise<Members> =>
  (await api(sekisho, `/transactions/${acsTransID}`)).body
const timelineOf = async ({ acsTransID }: Challenged): Promise<readonly Moment[]> =>
  (await recordOf(acsTransID)).timeline as Moment[]
/** Seconds after `from`, and what is said. */
const told = (moments: readonly Moment[], from: number): readonly string[] =>
  moments.map(({ at, title, detail }) =>
    [`${(at - from) / 1000} s`, title.en, ...(detail === undefined ? [] : [detail.en])].join(': '),
  )
const step = async (challenge: Challenged, page: Page, fields: Record<string, string>): Promise<Page> => {
  clock.advance(10_000)
  return answered(sekisho, challenge, page, fields)
}

describe('the time line', () => {
  test('of a challenge that failed tells every code, page and refusal with its time, and shows no code', async () => {
    const from = clock.now()
    const challenge = await challenged(sekisho, ds)
    clock.advance(2_000)
    let page = await opened(sekisho, challenge)
    const codes = [await codeOf(sekisho, challenge)]
    page = await step(challenge, page, { otp: wrongCode(codes[0] ?? '') }) // 12
    page = await step(challenge, page, { otp: '' }) // 22
    page = await step(challenge, page, { action: 'resend' }) // 32: 30 s after the first code
    codes.push(await codeOf(sekisho, challenge))
    page = await step(challenge, page, { action: 'resend' }) // 42
    page = await step(challenge, page, { otp: wrongCode(codes[1] ?? '') }) // 52
    page = await step(challenge, page, { otp: wrongCode(codes[1] ?? '') }) // 62
    const moments = await timelineOf(challenge)
    expect(told(moments, from)).toEqual([
      '0 s: AReq received',
      '0 s: ARes sent: C',
      '2 s: CReq received: the browser has come',
      '2 s: Code 1 put into the inbox',
      '2 s: Page shown: enter the code',
      '12 s: A code was entered',
      '12 s: Wrong code, 1 of 3',
      '22 s: A code was entered',
      '22 s: Nothing was entered; asked again',
      '32 s: A new code was asked for',
      '32 s: Code 2 put into the inbox',
      '32 s: Page shown with a new code',
      '42 s: A new code was asked for',
      '42 s: New code refused: too soon',
      '52 s: A code was entered',
      '52 s: Wrong code, 2 of 3',
      '62 s: A code was entered',
      '62 s: Wrong code, 3 of 3',
      '62 s: Verdict: not passed: N 19',
      '62 s: RReq sent, attempt 1',
      '62 s: RRes received: resultsStatus 01',
      '62 s: Browser sent back with the CRes: N',
    ])
    for (const { title } of moments) expect(title.ja).toMatch(/[ぁ-んァ-ヶ一-龠]/)
    const text = JSON.stringify(await recordOf(challenge.acsTransID))
    for (const code of codes) expect(text).not.toContain(`"${code}"`)
  })

  test('of a challenge that is open says how long it waits, and for what', async () => {
    const from = clock.now()
    const challenge = await challenged(sekisho, ds)
    expect(told(await timelineOf(challenge), from)).toEqual([
      '0 s: AReq received',
      '0 s: ARes sent: C',
      '30 s: Waits for the browser until then',
    ])
    await opened(sekisho, challenge)
    expect(told(await timelineOf(challenge), from).at(-1)).toBe('600 s: Waits for an answer until then')
  })

  test('of one that nobody came to tells that its time ran out', async () => {
    const from = clock.now()
    const challenge = await challenged(sekisho, ds)
    clock.advance(30_000)
    await expect.poll(async () => (await timelineOf(challenge)).some(({ kind }) => kind === 'RRes')).toBe(true)
    expect(told(await timelineOf(challenge), from).slice(2)).toEqual([
      '30 s: No browser came in time',
      '30 s: Verdict: not passed: N 14 cancel 05',
      '30 s: RReq sent, attempt 1',
      '30 s: RRes received: resultsStatus 01',
    ])
  })

  test('of one that was cancelled says who did it', async () => {
    const from = clock.now()
    const challenge = await challenged(sekisho, ds)
    const page = await opened(sekisho, challenge)
    await step(challenge, page, { action: 'cancel' })
    expect(told(await timelineOf(challenge), from).slice(5, 7)).toEqual([
      '10 s: The cardholder cancelled',
      '10 s: Verdict: not passed: N 01 cancel 01',
    ])
  })

  test('of an old page that is posted again says so', async () => {
    const challenge = await challenged(sekisho, ds)
    const page = await opened(sekisho, challenge)
    await step(challenge, page, { otp: '' })
    await step(challenge, page, { otp: '111111' })
    expect((await timelineOf(challenge)).map(({ title }) => title.en)).toContain(
      'An old page was posted; the current one shown',
    )
  })

  test('of a CReq that was refused names what was wrong with it', async () => {
    const challenge = await challenged(sekisho, ds)
    await postForm(`${sekisho.acs}/acs/challenge`, { creq: creqFor(challenge.ares, { challengeWindowSize: '99' }) })
    const moments = await timelineOf(challenge)
    expect(moments.find(({ title }) => title.en === 'CReq refused')?.detail?.en).toBe('203 challengeWindowSize')
    expect(moments.at(-1)?.title.en).toBe('Browser sent back with an Erro: 203')
  })

  test('of a purchase without a challenge is short', async () => {
    const { body } = await post(`${sekisho.acs}/acs/areq`, browserAReq({ acctNumber: frictionlessCard }))
    const { timeline } = await recordOf(String(body.acsTransID))
    expect((timeline as Moment[]).map(({ kind }) => kind)).toEqual(['AReq', 'ARes'])
  })
})

describe('the decision', () => {
  test('adds up, in the order it is shown, to the score that was kept', async () => {
    const { body } = await post(
      `${sekisho.acs}/acs/areq`,
      browserAReq({ acctNumber: '4111110000000021', purchaseAmount: '248000', mcc: '6051' }),
    )
    const { waterfall, score, evidence } = (await recordOf(String(body.acsTransID))) as {
      readonly waterfall: { readonly base: number; readonly parts: readonly { readonly weight: number }[] } & Members
      readonly score: number
      readonly evidence: { readonly en: { readonly band: string } }
    }
    expect(waterfall.parts.reduce((sum, { weight }) => sum + weight, waterfall.base)).toBe(score)
    expect(waterfall).toMatchObject({
      score,
      band: evidence.en.band,
      thresholds: { challenge: -1, reject: 3.5 },
      policy: { name: 'default', recorded: true },
    })
  })

  test('of a scripted card names the row that matched and what the engine would have said', async () => {
    const { body } = await post(`${sekisho.acs}/acs/areq`, browserAReq({ acctNumber: frictionlessCard }))
    const { deciders, engine } = (await recordOf(String(body.acsTransID))) as {
      readonly deciders: readonly Members[]
      readonly engine: Members
    }
    expect(deciders.map(({ by, isChosen, outcome }) => [by, isChosen, outcome])).toEqual([
      ['stub', false, null],
      ['override', false, null],
      ['scenario', true, { transStatus: 'Y' }],
      [
        'engine',
        false,
        {
          transStatus: engine.transStatus,
          ...(engine.transStatusReason !== undefined && { transStatusReason: engine.transStatusReason }),
        },
      ],
    ])
    expect(deciders[2]?.why).toMatchObject({ en: 'The card number ends as row 100 of the scenario table.' })
  })

  test('of a card that no row knows is the engine’s, and says why nobody else spoke', async () => {
    for (const [acctNumber, why] of [
      ['4000000000000190', 'No row of the scenario table fits.'],
      ['4111110000000450', 'Cards of a risk range are never scripted.'],
    ] as const) {
      const { body } = await post(`${sekisho.acs}/acs/areq`, browserAReq({ acctNumber }))
      const { deciders } = (await recordOf(String(body.acsTransID))) as { readonly deciders: readonly Members[] }
      expect(deciders.map(({ isChosen }) => isChosen)).toEqual([false, false, false, true])
      expect(deciders[2]).toMatchObject({ outcome: null, why: { en: why } })
    }
  })
})
