// The challenge machine, kind by kind: screens one after the other, what each takes, and what comes of it.
import { describe, expect, test } from 'vitest'
import { begin } from '../../src/acs/challenge/begin.ts'
import { announcedMethods, challengeKinds, kindFor, rowOf } from '../../src/acs/challenge/kinds.ts'
import { challengeLimits, rulesOf } from '../../src/acs/challenge/limits.ts'
import { channelsOf } from '../../src/acs/challenge/setup.ts'
import type {
  AwaitingAnswer,
  Challenge,
  ChallengeEvent,
  ChallengeSetup,
  Limits,
  Step,
  Verdict,
} from '../../src/acs/challenge/state.ts'
import { awaitFirstCReq, mostMismatches, transition } from '../../src/acs/challenge/transition.ts'
import { judgeWith, setupWith } from '../support/challenge.ts'

const t0 = Date.UTC(2026, 0, 15)
const judge = judgeWith((codeNumber, entered) => entered === `00000${codeNumber}`)
const right = (codeNumber = 1): string => `00000${codeNumber}`
const limits: Limits = challengeLimits
const in231: Limits = { ...limits, rules: rulesOf(limits, '2.3.1') }

type Kind = ChallengeSetup['kind']
type About = Partial<Omit<ChallengeSetup, 'kind'>>

/** What happens, without its time and the token of the page. */
type Happening =
  | { readonly type: 'answer'; readonly entered?: string; readonly password?: string; readonly selected?: string[] }
  | { readonly type: 'resend' | 'otherWay' | 'cancel' }
  | (Omit<Extract<ChallengeEvent, { type: 'appAnswer' }>, 'at'> & { readonly isApproved: boolean })
  | { readonly type: 'wait'; readonly ms: number }

const answer = (more: Omit<Extract<Happening, { type: 'answer' }>, 'type'> = {}): Happening => ({
  type: 'answer',
  ...more,
})
const approve: Happening = { type: 'appAnswer', isApproved: true }
const refuse: Happening = { type: 'appAnswer', isApproved: false }
const otherNumber: Happening = { type: 'appAnswer', isApproved: false, isMismatch: true }
const wait = (ms: number): Happening => ({ type: 'wait', ms })

/** From the first CReq on; a second between one thing and the next. */
function played(kind: Kind, happenings: readonly Happening[], by: Limits = limits, about: About = {}): Step {
  const setup = setupWith({ kind, ...about })
  let at = t0
  let step = transition(awaitFirstCReq(t0, by, setup), { type: 'creq', at, windowSize: '02' }, by, judge)
  const effects = [...step.effects]
  for (const happening of happenings) {
    if (happening.type === 'wait') {
      at += happening.ms
      continue
    }
    at += 1_000
    const current = step.state.phase === 'awaitingAnswer' ? step.state.step : 0
    const event = { entered: '', ...happening, at, step: current } as ChallengeEvent
    step = transition(step.state, event, by, judge)
    effects.push(...step.effects)
  }
  return { state: step.state, effects }
}

const openIn = ({ state }: Step): AwaitingAnswer => {
  if (state.phase !== 'awaitingAnswer') throw new Error(`it is ${state.phase}`)
  return state
}
const verdictOf = ({ state }: Step): Verdict | undefined => (state.phase === 'ended' ? state.verdict : undefined)
const codesOf = ({ effects }: Step) =>
  effects.flatMap((effect) => (effect.do === 'sendOtp' ? [[effect.codeNumber, effect.channel]] : []))

describe('the first screen', () => {
  test.each([
    ['emailOtp', 'code', [[1, 'email']]],
    ['smsOtp', 'code', [[1, 'sms']]],
    ['pushOtp', 'code', [[1, 'push']]],
    ['chooseOtp', 'choose', []],
    ['singleSelect', 'question', []],
    ['multiSelect', 'pictures', []],
    ['oob', 'app', []],
    ['oobMatch', 'appMatch', []],
    ['passwordOtp', 'entries', [[1, 'email']]],
    ['infoOtp', 'info', []],
    ['infoDecoupled', 'info', []],
  ] as const)('of %s is %s, with what it needs on its way (CHL-TR-2)', (kind, screen, codes) => {
    const step = played(kind, [])
    expect(openIn(step)).toMatchObject({ screen, step: 1, interactions: 0 })
    expect(codesOf(step)).toEqual(codes)
    const asksApp = step.effects.filter((effect) => effect.do === 'askApp').length
    expect(asksApp).toBe(screen === 'app' || screen === 'appMatch' ? 1 : 0)
    expect(step.effects).toContainEqual({ do: 'armTimer', timer: 'answer', at: t0 + 600_000 })
  })

  test('of every kind is the first of its row', () => {
    for (const kind of challengeKinds) expect(openIn(played(kind, [])).screen).toBe(rowOf(kind).screens[0])
  })

  test('is the code where there is one channel only: a choice of one is none (CHL-UI-7)', () => {
    const step = played('chooseOtp', [], limits, { channels: ['sms'] })
    expect(openIn(step)).toMatchObject({ screen: 'code', channel: 'sms' })
    expect(codesOf(step)).toEqual([[1, 'sms']])
  })

  test.each(['2.1.0', '2.2.0'])('of %s is never something to read: there is no such template (VER-23-7)', (version) => {
    for (const kind of ['infoOtp', 'infoDecoupled'] as const)
      expect(kindFor({ challenge: { kind } }, { methods: [] }, { messageVersion: version, decReqInd: 'F' })).toBe(
        'emailOtp',
      )
  })

  test('hands nothing over to a decoupled authentication that was not offered (RES-TS-5)', () => {
    const plan = { challenge: { kind: 'infoDecoupled' as const } }
    const about = { messageVersion: '2.3.1' }
    expect(kindFor(plan, { methods: [] }, { ...about, decReqInd: 'N' })).toBe('emailOtp')
    expect(kindFor(plan, { methods: [] }, { ...about, decReqInd: 'B' })).toBe('infoDecoupled')
  })

  test('a rule of the policy chooses among what the register has, and a plan before it', () => {
    const about = { messageVersion: '2.2.0', decReqInd: 'N' }
    const card = { methods: ['emailOtp', 'oob'] } as const
    expect(kindFor(undefined, card, about, 'oob')).toBe('oob')
    expect(kindFor(undefined, card, about, 'smsOtp')).toBe('emailOtp')
    expect(kindFor(undefined, card, about)).toBe('emailOtp')
    expect(kindFor({ challenge: { kind: 'smsOtp' } }, card, about, 'oob')).toBe('smsOtp')
  })
})

describe('a choice of the channel', () => {
  const sms = answer({ selected: ['sms'] })

  test('sends the code there, and is no evaluated answer (CHL-TR-11, CHL-ATT-2)', () => {
    const step = played('chooseOtp', [sms])
    expect(openIn(step)).toMatchObject({ screen: 'code', channel: 'sms', step: 2, interactions: 0, codeNumber: 1 })
    expect(codesOf(step)).toEqual([[1, 'sms']])
    expect(openIn(step).hint).toBeUndefined()
  })

  test.each([
    ['nothing', []],
    ['two', ['email', 'sms']],
    ['something that was not offered', ['fax']],
  ])('of %s asks again', (_, selected) => {
    expect(openIn(played('chooseOtp', [answer({ selected })]))).toMatchObject({
      screen: 'choose',
      hint: 'empty',
      codeNumber: 0,
    })
  })

  test('is told in the verdict, since the method of the RReq follows from it', () => {
    expect(verdictOf(played('chooseOtp', [sms, answer({ entered: right() })]))).toEqual({
      transStatus: 'Y',
      interactionCounter: 1,
      at: t0 + 2_000,
      channel: 'sms',
    })
  })

  test('is told in the verdict of a challenge that was not passed, too, once there was a choice', () => {
    const wrong = answer({ entered: 'x' })
    expect(verdictOf(played('chooseOtp', [sms, wrong, wrong, wrong]))).toMatchObject({
      transStatus: 'N',
      channel: 'sms',
    })
    expect(verdictOf(played('chooseOtp', [sms, { type: 'cancel' }]))).toMatchObject({ channel: 'sms' })
    expect(verdictOf(played('chooseOtp', [{ type: 'cancel' }]))).not.toHaveProperty('channel')
  })

  test('is announced by the methods of the ways that the register has, and of no others (RES section 6)', () => {
    const announced = (methods: Parameters<typeof channelsOf>[1]['methods']) =>
      announcedMethods('chooseOtp', channelsOf('chooseOtp', { methods }))
    expect(announced(['chooseOtp', 'pushOtp', 'smsOtp'])).toEqual(['04', '02'])
    expect(announced(['chooseOtp'])).toEqual(['05', '02', '04'])
    expect(announcedMethods('passwordOtp', channelsOf('passwordOtp', { methods: ['passwordOtp'] }))).toEqual([
      '05',
      '01',
    ])
  })

  test('can be taken back: a new code there, the old one void, the tries as they were (CHL-RSD-2, CHL-ATT-5)', () => {
    const again = [sms, answer({ entered: 'x' }), { type: 'otherWay' }, wait(30_000), answer({ selected: ['push'] })]
    const step = played('chooseOtp', again as Happening[])
    expect(openIn(step)).toMatchObject({ screen: 'code', channel: 'push', codeNumber: 2, resends: 1, interactions: 1 })
    expect(codesOf(step)).toEqual([
      [1, 'sms'],
      [2, 'push'],
    ])
    const old = played('chooseOtp', [...again, answer({ entered: right(1) })] as Happening[])
    expect(openIn(old)).toMatchObject({ hint: 'wrong', interactions: 2 })
    expect(verdictOf(played('chooseOtp', [...again, answer({ entered: right(2) })] as Happening[]))).toMatchObject({
      transStatus: 'Y',
      channel: 'push',
    })
  })

  test('that comes too soon after the last code sends none: the latest is where it was (CHL-RSD-3)', () => {
    const step = played('chooseOtp', [sms, { type: 'otherWay' }, answer({ selected: ['push'] })])
    expect(openIn(step)).toMatchObject({ screen: 'code', channel: 'sms', hint: 'resendTooSoon', codeNumber: 1 })
  })

  test('sends no more codes than resends would (CHL-RSD-3)', () => {
    const once: Happening[] = [wait(30_000), { type: 'otherWay' }, answer({ selected: ['email'] })]
    const step = played('chooseOtp', [sms, ...once, ...once, ...once, ...once])
    expect(openIn(step)).toMatchObject({ screen: 'code', hint: 'resendLimit', codeNumber: 4, resends: 3 })
  })

  test('is not offered by kinds without one', () => {
    for (const kind of ['emailOtp', 'passwordOtp', 'singleSelect', 'oob', 'infoOtp'] as const)
      expect(openIn(played(kind, [{ type: 'otherWay' }]))).toMatchObject({ screen: rowOf(kind).screens[0], step: 1 })
    const one = played('chooseOtp', [{ type: 'otherWay' }], limits, { channels: ['sms'] })
    expect(openIn(one)).toMatchObject({ screen: 'code', step: 1 })
  })
})

describe('a question', () => {
  test.each([
    ['singleSelect', ['right'], ['left']],
    ['multiSelect', ['too', 'right'], ['right']],
    ['multiSelect', ['right', 'too'], ['right', 'too', 'three']],
  ] as const)('of %s is passed by the right keys and no others (CHL-TR-6, CHL-TR-7)', (kind, good, bad) => {
    expect(verdictOf(played(kind, [answer({ selected: [...good] })]))).toMatchObject({
      transStatus: 'Y',
      interactionCounter: 1,
    })
    expect(openIn(played(kind, [answer({ selected: [...bad] })]))).toMatchObject({ hint: 'wrong', interactions: 1 })
    const three = played(
      kind,
      [1, 2, 3].map(() => answer({ selected: [...bad] })),
    )
    expect(verdictOf(three)).toMatchObject({ transStatus: 'N', transStatusReason: '19', interactionCounter: 3 })
    expect(three.effects.filter((effect) => effect.do === 'countFailure')).toHaveLength(3)
  })

  test('without a selection is empty, whatever is typed elsewhere (CHL-TR-9, CHL-ATT-2)', () => {
    const step = played('singleSelect', [answer({ entered: right(), password: 'sesame' })])
    expect(openIn(step)).toMatchObject({ hint: 'empty', interactions: 0 })
  })

  test('has no code to be sent again (CHL-RSD-1)', () => {
    const step = played('multiSelect', [wait(60_000), { type: 'resend' }])
    expect(openIn(step)).toMatchObject({ step: 1, codeNumber: 0 })
    expect(codesOf(step)).toEqual([])
  })

  test('is as right after five minutes as before: only codes get old (CHL-TMR-9)', () => {
    expect(verdictOf(played('singleSelect', [wait(500_000), answer({ selected: ['right'] })]))).toMatchObject({
      transStatus: 'Y',
    })
  })
})

describe('a password with a code', () => {
  test.each([
    ['both right', right(), 'sesame', 'Y'],
    ['the code wrong', '999999', 'sesame', 'wrong'],
    ['the password wrong', right(), 'x', 'wrong'],
    ['no password', right(), ' ', 'empty'],
    ['no code', '', 'sesame', 'empty'],
  ])('%s', (_, entered, password, expected) => {
    const step = played('passwordOtp', [answer({ entered, password })])
    if (expected === 'Y') expect(verdictOf(step)).toMatchObject({ transStatus: 'Y', interactionCounter: 1 })
    else expect(openIn(step)).toMatchObject({ hint: expected, interactions: expected === 'wrong' ? 1 : 0 })
  })

  test('of an old code is expired, whatever the password (CHL-TMR-9)', () => {
    const step = played('passwordOtp', [wait(300_000), answer({ entered: right(), password: 'sesame' })])
    expect(openIn(step)).toMatchObject({ hint: 'expired', interactions: 1 })
  })
})

describe.each(['oob', 'oobMatch'] as const)('%s', (kind) => {
  test('waits for the app: a look before it has answered is no answer (CHL-TR-12, CHL-ATT-2)', () => {
    const step = played(kind, [answer(), answer({ entered: right(), selected: ['right'] })])
    expect(openIn(step)).toMatchObject({ hint: 'appOpen', step: 3, interactions: 0 })
  })

  test('is passed by the app, without a look (CHL-TR-13)', () => {
    expect(verdictOf(played(kind, [approve]))).toEqual({ transStatus: 'Y', interactionCounter: 1, at: t0 + 1_000 })
  })

  test('is refused in the app: 01, [2.3.1] 19, and no challengeCancel (CHL-TR-13, CHL-ATT-6)', () => {
    expect(verdictOf(played(kind, [refuse]))).toEqual({
      ...{ transStatus: 'N', transStatusReason: '01', interactionCounter: 1, at: t0 + 1_000 },
    })
    expect(verdictOf(played(kind, [refuse], in231))).toMatchObject({ transStatusReason: '19', interactionCounter: 1 })
  })

  test('that a plan lets the page learn late passes with that look, and not before (CHL-TR-12)', () => {
    const about = { appSeenAfter: 2 }
    const waiting = openIn(played(kind, [answer(), approve, answer()], limits, about))
    expect(waiting).toMatchObject({ hint: 'appOpen', app: { isApproved: true, looks: 1 }, interactions: 0 })
    expect(verdictOf(played(kind, [approve, answer(), answer()], limits, about))).toMatchObject({ transStatus: 'Y' })
    expect(verdictOf(played(kind, [refuse, answer(), answer()], limits, about))).toMatchObject({ transStatus: 'N' })
    const endless = [approve, ...Array.from({ length: 50 }, () => answer())]
    expect(openIn(played(kind, endless, limits, { appSeenAfter: 'never' }))).toMatchObject({ app: { looks: 50 } })
  })

  test('keeps the first word of the app (CHL-SM-1)', () => {
    const step = played(kind, [approve, refuse, answer()], limits, { appSeenAfter: 1 })
    expect(verdictOf(step)).toMatchObject({ transStatus: 'Y' })
  })

  test('does not count a wrong number as an answer, but the third is a refusal', () => {
    const few = Array.from({ length: mostMismatches - 1 }, () => otherNumber)
    expect(openIn(played(kind, few))).toMatchObject({ step: 1, interactions: 0, mismatches: mostMismatches - 1 })
    expect(verdictOf(played(kind, [...few, approve]))).toMatchObject({ transStatus: 'Y', interactionCounter: 1 })
    expect(verdictOf(played(kind, [...few, otherNumber]))).toMatchObject({ transStatus: 'N', interactionCounter: 1 })
  })

  test('approved when the time of the page is over is a timeout (CHL-TR-15)', () => {
    expect(verdictOf(played(kind, [wait(599_000), approve]))).toMatchObject({
      transStatus: 'N',
      transStatusReason: '14',
      challengeCancel: '04',
      interactionCounter: 0,
    })
    expect(verdictOf(played(kind, [wait(598_999), approve]))).toMatchObject({ transStatus: 'Y' })
  })
})

test.each(challengeKinds.filter((kind) => kind !== 'oob' && kind !== 'oobMatch'))(
  'the banking app has no say in %s',
  (kind) => {
    expect(played(kind, [approve]).state).toEqual(played(kind, []).state)
  },
)

describe('something to read', () => {
  test('is followed by the code; reading is no evaluated answer (CHL-ATT-2)', () => {
    const step = played('infoOtp', [answer()], in231)
    expect(openIn(step)).toMatchObject({ screen: 'code', step: 2, interactions: 0, channel: 'email' })
    expect(codesOf(step)).toEqual([[1, 'email']])
    expect(verdictOf(played('infoOtp', [answer(), answer({ entered: right() })], in231))).toMatchObject({
      transStatus: 'Y',
      interactionCounter: 1,
    })
  })

  test('hands over to a decoupled authentication: D, 29, no counted answer (CHL-TR-20, RES-DEC-12)', () => {
    expect(verdictOf(played('infoDecoupled', [answer()], in231))).toEqual({
      ...{ transStatus: 'D', transStatusReason: '29', interactionCounter: 0, at: t0 + 1_000 },
    })
  })

  test('can be cancelled like every other (CHL-CAN-2, CHL-CAN-3)', () => {
    for (const kind of challengeKinds)
      expect(verdictOf(played(kind, [{ type: 'cancel' }], in231))).toMatchObject({
        transStatus: 'N',
        transStatusReason: '19',
        challengeCancel: '01',
        interactionCounter: 1,
      })
  })
})

describe('what is asked beside', () => {
  const about: About = { prompts: ['trustList', 'deviceBinding'] }
  const passing = { entered: right(), password: 'sesame', selected: ['right'] }

  test.each([
    ['both', { trustList: true, deviceBinding: true }],
    ['one', { trustList: true, deviceBinding: false }],
    ['none', { trustList: false, deviceBinding: false }],
  ])('is told with the verdict Y: %s (CHL-TL-1, CHL-TL-3)', (_, consent) => {
    for (const kind of ['emailOtp', 'singleSelect', 'passwordOtp'] as const) {
      const happening = { ...answer(passing), consent } as Happening
      expect(verdictOf(played(kind, [happening], limits, about))?.consent).toEqual(consent)
    }
    const inApp = { ...approve, consent } as Happening
    expect(verdictOf(played('oob', [inApp], limits, about))?.consent).toEqual(consent)
    expect(verdictOf(played('oob', [inApp, answer()], limits, { ...about, appSeenAfter: 1 }))?.consent).toEqual(consent)
  })

  test('without a word is a no, and never said yes to by itself (CHL-TL-1)', () => {
    expect(verdictOf(played('emailOtp', [answer(passing)], limits, about))?.consent).toEqual({
      trustList: false,
      deviceBinding: false,
    })
  })

  test('is nothing where it was not asked, nor without an authentication (CHL-TL-2)', () => {
    const consent = { trustList: true, deviceBinding: true }
    const yes = { ...answer(passing), consent } as Happening
    expect(verdictOf(played('emailOtp', [yes]))).not.toHaveProperty('consent')
    const wrong = { ...answer({ entered: 'x' }), consent } as Happening
    const failed = verdictOf(played('emailOtp', [wrong, wrong, wrong], limits, about))
    expect(failed).toMatchObject({ transStatus: 'N' })
    expect(failed).not.toHaveProperty('consent')
    expect(verdictOf(played('oob', [{ ...refuse, consent } as Happening], limits, about))).not.toHaveProperty('consent')
  })

  test('of a wrong answer does not count with the right one after it', () => {
    const wrong = { ...answer({ entered: 'x' }), consent: { trustList: true } } as Happening
    expect(verdictOf(played('emailOtp', [wrong, answer(passing)], limits, about))?.consent).toEqual({
      trustList: false,
      deviceBinding: false,
    })
  })

  test('is asked in the banking app by a decoupled authentication, too', () => {
    const begun = begin(t0, limits, setupWith(about), 'D', { minutes: 10 })
    const state = begun?.state as Challenge
    const done = transition(
      state,
      { type: 'appAnswer', at: t0 + 1, isApproved: true, consent: { deviceBinding: true } },
      limits,
      judge,
    )
    expect(verdictOf(done)).toMatchObject({ transStatus: 'Y', consent: { trustList: false, deviceBinding: true } })
  })
})

test.each(challengeKinds)('what codes of %s come from is gone with the end, whatever ends it (CHL-SM-6)', (kind) => {
  const open = played(kind, [])
  expect(JSON.stringify(open.state)).toContain('a secret')
  const at = t0 + 1_000
  const ends: readonly ChallengeEvent[] = [
    { type: 'cancel', at, step: 1 },
    { type: 'badCReq', at, errorCode: '203', errorDetail: 'x' },
    { type: 'timeout', at: t0 + 600_000, timer: 'answer' },
  ]
  for (const event of ends) {
    const { state } = transition(open.state, event, limits, judge)
    expect(state.phase).toBe('ended')
    expect(JSON.stringify(state)).not.toContain('a secret')
  }
})

describe('a challenge that was opened without a browser', () => {
  const driven = (by: Limits): Challenge => {
    const event = { type: 'creq', at: t0, windowSize: '05', fingerprint: 'api', isDriven: true } as const
    return transition(awaitFirstCReq(t0, by, setupWith()), event, by, judge).state
  }
  const browser = { type: 'creq', at: t0 + 1, windowSize: '02', fingerprint: 'own', threeDSSessionData: 's' } as const

  test.each([
    ['as usual', in231],
    ['strictly', { ...in231, rules: rulesOf({ ...limits, isStrict: true }, '2.3.1') }],
  ])(
    'goes over to the browser whose CReq comes, %s: same code, same time; its own repeats count (CHL-REP-1, CHL-REP-2)',
    (_, by) => {
      const step = transition(driven(by), browser, by, judge)
      expect(openIn(step)).toMatchObject({
        ...{ windowSize: '02', creq: 'own', threeDSSessionData: 's', codeNumber: 1, step: 1, until: t0 + 600_000 },
      })
      expect(step.effects).toEqual([])
      const changed = transition(step.state, { ...browser, windowSize: '03' }, by, judge)
      expect(verdictOf(changed)).toMatchObject({ transStatus: 'U', erro: { errorCode: '305' } })
    },
  )
})
