// The challenge of a payment in a browser under test: found whatever frames and windows it is in, and solved in one call.
import { type Client, createClient } from '../client/client.ts'
import { wrongCode } from '../client/code.ts'
import { SekishoError } from '../client/http.ts'
import type { Frame, Locator, Page } from './page.ts'

export type { Frame, Locator, Page } from './page.ts'

export interface SolveOptions {
  /** Tells the code; without it the Sekisho whose page it is, is asked (on another host than loopback it needs a token). */
  readonly client?: (Pick<Client, 'inbox'> & Partial<Pick<Client, 'cardholder'>>) | undefined
  /** Typed in the place of the code of the inbox. */
  readonly code?: string | undefined
  /** Typed in the place of the right password. */
  readonly password?: string | undefined
  /** Keys of what is selected, in the place of what is right; where the code goes: `email`, `sms` or `push`. */
  readonly selected?: readonly string[] | undefined
  /** Ticks the box, where it is there. */
  readonly trustList?: boolean | undefined
  readonly deviceBinding?: boolean | undefined
  /**
   * verify (default): does what is right on the screen: types the code, answers the question, approves in the banking app. cancel:
   * presses cancel. resend: asks for a new code, then types that. refuse: in the banking app.
   */
  readonly action?: 'verify' | 'cancel' | 'resend' | 'refuse' | undefined
  /** How many wrong codes, or answers, are given first; three end the challenge. */
  readonly wrong?: number | undefined
  /** How long the page, the code, and each answer of the page are waited for, in milliseconds (30 s). */
  readonly timeout?: number | undefined
}

export interface Solved {
  readonly acsTransID: string
  /** Wrong codes that were typed. */
  readonly wrong: number
  /** ended: the page has gone; open: it asks again, and `hint` is why (`wrong`, `expired`, …). */
  readonly state: 'ended' | 'open'
  readonly hint: string | undefined
}

const testId = (name: string): string => `[data-testid="${name}"]`
const pauseMs = 50
const betweenPagesMs = 250
const leadsBackWithinMs = 3_000
const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, pauseMs))

/** What waits in a frame that is just going away comes to nothing. */
const orNothing = <T>(work: Promise<T>): Promise<T | undefined> =>
  work.then(
    (value) => value,
    () => undefined,
  )

/** What a challenge page says of itself. */
interface Shown {
  readonly frame: Frame
  readonly acsTransID: string
  /** Another on each page that is served. */
  readonly stepToken: string
  readonly hint: string | undefined
  /** code, choose, question, pictures, app, appMatch, entries or info. */
  readonly screen: string
}

async function read(frame: Frame): Promise<Shown | undefined> {
  if (frame.isDetached()) return undefined
  const find = (selector: string): Locator => frame.locator(selector).first()
  const isThere = await orNothing(frame.locator(testId('challenge-form')).count())
  if (isThere === undefined || isThere === 0) return undefined
  const timeout = 1_000
  const acsTransID = await orNothing(find('input[name="acsTransID"]').inputValue({ timeout }))
  const stepToken = await orNothing(find('input[name="stepToken"]').inputValue({ timeout }))
  if (acsTransID === undefined || stepToken === undefined) return undefined
  const hasHint = ((await orNothing(frame.locator(testId('hint')).count())) ?? 0) > 0
  const hint = hasHint ? await orNothing(find(testId('hint')).getAttribute('data-hint', { timeout })) : undefined
  const screen = await orNothing(find('body').getAttribute('data-screen', { timeout }))
  return { frame, acsTransID, stepToken, hint: hint ?? undefined, screen: screen ?? 'code' }
}

/** Every frame of every window, those of this page first. */
const framesOf = (page: Page): readonly Frame[] => {
  const others = page
    .context()
    .pages()
    .filter((one) => one !== page)
  return [page, ...others].filter((one) => !one.isClosed()).flatMap((one) => one.frames())
}

async function seek(page: Page): Promise<Shown | undefined> {
  for (const frame of framesOf(page)) {
    const shown = await read(frame)
    if (shown !== undefined) return shown
  }
  return undefined
}

/** What the browser has before it, for a message. */
const inView = (page: Page): string =>
  framesOf(page)
    .map((frame) => frame.url())
    .join(', ')

/** The challenge page; waits for it. `page` may be the shop's: the challenge is found in its frames and in other windows. */
export async function findChallenge(page: Page, timeout = 30_000): Promise<Shown> {
  for (const until = Date.now() + timeout; ; await pause()) {
    const shown = await seek(page)
    if (shown !== undefined) return shown
    if (Date.now() >= until)
      throw new SekishoError('solveChallenge', 0, '', `no challenge page within ${timeout} ms in ${inView(page)}`)
  }
}

/** The page after this one: the same challenge again with what is new, or nothing of it any more. */
async function after(page: Page, { stepToken, acsTransID }: Shown, timeout: number): Promise<Shown | undefined> {
  let gone = 0
  for (const until = Date.now() + timeout; ; await pause()) {
    const now = await seek(page)
    if (now !== undefined && now.acsTransID === acsTransID && now.stepToken !== stepToken) return now
    // Between two pages there is none for a moment, and the page that leads back may take a little longer.
    gone = now === undefined ? gone + 1 : 0
    if (gone * pauseMs >= (isOnTheWay(page) ? leadsBackWithinMs : betweenPagesMs)) return undefined
    if (Date.now() >= until)
      throw new SekishoError('solveChallenge', 0, '', `the challenge page did not change within ${timeout} ms`)
  }
}

/** Whether a window still shows an address of the challenge, which has yet to lead on. */
const isOnTheWay = (page: Page): boolean => framesOf(page).some((frame) => /\/acs\/challenge(?:\/|$)/.test(frame.url()))

async function press(
  shown: Shown,
  button: 'submit' | 'resend' | 'cancel' | 'continue',
  timeout: number,
): Promise<void> {
  const { frame } = shown
  const there = await frame.locator(testId(button)).count()
  if (there === 0) throw new SekishoError('solveChallenge', 0, button, 'the page has no such button')
  // The frame may be gone before the click is over.
  await frame
    .locator(testId(button))
    .first()
    .click({ timeout, noWaitAfter: true })
    .catch((error: unknown) => {
      if (!frame.isDetached()) throw error
    })
}

const fill = ({ frame }: Shown, name: string, text: string, timeout: number): Promise<void> =>
  frame.locator(testId(name)).first().fill(text, { timeout })

async function check({ frame }: Shown, name: string, timeout: number): Promise<void> {
  const box = frame.locator(testId(name))
  if ((await box.count()) > 0) await box.first().check({ timeout })
}

/** The API waits no longer for a message. */
const longestWait = 60_000

/** The Sekisho that has served this frame. */
const clientOf = (frame: Frame): Pick<Client, 'inbox' | 'cardholder'> =>
  createClient({
    baseUrl: frame.url().replace(/\/acs\/challenge(?:[/?#].*)?$/, ''),
    token: typeof process === 'undefined' ? undefined : (process.env.SEKISHO_TOKEN ?? process.env.SEKISHO_ADMIN_TOKEN),
  })

/** Whether another screen follows it, whatever is answered. */
const leadsOn = ({ screen }: Shown): boolean => screen === 'choose' || screen === 'info'
const isInApp = ({ screen }: Shown): boolean => screen === 'app' || screen === 'appMatch'
const hasCode = ({ screen }: Shown): boolean => screen === 'code' || screen === 'entries'

type Answer = 'right' | 'wrong'

/**
 * Finds the challenge page, in whatever frame or window it is, and does what the cardholder does:
 * `await solveChallenge(page)`. Returns when the page has gone, or shows what is wrong with what was typed.
 */
export async function solveChallenge(page: Page, options: SolveOptions = {}): Promise<Solved> {
  const { action = 'verify', wrong = 0, timeout = 30_000 } = options
  let shown: Shown | undefined = await findChallenge(page, timeout)
  const { acsTransID, frame } = shown
  const client = options.client ?? clientOf(frame)
  const { cardholder = clientOf(frame).cardholder } = client
  const code = async (): Promise<string> =>
    options.code ?? (await client.inbox.code(acsTransID, Math.min(timeout, longestWait)))
  const result = (end: Shown | undefined, typed: number): Solved => ({
    acsTransID,
    wrong: typed,
    state: end === undefined ? 'ended' : 'open',
    hint: end?.hint,
  })

  /** Types the code, and the password beside it. */
  async function type(now: Shown, answer: Answer): Promise<void> {
    await fill(now, 'otp-input', answer === 'wrong' ? wrongCode(await code()) : await code(), timeout)
    if (now.screen !== 'entries') return
    const { asks } = options.password === undefined ? await cardholder(acsTransID).state() : {}
    await fill(now, 'password-input', options.password ?? asks?.password ?? '', timeout)
  }

  /** Ticks what is right, or one that is not. */
  async function select(now: Shown, answer: Answer): Promise<void> {
    const { asks } = await cardholder(acsTransID).state()
    const all = asks?.options ?? []
    const right = all.filter(({ isRight }) => isRight).map(({ key }) => key)
    const other = all.find(({ isRight }) => !isRight)?.key
    const usual = now.screen === 'choose' ? right.slice(0, 1) : right
    const keys = answer === 'wrong' && other !== undefined ? [other] : (options.selected ?? usual)
    for (const key of keys)
      await now.frame
        .locator(testId(`option-${key}`))
        .first()
        .check({ timeout })
  }

  /** Does what the screen asks for, and waits for what comes after it. */
  async function answered(now: Shown, answer: Answer): Promise<Shown | undefined> {
    if (isInApp(now)) {
      const { approve, refuse } = cardholder(acsTransID)
      const { trustList, deviceBinding } = options
      const isRight = answer === 'right' && action !== 'refuse'
      await (isRight ? approve({ trustList, deviceBinding, post: false }) : refuse({ post: false }))
      return after(page, now, timeout)
    }
    if (now.screen === 'info') await press(now, 'continue', timeout)
    else {
      if (hasCode(now)) await type(now, answer)
      else await select(now, answer)
      if (options.trustList === true) await check(now, 'trust-list', timeout)
      if (options.deviceBinding === true) await check(now, 'device-binding', timeout)
      await press(now, 'submit', timeout)
    }
    return after(page, now, timeout)
  }

  if (action === 'cancel' && wrong === 0) {
    await press(shown, 'cancel', timeout)
    return result(await after(page, shown, timeout), 0)
  }
  while (leadsOn(shown)) {
    shown = await answered(shown, 'right')
    if (shown === undefined || shown.hint !== undefined) return result(shown, 0)
  }
  for (let typed = 0; typed < wrong; typed += 1) {
    shown = await answered(shown, 'wrong')
    if (shown === undefined) return result(shown, typed + 1)
  }
  if (action === 'resend') {
    await press(shown, 'resend', timeout)
    shown = await after(page, shown, timeout)
    if (shown === undefined) return result(shown, wrong)
  }
  if (action !== 'cancel') return result(await answered(shown, 'right'), wrong)
  await press(shown, 'cancel', timeout)
  return result(await after(page, shown, timeout), wrong)
}
