// The simulated banking app: whose phone it is, what waits for an answer, and the answers. Forms only; the script merely keeps a page
// up to date. Spec: FLOW-OOB, RES-DEC-2; SEC-CSP-9.
import express, { type Request, type Response, Router } from 'express'
import {
  approvalOf,
  type BankPorts,
  brandOfCard,
  cardsEnding,
  cardWith,
  type DecideInput,
  decide,
  decidedApprovals,
  openApprovals,
  takeBack,
} from '../../acs/bank.ts'
import { alertOf, answerAlert } from '../../acs/hook/alert-answer.ts'
import type { FeedbackPorts } from '../../acs/hook/feedback.ts'
import { formatTests } from '../../protocol/rules/formats.ts'
import { type Language, pickLanguage } from '../../web/i18n.ts'
import { keptHeaders } from '../../web/kept-headers.ts'
import { newNonce, topLevelPageHeaders } from '../../web/security-headers.ts'
import {
  alertPath,
  approvalPath,
  cardPath,
  type PageAbout,
  renderAlert,
  renderApproval,
  renderCard,
  renderChoose,
  renderMissing,
  type Told,
  toldWords,
} from './pages.ts'

export interface BankRouterPorts extends BankPorts, FeedbackPorts {
  /** The path before all paths of ours in public addresses: '' or '/sekisho'. */
  readonly base: string
  readonly timeZone: () => string
  readonly isSecure: boolean
}

const text = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined)

const languageOf = (req: Request): Language => pickLanguage(text(req.query.lang) ?? req.get('accept-language'))

const isCardId = (id: string): boolean => /^[0-9a-f]{32}$/.test(id)

export function bankRouter(ports: BankRouterPorts): Router {
  const { secrets, issuer, base, timeZone, clock, isSecure } = ports
  const router = Router()

  /** Only a page of ours knows it (SEC-CSP-9); that of a challenge page is another one. */
  const tokenFor = (what: string): string => secrets.stepToken(`bank:${what}`, 0)

  const aboutOf = (req: Request, path: string): PageAbout => ({
    nonce: newNonce(),
    lang: languageOf(req),
    isAsked: text(req.query.lang) !== undefined,
    base,
    path,
    timeZone: timeZone(),
    now: clock.now(),
  })

  const send = (res: Response, { nonce }: PageAbout, page: string, status = 200): void => {
    res
      .status(status)
      .set(topLevelPageHeaders({ nonce, secure: isSecure }))
      // Without a referrer a form would have no origin either, and could not be told from that of another site.
      .set('Referrer-Policy', 'same-origin')
      .type('html')
      .send(page)
  }

  const sendMissing = (req: Request, res: Response, isForm = false): void => {
    const about = aboutOf(req, '/bank')
    send(res, about, renderMissing(about, { issuer, isForm }), isForm ? 403 : 404)
  }

  const toldIn = (req: Request): Told | undefined => toldWords.find((word) => word === req.query.told)

  /** After a post: the page as it is now, by a request of its own, so that a reload repeats nothing. */
  const goTo = (req: Request, res: Response, path: string, told?: Told): void => {
    const query = new URLSearchParams({
      ...(told !== undefined && { told }),
      ...(text(req.query.lang) !== undefined && { lang: languageOf(req) }),
    }).toString()
    res.set({ 'Cache-Control': 'no-store' }).redirect(303, `${base}${path}${query === '' ? '' : `?${query}`}`)
  }

  router.use(express.urlencoded({ extended: false, limit: '8kb' }))

  router.get('/', async (req, res) => {
    const last = text(req.query.last)?.normalize('NFKC')
    const isWrong = last !== undefined && !/^[0-9]{4}$/.test(last)
    const wanted = isWrong ? undefined : last
    const about = aboutOf(req, wanted === undefined ? '/bank' : `/bank?last=${wanted}`)
    const [cards, waiting] = await Promise.all([cardsEnding(ports, wanted), openApprovals(ports)])
    send(res, about, renderChoose(about, { issuer, cards, waiting, last: wanted, isWrong }), isWrong ? 400 : 200)
  })

  router.get('/cards/:id', async (req, res) => {
    const { id } = req.params
    const card = isCardId(id) ? await cardWith(ports, id) : undefined
    if (card === undefined) return sendMissing(req, res)
    const about = aboutOf(req, cardPath(id))
    const [open, decided] = await Promise.all([openApprovals(ports, id), decidedApprovals(ports, card)])
    const view = { issuer, card, open, decided, token: tokenFor(id), told: toldIn(req) }
    send(res, about, renderCard(about, view))
  })

  router.post('/cards/:id/take-back', async (req, res) => {
    const { id } = req.params
    const form = (req.body ?? {}) as Readonly<Record<string, unknown>>
    if (!isCardId(id) || form.token !== tokenFor(id)) return sendMissing(req, res, true)
    const trust = text(form.trust)
    const device = text(form.device)
    const isDone =
      (trust !== undefined && (await takeBack(ports, id, { acquirerMerchantID: trust }))) ||
      (device !== undefined && (await takeBack(ports, id, { device })))
    goTo(req, res, cardPath(id), isDone ? 'removed' : 'gone')
  })

  router.get('/approvals/:id', async (req, res) => {
    const { id } = req.params
    const approval = formatTests.uuid?.(id) === true ? await approvalOf(ports, id) : undefined
    if (approval === undefined) return sendMissing(req, res)
    const about = aboutOf(req, approvalPath(approval.transaction.acsTransID))
    const token = tokenFor(approval.transaction.acsTransID)
    send(res, about, renderApproval(about, { approval, token, told: toldIn(req) }))
  })

  router.post('/approvals/:id', async (req, res) => {
    const { id } = req.params
    const form = (req.body ?? {}) as Readonly<Record<string, unknown>>
    const acsTransID = id.toLowerCase()
    const decision = decisionIn(form)
    if (formatTests.uuid?.(id) !== true || decision === undefined || form.token !== tokenFor(acsTransID))
      return sendMissing(req, res, true)
    const number = text(form.number)
    const consent = { trustList: form.trustList === 'Y', deviceBinding: form.deviceBinding === 'Y' }
    const input: DecideInput = { acsTransID, decision, consent, number, via: 'bank', headers: keptHeaders(req.headers) }
    const decided = await decide(ports, input)
    if (decided.is === 'unknown') return sendMissing(req, res)
    goTo(req, res, approvalPath(acsTransID), toldOf[decided.is])
  })

  router.get('/alerts/:id', async (req, res) => {
    const { id } = req.params
    const alert = formatTests.uuid?.(id) === true ? await alertOf(ports, id) : undefined
    if (alert === undefined) return sendMissing(req, res)
    const { transaction, card, answer } = alert
    const about = aboutOf(req, alertPath(transaction.acsTransID))
    const brand = brandOfCard(issuer, card)
    const isLate = answer !== undefined && toldIn(req) === 'late'
    const token = tokenFor(`alert ${transaction.acsTransID}`)
    send(res, about, renderAlert(about, { ...alert, brand, isLate, token }))
  })

  router.post('/alerts/:id', async (req, res) => {
    const { id } = req.params
    const form = (req.body ?? {}) as Readonly<Record<string, unknown>>
    const acsTransID = id.toLowerCase()
    const answer = form.answer === 'mine' || form.answer === 'notMine' ? form.answer : undefined
    if (formatTests.uuid?.(id) !== true || answer === undefined || form.token !== tokenFor(`alert ${acsTransID}`))
      return sendMissing(req, res, true)
    const taken = await answerAlert(ports, acsTransID, answer)
    if (taken === 'unknown') return sendMissing(req, res)
    goTo(req, res, alertPath(acsTransID), taken === 'late' ? 'late' : undefined)
  })

  return router
}

const toldOf = { taken: undefined, mismatch: 'mismatch', unfit: 'late' } as const

/** A number that is chosen is a yes. */
function decisionIn(form: Readonly<Record<string, unknown>>): DecideInput['decision'] | undefined {
  if (form.decision === 'approve' || form.decision === 'refuse') return form.decision
  return text(form.number) === undefined ? undefined : 'approve'
}
