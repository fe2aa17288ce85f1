// The 3DS Server: a requestor's way into 3-D Secure. Spec: sections 2.3, 3.3; FLOW-S-1…7, FLOW-PRE-6.
import { type NextFunction, type Request, type RequestHandler, type Response, Router } from 'express'
import type { z } from 'zod'
import { type Altered, alter, nameOf, sentInstead } from '../../faults/alter.ts'
import { answerThrough } from '../../faults/answer.ts'
import { messageIn, receiveThrough } from '../../faults/receive.ts'
import { faultlessBook } from '../../faults/registry.ts'
import type { Fault } from '../../faults/rule.ts'
import { encodeBase64url } from '../../protocol/base64url.ts'
import { mediaTypeOf } from '../../web/body.ts'
import { pickLanguage } from '../../web/i18n.ts'
import { compilePage } from '../../web/page.ts'
import { passedOn } from '../../web/passed-on.ts'
import { framedPageHeaders, newNonce } from '../../web/security-headers.ts'
import { findRange, maskCard } from '../cards.ts'
import { answerProblem, BadRequest, readForm, readJson } from '../http-form.ts'
import { bytesOf, messageEndpoint } from '../message-endpoint.ts'
import { createMessageLog, messageLogRouter, type Seen } from '../message-log.ts'
import { typeIn } from '../receive.ts'
import type { ThreeDSServerTransaction } from '../store.ts'
import { supportedVersions } from '../versions.ts'
import {
  authenticationRequest,
  giveUpRequest,
  refreshRequest,
  type TransactionStatus,
  type VersioningAnswer,
  versioningAnswer,
  versioningRequest,
} from './api.ts'
import { browserIP, priorElements } from './areq.ts'
import { authenticate } from './authentication.ts'
import { createFallback } from './fallback.ts'
import { noteChallengeEnd, noteMethodEnd } from './notifications.ts'
import { operationsReceiver } from './operations.ts'
import type { ThreeDSServerOptions, ThreeDSServerSettings } from './options.ts'
import { createRangeTable } from './range-table.ts'
import { receiveResults } from './results.ts'
import { acceptLanguage } from './shapes.ts'
import { asOf, newTransaction, statusOf } from './transaction.ts'

const requestLimitBytes = 262_144

const fromRequestor = { from: 'Requestor', to: '3DSS' } as const

interface ReceivedFrom {
  readonly from: 'Requestor' | 'browser'
  /** What it is, where the body does not say it. */
  readonly message?: string
  readonly limitBytes?: number
}

interface PageSent {
  readonly page: string
  readonly nonce: string
  readonly threeDSServerTransID?: string | undefined
}

/** A call of the requestor in the message log. */
interface Call {
  readonly messageType: string
  readonly threeDSServerTransID: string
  readonly at: number
}

// Names what was wrong, never the value (SEC-LOG-3).
async function readRequest<Schema extends z.ZodType>(req: Request, schema: Schema): Promise<z.output<Schema>> {
  const result = schema.safeParse(await readJson(req, requestLimitBytes))
  if (result.success) return result.data
  const names = result.error.issues.map((issue) => issue.path.join('.') || 'body')
  throw new BadRequest(400, `not valid: ${[...new Set(names)].join(', ')}`)
}

/** Says nothing and posts nothing: the shop asks the 3DS Server whether the notification has come. */
const methodEndPage = compilePage(
  '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"><title>3DS Method</title></head><body></body></html>\n',
)

const challengeEndWords = {
  en: { title: 'Back from your card issuer', text: 'Thank you. The shop takes over now.', link: 'Back to the shop' },
  ja: { title: 'カード会社での手続き', text: '手続きが終わりました。ショップに戻ります。', link: 'ショップに戻る' },
} as const

// A sandboxed frame may not move the page around it, so that page watches by itself; the link is for everybody else.
const challengeEndPage = compilePage(`<!DOCTYPE html>
<html lang="<%= it.lang %>">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title><%= it.words.title %></title>
<style nonce="<%= it.nonce %>">
body { margin: 0; min-height: 90vh; display: grid; place-content: center; justify-items: center; gap: 12px; padding: 16px;
  font: 16px/1.5 system-ui, sans-serif; color: #23304f; text-align: center }
a { color: #2b4aa0 }
</style>
</head>
<body>
<p data-testid="challenge-returned"><%= it.words.text %></p>
<% if (it.returnURL) { %><p><a href="<%= it.returnURL %>" target="_top" rel="noreferrer"><%= it.words.link %></a></p>
<% } %></body>
</html>
`)

/** What a request of the browser tells, where the requestor passes it through and says nothing of it. */
const browserOf = (req: Request) => ({
  browserAcceptHeader: req.headers.accept ?? '*/*',
  browserIP: browserIP(req.ip ?? '127.0.0.1'),
  browserUserAgent: req.headers['user-agent'] ?? 'unknown',
  browserLanguage: 'en',
  browserJavascriptEnabled: false,
  acceptLanguage: acceptLanguage(req.headers['accept-language'] ?? ''),
})

export function createThreeDSServer(options: ThreeDSServerOptions): Router {
  const messages = createMessageLog({ party: '3DSS', table: options.store.messages, clock: options.clock })
  const settings: ThreeDSServerSettings = {
    fetch,
    faults: faultlessBook(),
    referenceNumber: 'SEKISHO_3DS_SERVER_EMULATOR',
    aresWithinMs: 15_000,
    resultWithinMs: 30_000,
    challengeWithinMs: 3_600_000,
    versions: supportedVersions,
    asksForRanges: false,
    ...options,
    messages,
  }
  const { store, ranges, publicUrl, clock, uuid, log, faults } = settings
  const rangeTable = createRangeTable(settings)
  const fallback = createFallback(settings)
  const takeResults = receiveResults({ ...settings, onFallback: fallback.goOn })
  const answerOReq = operationsReceiver(settings)
  const router = Router()

  const handled =
    (handler: (req: Request, res: Response) => Promise<void> | void): RequestHandler =>
    async (req, res, _next: NextFunction) => {
      res.set('cache-control', 'no-store')
      try {
        await handler(req, res)
      } catch (error) {
        answerProblem(error, res, (fields) => log.error(fields, '3DS Server: a request failed'))
      }
    }

  /** A handler of what comes in from a requestor or a browser, through the fault that it meets. */
  const faultable = (
    { from, message, limitBytes = requestLimitBytes }: ReceivedFrom,
    handler: (req: Request, res: Response) => Promise<void> | void,
  ): RequestHandler =>
    handled(async (req, res) => {
      const named = typeof req.params.threeDSServerTransID === 'string' ? req.params.threeDSServerTransID : undefined
      const isForUs = await receiveThrough(req, res, {
        faults,
        link: `${from}→3DSS`,
        limitBytes,
        ...(message !== undefined && { message }),
        ...(named !== undefined && { threeDSServerTransID: named }),
        onFault: (fault, bytes, altered) => noteFaulty(fault, bytes, altered),
      })
      if (isForUs) await handler(req, res)

      function noteFaulty(fault: Fault, bytes: Buffer, altered: Altered): void {
        const said = messageIn(bytes, mediaTypeOf(req))
        const sent = sentInstead(fault, bytes, altered)
        messages.note({
          from,
          to: '3DSS',
          body: said,
          messageType: message,
          threeDSServerTransID: named,
          fault: nameOf(fault),
          // What a form carries is shown as the message that it is.
          sent: sent?.length ? Buffer.from(JSON.stringify(messageIn(sent, mediaTypeOf(req)))) : sent,
        })
      }
    })

  /** An answer of the API, through the fault that it meets: the one it met, or nothing. */
  function answerFaulty(
    res: Response,
    to: 'Requestor' | 'browser',
    message: string,
    threeDSServerTransID: string | undefined,
    answer: { readonly body: Buffer; readonly headers: Readonly<Record<string, string>> },
  ): Pick<Seen, 'fault' | 'sent'> | undefined {
    if (faults.isIdle()) return undefined
    const link = `3DSS→${to}` as const
    const fault = faults.take({ link, message, threeDSServerTransID })
    if (fault === undefined) return undefined
    const altered = alter(fault, answer.body, link)
    const said = { status: 200, ...answer }
    answerThrough(res, fault, said, { link, exchanges: faults.exchanges, altered }).catch((error: unknown) =>
      log.error({ err: error }, '3DS Server: an answer could not meet its fault'),
    )
    return { fault: nameOf(fault), sent: sentInstead(fault, answer.body, altered) }
  }

  /** Says it to the requestor, and returns the fault that it met. */
  function say(res: Response, body: object, { messageType, threeDSServerTransID }: Omit<Call, 'at'>) {
    const headers = { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' }
    const message = messageType.replace('-u', 'U') // names of messages are letters
    const met = answerFaulty(res, 'Requestor', message, threeDSServerTransID, { body: bytesOf(body), headers })
    if (met === undefined) res.json(body)
    return met
  }

  /** Answers a call of the requestor, and writes down what it was told. */
  function tell(res: Response, body: object, { at, ...call }: Call): void {
    const durationMs = clock() - at
    const met = say(res, body, call)
    messages.note({ from: '3DSS', to: 'Requestor', ...call, body, httpStatus: 200, durationMs, ...met })
  }

  /** A page for the browser; of the messages in it there is nothing to write down. */
  function sendPage(res: Response, message: string, { page, nonce, threeDSServerTransID }: PageSent): void {
    const headers = { ...framedPageHeaders({ nonce }), 'content-type': 'text/html; charset=utf-8' }
    const met = answerFaulty(res, 'browser', message, threeDSServerTransID, { body: Buffer.from(page), headers })
    if (met === undefined) res.set(headers).send(page)
  }

  /** Who asks again and again is told the same: only what is new is written down. */
  function isTold({ threeDSServerTransID, phase }: TransactionStatus): boolean {
    if (phase !== 'settled') return true
    const last = messages.of(threeDSServerTransID).findLast(({ link }) => link === '3DSS→Requestor')
    return last?.masked?.includes('"phase":"settled"') === true
  }

  /** The 3DS Method of a card for a version: from the PRes if there is one. */
  function methodUrlFor(acctNumber: string, messageVersion: string): string | undefined {
    if (!rangeTable.isKnown()) return findRange(ranges(), acctNumber)?.methodUrl
    const versions = rangeTable.find(acctNumber)?.acsProtocolVersions
    return versions?.find(({ version }) => version === messageVersion)?.threeDSMethodURL
  }

  async function begin(
    acctNumber: string,
    wanted: string | undefined,
    isBrowser = true,
  ): Promise<ThreeDSServerTransaction> {
    await rangeTable.ready()
    const messageVersion = wanted ?? rangeTable.versionFor(acctNumber)
    if (messageVersion === undefined) throw new BadRequest(409, 'there is no version that 3DS Server, DS and ACS share')
    const hasMethod = isBrowser && methodUrlFor(acctNumber, messageVersion) !== undefined
    const transaction = newTransaction({
      threeDSServerTransID: uuid(),
      messageVersion,
      card: maskCard(acctNumber),
      threeDSMethod: hasMethod ? 'pending' : 'none',
      createdAt: clock(),
    })
    store.threeDSServer.save(transaction)
    return transaction
  }

  /** As it stands now; what fell due since is kept. */
  function find(threeDSServerTransID: string): ThreeDSServerTransaction {
    const found = store.threeDSServer.find(threeDSServerTransID)
    if (found === undefined) throw new BadRequest(404, 'no such transaction')
    const transaction = asOf(found, clock(), settings)
    if (transaction !== found) store.threeDSServer.save(transaction)
    return transaction
  }

  router.post(
    '/versioning',
    faultable({ from: 'Requestor', message: 'versioning' }, async (req, res) => {
      const at = clock()
      const { acctNumber, messageVersion: wanted } = await readRequest(req, versioningRequest)
      const { threeDSServerTransID, messageVersion } = await begin(acctNumber, wanted)
      const threeDSMethodURL = methodUrlFor(acctNumber, messageVersion)
      const cardRange = rangeTable.find(acctNumber)
      const threeDSMethodNotificationURL = `${publicUrl}/method-notification`
      const answer: VersioningAnswer = {
        threeDSServerTransID,
        messageVersion,
        ...(threeDSMethodURL !== undefined && {
          threeDSMethodURL,
          threeDSMethodData: encodeBase64url(JSON.stringify({ threeDSServerTransID, threeDSMethodNotificationURL })),
        }),
        ...(cardRange !== undefined && { cardRange: versioningAnswer.shape.cardRange.parse(cardRange) }),
      }
      const call = { messageType: 'versioning', threeDSServerTransID }
      messages.note({ ...fromRequestor, ...call, body: { acctNumber }, at })
      tell(res, answer, { ...call, at })
    }),
  )

  router.post(
    '/authenticate',
    faultable({ from: 'Requestor', message: 'authenticate' }, async (req, res) => {
      const at = clock()
      const request = await readRequest(req, authenticationRequest)
      const { threeDSServerTransID, threeDSSessionData, challengeWindowSize, returnURL, areq } = request
      const { deviceChannel, messageCategory, messageVersion: wanted, priorThreeDSServerTransID } = request
      const isBrowser = deviceChannel === '02'
      const prior = priorThreeDSServerTransID === undefined ? undefined : find(priorThreeDSServerTransID)
      const prepared =
        threeDSServerTransID === undefined
          ? await begin(areq.acctNumber, wanted, isBrowser)
          : find(threeDSServerTransID)
      if (prepared.phase !== 'prepared') throw new BadRequest(409, 'this transaction has been authenticated already')
      const transaction: ThreeDSServerTransaction = {
        ...prepared,
        messageVersion: wanted ?? prepared.messageVersion,
        deviceChannel,
        messageCategory,
        threeDSMethod: isBrowser ? prepared.threeDSMethod : 'none',
        card: maskCard(areq.acctNumber),
        phase: 'authenticating',
        challengeWindowSize: isBrowser ? challengeWindowSize : undefined,
        sessionData: threeDSSessionData,
        returnURL,
        authenticatedAt: clock(),
      }
      store.threeDSServer.save(transaction)
      const call = { messageType: 'authenticate', threeDSServerTransID: transaction.threeDSServerTransID }
      messages.note({ ...fromRequestor, ...call, body: request, at })
      const known = {
        ...(isBrowser && browserOf(req)),
        ...(prior !== undefined && priorElements(prior, transaction.messageVersion)),
        ...areq,
      }
      const authenticated = await authenticate(settings, transaction, known, passedOn(req.headers))
      // The requestor has gone: it does not know of the challenge (FLOW-S-3).
      if (res.destroyed) {
        store.threeDSServer.save({ ...authenticated, untoldAt: clock() })
        return
      }
      fallback.remember(authenticated, known)
      tell(res, statusOf(authenticated), { ...call, at })
    }),
  )

  router.get(
    '/transactions/:threeDSServerTransID',
    faultable({ from: 'Requestor', message: 'status' }, (req, res) => {
      const at = clock()
      const transaction = find(String(req.params.threeDSServerTransID))
      const { threeDSServerTransID } = transaction
      const status = statusOf(transaction)
      if (!isTold(status)) {
        const call = { messageType: 'status', threeDSServerTransID }
        messages.note({ ...fromRequestor, ...call, body: { threeDSServerTransID }, at })
        return tell(res, status, { ...call, at })
      }
      say(res, status, { messageType: 'status', threeDSServerTransID })
      return undefined
    }),
  )

  router.post(
    '/transactions/:threeDSServerTransID/give-up',
    faultable({ from: 'Requestor', message: 'giveUp' }, async (req, res) => {
      const at = clock()
      const { isCreqSent } = await readRequest(req, giveUpRequest)
      const transaction = find(String(req.params.threeDSServerTransID))
      if (transaction.phase !== 'challenge') throw new BadRequest(409, 'there is no challenge to give up')
      const closed: ThreeDSServerTransaction = {
        ...transaction,
        phase: 'settled',
        settledBy: 'gaveUp',
        transStatus: undefined,
        gaveUpAt: isCreqSent ? undefined : clock(), // FLOW-BRW-9, FLOW-S-3
      }
      store.threeDSServer.save(closed)
      const call = { messageType: 'give-up', threeDSServerTransID: closed.threeDSServerTransID }
      messages.note({ ...fromRequestor, ...call, body: { isCreqSent }, at })
      tell(res, statusOf(closed), { ...call, at })
    }),
  )

  router.all(
    '/results',
    messageEndpoint({
      component: 'S',
      from: 'DS',
      to: '3DSS',
      limitBytes: 131_072,
      log,
      messages,
      faults,
      handle: (bytes, entry) => {
        if (typeIn(bytes) === 'OReq') return answerOReq(bytes, entry)
        return takeResults(bytes, entry)
      },
    }),
  )

  router.post(
    '/method-notification',
    faultable({ from: 'browser', message: 'threeDSMethod', limitBytes: 16_384 }, async (req, res) => {
      noteMethodEnd(settings, (await readForm(req, 16_384)).get('threeDSMethodData'))
      sendPage(res, 'threeDSMethod', { nonce: newNonce(), page: methodEndPage({}) })
    }),
  )

  // No cookie is looked at: the cross-site post of a SameSite browser brings none (FLOW-S-6).
  router.post(
    '/challenge-notification',
    faultable({ from: 'browser', limitBytes: 131_072 }, async (req, res) => {
      const transaction = noteChallengeEnd(settings, await readForm(req, 131_072))
      // A challenge in the full window leads back by itself; a frame may not move the page around it.
      if (req.headers['sec-fetch-dest'] === 'document' && transaction?.returnURL !== undefined) {
        return res.redirect(303, transaction.returnURL)
      }
      const lang = pickLanguage(req.headers['accept-language'])
      const nonce = newNonce()
      const page = challengeEndPage({ lang, nonce, words: challengeEndWords[lang], returnURL: transaction?.returnURL })
      sendPage(res, 'CRes', { nonce, page, threeDSServerTransID: transaction?.threeDSServerTransID })
    }),
  )

  if (options.mayOperate !== undefined) {
    router.use('/card-ranges', options.mayOperate)
    router.get(
      '/card-ranges',
      handled((_req, res) => void res.json(rangeTable.summary())),
    )
    router.post(
      '/card-ranges/refresh',
      handled(async (req, res) => {
        const { isWhole } = await readRequest(req, refreshRequest)
        const asked = await rangeTable.refresh(isWhole)
        res.json({ ...asked, ...rangeTable.summary() })
      }),
    )
  }
  if (options.mayReadMessages !== undefined) router.use(messageLogRouter(messages, options.mayReadMessages))
  return router
}
