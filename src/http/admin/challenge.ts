// The cardholder API: a challenge without a browser. What the pages and the banking app would send, the same way.
import { type Response, Router } from 'express'
import { z } from 'zod'
import type { Screen } from '../../acs/challenge/converse.ts'
import { type DrivePorts, drive, driveActions } from '../../acs/challenge/drive.ts'
import { challengeKinds, hasCode, isInApp, kindOf, otpChannels, screenNames } from '../../acs/challenge/kinds.ts'
import type { AwaitingAnswer } from '../../acs/challenge/state.ts'
import type { ChallengeRow, ReturnAnswer } from '../../acs/ports.ts'
import { encodeBase64url } from '../../protocol/base64url.ts'
import { mount, operation } from './operation.ts'
import { BadRequest, uuid } from './request.ts'

export interface ChallengePorts extends DrivePorts {
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
    asks: z
      .strictObject({
        options: z
          .array(z.strictObject({ key: z.string(), text: z.string(), isRight: z.boolean() }))
          .optional()
          .describe('what can be selected, and what is right'),
        password: z.string().optional().describe('what every cardholder of this issuer knows'),
        channel: z.enum(otpChannels).optional().describe('where the code went; it is in the inbox'),
        prompts: z
          .array(z.enum(['trustList', 'deviceBinding']))
          .optional()
          .describe('asked beside'),
        inApp: z.literal(true).optional().describe('the banking app answers, not the page'),
      })
      .optional()
      .describe('what the screen wants to know'),
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
      .describe('the form that sends the browser back to the shop'),
    returned: z
      .strictObject({
        status: z.int().optional().describe('HTTP status of the answer; redirects are not followed'),
        problem: z.string().optional().describe('why there was none'),
      })
      .optional()
      .describe('how the form fared at the notificationURL; absent: it was not posted by this call'),
    fault: z.string().optional().describe('what befell it on purpose'),
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
    'The CReq, the pages and the return are those of a browser, and so is the journal but for the headers. What needs the page opens it first. submit (also verify) enters what is right, wrong what is not; trust is submit with yes to all that is asked beside. Without a browser the final form is posted to the notificationURL. After the end every action answers with the verdict.',
  params,
  body: z.strictObject({
    action: z.enum(driveActions),
    value: z
      .string()
      .max(200)
      .optional()
      .describe('what is entered or selected, keys with commas; absent: what is right'),
    otp: z.string().max(64).optional().describe('the code'),
    password: z.string().max(200).optional(),
    selected: z.array(z.string().max(10)).max(20).optional().describe('keys'),
    trustList: z.boolean().optional().describe('the answer to the prompt'),
    deviceBinding: z.boolean().optional().describe('the answer to the prompt'),
    windowSize: z
      .enum(['01', '02', '03', '04', '05'])
      .optional()
      .describe('challengeWindowSize of the CReq (05, or as it was)'),
    threeDSSessionData: z.string().min(1).max(8_192).optional().describe('beside the CReq'),
    post: z
      .boolean()
      .optional()
      .describe('whether the final form is posted to the notificationURL; absent: where no browser is there to do it'),
  }),
  answers: {
    200: { description: 'as it is after it', schema: state },
    404: notFound,
    409: { description: 'the action does not fit where the challenge stands' },
  },
})

export const challengeOperations = [getChallenge, driveChallenge] as const

const iso = (at: number): string => new Date(at).toISOString()

/** What the screen wants to know, and what is right where the inbox does not say so. */
function asked(ports: ChallengePorts, state: AwaitingAnswer) {
  const { screen, setup, channel } = state
  const { knowledge } = ports.issuer
  const { prompts } = setup
  const options =
    screen === 'question' || screen === 'pictures'
      ? knowledge[screen].options.map(({ key, text, isRight }) => ({ key, text, isRight }))
      : screen === 'choose'
        ? setup.channels.map((key) => ({ key, text: key, isRight: true }))
        : undefined
  const asks = {
    ...(options !== undefined && { options }),
    ...(screen === 'entries' && { password: knowledge.password }),
    ...(hasCode(screen) && { channel }),
    ...(prompts !== undefined && { prompts: [...prompts] }),
    ...(isInApp(screen) && { inApp: true as const }),
  }
  return Object.keys(asks).length === 0 ? {} : { asks }
}

const problems: Readonly<Record<Exclude<ReturnAnswer['kind'], 'status'>, string>> = {
  noConnection: 'no connection',
  late: 'no answer in time',
  notAllowed: 'not called: neither on this machine nor allowed (--3ds-server-origins); post the form yourself',
}

/** How the post fared, in words. */
const fared = (answer: ReturnAnswer): { readonly status: number } | { readonly problem: string } =>
  answer.kind === 'status'
    ? { status: answer.status }
    : { problem: answer.kind === 'noConnection' ? `${problems.noConnection}: ${answer.reason}` : problems[answer.kind] }

interface Shown {
  readonly screen?: Screen | undefined
  readonly returned?: ReturnAnswer | undefined
  readonly fault?: string | undefined
}

function shownState(
  ports: ChallengePorts,
  { transaction, challenge, verdict }: ChallengeRow,
  { screen, returned, fault }: Shown = {},
) {
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
      ...asked(ports, challenge),
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
    ...(returned !== undefined && { returned: fared(returned) }),
    ...(fault !== undefined && { fault }),
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
    const { trustList, deviceBinding, ...said } = body
    if (body.action === 'select' && body.value === undefined && body.selected === undefined)
      throw new BadRequest(400, 'value', 'select needs a key')
    const consent = {
      ...(trustList !== undefined && { trustList }),
      ...(deviceBinding !== undefined && { deviceBinding }),
    }
    const hasSaid = Object.keys(consent).length > 0
    const driven = await drive(ports, { tenant, acsTransID, ...said, ...(hasSaid && { consent }), via: 'api' })
    switch (driven.is) {
      case 'unknown':
        throw new BadRequest(404, 'acsTransID', 'no such transaction, or one without a challenge')
      case 'unfit':
        throw new BadRequest(
          409,
          'action',
          `${body.action} does not fit the ${driven.screen === undefined ? `phase ${driven.phase}` : `screen ${driven.screen}`}`,
        )
      case 'refused':
        throw new BadRequest(
          409,
          'action',
          `refused${driven.errorCode === undefined ? '' : ` with ${driven.errorCode}`}`,
        )
      case 'done':
        if (driven.screen?.show === 'return' && driven.returned === undefined)
          releaseAfter(res, driven.row.transaction.id)
        res.json(shownState(ports, driven.row, driven))
    }
  })

  return router
}
