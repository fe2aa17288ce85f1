// One challenge in a browser, step by step. Spec: section 3.3; FLOW-BRW-2…8.
import { inspectMessage } from '../protocol/messages/inspect.ts'
import { acrossFindings } from '../protocol/rules/across.ts'
import type { Version } from '../protocol/tables/types.ts'
import { answerForm, isCancel, type PageForm, pressed, type Returned, returnedBy } from './pages.ts'
import { areqFor, aresTo, decoded, encoded } from './requests.ts'
import type { Arrived, ResultsEndpoint } from './results-endpoint.ts'
import type { Answer } from './target.ts'
import { Failed, type Members, NotRun, short, type World } from './world.ts'

export interface Challenge {
  readonly areq: Members
  readonly ares: Members
  readonly version: Version
  readonly acsTransID: string
  readonly acsURL: string
}

/** How long the result of a step may take; more than the 5 s an ACS waits for an RRes (RES-RR-4). */
export const resultWithinMs = 15_000

/** An AReq with the card that is challenged, and its ARes. */
export async function challenged(world: World, version: Version, trial: string): Promise<Challenge> {
  const areq = areqFor(world, { version, card: 'challenge' })
  const ares = await aresTo(world, areq, trial)
  if (ares.transStatus !== 'C') throw new NotRun(`the card "challenge" gave transStatus ${short(ares.transStatus)}`)
  const acsURL = String(ares.acsURL)
  if (!URL.canParse(acsURL)) throw new Failed('the acsURL is no address')
  return { areq, ares, version, acsTransID: String(ares.acsTransID), acsURL }
}

export const creqOf = ({ areq, acsTransID, version }: Challenge, change: Members = {}): Members => ({
  messageType: 'CReq',
  messageVersion: version,
  threeDSServerTransID: areq.threeDSServerTransID,
  acsTransID,
  challengeWindowSize: '02',
  ...change,
})

/** A page for the cardholder's browser: HTML, no server error. */
export function expectPage(answer: Answer): void {
  if (answer.status >= 500) throw new Failed(`HTTP ${answer.status}`)
  if (!/^text\/html\b/i.test(answer.contentType))
    throw new Failed(`content type ${answer.contentType === '' ? 'missing' : answer.contentType} instead of HTML`)
}

export const sessionData = encoded('order 1; ordre n° 1')

export async function sendCReq(world: World, challenge: Challenge, creq: string = encoded(creqOf(challenge))) {
  const answer = await world.target.form(challenge.acsURL, { creq, threeDSSessionData: sessionData })
  expectPage(answer)
  return answer
}

export interface OpenPage {
  readonly form: PageForm
  readonly answer: Answer
}

/** The page on which a code is asked for. */
export function openPage(answer: Answer, { acsURL }: Challenge): OpenPage {
  const form = answerForm(answer.text, acsURL)
  if (form === undefined) throw new Failed('no page with a form in which a code can be typed')
  return { form, answer }
}

export async function enter(world: World, { form }: OpenPage, code: string): Promise<Answer> {
  const { fields, entry = '', buttons, action } = form
  const submit = buttons.find((button) => !isCancel(button))
  const answer = await world.target.form(action, { ...fields, [entry]: code, ...pressed(submit) })
  expectPage(answer)
  return answer
}

export async function cancel(world: World, { form }: OpenPage): Promise<Answer> {
  const button = form.buttons.find(isCancel)
  if (button === undefined) throw new NotRun('no button that cancels was found on the page')
  const answer = await world.target.form(form.action, { ...form.fields, ...pressed(button) })
  expectPage(answer)
  return answer
}

export function resultsOf(world: World): ResultsEndpoint {
  if (world.results === undefined) throw new NotRun('needs --results-listen')
  return world.results
}

/** The RReq of the challenge, judged by its elements and against the AReq and the ARes. */
export async function rreqOf(world: World, { areq, ares, acsTransID, version }: Challenge): Promise<Members> {
  const arrived: Arrived | undefined = await resultsOf(world).next(acsTransID, 'RReq', resultWithinMs)
  if (arrived === undefined) throw new Failed(`no RReq within ${resultWithinMs / 1000} s`)
  const { profile } = world
  const { findings } = inspectMessage(Buffer.from(arrived.text), {
    leg: 'ACS-DS',
    profile,
    expects: ['RReq'],
    channel: String(areq.deviceChannel),
    category: String(areq.messageCategory),
    version,
    context: { AReq: areq, ARes: ares },
  })
  const across = acrossFindings(arrived.message, { AReq: areq, ARes: ares }, profile)
  const [first] = [...findings, ...across]
  if (first !== undefined)
    throw new Failed(`the RReq breaks ${first.rule}: ${first.at ?? first.element} (${first.errorCode})`)
  return arrived.message
}

/** What the page brings back to the notificationURL. */
export function returned(answer: Answer, { acsURL, areq }: Challenge): Returned & { readonly message: Members } {
  const back = returnedBy(answer.text, acsURL)
  if (back === undefined) throw new Failed('no form that brings a cres back')
  if (back.action !== areq.notificationURL) throw new Failed('the cres does not go to the notificationURL')
  return { ...back, message: decoded(back.cres) }
}

/** The final CRes: its members, and nothing secret beside them (CHL-CTR-7, RES-AV-8). */
export function finalCRes(answer: Answer, challenge: Challenge, transStatus: 'Y' | 'N'): void {
  const { message } = returned(answer, challenge)
  if (message.messageType !== 'CRes') throw new Failed(`${short(message.messageType)} instead of a CRes`)
  if (message.transStatus !== transStatus) throw new Failed(`transStatus ${short(message.transStatus)} in the CRes`)
  for (const name of ['threeDSServerTransID', 'acsTransID'] as const) {
    const expected = name === 'acsTransID' ? challenge.acsTransID : challenge.areq.threeDSServerTransID
    if (String(message[name]).toLowerCase() !== String(expected).toLowerCase())
      throw new Failed(`${name} of the CRes is not that of the transaction`)
  }
  if (message.authenticationValue !== undefined) throw new Failed('an authenticationValue in the CRes')
}
