// Pages for people on the ACS port: home and inbox.
import { type Request, type Response, Router } from 'express'
import type { Issuer } from '../acs/issuer.ts'
import { rangeOf } from '../acs/issuer.ts'
import type { InboxMessage, Secrets, Store } from '../acs/ports.ts'
import { cardTable } from '../acs/queries/card-table.ts'
import { schemes } from '../protocol/tables/schemes.ts'
import { type Language, pickLanguage } from '../web/i18n.ts'
import { newNonce, topLevelPageHeaders } from '../web/security-headers.ts'
import { type MailPorts, shownMail } from './admin/inbox.ts'
import { renderCardsPage } from './views/cards.ts'
import { renderHomePage } from './views/home.ts'
import { renderInboxMessagePage, renderInboxPage } from './views/inbox.ts'

export interface PagesPorts {
  readonly store: Store
  readonly secrets: Secrets
  readonly issuer: Issuer
  readonly tenant: number
  readonly version: string
  readonly shopUrl: string
  /** The path before all paths of ours in public addresses: '' or '/sekisho'. */
  readonly base: string
  /** Whether browsers come by https. */
  readonly isEncrypted: boolean
  readonly timeZone: () => string
  readonly isSecure: boolean
}

/** `?lang=` wins over the browser's languages. */
const languageOf = (req: Request): Language =>
  pickLanguage(typeof req.query.lang === 'string' ? req.query.lang : req.get('accept-language'))

/** `bank`: where the banking app shows what a push note without a code asks for. */
const mailOf = (message: InboxMessage, ports: MailPorts & Pick<PagesPorts, 'base'>) => {
  const { id, at, to, subject, text, code, acsTransID } = shownMail(message, ports)
  const page = message.alert === undefined ? 'approvals' : 'alerts'
  const bank = message.codeNumber === undefined ? `${ports.base}/bank/${page}/${acsTransID}` : undefined
  return { id: String(id), at, to, subject, text, code, transaction: acsTransID, bank }
}

const schemeName = (id: string): string => schemes[id]?.name ?? id

export function pagesRouter(ports: PagesPorts): Router {
  const { store, issuer, tenant, timeZone, base } = ports
  const paths = { homePath: `${base}/`, inboxPath: `${base}/inbox`, apiPath: `${base}/api/v1/inbox` }
  const consoleUrl = `${base}/console`
  const router = Router()
  const send = (res: Response, nonce: string, page: string): void => {
    res
      .set(topLevelPageHeaders({ nonce, secure: ports.isSecure }))
      .type('html')
      .send(page)
  }
  router.get('/', (req, res) => {
    const nonce = newNonce()
    const lang = languageOf(req)
    const cards = issuer.try.map(({ acctNumber, what, whatJa }) => ({
      number: acctNumber,
      scheme: schemeName(rangeOf(issuer.ranges, acctNumber)?.scheme ?? ''),
      what: lang === 'ja' ? whatJa : what,
    }))
    const endings = issuer.scenarios.flatMap(({ match: { endsWith }, plan: { transStatus } }) =>
      endsWith === undefined || transStatus === undefined ? [] : [{ ending: endsWith, transStatus }],
    )
    send(
      res,
      nonce,
      renderHomePage({
        lang,
        nonce,
        version: ports.version,
        shopUrl: ports.shopUrl,
        consoleUrl,
        inboxUrl: paths.inboxPath,
        bankUrl: `${base}/bank`,
        apiUrl: `${base}/api/v1/transactions`,
        healthUrl: `${base}/health/ready`,
        isEncrypted: ports.isEncrypted,
        cards,
        endings,
      }),
    )
  })
  router.get('/cards', (req, res) => {
    const nonce = newNonce()
    send(
      res,
      nonce,
      renderCardsPage({ lang: languageOf(req), nonce, homePath: paths.homePath, table: cardTable(issuer) }),
    )
  })
  router.get('/inbox', async (req, res) => {
    const nonce = newNonce()
    const messages = (await store.inbox(tenant, 100)).map((message) => mailOf(message, ports))
    send(
      res,
      nonce,
      renderInboxPage({ ...paths, consoleUrl, lang: languageOf(req), nonce, messages, timeZone: timeZone() }),
    )
  })
  router.get('/inbox/:id', async (req, res, next) => {
    const id = Number(req.params.id)
    const message = Number.isSafeInteger(id) ? await store.inboxMessage(tenant, id) : undefined
    if (message === undefined) return next()
    const nonce = newNonce()
    return send(
      res,
      nonce,
      renderInboxMessagePage({
        ...paths,
        consoleUrl,
        lang: languageOf(req),
        nonce,
        message: mailOf(message, ports),
        timeZone: timeZone(),
      }),
    )
  })
  return router
}
