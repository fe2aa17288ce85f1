// Every ending of a challenge, as docs/endings.md shows it: the rows of spec-fixtures/challenge-endings.json played over HTTP.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  type ChallengeEnding,
  challengeEndings,
  differsStrictly,
  type EndingOutcome,
  type EndingVersion,
  outcomeOf,
} from '../../src/cli/endings-page.ts'
import { manualClock } from '../../src/clock.ts'
import { type Answer, type ListeningDs, listeningDs, rres, sendJson } from '../support/ds.ts'
import { creqFor, cresIn, field, type Members, post, postForm } from '../support/messages.ts'
import { type Running, running } from '../support/running.ts'
import { areqOf, cardEnding } from './any-areq.ts'
import {
  actionOf,
  api,
  type Challenged,
  closedPort,
  codeOf,
  driven,
  errosOf,
  isChallenge,
  isErrorPage,
  type Page,
  put,
  rreqsOf,
  shown,
  tokenOf,
  until,
  wrongCode,
} from './support.ts'

const start = Date.UTC(2026, 0, 15, 10, 30)

let ds: ListeningDs
let usual: Running
let strict: Running
/** Waits for an RRes so briefly that a DS which says nothing is waited for in no time. */
let impatient: Running

beforeAll(async () => {
  ds = await listeningDs()
  const only: ['acs'] = ['acs']
  usual = await running({ only }, { clock: manualClock(start) })
  strict = await running({ only, validation: 'strict' }, { clock: manualClock(start) })
  impatient = await running({ only }, { clock: manualClock(start), answersWithinMs: 100 })
})

afterAll(async () => {
  await Promise.all([usual.close(), strict.close(), impatient.close(), ds.close()])
})

/** [2.3.1] A hand-over to a decoupled authentication is acknowledged with 04 (ACS-VAL-141). */
const answerTo = (rreq: Members, change: Members = {}): Members =>
  rres(rreq, { ...(rreq.transStatus === 'D' && { resultsStatus: '04' }), ...change })

/** RReqs that a slow DS has not answered yet. */
const held: (() => void)[] = []

const toRReq: Readonly<Record<ChallengeEnding['ds'], (times: number) => Answer>> = {
  RRes: () => (rreq, res) => sendJson(res, answerTo(rreq)),
  slow: () => (rreq, res) => void held.push(() => sendJson(res, answerTo(rreq))),
  silent: () => () => undefined,
  Erro: () => (rreq, res) => {
    const about = answerTo(rreq, { resultsStatus: undefined, errorMessageType: 'RReq' })
    const error = { errorCode: '203', errorComponent: 'D', errorDescription: 'x', errorDetail: 'eci' }
    sendJson(res, { ...about, ...error, messageType: 'Erro' })
  },
  'other ids': () => (rreq, res) => sendJson(res, answerTo(rreq, { acsTransID: rreq.dsTransID })),
  'no JSON': () => (_, res) => sendJson(res, 'no JSON'),
  '503 twice': (times) => (rreq, res) => (times <= 2 ? sendJson(res, {}, 503) : sendJson(res, answerTo(rreq))),
  'not there': () => () => undefined,
}

/** What everybody who pays here knows (src/acs/data/issuer.yaml), and what nobody does. */
const right = { question: ['ha'], pictures: ['tea', 'bell'], password: 'sekisho' }
const wrong = { question: ['od'], pictures: ['tea', 'fan'] }

interface Play {
  readonly sekisho: Running
  readonly challenge: Challenged
  readonly version: EndingVersion
  /** Challenge pages, and the last answer to the browser, whatever it was. */
  readonly pages: Page[]
  last: Page | undefined
  /** What the cardholder has in front of them, and the codes they have got. */
  screen: string
  readonly codes: string[]
}

const creq = (play: Play, change: Members = {}): Promise<Page> =>
  postForm(`${play.sekisho.acs}/acs/challenge`, {
    creq: creqFor(play.challenge.ares, { messageVersion: play.version, ...change }),
  })

async function submit(play: Play, page: Page | undefined, fields: readonly (readonly [string, string])[]) {
  const body = new URLSearchParams([
    ['acsTransID', play.challenge.acsTransID],
    ['stepToken', page === undefined ? '' : tokenOf(page)],
    ...fields.map(([name, value]) => [name, value]),
  ])
  const response = await fetch(`${play.sekisho.acs}/acs/challenge/answer`, { method: 'POST', body })
  return { status: response.status, headers: response.headers, page: await response.text() }
}

function answerOf(play: Play, isRight: boolean): readonly (readonly [string, string])[] {
  const [code = ''] = play.codes.slice(-1)
  const otp = ['otp', isRight ? code : wrongCode(code)] as const
  const { screen } = play
  if (screen === 'question' || screen === 'pictures')
    return (isRight ? right : wrong)[screen].map((key) => ['selected', key] as const)
  return screen === 'entries' ? [otp, ['password', right.password]] : [otp]
}

/** Takes in what the browser was answered with, and what has come to the cardholder. */
async function took(play: Play, page: Page): Promise<void> {
  play.last = page
  if (!isChallenge(page)) return
  play.pages.push(page)
  play.screen = /data-screen="([A-Za-z]+)"/.exec(page.page)?.[1] ?? ''
  if (play.screen !== 'code' && play.screen !== 'entries') return
  const code = await codeOf(play.sekisho, play.challenge)
  if (code !== '' && code !== play.codes.at(-1)) play.codes.push(code)
}

async function step(play: Play, what: string): Promise<void> {
  const { sekisho, challenge, pages } = play
  const button = (action: string) => submit(play, pages.at(-1), [['action', action]])
  const verify = (page: Page | undefined, isRight: boolean) =>
    submit(play, page, [['action', 'verify'], ...answerOf(play, isRight)])
  const [word = '', value = ''] = what.split(' ')
  switch (what) {
    case 'open':
      return took(play, await creq(play))
    case 'open in another size':
      return took(play, await creq(play, { challengeWindowSize: '05' }))
    case 'open malformed':
      return took(play, await creq(play, { challengeWindowSize: '99' }))
    case 'right':
    case 'wrong':
      return took(play, await verify(pages.at(-1), what === 'right'))
    case 'right from the first page':
    case 'wrong from the first page':
      return took(play, await verify(pages[0], word === 'right'))
    case 'right twice at once':
    case 'wrong twice at once': {
      const both = await Promise.all([1, 2].map(() => verify(pages.at(-1), word === 'right')))
      expect(both[0]?.page.replaceAll(/nonce="[^"]*"/g, '')).toBe(both[1]?.page.replaceAll(/nonce="[^"]*"/g, ''))
      return took(play, both[1] as Page)
    }
    case 'the code before':
      return took(play, await submit(play, pages.at(-1), [['otp', play.codes.at(-2) ?? '']]))
    case 'empty':
      return took(play, await button('verify'))
    case 'resend':
    case 'otherWay':
    case 'continue':
    case 'cancel':
    case 'expired':
      return took(play, await button(what))
    case 'approve':
    case 'refuse':
      expect((await driven(sekisho, challenge, what)).status).toBe(200)
      return
    case 'another number in the app': {
      const { acsTransID } = challenge
      const { match } = (await api(sekisho, `/approvals/${acsTransID}`)).body as {
        match: { shown: string; choices: string[] }
      }
      const number = match.choices.find((one) => one !== match.shown)
      const decided = await put(sekisho, `/approvals/${acsTransID}`, { decision: 'approve', number }, 'POST')
      expect(decided.status).toBe(200)
      return
    }
    case 'the DS refuses the ARes': {
      const { threeDSServerTransID, acsTransID, dsTransID } = challenge.ares
      const { status } = await post(`${sekisho.acs}/acs/areq`, {
        ...{ messageType: 'Erro', messageVersion: play.version, threeDSServerTransID, acsTransID, dsTransID },
        ...{ errorCode: '203', errorComponent: 'D', errorDescription: 'x', errorDetail: 'eci' },
        errorMessageType: 'ARes',
      })
      expect(status).toBe(200)
      return
    }
  }
  if (word === 'choose')
    return took(
      play,
      await submit(play, pages.at(-1), [
        ['action', 'verify'],
        ['selected', value],
      ]),
    )
  if (word !== 'wait') throw new Error(`no such step: ${what}`)
  expect((await put(sekisho, '/clock', { advance: value }, 'POST')).status).toBe(200)
}

/** What the browser holds, in the words of the table. */
function browserOf({ last, challenge }: Play): string {
  if (last === undefined) return 'nothing'
  if (isChallenge(last)) return 'challenge page'
  if (isErrorPage(last)) return 'error page'
  const message = cresIn(last.page) ?? {}
  expect(actionOf(last)).toBe(challenge.areq.notificationURL)
  return `${String(message.messageType)} ${String(message.transStatus ?? message.errorCode)}`
}

function expectRReq(rreq: Members, { rreq: expected }: EndingOutcome): void {
  if (expected === null) throw new Error('none expected')
  const { authenticationValue, interactionCounter, challengeErrorReporting, ...rest } = expected
  expect({
    transStatus: rreq.transStatus,
    transStatusReason: rreq.transStatusReason,
    challengeCancel: rreq.challengeCancel,
    interactionCounter: rreq.interactionCounter,
    authenticationValue: rreq.authenticationValue !== undefined,
    challengeErrorReporting: (rreq.challengeErrorReporting as Members | undefined)?.errorCode,
  }).toEqual({
    ...{ transStatusReason: undefined, challengeCancel: undefined, ...rest },
    ...{ interactionCounter: interactionCounter ?? undefined, authenticationValue, challengeErrorReporting },
  })
}

async function played(ending: ChallengeEnding, version: EndingVersion, sekisho: Running): Promise<Play> {
  const dsURL = ending.ds === 'not there' ? `http://127.0.0.1:${await closedPort()}/ds/rreq` : ds.url
  const areq = areqOf(`browser-${version.replaceAll('.', '')}`, {
    acctNumber: cardEnding(ending.card, '4000004'),
    dsURL,
    ...(ending.notificationURL === 'down' && { notificationURL: `http://127.0.0.1:${await closedPort()}/back` }),
    ...ending.areq,
  })
  let times = 0
  ds.answer = (message, res) => {
    if (message.messageType !== 'RReq') return sendJson(res, '')
    times += 1
    toRReq[ending.ds](times)(message, res)
  }
  const { body: ares } = await post(`${sekisho.acs}/acs/areq`, areq)
  expect(ares.transStatus).toBe(ending.card.startsWith('8') ? 'D' : 'C')
  const challenge = { areq, ares, acsTransID: String(ares.acsTransID) }
  const play: Play = { sekisho, challenge, version, pages: [], last: undefined, screen: '', codes: [] }
  for (const what of ending.steps) {
    let isThere = false
    const done = step(play, what).then(() => {
      isThere = true
    })
    if (ending.ds === 'slow' && what === 'right') {
      await until(() => held.length > 0)
      expect(isThere).toBe(false) // the final CRes waits for the RRes (CHL-SM-4)
      for (const answer of held.splice(0)) answer()
    }
    await done
  }
  return play
}

async function expectEnding(play: Play, ending: ChallengeEnding, expected: EndingOutcome): Promise<void> {
  const { sekisho, challenge } = play
  const { acsTransID } = challenge
  expect(browserOf(play)).toBe(expected.browser)
  const record = () => shown(sekisho, acsTransID)
  if (expected.rreq !== null) await until(async () => (await record()).delivery === expected.delivery)
  if (ending.notificationURL === 'down') {
    const { page = '' } = play.last ?? {}
    await expect(
      postForm(String(challenge.areq.notificationURL), { cres: field(page, 'cres') ?? '' }),
    ).rejects.toThrow()
  }
  // Whatever time passes: nothing more is sent.
  await put(sekisho, '/clock', { advance: '21m' }, 'POST')
  const { messages, resultStatus } = await record()
  const inJournal = messages.filter(({ messageType, link }) => messageType === 'RReq' && link === 'ACS→DS')
  const sent = ending.ds === 'not there' ? inJournal.map(({ message }) => message) : rreqsOf(ds, acsTransID)
  expect(sent).toHaveLength(expected.rreq === null ? 0 : expected.times)
  expect(inJournal).toHaveLength(sent.length)
  const [last] = sent.slice(-1)
  if (last !== undefined) {
    expectRReq(last, expected)
    expect(resultStatus).toBe(last.transStatus)
  }
  const erros = errosOf(ds, acsTransID).map(({ errorCode }) => `Erro ${String(errorCode)}`)
  expect(erros).toEqual(expected.ds === undefined ? [] : [expected.ds])
}

describe.each(challengeEndings)('$title', ({ endings }) => {
  const cases = endings.flatMap((ending) =>
    ending.versions.flatMap((version) =>
      (differsStrictly(ending) ? [false, true] : [false]).map((isStrict) => {
        const name = `${ending.id}: ${version}${isStrict ? ' strict' : ''} (${ending.rules})`
        return [name, { ending, version, isStrict }] as const
      }),
    ),
  )
  test.each(cases)('%s', async (_, { ending, version, isStrict }) => {
    const sekisho = isStrict ? strict : ending.ds === 'silent' ? impatient : usual
    const play = await played(ending, version, sekisho)
    await expectEnding(play, ending, outcomeOf(ending, version, isStrict))
  })
})
