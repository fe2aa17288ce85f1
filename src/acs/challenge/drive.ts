// A challenge or a decoupled authentication without a browser: what the page or the banking app would send, said by a test. It goes
// through the same machine, and the journal says who it was.
import { encodeBase64url } from '../../protocol/base64url.ts'
import type { ChallengeRow } from '../ports.ts'
import { advance } from './advance.ts'
import { type ConversePorts, continueChallenge, openChallenge, type Screen, screenOf } from './converse.ts'
import type { Challenge, TimerName } from './state.ts'

export const driveActions = ['open', 'verify', 'resend', 'cancel', 'expire', 'approve', 'refuse'] as const
export type DriveAction = (typeof driveActions)[number]

export interface DriveInput {
  readonly tenant: number
  readonly acsTransID: string
  readonly action: DriveAction
  readonly otp: string
}

export type Driven =
  | { readonly is: 'unknown' }
  /** The action does not fit the phase. */
  | { readonly is: 'unfit'; readonly phase: Challenge['phase'] }
  | { readonly is: 'refused'; readonly errorCode?: string | undefined }
  | { readonly is: 'done'; readonly row: ChallengeRow; readonly screen?: Screen | undefined }

const phases: Readonly<Record<DriveAction, readonly Challenge['phase'][]>> = {
  open: ['awaitingFirstCReq', 'awaitingAnswer', 'ended'],
  verify: ['awaitingAnswer', 'ended'],
  resend: ['awaitingAnswer', 'ended'],
  cancel: ['awaitingAnswer', 'ended'],
  expire: ['awaitingFirstCReq', 'awaitingAnswer', 'awaitingDecoupled', 'ended'],
  approve: ['awaitingAnswer', 'awaitingDecoupled', 'ended'],
  refuse: ['awaitingAnswer', 'awaitingDecoupled', 'ended'],
}

const timers = {
  awaitingFirstCReq: 'firstCReq',
  awaitingAnswer: 'answer',
  awaitingDecoupled: 'decoupled',
} as const satisfies Readonly<Record<Exclude<Challenge['phase'], 'ended'>, TimerName>>

/** The smallest CReq of a browser. */
const creqOf = ({ transaction }: ChallengeRow): string =>
  encodeBase64url(
    JSON.stringify({
      messageType: 'CReq',
      messageVersion: transaction.messageVersion,
      threeDSServerTransID: transaction.threeDSServerTransID,
      acsTransID: transaction.acsTransID,
      challengeWindowSize: '05',
    }),
  )

async function noted(ports: ConversePorts, { transaction }: ChallengeRow, action: DriveAction): Promise<void> {
  await ports.store.unit((unit) =>
    unit.journal({
      tenant: transaction.tenant,
      transactionId: transaction.id,
      at: ports.clock.now(),
      link: 'browser→ACS',
      masked: JSON.stringify({ action, via: 'api' }),
    }),
  )
}

async function screenAfter(ports: ConversePorts, input: DriveInput, row: ChallengeRow): Promise<Screen | undefined> {
  const { tenant, acsTransID, action, otp } = input
  const { challenge } = row
  const at = ports.clock.now()
  const find = { tenant, acsTransID } as const
  switch (action) {
    case 'open':
      await noted(ports, row, action)
      return openChallenge(ports, { tenant, creq: creqOf(row), receivedAt: at })
    case 'verify':
    case 'resend':
    case 'cancel': {
      if (challenge.phase !== 'awaitingAnswer') return screenOf(ports, row)
      const stepToken = ports.secrets.stepToken(acsTransID, challenge.step)
      return continueChallenge(ports, { ...find, stepToken, action, entered: { otp }, receivedAt: at, via: 'api' })
    }
    case 'expire': {
      await noted(ports, row, action)
      if (challenge.phase === 'ended') return undefined
      const event = { type: 'timeout', at, timer: timers[challenge.phase], isNow: true } as const
      await advance(ports, (unit) => unit.challenge(tenant, acsTransID), event)
      return undefined
    }
    case 'approve':
    case 'refuse': {
      await noted(ports, row, action)
      const event = { type: 'appAnswer', at, isApproved: action === 'approve' } as const
      await advance(ports, (unit) => unit.challenge(tenant, acsTransID), event)
      return undefined
    }
  }
}

export async function drive(ports: ConversePorts, input: DriveInput): Promise<Driven> {
  const find = () => ports.store.challengeRow(input.tenant, input.acsTransID)
  const before = await find()
  if (before === undefined) return { is: 'unknown' }
  const { phase } = before.challenge
  if (!phases[input.action].includes(phase)) return { is: 'unfit', phase }
  const screen = await screenAfter(ports, input, before)
  if (screen?.show === 'error') return { is: 'refused', errorCode: screen.errorCode }
  const row = await find()
  return row === undefined ? { is: 'unknown' } : { is: 'done', row, screen }
}
