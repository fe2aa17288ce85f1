// The browser-facing interface: 3DS Method, challenge, and the posts of the challenge page. Spec: sections 3.3, 5.8; FLOW-MTH, FLOW-BRW.
import express, { type Request, type Response, Router } from 'express'
import { rateLimit } from 'express-rate-limit'
import { brandOf } from '../acs/brand.ts'
import {
  type ConversePorts,
  continueChallenge,
  type Entered,
  hasMovedOn,
  isPageAction,
  openChallenge,
  type Screen,
} from '../acs/challenge/converse.ts'
import type { FaultBook } from '../faults/registry.ts'
import { decodeBase64url, encodeBase64url } from '../protocol/base64url.ts'
import { maskRefused } from '../protocol/mask.ts'
import { isObject } from '../protocol/rules/conditions.ts'
import { formatTests } from '../protocol/rules/formats.ts'
import { behaviourOf } from '../risk/behaviour.ts'
import { BodyAborted, BodyTooLarge, isEncoded, mediaTypeOf, readBody } from '../web/body.ts'
import { type Language, pickLanguage } from '../web/i18n.ts'
import { keptHeaders } from '../web/kept-headers.ts'
import { framedPageHeaders, newNonce } from '../web/security-headers.ts'
import { type ChallengeViewPorts, challengeView, languageOfPage } from './challenge-view.ts'
import { methodDataOf, readable } from './method-data.ts'
import { browserFaults, cresThrough, type PageAbout, pageFault, sendThrough } from './page-faults.ts'
import { renderChallengePage } from './views/challenge.ts'
import { type ErrorView, renderErrorPage } from './views/error.ts'
import { renderKeptPage } from './views/kept.ts'
import { renderMethodPage } from './views/method.ts'
import { renderResultPage } from './views/result.ts'

export interface BrowserPorts extends Omit<ConversePorts, 'issuer'>, ChallengeViewPorts {
  readonly faults: FaultBook
  readonly tenant: number
  readonly isSecure: boolean
  /** Requests a minute from one address (SEC-LIM-1). */
  readonly requestsPerMinute: number
}

const formLimitBytes = 128 * 1024 // ACS-VAL-3
const formType = 'application/x-www-form-urlencoded'

type Kind = ErrorView['kind']

const statusOf: Readonly<Record<Kind, number>> = {
  badRequest: 400,
  unknownTransaction: 400,
  expired: 400,
  tooMany: 429,
  method: 405,
}

const pageType = 'text/html; charset=UTF-8'

function sendPage(res: Response, status: number, headers: Readonly<Record<string, string>>, page: string): void {
  res.status(status).set(headers).set('Content-Type', pageType).send(page) // FLOW-GEN-11
}

/** In real time, whatever the clock of the tenant does: it is the browser that is to wait. False: it has left. */
async function paused({ faults }: BrowserPorts, res: Response, ms: number): Promise<boolean> {
  const left = new AbortController()
  res.once('close', () => left.abort())
  await faults.exchanges.wait(ms, left.signal)
  return !res.destroyed
}

const languageOf = (req: Request): Language => pickLanguage(req.get('accept-language'))

export function browserRouter(ports: BrowserPorts): Router {
  const router = Router()

  const sendError = (req: Request, res: Response, kind: Kind, errorCode?: string): void => {
    const nonce = newNonce()
    const view: ErrorView = { lang: languageOf(req), nonce, kind, ...(errorCode !== undefined && { errorCode }) }
    if (kind === 'method') res.set('Allow', 'POST')
    sendPage(res, statusOf[kind], framedPageHeaders({ nonce, secure: ports.isSecure }), renderErrorPage(view))
  }

  /** The body of a form post; answers by itself and returns undefined when there is none to be had. */
  async function formOf(req: Request, res: Response): Promise<URLSearchParams | undefined> {
    if (mediaTypeOf(req) !== formType || isEncoded(req)) {
      res.status(415)
      sendErrorAs(req, res, 415)
      return undefined
    }
    try {
      const bytes = await readBody(req, formLimitBytes)
      return new URLSearchParams(bytes.toString('utf8'))
    } catch (error) {
      if (error instanceof BodyTooLarge) {
        res.set('Connection', 'close')
        sendErrorAs(req, res, 413)
        return undefined
      }
      if (error instanceof BodyAborted) return undefined
      throw error
    }
  }

  /** A page that may meet a fault on its way. */
  async function sendFaulty(
    res: Response,
    about: PageAbout,
    headers: Readonly<Record<string, string>>,
    page: string,
  ): Promise<void> {
    const fault = pageFault(ports, about)
    if (fault === undefined) return sendPage(res, 200, headers, page)
    return sendThrough(ports, res, fault, { status: 200, headers: { ...headers, 'Content-Type': pageType }, page })
  }

  const sendErrorAs = (req: Request, res: Response, status: number): void => {
    const nonce = newNonce()
    sendPage(
      res,
      status,
      framedPageHeaders({ nonce, secure: ports.isSecure }),
      renderErrorPage({ lang: languageOf(req), nonce, kind: 'badRequest' }),
    )
  }

  const sendScreen = async (req: Request, res: Response, screen: Screen): Promise<void> => {
    const nonce = newNonce()
    const secure = ports.isSecure
    switch (screen.show) {
      case 'error':
        sendError(req, res, screen.kind, screen.errorCode)
        return
      case 'return': {
        const { transaction, threeDSSessionData } = screen
        const { notificationURL = '', plan } = transaction.details
        const { acsTransID } = transaction
        const left = new URLSearchParams({ acsTransID, token: ports.secrets.stepToken(acsTransID, 0) }).toString()
        // Gone, whole or not: an RReq that a plan lets follow the final CRes waits for it no longer.
        res.once('close', () => ports.effects.release(transaction.id, 'cres'))
        const { threeDSServerTransID } = transaction
        const fault = pageFault(ports, { page: 'CRes', threeDSServerTransID, acsTransID })
        const page = renderResultPage({
          lang: languageOfPage(transaction),
          nonce,
          notificationURL: new URL(notificationURL).href,
          cres: await cresThrough(ports, fault, { message: screen.message, acsTransID }),
          ...(threeDSSessionData !== undefined && { threeDSSessionData }),
          ...(plan?.rreq?.when === 'afterReturn' && { tellsOfLeaving: `${req.baseUrl}/challenge/left?${left}` }),
        })
        const headers = framedPageHeaders({ nonce, postsTo: notificationURL, secure })
        if (fault === undefined) sendPage(res, 200, headers, page)
        else
          await sendThrough(ports, res, fault, { status: 200, headers: { ...headers, 'Content-Type': pageType }, page })
        return
      }
      case 'kept': {
        const lang = languageOfPage(screen.transaction)
        const issuer = brandOf(ports.issuer.issuers, screen.transaction.details.issuer)
        sendPage(res, 200, framedPageHeaders({ nonce, secure }), renderKeptPage({ lang, nonce, issuer }))
        return
      }
      case 'challenge': {
        const { pageDelay = 0 } = screen.transaction.details.plan?.challenge ?? {}
        if (pageDelay > 0 && !(await paused(ports, res, pageDelay))) return
        const { threeDSServerTransID, acsTransID } = screen.transaction
        await sendFaulty(
          res,
          { page: 'page', threeDSServerTransID, acsTransID },
          framedPageHeaders({
            nonce,
            secure,
            ...(screen.transaction.details.notificationURL !== undefined && {
              postsTo: screen.transaction.details.notificationURL,
            }),
          }),
          renderChallengePage(challengeView(ports, screen, { nonce, base: req.baseUrl })),
        )
      }
    }
  }

  router.use(
    rateLimit({
      windowMs: 60_000,
      limit: ports.requestsPerMinute,
      standardHeaders: 'draft-8',
      legacyHeaders: false,
      // Headers of proxies count where proxies are configured; it is no fault of ours that others send them.
      validate: { xForwardedForHeader: false, forwardedHeader: false },
      handler: (req, res) => sendError(req, res, 'tooMany'),
    }),
  )

  router.use(browserFaults(ports))

  // 3DS Method (FLOW-MTH-2, 3, 8)
  router.all('/method', async (req, res) => {
    if (req.method !== 'POST') return sendError(req, res, 'method')
    const form = await formOf(req, res)
    if (form === undefined) return
    const request = methodRequestOf(form.get('threeDSMethodData') ?? '')
    if (request === undefined) return sendError(req, res, 'badRequest')
    const nonce = newNonce()
    const page = renderMethodPage({
      nonce,
      dataAction: `${req.baseUrl}/method/data`,
      threeDSServerTransID: request.threeDSServerTransID,
      notificationURL: request.notificationURL,
      threeDSMethodData: encodeBase64url(JSON.stringify({ threeDSServerTransID: request.threeDSServerTransID })),
    })
    const { threeDSServerTransID } = request
    noteMethod(ports, request, keptHeaders(req.headers))
    const headers = framedPageHeaders({ nonce, postsTo: request.notificationURL, secure: ports.isSecure })
    await sendFaulty(res, { page: 'method', threeDSServerTransID }, headers, page)
  })

  router.post('/method/data', express.json({ limit: '16kb', type: 'application/json' }), async (req, res) => {
    const body: unknown = req.body
    const id = isObject(body) ? body.threeDSServerTransID : undefined
    const data = isObject(body) ? body.data : undefined
    if (typeof id !== 'string' || formatTests.uuid?.(id) !== true || !isObject(data)) {
      res.status(400).json({ error: 'threeDSServerTransID and data expected' })
      return
    }
    const at = ports.clock.now()
    const kept = methodDataOf(data, req.get('user-agent'), Date.now())
    await ports.store.unit((unit) => {
      unit.saveMethodData(ports.tenant, id, { at, data: kept })
      unit.journal({
        tenant: ports.tenant,
        at,
        link: 'browser→ACS',
        masked: maskRefused(JSON.stringify({ event: 'methodData', threeDSServerTransID: id, data: readable(kept) })),
        headers: keptHeaders(req.headers),
      })
    })
    res.status(204).end()
  })

  router.all('/challenge', async (req, res) => {
    if (req.method !== 'POST') return sendError(req, res, 'method') // CHL-REP-10
    const receivedAt = ports.clock.now()
    const form = await formOf(req, res)
    if (form === undefined) return
    const fields = form.getAll('creq')
    const [creq] = fields
    if (creq === undefined || fields.length > 1) return sendError(req, res, 'badRequest', '101') // ACS-VAL-90
    const sessionData = form.get('threeDSSessionData') ?? undefined
    // Larger than the specification's 1,024 bytes is kept as it is up to 8 KiB (ACS-VAL-102).
    const threeDSSessionData = sessionData === '' || (sessionData?.length ?? 0) > 8_192 ? undefined : sessionData
    await sendScreen(
      req,
      res,
      await openChallenge(ports, {
        tenant: ports.tenant,
        creq,
        threeDSSessionData,
        receivedAt,
        headers: keptHeaders(req.headers),
      }),
    )
  })

  router.all('/challenge/answer', async (req, res) => {
    if (req.method !== 'POST') return sendError(req, res, 'method')
    const receivedAt = ports.clock.now()
    const form = await formOf(req, res)
    if (form === undefined) return
    const action = form.get('action') ?? 'verify' // the Enter key of some browsers names no button
    if (!isPageAction(action)) return sendError(req, res, 'badRequest')
    const screen = await continueChallenge(ports, {
      tenant: ports.tenant,
      acsTransID: form.get('acsTransID') ?? '',
      stepToken: form.get('stepToken') ?? '',
      action,
      entered: enteredIn(form),
      receivedAt,
      headers: keptHeaders(req.headers),
    })
    await sendScreen(req, res, screen)
  })

  // A page that somebody else may move on asks from time to time; what it asks restarts no timer and is no event (CHL-TMR-3).
  router.all('/challenge/status', async (req, res) => {
    if (req.method !== 'POST') return sendError(req, res, 'method')
    const form = await formOf(req, res)
    if (form === undefined) return
    const moved = await hasMovedOn(ports, {
      tenant: ports.tenant,
      acsTransID: form.get('acsTransID') ?? '',
      stepToken: form.get('stepToken') ?? '',
    })
    // A frame may be sandboxed without an origin; only a page of ours knows the token, and the answer is one word.
    res.set({ 'Cache-Control': 'no-store', 'Access-Control-Allow-Origin': '*' })
    if (moved === undefined) res.status(400).json({ error: 'acsTransID and stepToken of a page expected' })
    else res.json({ moved })
  })

  // The page with the final CRes was left for the shop's answer; only such a page knows the token.
  router.post('/challenge/left', async (req, res) => {
    const { acsTransID, token } = req.query
    if (typeof acsTransID === 'string' && token === ports.secrets.stepToken(acsTransID, 0)) {
      const row = await ports.store.challengeRow(ports.tenant, acsTransID)
      if (row !== undefined) ports.effects.release(row.transaction.id, 'return')
    }
    res.status(204).end()
  })

  return router
}

/** What a page of ours posts: otp, password, selected (again for every option), trustList, deviceBinding and behaviour. */
function enteredIn(form: URLSearchParams): Entered {
  const text = (name: string, most: number): string | undefined => form.get(name)?.slice(0, most)
  const keys = form.getAll('selected').slice(0, 20)
  const said = (['trustList', 'deviceBinding'] as const).filter((prompt) => form.get(prompt) === 'Y')
  return {
    otp: text('otp', 64),
    password: text('password', 200),
    behaviour: behaviourOf(form.get('behaviour') ?? undefined),
    ...(keys.length > 0 && { selected: keys.map((key) => key.slice(0, 10)) }),
    ...(said.length > 0 && { consent: Object.fromEntries(said.map((prompt) => [prompt, true])) }),
  }
}

/** The browser's post and the page, kept by the id of a transaction that is still to come; nobody waits for it. */
function noteMethod(
  { store, tenant, clock, observer }: BrowserPorts,
  { threeDSServerTransID, notificationURL }: { threeDSServerTransID: string; notificationURL: string },
  headers: Readonly<Record<string, string>>,
): void {
  const at = clock.now()
  const asked = { threeDSServerTransID, threeDSMethodNotificationURL: notificationURL }
  store
    .unit((unit) => {
      unit.journal({
        tenant,
        at,
        link: 'browser→ACS',
        messageType: 'threeDSMethod',
        masked: JSON.stringify(asked),
        headers,
      })
      unit.journal({
        tenant,
        at,
        link: 'ACS→browser',
        masked: JSON.stringify({ page: 'method', threeDSServerTransID }),
        httpStatus: 200,
      })
    })
    .catch((error: unknown) => observer.failed({ what: 'journal', error }))
}

/** [≤ 2.2] longest threeDSMethodNotificationURL (FLOW-MTH-2). */
const methodUrlLimit = 256

function methodRequestOf(
  field: string,
): { readonly threeDSServerTransID: string; readonly notificationURL: string } | undefined {
  const bytes = decodeBase64url(field)
  if (bytes === undefined) return undefined
  let data: unknown
  try {
    data = JSON.parse(bytes.toString('utf8'))
  } catch {
    return undefined
  }
  if (!isObject(data)) return undefined
  const { threeDSServerTransID, threeDSMethodNotificationURL: url } = data
  if (typeof threeDSServerTransID !== 'string' || formatTests.uuid?.(threeDSServerTransID) !== true) return undefined
  if (typeof url !== 'string' || url.length > methodUrlLimit || formatTests.url?.(url) !== true) return undefined
  return { threeDSServerTransID, notificationURL: new URL(url).href } // SEC-URL-2
}
