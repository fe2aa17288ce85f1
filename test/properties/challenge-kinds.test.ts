// Every kind of challenge against a small model of its own: whatever cardholders, requestors, banking apps, timers and the DS do, both
// say the same. The model is written from the rules (CHL, RES-DEC) and shares no code and no table with the machine.
import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { begin } from '../../src/acs/challenge/begin.ts'
import { type ChallengeKind, challengeKinds } from '../../src/acs/challenge/kinds.ts'
import { challengeLimits, rulesOf } from '../../src/acs/challenge/limits.ts'
import type {
  Challenge,
  ChallengeEffect,
  ChallengeEvent,
  ChallengeSetup,
  Consent,
  DecoupledPlan,
  Ending,
  Limits,
  TimerName,
  Verdict,
} from '../../src/acs/challenge/state.ts'
import { transition } from '../../src/acs/challenge/transition.ts'
import { judgeWith } from '../support/challenge.ts'

const t0 = Date.UTC(2026, 0, 15)
const secret = 'what all codes come from'
const codeNumbered = (codeNumber: number): string => String(100_000 + codeNumber)
const judge = judgeWith((codeNumber, entered) => entered === codeNumbered(codeNumber))

const versions = ['2.1.0', '2.2.0', '2.3.1'] as const
type Version = (typeof versions)[number]
type Channel = 'email' | 'sms' | 'push'

/** How one challenge is to go. */
interface Case {
  readonly kind: ChallengeKind
  readonly version: Version
  readonly isStrict: boolean
  readonly maxInteractions: number
  readonly maxResends: number
  /** Of chooseOtp. */
  readonly channels: readonly Channel[]
  readonly prompts: readonly ('trustList' | 'deviceBinding')[]
  readonly appSeenAfter: number | 'never' | undefined
}

/** What somebody does; what is right is for the translation to say. */
type Deed =
  | { readonly does: 'creq'; readonly size: string; readonly print: string; readonly isDriven: boolean }
  | { readonly does: 'badCReq' | 'erroFromDs' | 'expireNow' }
  | {
      readonly does: 'answer'
      readonly isStale: boolean
      /** former: the code before; half: without the password. */
      readonly with: 'right' | 'wrong' | 'empty' | 'former' | 'half'
      readonly to: readonly string[]
      readonly consent: Consent | undefined
      readonly isLocked: boolean
    }
  | { readonly does: 'resend' | 'otherWay' | 'cancel'; readonly isStale: boolean }
  | { readonly does: 'app'; readonly says: 'yes' | 'no' | 'otherNumber'; readonly consent: Consent | undefined }

const screensOf: Readonly<Record<ChallengeKind, readonly string[]>> = {
  emailOtp: ['code'],
  smsOtp: ['code'],
  pushOtp: ['code'],
  chooseOtp: ['choose', 'code'],
  singleSelect: ['question'],
  multiSelect: ['pictures'],
  oob: ['app'],
  oobMatch: ['appMatch'],
  passwordOtp: ['entries'],
  infoOtp: ['info', 'code'],
  infoDecoupled: ['info'],
}
const goesTo: Readonly<Partial<Record<ChallengeKind, Channel>>> = {
  emailOtp: 'email',
  smsOtp: 'sms',
  pushOtp: 'push',
  passwordOtp: 'email',
  infoOtp: 'email',
  infoDecoupled: 'email',
}

const minutes = (count: number): number => count * 60_000

/** The model: what a person who knows the rules would note down. */
class Model {
  phase: 'waiting' | 'open' | 'over' = 'waiting'
  due = t0 + 30_000
  screens: readonly string[]
  channel: Channel | undefined
  step = 0
  tries = 0
  resends = 0
  codes = 0
  codeAt = 0
  pushes = 0
  failures = 0
  hint: string | undefined
  app: { readonly isYes: boolean; readonly consent: Consent | undefined } | undefined
  looks = 0
  otherNumbers = 0
  size = ''
  print = ''
  isDriven = false
  /** Of an RReq; there is none after an Erro of the DS. */
  verdict: Verdict | undefined
  readonly about: Case
  readonly channels: readonly Channel[]

  constructor(about: Case) {
    this.about = about
    const { kind } = about
    const own = goesTo[kind]
    this.channels = kind === 'chooseOtp' ? about.channels : own === undefined ? [] : [own]
    // A choice of one is none.
    this.screens = kind === 'chooseOtp' && about.channels.length < 2 ? ['code'] : screensOf[kind]
    if (this.screens[0] !== 'choose') this.channel = this.channels[0]
  }

  get screen(): string {
    return this.screens[0] ?? ''
  }

  end(at: number, more: Omit<Verdict, 'at' | 'interactionCounter'>, tries = this.tries): void {
    const isChosen = this.about.kind === 'chooseOtp' && this.phase === 'open' && this.channel !== undefined
    this.phase = 'over'
    this.verdict = { ...more, at, interactionCounter: tries, ...(isChosen && { channel: this.channel }) }
  }

  pass(at: number, consent: Consent | undefined): void {
    const { prompts } = this.about
    const said = Object.fromEntries(prompts.map((prompt) => [prompt, consent?.[prompt] === true]))
    this.end(at, { transStatus: 'Y', ...(prompts.length > 0 && { consent: said }) })
  }

  /** Another page, and ten minutes for it. */
  turn(at: number, hint?: string): void {
    this.step += 1
    this.due = at + minutes(10)
    this.hint = hint
  }

  send(at: number): void {
    this.codes += 1
    this.codeAt = at
  }

  /** What the page that is now shown for the first time brings with it. */
  arrive(at: number): void {
    if (this.screen === 'app' || this.screen === 'appMatch') this.pushes += 1
    if (this.screen === 'code' || this.screen === 'entries') this.send(at)
  }

  timeIsOver(at: number): void {
    this.end(at, {
      transStatus: 'N',
      transStatusReason: '14',
      challengeCancel: this.phase === 'waiting' ? '05' : '04',
    })
  }

  error(at: number, errorCode: string, errorDetail: string): void {
    const { version } = this.about
    this.end(at, {
      transStatus: 'U',
      transStatusReason: version === '2.1.0' ? '07' : '22',
      challengeCancel: version === '2.3.1' ? '10' : '06',
      erro: { errorCode, errorDetail },
    })
  }

  decide(at: number, isYes: boolean, consent: Consent | undefined): void {
    this.tries += 1
    if (isYes) {
      this.pass(at, consent)
      return
    }
    this.end(at, { transStatus: 'N', transStatusReason: this.about.version === '2.3.1' ? '19' : '01' })
  }

  take(deed: Deed, at: number): void {
    if (this.phase === 'over') return
    switch (deed.does) {
      case 'creq':
        if (this.phase === 'waiting') this.open(deed, at)
        else this.repeat(deed, at)
        return
      case 'badCReq':
        this.error(at, '203', 'challengeWindowSize')
        return
      case 'expireNow':
        this.timeIsOver(at)
        return
      case 'erroFromDs':
        if (this.phase === 'waiting') this.phase = 'over'
        return
    }
    if (this.phase !== 'open') return
    switch (deed.does) {
      case 'cancel': {
        const isNew = this.about.version === '2.3.1'
        const more = { transStatus: 'N', transStatusReason: isNew ? '19' : '01', challengeCancel: '01' } as const
        this.end(at, more, this.tries + (isNew ? 1 : 0))
        return
      }
      case 'app':
        this.hearApp(deed, at)
        return
      case 'resend':
        if (!deed.isStale && (this.screen === 'code' || this.screen === 'entries')) this.resend(at)
        return
      case 'otherWay':
        if (deed.isStale || this.about.kind !== 'chooseOtp' || this.screen !== 'code' || this.channels.length < 2)
          return
        this.screens = ['choose', 'code']
        this.turn(at)
        return
      case 'answer':
        if (!deed.isStale) this.answer(deed, at)
    }
  }

  open({ size, print, isDriven }: Extract<Deed, { does: 'creq' }>, at: number): void {
    Object.assign(this, { phase: 'open', size, print, isDriven })
    this.codeAt = at
    this.turn(at)
    this.arrive(at)
  }

  repeat({ size, print, isDriven }: Extract<Deed, { does: 'creq' }>, at: number): void {
    if (this.isDriven && !isDriven) {
      Object.assign(this, { size, print, isDriven })
      return
    }
    const { version, isStrict } = this.about
    const isChanged = size !== this.size || print !== this.print
    const isRefused = isStrict || (isChanged && version === '2.3.1')
    if (isRefused) {
      this.error(at, !isChanged && version === '2.3.1' ? '314' : '305', 'acsTransID')
      return
    }
    this.size = size
  }

  hearApp({ says, consent }: Extract<Deed, { does: 'app' }>, at: number): void {
    if ((this.screen !== 'app' && this.screen !== 'appMatch') || this.app !== undefined) return
    if (says === 'otherNumber') {
      this.otherNumbers += 1
      if (this.otherNumbers < 3) return
    }
    const isYes = says === 'yes'
    if (this.about.appSeenAfter === undefined) {
      this.decide(at, isYes, consent)
      return
    }
    this.app = { isYes, consent }
  }

  resend(at: number, channel = this.channel): void {
    if (this.resends >= this.about.maxResends) {
      this.turn(at, 'resendLimit')
      return
    }
    if (at - this.codeAt < 30_000) {
      this.turn(at, 'resendTooSoon')
      return
    }
    this.resends += 1
    this.channel = channel
    this.turn(at, 'resent')
    this.send(at)
  }

  answer(deed: Extract<Deed, { does: 'answer' }>, at: number): void {
    const { screen } = this
    if (screen === 'choose') {
      const channel = deed.to.length === 1 ? this.channels.find((one) => one === deed.to[0]) : undefined
      if (channel === undefined) {
        this.turn(at, 'empty')
        return
      }
      this.screens = ['code']
      if (this.codes > 0) {
        this.resend(at, channel)
        return
      }
      this.channel = channel
      this.turn(at)
      this.arrive(at)
      return
    }
    if (screen === 'info') {
      this.screens = this.screens.slice(1)
      if (this.screens.length === 0) {
        this.end(at, { transStatus: 'D', transStatusReason: '29' })
        return
      }
      this.turn(at)
      this.arrive(at)
      return
    }
    if (screen === 'app' || screen === 'appMatch') {
      const { appSeenAfter } = this.about
      if (this.app !== undefined) this.looks += 1
      const isSeen = this.app !== undefined && appSeenAfter !== 'never' && this.looks >= (appSeenAfter ?? 0)
      if (this.app !== undefined && isSeen) {
        this.decide(at, this.app.isYes, this.app.consent)
        return
      }
      this.turn(at, 'appOpen')
      return
    }
    const isEmpty = deed.with === 'empty' || (deed.with === 'half' && screen !== 'code')
    if (isEmpty) {
      this.turn(at, 'empty')
      return
    }
    this.tries += 1
    const isOld = (screen === 'code' || screen === 'entries') && at - this.codeAt > minutes(5)
    const failed = { transStatus: 'N', transStatusReason: '19' } as const
    if (deed.isLocked) {
      this.end(at, failed)
      return
    }
    if (!isOld && (deed.with === 'right' || deed.with === 'half')) {
      this.pass(at, deed.consent)
      return
    }
    this.failures += 1
    if (this.tries >= this.about.maxInteractions) {
      this.end(at, failed)
      return
    }
    this.turn(at, isOld ? 'expired' : 'wrong')
  }
}

/** The deed as an event of the machine; the model knows what is right at this moment. */
function eventOf(deed: Deed, at: number, { step: current, codes, screen, phase }: Model): ChallengeEvent {
  const step = (isStale: boolean): number => (isStale ? current + (current % 2 === 0 ? 1 : -1) : current)
  switch (deed.does) {
    case 'creq':
      return {
        type: 'creq',
        at,
        windowSize: deed.size,
        fingerprint: deed.print,
        ...(deed.isDriven && { isDriven: true }),
      }
    case 'badCReq':
      return { type: 'badCReq', at, errorCode: '203', errorDetail: 'challengeWindowSize' }
    case 'erroFromDs':
      return { type: 'erroFromDs', at }
    case 'expireNow':
      return { type: 'timeout', at, timer: phase === 'waiting' ? 'firstCReq' : 'answer', isNow: true }
    case 'resend':
    case 'otherWay':
    case 'cancel':
      return { type: deed.does, at, step: step(deed.isStale) }
    case 'app':
      return {
        type: 'appAnswer',
        at,
        isApproved: deed.says === 'yes',
        consent: deed.consent,
        ...(deed.says === 'otherNumber' && { isMismatch: true }),
      }
    case 'answer': {
      const isRight = deed.with === 'right' || deed.with === 'half'
      const number = deed.with === 'former' ? codes - 1 : codes
      const keys = { right: screen === 'pictures' ? ['right', 'too'] : ['right'], wrong: ['right', 'left'] }
      const selected = { right: keys.right, wrong: keys.wrong, former: keys.wrong, empty: [], half: [] }[deed.with]
      return {
        type: 'answer',
        at,
        step: step(deed.isStale),
        entered: deed.with === 'empty' ? ' ' : isRight || deed.with === 'former' ? codeNumbered(number) : '999999',
        password: deed.with === 'half' ? '' : 'sesame',
        selected: screen === 'choose' ? deed.to : selected,
        consent: deed.consent,
        ...(deed.isLocked && { isLocked: true }),
      }
    }
  }
}

/** The machine with its timers, as the rest of the program runs it. */
class Machine {
  state: Challenge
  timers: readonly { readonly timer: TimerName; readonly at: number }[]
  readonly effects: ChallengeEffect[] = []
  readonly limits: Limits

  constructor(limits: Limits, state: Challenge, timers: Machine['timers']) {
    Object.assign(this, { limits, state, timers })
    this.limits = limits
    this.state = state
    this.timers = timers
  }

  take(event: ChallengeEvent): void {
    const { state, effects } = transition(this.state, event, this.limits, judge)
    if (this.state.phase === 'ended' && (state !== this.state || effects.length > 0))
      throw new Error(`${event.type} has changed what had ended`)
    this.state = state
    for (const effect of effects) {
      if (effect.do === 'clearTimers') this.timers = []
      else if (effect.do === 'armTimer') this.timers = [...this.timers, { timer: effect.timer, at: effect.at }]
      else this.effects.push(effect)
    }
  }

  /** Fires what is due, each at its own time. */
  run(until: number): void {
    for (;;) {
      const [first] = this.timers.filter(({ at }) => at <= until).toSorted((a, b) => a.at - b.at)
      if (first === undefined) return
      this.timers = this.timers.filter((one) => one !== first)
      this.take({ type: 'timeout', at: first.at, timer: first.timer })
    }
  }

  count(what: ChallengeEffect['do']): number {
    return this.effects.filter((effect) => effect.do === what).length
  }
}

const limitsOf = ({ version, isStrict, maxInteractions, maxResends }: Case, ending?: Ending): Limits => {
  const limits = { ...challengeLimits, isStrict, maxInteractions, maxResends }
  return { ...limits, rules: rulesOf(limits, version), ...(ending !== undefined && { ending }) }
}

function setupOf({ prompts, appSeenAfter, kind }: Case, channels: readonly Channel[]): ChallengeSetup {
  return {
    kind,
    channels,
    secret,
    ...(prompts.length > 0 && { prompts }),
    ...(appSeenAfter !== undefined && { appSeenAfter }),
  }
}

function machineOf(about: Case, channels: readonly Channel[], ending?: Ending): Machine {
  const limits = limitsOf(about, ending)
  const begun = begin(t0, limits, setupOf(about, channels), 'C', undefined, ending)
  if (begun === undefined) throw new Error('a challenge begins with C')
  return new Machine(limits, begun.state, begun.timers)
}

const prompts = fc.subarray(['trustList', 'deviceBinding'] as const)
const consent = fc.option(fc.record({ trustList: fc.boolean(), deviceBinding: fc.boolean() }, { requiredKeys: [] }), {
  nil: undefined,
})
const aCase: fc.Arbitrary<Case> = fc.record({
  kind: fc.constantFrom(...challengeKinds),
  version: fc.constantFrom(...versions),
  isStrict: fc.boolean(),
  maxInteractions: fc.integer({ min: 1, max: 4 }),
  maxResends: fc.integer({ min: 0, max: 3 }),
  channels: fc.subarray(['email', 'sms', 'push'] as const, { minLength: 1 }),
  prompts,
  appSeenAfter: fc.option(fc.constantFrom(1, 2, 3, 'never' as const), { nil: undefined }),
})

/** Small gaps mostly, and the borders of every timer. */
const gap = fc.oneof(
  { weight: 7, arbitrary: fc.integer({ min: 0, max: 9_000 }) },
  { weight: 2, arbitrary: fc.constantFrom(29_999, 30_000, 60_000, 299_999, 300_000, 300_001) },
  { weight: 1, arbitrary: fc.constantFrom(599_999, 600_000, 600_001) },
)
const isStale = fc.nat(9).map((one) => one === 0)
/** Of those things that fit the kind there are more. */
const deedOf = (kind: ChallengeKind): fc.Arbitrary<Deed> =>
  fc.oneof(
    {
      weight: 2,
      arbitrary: fc.record({
        does: fc.constant('creq' as const),
        size: fc.nat(7).map((one) => (one === 0 ? '05' : '02')),
        print: fc.nat(7).map((one) => (one === 0 ? 'b' : 'a')),
        isDriven: fc.nat(5).map((one) => one === 0),
      }),
    },
    {
      weight: 12,
      arbitrary: fc.record({
        does: fc.constant('answer' as const),
        isStale,
        with: fc.constantFrom('right', 'wrong', 'wrong', 'empty', 'former', 'half'),
        to: fc.oneof(
          { weight: 6, arbitrary: fc.constantFrom(['email'], ['sms'], ['push']) },
          { weight: 1, arbitrary: fc.constantFrom([], ['fax'], ['email', 'sms']) },
        ),
        consent,
        isLocked: fc.nat(30).map((one) => one === 0),
      }),
    },
    { weight: 5, arbitrary: fc.record({ does: fc.constant('resend' as const), isStale }) },
    { weight: kind === 'chooseOtp' ? 6 : 1, arbitrary: fc.record({ does: fc.constant('otherWay' as const), isStale }) },
    {
      weight: kind === 'oob' || kind === 'oobMatch' ? 16 : 1,
      arbitrary: fc.record({
        does: fc.constant('app' as const),
        says: fc.constantFrom<'yes' | 'no' | 'otherNumber'>('yes', 'no', 'otherNumber', 'otherNumber', 'otherNumber'),
        consent,
      }),
    },
    { weight: 1, arbitrary: fc.record({ does: fc.constantFrom('cancel' as const), isStale }) },
  )
const rare: fc.Arbitrary<Deed> = fc.record({ does: fc.constantFrom('badCReq', 'erroFromDs', 'expireNow') })
const deedsOf = (kind: ChallengeKind) =>
  fc.array(
    fc.tuple(
      gap,
      fc.nat(40).chain((one) => (one === 0 ? rare : deedOf(kind))),
    ),
    { minLength: 1, maxLength: 25, size: 'max' },
  )
/** A case, and what happens to it; most begin as they should. */
const story = aCase.chain((about) =>
  fc.tuple(fc.nat(9), deedsOf(about.kind)).map(([one, deeds]) => {
    const open: Deed = { does: 'creq', size: '02', print: 'a', isDriven: one === 9 }
    return { about, sequence: one === 0 ? deeds : ([[1_000, open], ...deeds] as const) }
  }),
)

const shown = (state: Challenge) =>
  state.phase === 'awaitingAnswer'
    ? {
        ...{ phase: 'open', screen: state.screen, step: state.step, tries: state.interactions, hint: state.hint },
        ...{ resends: state.resends, codes: state.codeNumber, channel: state.channel, due: state.until },
      }
    : state.phase === 'ended'
      ? { phase: 'over' }
      : { phase: 'waiting', due: state.until }
const noted = ({ phase, screen, step, tries, hint, resends, codes, channel, due }: Model) =>
  phase === 'open'
    ? { phase, screen, step, tries, hint, resends, codes, channel, due }
    : phase === 'over'
      ? { phase }
      : { phase, due }

const runs = { numRuns: 200 }

describe('a challenge of any kind', () => {
  test.prop([story], { numRuns: 500 })(
    'goes as the model of the rules goes: screens, hints, tries, codes, time, and one verdict (CHL-SM-1, CHL-SM-2, CHL-SM-3, CHL-TR-2, CHL-TR-3, CHL-TR-5…15, CHL-TR-17, CHL-TR-20…22, CHL-ATT-1…3, CHL-ATT-5, CHL-ATT-6, CHL-RSD-1…3, CHL-CAN-3, CHL-TMR-1, CHL-TMR-3, CHL-TMR-9, CHL-UI-7, CHL-TL-1)',
    ({ about, sequence }) => {
      const model = new Model(about)
      const machine = machineOf(about, model.channels)
      let at = t0
      const steps: { readonly isNow: object; readonly shouldBe: object }[] = []
      for (const [wait, what] of sequence) {
        at += wait
        if (model.phase !== 'over' && at >= model.due) model.timeIsOver(model.due)
        machine.run(at)
        const event = eventOf(what, at, model)
        model.take(what, at)
        machine.take(event)
        steps.push({ isNow: shown(machine.state), shouldBe: noted(model) })
      }
      expect(steps.map(({ isNow }) => isNow)).toEqual(steps.map(({ shouldBe }) => shouldBe))
      if (model.phase !== 'over') model.timeIsOver(model.due)
      machine.run(at + minutes(10)) // when nobody comes any more
      expect(machine.state.phase).toBe('ended')
      expect(machine.timers).toEqual([])
      expect(machine.count('sendOtp')).toBe(model.codes)
      expect(machine.count('askApp')).toBe(model.pushes)
      expect(machine.count('countFailure')).toBe(model.failures)
      const sent = machine.effects.flatMap((effect) => (effect.do === 'sendRReq' ? [effect.verdict] : []))
      expect(sent).toEqual(model.verdict === undefined ? [] : [model.verdict])
      if (sent.length === 1 && machine.state.phase === 'ended') expect(machine.state.verdict).toBe(sent[0])
    },
  )

  test.prop([story], runs)(
    'sends each code once, by number, where the cardholder wanted it, and forgets at the end what codes come from (CHL-RSD-2, CHL-SM-6)',
    ({ about, sequence }) => {
      const model = new Model(about)
      const machine = machineOf(about, model.channels)
      let at = t0
      for (const [wait, what] of sequence) {
        at += wait
        if (model.phase !== 'over' && at >= model.due) model.timeIsOver(model.due)
        machine.run(at)
        const event = eventOf(what, at, model)
        const before = machine.count('sendOtp')
        model.take(what, at)
        machine.take(event)
        const last = machine.effects.findLast((effect) => effect.do === 'sendOtp')
        if (machine.count('sendOtp') > before)
          expect(last).toEqual({ do: 'sendOtp', codeNumber: model.codes, channel: model.channel })
        if (JSON.stringify(machine.state).includes(secret) !== (machine.state.phase !== 'ended'))
          throw new Error(`the secret in ${machine.state.phase}`)
      }
    },
  )

  test.prop([story], runs)(
    'ends in the same way when its timers come late (CHL-SM-7, CHL-REP-9)',
    ({ about, sequence }) => {
      const model = new Model(about)
      const [prompt, late] = [machineOf(about, model.channels), machineOf(about, model.channels)]
      let at = t0
      for (const [wait, what] of sequence) {
        if (what.does === 'erroFromDs') continue // what the DS refuses is over, also when nobody has looked at the clock
        at += wait
        if (model.phase !== 'over' && at >= model.due) model.timeIsOver(model.due)
        const event = eventOf(what, at, model)
        model.take(what, at)
        prompt.run(at)
        prompt.take(event)
        late.take(event)
      }
      for (const machine of [prompt, late]) machine.run(at + minutes(10))
      const verdictOf = ({ state }: Machine) =>
        state.phase === 'ended' ? { ...state.verdict, at: undefined } : undefined
      expect(verdictOf(late)).toEqual(verdictOf(prompt))
      expect(verdictOf(late)).toBeDefined()
    },
  )

  const ending: fc.Arbitrary<Ending> = fc.record({
    transStatus: fc.constantFrom('Y' as const, 'N' as const, 'U' as const, 'R' as const, 'D' as const),
    on: fc.constantFrom('start' as const, 'page' as const, 'answer' as const),
    after: fc.option(fc.constantFrom(0, 1, 4_000, 29_999, 30_000, 700_000), { nil: undefined }),
  })
  test.prop([story, ending], runs)(
    'with a planned end has one verdict, is over in time, and keeps no secret (CHL-SM-1, CHL-SM-6)',
    ({ about, sequence }, planned) => {
      const model = new Model(about)
      const machine = machineOf(about, model.channels, planned)
      let at = t0
      for (const [wait, what] of sequence) {
        at += wait
        machine.run(at)
        const { state } = machine
        // A plan takes other turns than the model: the token of the page that is really shown.
        model.step = state.phase === 'awaitingAnswer' ? state.step : 0
        model.codes = state.phase === 'awaitingAnswer' ? state.codeNumber : 0
        machine.take(eventOf(what, at, model))
      }
      machine.run(at + minutes(12))
      const { state } = machine
      if (state.phase !== 'ended') throw new Error(`still ${state.phase}`)
      expect(JSON.stringify(state)).not.toContain(secret)
      expect(machine.count('sendRReq')).toBeLessThanOrEqual(1)
      if (state.verdict.planned !== undefined) expect(state.verdict.transStatus).toBe(planned.transStatus)
    },
  )
})

describe('a decoupled authentication', () => {
  const plan: fc.Arbitrary<DecoupledPlan | undefined> = fc.option(
    fc.record({
      result: fc.constantFrom('approved' as const, 'refused' as const, 'ignored' as const),
      afterSeconds: fc.constantFrom(0, 5, 59, 60, 600),
    }),
    { nil: undefined },
  )
  const minutesOf = fc.constantFrom(1, 10, 10_080)

  test.prop([aCase, deedsOf('oob'), plan, minutesOf], runs)(
    'ends once: by the app, by its plan, or when its time is over, and by nothing that comes through the browser (RES-DEC-4…8, CHL-SM-1)',
    (about, sequence, planned, longest) => {
      const due = t0 + minutes(longest)
      const acts = planned === undefined || planned.result === 'ignored' ? undefined : t0 + planned.afterSeconds * 1_000
      const limits = limitsOf(about)
      const decoupled = { minutes: longest, plan: planned }
      const begun = begin(t0, limits, setupOf(about, []), 'D', decoupled)
      if (begun === undefined) throw new Error('it begins with D')
      const machine = new Machine(limits, begun.state, begun.timers)
      expect(JSON.stringify(machine.state)).not.toContain(secret)

      let expected: Omit<Verdict, 'interactionCounter'> | 'none' | undefined
      const decide = (at: number, isYes: boolean, said: Consent | undefined): void => {
        const agreed = Object.fromEntries(about.prompts.map((one) => [one, said?.[one] === true]))
        expected ??= isYes
          ? { transStatus: 'Y', at, ...(about.prompts.length > 0 && { consent: agreed }) }
          : { transStatus: 'N', transStatusReason: '01', at }
      }
      const pass = (now: number): void => {
        if (acts !== undefined && acts <= now && acts < due) decide(acts, planned?.result === 'approved', undefined)
        if (due <= now) expected ??= { transStatus: 'U', transStatusReason: '24', challengeCancel: '03', at: due }
      }
      const nobody = new Model(about)
      let at = t0
      for (const [wait, what] of sequence) {
        at += wait
        pass(at)
        machine.run(at)
        if (what.does === 'app') decide(at, what.says === 'yes', what.consent)
        if (what.does === 'erroFromDs') expected ??= 'none'
        machine.take(eventOf(what, at, nobody))
        if ((machine.state.phase === 'ended') !== (expected !== undefined))
          throw new Error(`${machine.state.phase} at ${at}`)
      }
      pass(Math.max(at, due))
      machine.run(Math.max(at, due))
      const sent = machine.effects.flatMap((effect) => (effect.do === 'sendRReq' ? [effect.verdict] : []))
      expect(sent).toEqual(expected === 'none' ? [] : [{ ...expected, interactionCounter: 0 }])
      expect([machine.count('sendOtp'), machine.count('askApp')]).toEqual([0, 0])
      expect(machine.timers).toEqual([])
    },
  )
})
