// What a plan makes of the end of a challenge: in the machine, in the RReq of each version, and in the record.
import { describe, expect, test } from 'vitest'
import { begin } from '../../src/acs/challenge/begin.ts'
import { type EndingAbout, fitEnding } from '../../src/acs/challenge/ending.ts'
import { challengeLimits } from '../../src/acs/challenge/limits.ts'
import { isOutOfOrder, mayFollowBrowser, orderOf } from '../../src/acs/challenge/order.ts'
import type { Challenge, ChallengeEvent, Ending, Limits, Verdict } from '../../src/acs/challenge/state.ts'
import { awaitFirstCReq, transition } from '../../src/acs/challenge/transition.ts'
import { endingSchema } from '../../src/acs/plan.ts'
import type { Effect, JournalEntry } from '../../src/acs/ports.ts'
import { timelineOf } from '../../src/acs/queries/timeline.ts'
import { buildRReq } from '../../src/acs/result/messages.ts'
import { createOutgoing } from '../../src/acs/result/outgoing.ts'
import { elements } from '../../src/protocol/tables/elements.ts'
import type { Version } from '../../src/protocol/tables/types.ts'
import { judgeWith, setupWith } from '../support/challenge.ts'
import { secrets, transactionFor, versions } from './results/support.ts'

const t0 = Date.UTC(2026, 0, 15)
const by = (ending: Partial<Ending> & Pick<Ending, 'transStatus' | 'on'>): Limits => ({ ...challengeLimits, ending })
const judge = judgeWith((codeNumber, entered) => entered === `00000${codeNumber}`)

const creq = (at: number): ChallengeEvent => ({ type: 'creq', at, windowSize: '02', threeDSSessionData: 's' })
const answer = (at: number, step: number, entered = 'x'): ChallengeEvent => ({ type: 'answer', at, step, entered })
const cancel = (at: number, step: number): ChallengeEvent => ({ type: 'cancel', at, step })

function played(limits: Limits, events: readonly ChallengeEvent[], transStatus = 'C'): Challenge {
  const from =
    begin(t0, limits, setupWith(), transStatus, { minutes: 10 }, limits.ending)?.state ??
    awaitFirstCReq(t0, limits, setupWith())
  return events.reduce<Challenge>((state, event) => transition(state, event, limits, judge).state, from)
}

const verdictOf = (state: Challenge): Verdict | undefined => (state.phase === 'ended' ? state.verdict : undefined)

describe('a planned end', () => {
  test('at the start comes before any CReq, by its timer', () => {
    const limits = by({ transStatus: 'R', transStatusReason: '11', on: 'start' })
    expect(begin(t0, limits, setupWith(), 'C', undefined, limits.ending)?.timers).toContainEqual({
      timer: 'ending',
      at: t0,
    })
    const state = played(limits, [{ type: 'timeout', at: t0, timer: 'ending' }])
    expect(verdictOf(state)).toEqual({
      transStatus: 'R',
      transStatusReason: '11',
      interactionCounter: 0,
      at: t0,
      planned: {},
    })
  })

  test('with the first CReq shows no page, and keeps the session data for the way back', () => {
    const limits = by({ transStatus: 'A', on: 'page' })
    const first = transition(awaitFirstCReq(t0, limits, setupWith()), creq(t0 + 5), limits, judge)
    expect(first.effects.map((effect) => effect.do)).toEqual(['clearTimers', 'sendRReq'])
    expect(first.state).toMatchObject({ verdict: { transStatus: 'A' }, threeDSSessionData: 's' })
  })

  test.each([
    ['a wrong code', answer(t0 + 9, 1)],
    ['the right code', answer(t0 + 9, 1, '000001')],
    ['a cancel', cancel(t0 + 9, 1)],
  ])('with the first answer comes whatever it is: %s', (_what, event) => {
    const state = played(by({ transStatus: 'U', transStatusReason: '22', on: 'answer' }), [creq(t0 + 5), event])
    expect(verdictOf(state)).toMatchObject({
      transStatus: 'U',
      interactionCounter: event.type === 'answer' ? 1 : 0,
      planned: {},
    })
  })

  test('an empty answer is none', () => {
    expect(played(by({ transStatus: 'U', on: 'answer' }), [creq(t0), answer(t0, 1, ' ')])).toMatchObject({
      phase: 'awaitingAnswer',
      hint: 'empty',
    })
  })

  test.each(['start', 'page', 'answer'] as const)('%s, four seconds later: until then every answer waits', (on) => {
    const limits = by({ transStatus: 'N', transStatusReason: '19', on, after: 4_000 })
    const open = played(limits, [creq(t0), answer(t0, 1, '000001')])
    expect(open).toMatchObject({ phase: 'awaitingAnswer', hint: 'checking', endsAt: t0 + 4_000 })
    const still = transition(open, answer(t0 + 3_999, 2, '000001'), limits, judge)
    expect(still.state.phase).toBe('awaitingAnswer')
    expect(still.effects).toContainEqual({ do: 'armTimer', timer: 'ending', at: t0 + 4_000 })
    const over = transition(still.state, { type: 'timeout', at: t0 + 4_000, timer: 'ending' }, limits, judge)
    expect(verdictOf(over.state)).toMatchObject({
      transStatus: 'N',
      interactionCounter: on === 'answer' ? 1 : 0,
      at: t0 + 4_000,
    })
  })

  test('later than the usual time limits comes after them, that is never', () => {
    const state = played(by({ transStatus: 'Y', on: 'start', after: 60_000 }), [
      { type: 'timeout', at: t0 + 30_000, timer: 'firstCReq' },
      { type: 'timeout', at: t0 + 60_000, timer: 'ending' },
    ])
    expect(verdictOf(state)).toMatchObject({ transStatus: 'N', challengeCancel: '05' })
  })

  test('of a decoupled authentication comes with the answer of the cardholder', () => {
    const limits = by({ transStatus: 'U', transStatusReason: '26', on: 'answer' })
    const event: ChallengeEvent = { type: 'appAnswer', at: t0 + 9, isApproved: true }
    expect(verdictOf(played(limits, [event], 'D'))).toMatchObject({ transStatus: 'U', transStatusReason: '26' })
  })
})

describe.each([
  ['awaitingFirstCReq', 'C', [], { transStatus: 'N', challengeCancel: '05' }],
  ['awaitingAnswer', 'C', [creq(t0)], { transStatus: 'N', challengeCancel: '04' }],
  ['awaitingDecoupled', 'D', [], { transStatus: 'U', challengeCancel: '03' }],
] as const)('%s', (_phase, transStatus, events, verdict) => {
  test('is over when somebody says so, whatever the clock says', () => {
    const timer = ({ '05': 'firstCReq', '04': 'answer', '03': 'decoupled' } as const)[verdict.challengeCancel]
    const state = played(challengeLimits, [...events, { type: 'timeout', at: t0 + 1, timer, isNow: true }], transStatus)
    expect(verdictOf(state)).toMatchObject(verdict)
  })
})

const about = (messageVersion: Version, change: Partial<EndingAbout> = {}): EndingAbout => ({
  messageVersion,
  deviceChannel: '02',
  transStatus: 'C',
  details: {},
  ...change,
})

const listed = (codes: Readonly<Record<string, string>>, version: Version): readonly string[] =>
  (codes[version] ?? '').split(' ')

describe.each(versions)('an RReq of %s', (version) => {
  const outgoing = createOutgoing('fatal', () => undefined)
  const channels = version === '2.1.0' ? (['01', '02'] as const) : (['01', '02', '03'] as const)
  const cases = channels.flatMap((channel) => [
    ...(channel === '03' ? [] : [{ channel, transStatus: 'C' as const }]),
    ...(version === '2.1.0' ? [] : [{ channel, transStatus: 'D' as const }]),
  ])
  const reasons = [undefined, ...listed(elements.transStatusReason.codes, '2.3.1'), '80', '99']
  const cancels = [undefined, ...listed(elements.challengeCancel.codes, '2.3.1'), '02', '80', '99']
  const pairs = [
    ...reasons.flatMap((reason) => [undefined, '01', '04'].map((cancel) => [reason, cancel] as const)),
    ...cancels.flatMap((cancel) => [undefined, '14', '22'].map((reason) => [reason, cancel] as const)),
  ]
  const asked = (['Y', 'N', 'A', 'U', 'R', 'D'] as const).flatMap((transStatus) =>
    pairs.map(([transStatusReason, challengeCancel]) => ({ transStatus, transStatusReason, challengeCancel })),
  )

  test.each(cases)('passes the table whatever a plan asks for (channel $channel after $transStatus)', (open) => {
    const said = { status: new Set<string>(), reason: new Set<string>(), cancel: new Set<string>() }
    for (const details of [{}, { decReqInd: 'F' as const }]) {
      const transaction = transactionFor({ version, channel: open.channel, category: '01' }, open.transStatus, details)
      for (const one of asked) {
        const ending = fitEnding(endingSchema.parse(one), transaction, challengeLimits)
        if (ending === undefined) throw new Error('no ending')
        const { on: _on, after: _after, bent, ...verdict } = ending
        const rreq = buildRReq(transaction, { ...verdict, interactionCounter: 1, at: 0 }, secrets)
        const complete =
          open.channel === '01' && open.transStatus === 'C'
            ? { ...rreq, acsRenderingType: { acsInterface: '01', acsUiTemplate: '01', ...deviceOf(version) } }
            : rreq
        outgoing.check('RReq', complete, {
          leg: 'ACS-DS',
          deviceChannel: open.channel,
          messageCategory: '01',
          context: { 'ARes.acsDecConInd': open.transStatus === 'D' ? 'Y' : 'N' },
        })
        // Given as asked for, or told in the record.
        for (const element of ['transStatus', 'transStatusReason', 'challengeCancel'] as const) {
          if (one[element] === undefined || one[element] === rreq[element]) continue
          expect(bent).toContainEqual({ element, asked: one[element] })
        }
        said.status.add(String(rreq.transStatus))
        if (rreq.transStatusReason !== undefined) said.reason.add(String(rreq.transStatusReason))
        if (rreq.challengeCancel !== undefined) said.cancel.add(String(rreq.challengeCancel))
      }
    }
    const hasHandOver = version === '2.3.1' && open.transStatus === 'C'
    expect([...said.status].sort()).toEqual(['A', ...(hasHandOver ? ['D'] : []), 'N', 'R', 'U', 'Y'])
    expect([...said.reason].sort()).toEqual([...listed(elements.transStatusReason.codes, version)])
    // The Erro that 09 and 10 report has no place in 3RI.
    const own = listed(elements.challengeCancel.codes, version).filter(
      (code) => open.channel !== '03' || !['09', '10'].includes(code),
    )
    expect([...said.cancel].sort()).toEqual([...own])
  })
})

const deviceOf = (version: Version) => (version === '2.3.1' ? { deviceUserInterfaceMode: '01' } : {})

describe('what a version cannot say', () => {
  test.each([
    ['2.1.0', { transStatus: 'U', transStatusReason: '22' }, { transStatusReason: '07' }],
    ['2.2.0', { transStatus: 'N', transStatusReason: '27' }, { transStatusReason: '03' }],
    ['2.2.0', { transStatus: 'U', challengeCancel: '09' }, { challengeCancel: '06' }],
    ['2.1.0', { transStatus: 'N', challengeCancel: '03' }, { challengeCancel: '04' }],
    ['2.2.0', { transStatus: 'D' }, { transStatus: 'U' }],
    ['2.3.1', { transStatus: 'Y', challengeCancel: '01' }, { challengeCancel: undefined }],
  ] as const)('%s: %o becomes %o, and the record says so', (version, asked, said) => {
    const ending = fitEnding(endingSchema.parse(asked), about(version), challengeLimits)
    const [element = '', value] = Object.entries(said)[0] ?? []
    expect(Object.entries(ending ?? {}).find(([name]) => name === element)?.[1]).toBe(value)
    expect(ending?.bent).toContainEqual({
      element,
      asked: Object.entries(asked).find(([name]) => name === element)?.[1],
    })
  })

  test('a time that ran out has one of two codes, by where it ran out (CHL-TMR-4)', () => {
    const reason = { transStatus: 'N', transStatusReason: '14' } as const
    const fitted = (on: 'start' | 'answer') =>
      fitEnding(endingSchema.parse({ ...reason, on }), about('2.2.0'), challengeLimits)
    expect(fitted('start')).toMatchObject({ transStatusReason: '14', challengeCancel: '05' })
    expect(fitted('answer')).toMatchObject({ transStatusReason: '14', challengeCancel: '04' })
    expect(fitted('answer')?.bent).toBeUndefined()
  })
})

describe('the RReq', () => {
  const rreq = { when: 'afterCRes', copies: 1 } as const

  test('is due at once where nobody planned anything, and as it is planned otherwise', () => {
    expect(orderOf(undefined, t0, true)).toEqual({ payload: {}, dueAt: t0 })
    expect(orderOf({ when: 'beforeCRes', copies: 3, delay: 250 }, t0, true)).toEqual({
      payload: { rreq: { when: 'beforeCRes', delay: 250, copies: 3 } },
      dueAt: t0 + 250,
    })
    expect(orderOf({ when: 'never', copies: 1 }, t0, true)).toBe('lost')
  })

  test('that follows the browser leaves without one within a minute, at once where none will come (CHL-TMR-11)', () => {
    expect(orderOf(rreq, t0, true)).toEqual({ payload: { rreq: { when: 'afterCRes' } }, dueAt: t0 + 60_000 })
    expect(orderOf(rreq, t0, false)).toEqual({ payload: { rreq: { when: 'beforeCRes' } }, dueAt: t0 })
    expect(
      mayFollowBrowser(awaitFirstCReq(t0, challengeLimits, setupWith()), {
        type: 'timeout',
        at: t0,
        timer: 'firstCReq',
      }),
    ).toBe(false)
    expect(mayFollowBrowser(awaitFirstCReq(t0, challengeLimits, setupWith()), creq(t0))).toBe(true)
  })

  test('is out of order unless it precedes the final CRes without a delay (RES-RR-3)', () => {
    expect(isOutOfOrder(undefined)).toBe(false)
    expect(isOutOfOrder({ when: 'beforeCRes', copies: 2 })).toBe(false)
    expect(isOutOfOrder({ when: 'beforeCRes', copies: 1, delay: 1 })).toBe(true)
    expect(isOutOfOrder(rreq)).toBe(true)
  })
})

describe('the timeline tells what was planned, in both languages', () => {
  const transaction = transactionFor({ version: '2.2.0', channel: '02', category: '01' }, 'C')
  const row = { id: 1, tenant: 0, transactionId: 1, at: t0 } as const
  const effect = { ...row, kind: 'sendRReq', dueAt: t0 + 9, attempts: 0, createdAt: t0, done: false } as const
  const journal = (link: JournalEntry['link'], masked: object, more: Partial<JournalEntry> = {}): JournalEntry => ({
    ...row,
    link,
    masked: JSON.stringify(masked),
    ...more,
  })
  const about = { transaction, journal: [], effects: [], mails: [] } as const

  test.each([
    ...(['beforeCRes', 'afterCRes', 'insteadOfCRes', 'afterReturn'] as const).map((when) => {
      const waiting: Effect & { readonly done: boolean } = { ...effect, payload: { rreq: { when } } }
      return [`an RReq that waits, ${when}`, { ...about, effects: [waiting] }, 'waits'] as const
    }),
    ['an end', { ...about, effects: [{ ...effect, kind: 'timer', payload: { timer: 'ending' } }] }, 'waits'],
    ['an RReq that is lost', { ...about, transaction: { ...transaction, delivery: 'lost' } }, 'plan'],
    ['a text message', { ...about, mails: [{ at: t0, codeNumber: 1, via: 'inbox', channel: 'sms' }] }, 'codeSent'],
    ['a push note', { ...about, mails: [{ at: t0, codeNumber: undefined, via: 'inbox', channel: 'push' }] }, 'push'],
    ['a page that keeps', { ...about, journal: [journal('ACS→browser', { page: 'kept' })] }, 'page'],
    [
      'a page that waits',
      { ...about, journal: [journal('ACS→browser', { page: 'challenge', hint: 'checking', interactions: 1, of: 3 })] },
      'page',
    ],
    ...(['open', 'approve', 'refuse', 'expire', 'verify', 'resend', 'cancel'] as const).map(
      (action) =>
        [
          `${action} by API`,
          { ...about, journal: [journal('browser→ACS', { action }, { headers: { via: 'api' } })] },
          expect.any(String) as string,
        ] as const,
    ),
    ['a fault', { ...about, journal: [journal('ACS→DS', {}, { messageType: 'RReq', fault: 'status 503' })] }, 'RReq'],
  ] as const)('%s', (_what, input, kind) => {
    const [moment, ...more] = timelineOf(input)
    expect(more).toEqual([])
    expect(moment?.kind).toEqual(kind)
    expect(moment?.title.en).toMatch(/^[A-Z][ -~]+$/)
    expect(moment?.title.ja).toMatch(/[\u3040-\u30ff\u4e00-\u9fff]/)
    expect(JSON.stringify(moment)).not.toContain('undefined')
  })
})
