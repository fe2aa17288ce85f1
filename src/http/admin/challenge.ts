// Driving a challenge without a browser: the actions of the page and of the banking app, through the same machine.
import { type Response, Router } from 'express'
import { z } from 'zod'
import type { ConversePorts, Screen } from '../../acs/challenge/converse.ts'
import { drive, driveActions } from '../../acs/challenge/drive.ts'
import { challengeKinds, kindOf, screenNames } from '../../acs/challenge/kinds.ts'
import type { ChallengeRow } from '../../acs/ports.ts'
import { encodeBase64url } from '../../protocol/base64url.ts'
import { mount, operation } from './operation.ts'
import { BadRequest, uuid } from './request.ts'

export interface ChallengePorts extends ConversePorts {
  readonly tenant: number
}

const instantText = z.string().describe('by the clock of the tenant')
const state = z
  .strictObject({
    acsTransID: z.string(),
    phase: z.enum(['awaitingFirstCReq', 'awaitingAnswer', 'awaitingDecoupled', 'ended']),
    kind: z.enum(challengeKinds).optional().describe('how the cardholder is asked'),
    screen: z.enum(screenNames).optional().describe('what the cardholder has in front of them'),
    hint: z.string().optional().describe('what the page says of the last input: wrong, expired, empty, resent, …'),
    triesLeft: z.int().optional(),
    until: instantText.optional().describe('when it ends by itself'),
    verdict: z
      .strictObject({
        transStatus: z.string(),
        transStatusReason: z.string().optional(),
        challengeCancel: z.string().optional(),
        interactionCounter: z.int(),
        at: instantText,
        isPlanned: z.boolean().describe('a plan said so, whatever the cardholder did'),
        bent: z
          .array(z.strictObject({ element: z.string(), asked: z.string() }))
          .optional()
          .describe('what the plan asked for and the version cannot say'),
      })
      .optional(),
    delivery: z
      .enum(['pending', 'delivered', 'late', 'refused', 'gaveUp', 'lost'])
      .optional()
      .describe('how the RReq fared'),
    back: z
      .strictObject({
        notificationURL: z.string(),
        cres: z.string().describe('base64url, the value of the form field `cres`'),
        threeDSSessionData: z.string().optional(),
      })
      .optional()
      .describe('the form that the page would post to the shop; posting it is up to you'),
  })
  .meta({ id: 'ChallengeState' })

const params = z.object({ acsTransID: uuid })
const notFound = { description: 'no such transaction, or one without a challenge' }

const getChallenge = operation({
  id: 'getChallenge',
  method: 'get',
  path: '/transactions/{acsTransID}/challenge',
  tag: 'Transactions',
  summary: 'Where a challenge stands',
  params,
  answers: { 200: { description: 'as it is now', schema: state }, 404: notFound },
})
const driveChallenge = operation({
  id: 'driveChallenge',
  method: 'post',
  path: '/transactions/{acsTransID}/challenge',
  tag: 'Transactions',
  summary: 'Do what the cardholder would do, without a browser',
  description:
    'open: the first CReq; verify with `otp`, resend, cancel: the buttons of the page; expire: its time is over now; approve, refuse: a decoupled authentication. After the end every action answers with the verdict.',
  params,
  body: z.strictObject({ action: z.enum(driveActions), otp: z.string().max(64).optional() }),
  answers: {
    200: { description: 'as it is after it', schema: state },
    404: notFound,
    409: { description: 'the action does not fit where the challenge stands' },
  },
})

export const challengeOperations = [getChallenge, driveChallenge] as const

const iso = (at: number): string => new Date(at).toISOString()

function shownState(ports: ChallengePorts, { transaction, challenge, verdict }: ChallengeRow, screen?: Screen) {
  const { acsTransID, transStatus, delivery } = transaction
  const back = screen?.show === 'return' ? screen : undefined
  return {
    acsTransID,
    phase: challenge.phase,
    ...(transStatus === 'C' && { kind: kindOf(transaction) }),
    ...(challenge.phase === 'awaitingAnswer' && {
      screen: challenge.screen,
      ...(challenge.hint !== undefined && { hint: challenge.hint }),
      triesLeft: ports.limits.maxInteractions - challenge.interactions,
    }),
    ...(challenge.phase !== 'ended' && { until: iso(Math.min(challenge.until, challenge.endsAt ?? challenge.until)) }),
    ...(verdict !== undefined && {
      verdict: {
        transStatus: verdict.transStatus,
        transStatusReason: verdict.transStatusReason,
        challengeCancel: verdict.challengeCancel,
        interactionCounter: verdict.interactionCounter,
        at: iso(verdict.at),
        isPlanned: verdict.planned !== undefined,
        bent: verdict.planned?.bent,
      },
    }),
    ...(delivery !== undefined && { delivery }),
    ...(back !== undefined && {
      back: {
        notificationURL: back.transaction.details.notificationURL ?? '',
        cres: encodeBase64url(JSON.stringify(back.message)),
        threeDSSessionData: back.threeDSSessionData,
      },
    }),
  }
}

export function challengeRouter(ports: ChallengePorts): Router {
  const { tenant } = ports
  const router = Router()

  /** Nobody else will tell of the browser: what waits for its return goes on when the answer has left. */
  const releaseAfter = (res: Response, transactionId: number): void => {
    res.once('close', () => ports.effects.release(transactionId, 'return'))
  }

  mount(router, '/transactions', getChallenge, async ({ params }, _req, res) => {
    const row = await ports.store.challengeRow(tenant, params.acsTransID)
    if (row === undefined) throw new BadRequest(404, 'acsTransID', 'no such transaction, or one without a challenge')
    res.json(shownState(ports, row))
  })

  mount(router, '/transactions', driveChallenge, async ({ params, body }, _req, res) => {
    const { acsTransID } = params
    const driven = await drive(ports, { tenant, acsTransID, action: body.action, otp: body.otp ?? '' })
    switch (driven.is) {
      case 'unknown':
        throw new BadRequest(404, 'acsTransID', 'no such transaction, or one without a challenge')
      case 'unfit':
        throw new BadRequest(409, 'action', `${body.action} does not fit the phase ${driven.phase}`)
      case 'refused':
        throw new BadRequest(
          409,
          'action',
          `refused${driven.errorCode === undefined ? '' : ` with ${driven.errorCode}`}`,
        )
      case 'done':
        if (driven.screen?.show === 'return') releaseAfter(res, driven.row.transaction.id)
        res.json(shownState(ports, driven.row, driven.screen))
    }
  })

  return router
}
