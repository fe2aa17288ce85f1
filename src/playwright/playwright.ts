// The challenge of a payment in a browser under test: found whatever frames and windows it is in, and solved in one call.
import { type Client, createClient } from '../client/client.ts'
import { wrongCode } from '../client/code.ts'
import { SekishoError } from '../client/http.ts'
import type { Frame, Locator, Page } from './page.ts'

export type { Frame, Locator, Page } from './page.ts'

export interface SolveOptions {
  /** Tells the code; without it the Sekisho whose page it is, is asked (on another host than loopback it needs a token). */
  readonly client?: Pick<Client, 'inbox'> | undefined
  /** Typed in the place of the code of the inbox. */
  readonly code?: string | undefined
  /** verify (default): types the code. cancel: presses cancel. resend: asks for a new code, then types that. */
  readonly action?: 'verify' | 'cancel' | 'resend' | undefined
  /** How many wrong codes are typed first; three end the challenge. */
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
  return { frame, acsTransID, stepToken, hint: hint ?? undefined }
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

async function press(shown: Shown, button: 'submit' | 'resend' | 'cancel', timeout: number): Promise<void> {
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

async function type(shown: Shown, code: string, timeout: number): Promise<void> {
  await shown.frame.locator(testId('otp-input')).first().fill(code, { timeout })
  await press(shown, 'submit', timeout)
}

/** The API waits no longer for a message. */
const longestWait = 60_000

/** The Sekisho that has served this frame. */
const clientOf = (frame: Frame): Pick<Client, 'inbox'> =>
  createClient({
    baseUrl: frame.url().replace(/\/acs\/challenge(?:[/?#].*)?$/, ''),
    token: typeof process === 'undefined' ? undefined : (process.env.SEKISHO_TOKEN ?? process.env.SEKISHO_ADMIN_TOKEN),
  })

/**
 * Finds the challenge page, in whatever frame or window it is, and does what the cardholder does:
 * `await solveChallenge(page)`. Returns when the page has gone, or shows what is wrong with what was typed.
 */
export async function solveChallenge(page: Page, options: SolveOptions = {}): Promise<Solved> {
  const { action = 'verify', wrong = 0, timeout = 30_000 } = options
  let shown: Shown | undefined = await findChallenge(page, timeout)
  const { acsTransID, frame } = shown
  const client = options.client ?? clientOf(frame)
  const code = async (): Promise<string> =>
    options.code ?? (await client.inbox.code(acsTransID, Math.min(timeout, longestWait)))
  const result = (end: Shown | undefined, typed: number): Solved => ({
    acsTransID,
    wrong: typed,
    state: end === undefined ? 'ended' : 'open',
    hint: end?.hint,
  })

  for (let typed = 0; typed < wrong; typed += 1) {
    await type(shown, wrongCode(await code()), timeout)
    shown = await after(page, shown, timeout)
    if (shown === undefined) return result(shown, typed + 1)
  }
  if (action === 'resend') {
    await press(shown, 'resend', timeout)
    shown = await after(page, shown, timeout)
    if (shown === undefined) return result(shown, wrong)
  }
  if (action === 'cancel') await press(shown, 'cancel', timeout)
  else await type(shown, await code(), timeout)
  return result(await after(page, shown, timeout), wrong)
}
