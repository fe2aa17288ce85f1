// Performs what the cardholder of a plan does: one step, through the same code as the API, and then the next.
import { setTimeout as pause } from 'node:timers/promises'
import { type DriveAction, type Driven, type DrivePorts, drive, driveBack } from '../acs/challenge/drive.ts'
import { planStep, stepsOf } from '../acs/challenge/play.ts'
import type { ChallengeRow, Effect, ReturnAnswer } from '../acs/ports.ts'
import { stopping } from '../outbound/return-link.ts'
import { headStartMs } from './timer.ts'

/** Why a step came to nothing, for the log. */
const problemOf = (action: DriveAction, driven: Driven): string | undefined => {
  switch (driven.is) {
    case 'unfit':
      return `${action} does not fit the ${driven.screen === undefined ? `phase ${driven.phase}` : `screen ${driven.screen}`}`
    case 'refused':
      return `${action} was refused${driven.errorCode === undefined ? '' : ` with ${driven.errorCode}`}`
    case 'unknown':
      return undefined
    case 'done':
      return returnProblem(driven.returned)
  }
}

const returnProblem = (returned: ReturnAnswer | undefined): string | undefined =>
  returned === undefined || returned.kind === 'status' ? undefined : `notificationURL: ${returned.kind}`

/** The process ends, and broke it off: the next one goes back. */
const isCutOff = (returned: ReturnAnswer | undefined): boolean =>
  returned?.kind === 'noConnection' && returned.reason === stopping

/** Whether it is still to be done: somebody may have ended the play. */
async function isOpen({ store }: DrivePorts, { id, transactionId }: Effect): Promise<boolean> {
  return (await store.effectsOf(transactionId)).some((effect) => effect.id === id && !effect.done)
}

/** A step that changed nothing is over all the same, and the next one follows it. */
async function goOn(
  { store, clock, effects }: DrivePorts,
  effect: Effect,
  index: number,
  hasNext: boolean,
): Promise<void> {
  const { tenant, transactionId } = effect
  const next = await store.unit((unit) => {
    unit.finishEffect(effect.id)
    const plan = unit.challengeOf(transactionId)?.transaction.details.plan
    return hasNext ? planStep(unit, { tenant, transactionId, plan }, index + 1, clock.now()) : undefined
  })
  if (next !== undefined) effects.take([next])
}

async function step(ports: DrivePorts, row: ChallengeRow, effect: Effect, index: number): Promise<void> {
  const { transaction, challenge } = row
  const { tenant, acsTransID, details } = transaction
  const planned = stepsOf(details.plan)[index]
  const isThere = planned?.do === 'open' && challenge.phase !== 'awaitingFirstCReq' // a browser was faster
  if (planned !== undefined && !isThere) {
    const { do: action, value } = planned
    const driven = await drive(ports, { tenant, acsTransID, action, value, via: 'plan', finishes: effect })
    const problem = problemOf(action, driven)
    if (problem !== undefined) ports.observer.failed({ what: 'play', error: new Error(problem), acsTransID })
    if (!(driven.is === 'done' && isCutOff(driven.returned))) await finishReturn(ports, effect)
  }
  if (await isOpen(ports, effect)) await goOn(ports, effect, index, planned?.do !== 'abandon')
}

/** The way back was gone, or tried; who is told that it failed may post the form (see docs/cardholder.md). */
async function finishReturn({ store }: DrivePorts, { transactionId }: Effect): Promise<void> {
  const effects = await store.effectsOf(transactionId)
  const back = effects.filter(({ kind, payload, done }) => kind === 'play' && payload.play === 'return' && !done)
  if (back.length === 0) return
  await store.unit((unit) => {
    for (const { id } of back) unit.finishEffect(id)
  })
}

export async function performPlay(ports: DrivePorts, effect: Effect): Promise<undefined> {
  const { play } = effect.payload
  // The ARes comes first.
  if (play === 0 && effect.dueAt <= effect.createdAt && effect.attempts === 0) await pause(headStartMs)
  if (play === undefined || !(await isOpen(ports, effect))) return
  const row = await ports.store.unit((unit) => unit.challengeOf(effect.transactionId))
  if (row === undefined) await goOn(ports, effect, 0, false)
  else if (play !== 'return') await step(ports, row, effect, play)
  else {
    // The process that ended the challenge did not live to go back.
    const returned = await driveBack(ports, row)
    const problem = returnProblem(returned)
    const { acsTransID } = row.transaction
    if (problem !== undefined) ports.observer.failed({ what: 'play', error: new Error(problem), acsTransID })
    if (!isCutOff(returned)) await finishReturn(ports, effect)
  }
}
