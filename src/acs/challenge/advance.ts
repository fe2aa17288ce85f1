// Takes one event through the machine inside one unit of work, then does what must precede the answer. Spec: CHL-SM-1…5.
import type { Faults } from '../../faults/rule.ts'
import { isMachine } from '../../risk/behaviour.ts'
import type { Facts } from '../../risk/facts.ts'
import { learn } from '../../risk/learn.ts'
import type { Telling } from '../hook/tell.ts'
import type {
  ChallengeRow,
  Clock,
  Effect,
  Effects,
  Mailer,
  Observer,
  Secrets,
  Store,
  Transaction,
  UnitOfWork,
} from '../ports.ts'
import { readProfiles, saveProfiles, teaches } from '../profiles.ts'
import { isLocked, madeUpCard, withFailure } from '../register.ts'
import { withConsent } from './consent.ts'
import { fitEnding } from './ending.ts'
import { judgeOf, type Knowledge } from './judge.ts'
import type { OtpChannel } from './kinds.ts'
import { rulesOf } from './limits.ts'
import { codeNote, pushNote } from './notes.ts'
import { mayFollowBrowser, orderOf } from './order.ts'
import { beginsWithARes, planReturn, planStep } from './play.ts'
import { type Posted, postNote } from './post-note.ts'
import type { Challenge, ChallengeEvent, Limits, Verdict } from './state.ts'
import { transition } from './transition.ts'

export interface AdvancePorts {
  readonly store: Store
  readonly clock: Clock
  readonly secrets: Secrets
  readonly effects: Effects
  readonly observer: Observer
  readonly limits: Limits
  readonly issuer: { readonly knowledge: Knowledge }
  /** Absent: nothing goes wrong on purpose. */
  readonly faults?: Faults | undefined
  /** Absent: the built-in inbox alone takes the mail. */
  readonly mailer?: Mailer | undefined
  /** Who hears of it afterwards; absent: nobody. */
  readonly telling?: Telling | undefined
}

/** A cancel is no failure, whatever reason its version gives it (VER-23-34). */
const kindOf = ({
  transStatus,
  challengeCancel,
}: Verdict): 'challengePassed' | 'challengeFailed' | 'challengeAbandoned' =>
  transStatus === 'Y'
    ? 'challengePassed'
    : transStatus === 'N' && challengeCancel === undefined
      ? 'challengeFailed'
      : 'challengeAbandoned'

const cardOf = (unit: UnitOfWork, { tenant, panHash, panMask, scheme }: Transaction) =>
  unit.card(tenant, panHash) ?? madeUpCard(panHash, panMask, scheme)

/** True: the register has changed. */
function keepConsent(unit: UnitOfWork, transaction: Transaction, verdict: Verdict): boolean {
  if (verdict.consent === undefined) return false
  const card = cardOf(unit, transaction)
  const next = withConsent(card, transaction, verdict)
  if (next === card) return false
  unit.saveCard(transaction.tenant, next)
  return true
}

/** What both outcomes of a challenge leave behind, within the same unit. */
function teach(unit: UnitOfWork, transaction: Transaction, verdict: Verdict): void {
  if (!teaches(transaction)) return
  const facts = transaction.details.facts as Facts
  const { behaviour } = verdict
  const outcome = { kind: kindOf(verdict), facts, wasMachine: behaviour !== undefined && isMachine(behaviour) }
  const profiles = readProfiles(unit, transaction.tenant, facts.keys)
  saveProfiles(unit, transaction.tenant, facts.keys, learn(profiles, outcome, verdict.at))
}

function sendCode(
  unit: UnitOfWork,
  ports: AdvancePorts,
  transaction: Transaction,
  code: { readonly codeNumber: number; readonly channel: OtpChannel },
  at: number,
): Posted {
  const { id: transactionId } = transaction
  const card = cardOf(unit, transaction) // the issuer's own contact, never what the AReq claims
  const note = codeNote({ transactionId, transaction, card, at }, code, ports.mailer !== undefined)
  return postNote(unit, note, { transactionId, transaction, faults: ports.faults })
}

/** Asks for a look into the banking app. */
function askApp(unit: UnitOfWork, ports: AdvancePorts, transaction: Transaction, at: number): Posted {
  const { id: transactionId } = transaction
  const note = pushNote({ transactionId, transaction, card: cardOf(unit, transaction), at })
  return postNote(unit, note, { transactionId, transaction, faults: ports.faults })
}

/** The RReq at its usual time, or when a plan says; one that a plan loses is no work for anybody. */
function sendRReq(
  unit: UnitOfWork,
  { tenant, id: transactionId, details }: Transaction,
  at: number,
  hasBrowser: boolean,
): readonly Effect[] {
  const order = orderOf(details.plan?.rreq, at, hasBrowser)
  if (order === 'lost') {
    unit.saveDelivery(transactionId, 'lost')
    return []
  }
  return [unit.addEffect({ tenant, transactionId, kind: 'sendRReq', ...order, createdAt: at })]
}

/** Somebody waits for a page. */
const isFromClient = ({ type }: ChallengeEvent): boolean =>
  type !== 'timeout' && type !== 'erroFromDs' && type !== 'appAnswer'

/** The page that the browser is answered with; once the challenge is over it is sent back instead (see converse). */
function journalPage(
  unit: UnitOfWork,
  { tenant, id: transactionId }: Transaction,
  event: ChallengeEvent,
  { before, after }: { readonly before: Challenge; readonly after: Challenge },
  limits: Limits,
): void {
  if (!isFromClient(event) || after.phase !== 'awaitingAnswer') return
  const { step, screen, interactions, codeNumber } = after
  const isStale = 'step' in event && before.phase === 'awaitingAnswer' && before.step !== event.step
  const hint = isStale ? 'stale' : event.type === 'creq' ? undefined : after.hint
  unit.journal({
    tenant,
    transactionId,
    at: event.at,
    link: 'ACS→browser',
    masked: JSON.stringify({
      page: 'challenge',
      screen,
      step,
      codeNumber,
      interactions,
      of: limits.maxInteractions,
      hint,
    }),
    httpStatus: 200,
  })
}

const isDriven = (before: Challenge, event: ChallengeEvent): boolean =>
  (before.phase === 'awaitingAnswer' && before.isDriven === true) || (event.type === 'creq' && event.isDriven === true)

/**
 * What the cardholder of a plan does next: after the step that this was, or once the page is shown. A page that was opened without a
 * browser goes back to the shop when somebody else ends the challenge, or its time is over, as one in a browser would.
 */
function playOn(
  unit: UnitOfWork,
  { id: transactionId, tenant, transStatus, details: { plan } }: Transaction,
  event: ChallengeEvent,
  { before, after }: { readonly before: Challenge; readonly after: Challenge },
  { finishes, leavesReturn }: AdvanceOptions,
): Effect | undefined {
  const about = { tenant, transactionId, plan }
  const { play } = finishes?.payload ?? {}
  const goesBack = before.phase !== 'ended' && after.phase === 'ended' && isDriven(before, event)
  if (goesBack && (leavesReturn === true || finishes?.kind === 'timer')) return planReturn(unit, about, event.at)
  if (typeof play === 'number') {
    if (goesBack) planReturn(unit, about, event.at)
    return planStep(unit, about, play + 1, event.at)
  }
  const isShown = before.phase === 'awaitingFirstCReq' && after.phase === 'awaitingAnswer'
  return isShown && !beginsWithARes(plan, transStatus) ? planStep(unit, about, 0, event.at) : undefined
}

export interface AdvanceOptions {
  /** The effect whose work this is (a timer, a step of a play); finished in the same unit. */
  readonly finishes?: Effect | undefined
  /** Whoever says so does not go back to the shop with a page that no browser has: it is done for them. */
  readonly leavesReturn?: boolean
}

/**
 * The challenge after the event. Undefined: no such challenge. Resolves when the state is durable and, where the event
 * ended the challenge, the first RReq attempt is over or its limit has passed (CHL-SM-4).
 */
export async function advance(
  ports: AdvancePorts,
  find: (unit: UnitOfWork) => ChallengeRow | undefined,
  event: ChallengeEvent,
  options: AdvanceOptions = {},
): Promise<ChallengeRow | undefined> {
  const { store, clock, secrets, limits, observer } = ports
  const done = await store.unit((unit) => {
    const effects: Effect[] = []
    if (options.finishes !== undefined) unit.finishEffect(options.finishes.id)
    const row = find(unit)
    if (row === undefined) return undefined
    const { transaction, challenge } = row
    const { id: transactionId, tenant, acsTransID } = transaction
    const isLockedNow = event.type === 'answer' && isLocked(cardOf(unit, transaction), event.at)
    const seen = isLockedNow ? { ...event, isLocked: true } : event
    const ending = fitEnding(transaction.details.plan?.challenge?.ending, transaction, limits)
    const own = { ...limits, rules: rulesOf(limits, transaction.messageVersion), ending }
    const judge = judgeOf(secrets, ports.issuer.knowledge, { acsTransID, challenge })
    const step = transition(challenge, seen, own, judge)
    if (step.state !== challenge) unit.saveChallenge(transactionId, step.state)
    journalPage(unit, transaction, seen, { before: challenge, after: step.state }, limits)
    let cleared = false
    let inboxId: number | undefined
    let hasFailed = false
    let hasAgreed = false
    let verdict = challenge.phase === 'ended' ? challenge.verdict : undefined
    for (const effect of step.effects) {
      switch (effect.do) {
        case 'clearTimers':
          unit.clearTimers(transactionId)
          cleared = true
          break
        case 'armTimer':
          effects.push(
            unit.addEffect({
              tenant,
              transactionId,
              kind: 'timer',
              payload: { timer: effect.timer },
              dueAt: effect.at,
              createdAt: event.at,
            }),
          )
          break
        case 'sendOtp':
        case 'askApp': {
          const mail =
            effect.do === 'askApp'
              ? askApp(unit, ports, transaction, event.at)
              : sendCode(unit, ports, transaction, effect, event.at)
          inboxId = mail.inboxId
          if (mail.effect !== undefined) effects.push(mail.effect)
          break
        }
        case 'countFailure':
          unit.saveCard(tenant, withFailure(cardOf(unit, transaction), event.at))
          hasFailed = true
          break
        case 'sendRReq':
          verdict = effect.verdict
          unit.saveVerdict(transactionId, effect.verdict)
          hasAgreed = keepConsent(unit, transaction, effect.verdict)
          // What somebody wanted for a test is no habit of the cardholder.
          if (effect.verdict.planned === undefined) teach(unit, transaction, effect.verdict)
          effects.push(...sendRReq(unit, transaction, event.at, mayFollowBrowser(challenge, event)))
          break
      }
    }
    const moment =
      challenge.phase !== 'ended' && step.state.phase === 'ended'
        ? 'ended'
        : challenge.phase === 'awaitingFirstCReq' && step.state.phase === 'awaitingAnswer'
          ? 'begun'
          : undefined
    const tell = moment && ports.telling?.effectOf(transactionId, transaction, moment, { at: event.at, verdict })
    if (tell !== undefined) effects.push(unit.addEffect(tell))
    const next = playOn(unit, transaction, event, { before: challenge, after: step.state }, options)
    if (next !== undefined) effects.push(next)
    const after: ChallengeRow = { transaction, challenge: step.state, ...(verdict !== undefined && { verdict }) }
    const hasEnded = step.effects.some((effect) => effect.do === 'sendRReq')
    return {
      after,
      effects,
      cleared,
      hasEnded,
      hasMoved: step.state !== challenge,
      inboxId,
      isCardChanged: hasFailed || hasAgreed,
    }
  })
  if (done === undefined) return undefined
  const { after, effects, cleared, hasEnded, inboxId } = done
  const { id: transactionId, acsTransID, panHash } = after.transaction
  if (cleared) ports.effects.forgetTimers(transactionId)
  if (done.hasMoved) observer.challengeMoved({ transactionId })
  if (inboxId !== undefined) observer.mailed({ inboxId, acsTransID })
  if (done.isCardChanged) observer.cardChanged({ panHash })
  if (hasEnded && after.verdict !== undefined) observer.challengeEnded({ acsTransID, verdict: after.verdict })
  const due = effects.map((effect) => ({ ...effect, dueAt: effect.dueAt <= event.at ? clock.now() : effect.dueAt }))
  // Nobody waits for the final CRes after a timer; an RReq that a plan lets wait is not waited for then.
  if (event.type === 'timeout' && due.every(({ dueAt }) => dueAt > clock.now())) ports.effects.take(due)
  else await ports.effects.first(due)
  return after
}
