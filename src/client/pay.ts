// A whole payment without a browser: the AReq through the 3DS Server, the challenge as its page would be posted, the
// return of the browser, and what the 3DS Server knows in the end.
import type { CardholderAction, ChallengeState } from './cardholder.ts'
import { wrongCode } from './code.ts'
import type { Operations } from './generated.ts'
import { SekishoError } from './http.ts'
import { type ReadPage, readPage } from './pages.ts'
import { usualPurchase } from './purchase.ts'

/** What the cardholder does, in this order: wrong codes, a new code, then an answer or a cancel. */
export interface Cardholder {
  /** verify (default), cancel, or leave: the browser is closed. */
  readonly action?: 'verify' | 'cancel' | 'leave' | undefined
  /** How many wrong codes are typed first. */
  readonly wrong?: number | undefined
  /** A new code is asked for first. */
  readonly resend?: boolean | undefined
  /** In the place of the code of the inbox. */
  readonly code?: string | undefined
  /**
   * In the place of all that: the steps, one after the other, on whatever screen, by the API: `['wrong', 'submit']`,
   * `[{ action: 'select', value: 'sms' }, 'trust']`.
   */
  readonly does?: readonly (CardholderAction | Step)[] | undefined
}

type DriveBody = Operations['driveChallenge']['takes'] extends { readonly body: infer B } ? B : never
/** One thing that the cardholder does. */
export type Step = Omit<DriveBody, 'post'>

export interface Payment {
  readonly acctNumber?: string | undefined
  /** Elements of the AReq; undefined leaves one out that is there usually. */
  readonly areq?: Readonly<Record<string, unknown>> | undefined
  readonly messageVersion?: '2.1.0' | '2.2.0' | '2.3.1' | undefined
  readonly messageCategory?: '01' | '02' | undefined
  readonly challengeWindowSize?: '01' | '02' | '03' | '04' | '05' | undefined
  readonly threeDSSessionData?: string | undefined
  /** What this payment is to come to, where the tenant allows it: sent as Sekisho-Override. */
  readonly override?: object | undefined
  readonly cardholder?: Cardholder | undefined
  /** How long the end is waited for, in milliseconds (10 s). */
  readonly within?: number | undefined
}

/** What the 3DS Server says of a transaction. */
export interface PaymentState {
  readonly phase: string
  readonly settledBy?: string
  readonly threeDSServerTransID: string
  readonly acsTransID?: string
  readonly dsTransID?: string
  readonly transStatus?: string
  readonly transStatusReason?: string
  readonly eci?: string
  readonly authenticationValue?: string
  readonly challengeCancel?: string
  readonly cardholderInfo?: string
  readonly acsURL?: string
  readonly creq?: string
  readonly threeDSSessionData?: string
  readonly isReturned?: boolean
  readonly erro?: Readonly<Record<string, string>>
  readonly [name: string]: unknown
}

export interface Paid {
  readonly threeDSServerTransID: string
  readonly acsTransID: string | undefined
  /** The last word: of the RReq where there was a challenge. */
  readonly transStatus: string | undefined
  readonly transStatusReason: string | undefined
  readonly eci: string | undefined
  /** What the 3DS Server said of the ARes, and what it says in the end. */
  readonly answer: PaymentState
  readonly end: PaymentState
  readonly wasChallenged: boolean
  /** The final CRes, as the browser brought it. */
  readonly cres: Readonly<Record<string, unknown>> | undefined
  /** Where the walk through the challenge ended before a CRes, if it did: data-testid of the page, and its hint. */
  readonly stoppedAt: string | undefined
}

export interface PayPorts {
  readonly fetch: typeof fetch
  /** Address of the 3DS Server. */
  readonly threeDSServer: () => Promise<string>
  /** The newest code of a transaction. */
  readonly code: (acsTransID: string) => Promise<string>
  readonly drive: (acsTransID: string, body: DriveBody) => Promise<ChallengeState>
}

const utf8 = (base64url: string): string => {
  const binary = atob(base64url.replaceAll('-', '+').replaceAll('_', '/'))
  return new TextDecoder().decode(Uint8Array.from(binary, (letter) => letter.charCodeAt(0)))
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

interface Walked {
  readonly cres?: Readonly<Record<string, unknown>> | undefined
  readonly stoppedAt?: string
  /** Nothing more will come of it by itself. */
  readonly isOpen?: boolean
}

/** The challenge, page by page. */
async function walk(answer: PaymentState, how: Cardholder, { fetch: call, code }: PayPorts): Promise<Walked> {
  const { acsURL = '', creq = '', acsTransID = '', threeDSSessionData } = answer
  const post = async (url: string, fields: Readonly<Record<string, string>>): Promise<ReadPage> => {
    const response = await call(url, { method: 'POST', body: new URLSearchParams(fields) })
    return readPage(await response.text(), url)
  }
  const step = (page: ReadPage, action: string, otp = ''): Promise<ReadPage> =>
    post(page.action, { ...page.hidden, action, otp })
  const isOpen = (page: ReadPage): boolean => page.hidden.stepToken !== undefined

  let page = await post(acsURL, { creq, ...(threeDSSessionData !== undefined && { threeDSSessionData }) })
  if (how.action === 'leave') return { stoppedAt: page.testId ?? 'the browser was closed', isOpen: true }
  if (how.resend === true && isOpen(page)) page = await step(page, 'resend')
  for (let left = how.wrong ?? 0; left > 0 && isOpen(page); left -= 1)
    page = await step(page, 'verify', wrongCode(await code(acsTransID)))
  if (isOpen(page))
    page =
      how.action === 'cancel'
        ? await step(page, 'cancel')
        : await step(page, 'verify', how.code ?? (await code(acsTransID)))
  const { cres } = page.hidden
  if (cres === undefined)
    return { stoppedAt: [page.testId ?? 'no page of ours', page.hint].filter(Boolean).join(', '), isOpen: isOpen(page) }
  const returned = call(page.action, { method: 'POST', body: new URLSearchParams(page.hidden), redirect: 'manual' })
  const isBack = await returned.then(
    () => true,
    () => false,
  )
  const message = messageOf(cres)
  return isBack ? { cres: message } : { cres: message, stoppedAt: 'the return to the shop had no answer' }
}

/** The challenge, step by step, without reading a page. */
async function played(
  { acsTransID = '', threeDSSessionData }: PaymentState,
  steps: readonly (CardholderAction | Step)[],
  size: Payment['challengeWindowSize'],
  { drive }: PayPorts,
): Promise<Walked> {
  const opening = { windowSize: size ?? '05', ...(threeDSSessionData !== undefined && { threeDSSessionData }) } as const
  let state = await drive(acsTransID, { action: 'open', ...opening })
  for (const step of steps) {
    if (state.phase === 'ended') break
    state = await drive(acsTransID, typeof step === 'string' ? { action: step } : step)
  }
  const { phase, screen, hint, back, returned, fault } = state
  const cres = back === undefined ? undefined : messageOf(back.cres)
  if (returned?.status !== undefined) return { cres }
  const stoppedAt = fault ?? returned?.problem ?? [screen ?? phase, hint].filter(Boolean).join(', ')
  return { cres, stoppedAt, isOpen: phase !== 'ended' }
}

/** A fault may have made something else of it. */
function messageOf(cres: string): Walked['cres'] {
  try {
    return { ...Object(JSON.parse(utf8(cres))) }
  } catch {
    return undefined
  }
}

/** What no answer came to is an end, too. */
const noAnswer = (error: unknown): Walked => {
  if (error instanceof SekishoError) throw error
  return { stoppedAt: `no answer: ${error instanceof Error ? error.message : String(error)}` }
}

async function stateOf(what: string, response: Response): Promise<PaymentState> {
  const text = await response.text()
  if (!response.ok) throw new SekishoError(what, response.status, '', text.trim().slice(0, 400))
  return JSON.parse(text) as PaymentState
}

export async function pay(payment: Payment, ports: PayPorts): Promise<Paid> {
  const { acctNumber, areq, override, cardholder = {}, within = 10_000, ...rest } = payment
  const base = await ports.threeDSServer()
  const answer = await stateOf(
    'pay',
    await ports.fetch(`${base}/authenticate`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(override !== undefined && { 'sekisho-override': JSON.stringify(override) }),
      },
      body: JSON.stringify({
        ...rest,
        areq: { ...usualPurchase, ...(acctNumber !== undefined && { acctNumber }), ...areq },
      }),
    }),
  )
  const { threeDSServerTransID } = answer
  const wasChallenged = answer.phase === 'challenge'
  const { does } = cardholder
  const walking = (): Promise<Walked> =>
    does === undefined ? walk(answer, cardholder, ports) : played(answer, does, payment.challengeWindowSize, ports)
  const walked = wasChallenged ? await walking().catch(noAnswer) : {}
  let end = answer
  // The RReq may come after the CRes, or late: what settles it is waited for, unless nothing will.
  const isWaitedFor = wasChallenged && walked.isOpen !== true
  for (const until = Date.now() + within; isWaitedFor; await pause(50)) {
    end = await stateOf('pay', await ports.fetch(`${base}/transactions/${threeDSServerTransID}`))
    if (end.phase === 'settled' || Date.now() >= until) break
  }
  const { acsTransID, transStatus, transStatusReason, eci } = end
  return {
    threeDSServerTransID,
    acsTransID,
    transStatus,
    transStatusReason,
    eci,
    answer,
    end,
    wasChallenged,
    cres: walked.cres,
    stoppedAt: walked.stoppedAt,
  }
}
