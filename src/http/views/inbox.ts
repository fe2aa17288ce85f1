/** What the issuer sent to its cardholders. The list renews itself: the script asks the API for the ids and this page for the HTML. */
import { formatDateTime, type Instant, type Language, toDate } from '../../web/i18n.ts'
import { renderTemplate, translator } from './page.ts'

export interface InboxMessage {
  readonly id: string
  readonly at: Instant
  readonly to: string
  readonly subject: string
  readonly text: string
  readonly code?: string | undefined
  /** acsTransID */
  readonly transaction: string
  /** Where the banking app shows what it asks for. */
  readonly bank?: string | undefined
}

interface InboxPaths {
  readonly lang: Language
  readonly nonce: string
  /** Default `/`. */
  readonly homePath?: string
  /** Default `/inbox`; a message is at `<inboxPath>/<id>`. */
  readonly inboxPath?: string
  /** Default `/api/v1/inbox`; answers `{ messages: [{ id, … }] }`, newest first. */
  readonly apiPath?: string
  /** The console, without a slash at the end; pages link to it if there is one. */
  readonly consoleUrl?: string
  /** An IANA name; default UTC. */
  readonly timeZone?: string
}

export interface InboxView extends InboxPaths {
  /** In any order; shown newest first. */
  readonly messages: readonly InboxMessage[]
}

export interface InboxMessageView extends InboxPaths {
  readonly message: InboxMessage
}

const shown = (message: InboxMessage, { lang, inboxPath, timeZone }: InboxPaths) => ({
  ...message,
  href: `${inboxPath ?? '/inbox'}/${encodeURIComponent(message.id)}`,
  time: formatDateTime(message.at, lang, timeZone),
  machineTime: toDate(message.at).toISOString(),
  /** What the mail is about, so that two of them are told apart: its first line. */
  about: message.text.split('\n', 1)[0]?.replace(/[:：]$/, ''),
})

export function renderInboxPage(view: InboxView): string {
  const messages = view.messages
    .map((message) => shown(message, view))
    .sort((a, b) => b.machineTime.localeCompare(a.machineTime))
  const { lang, nonce, consoleUrl, homePath = '/', inboxPath = '/inbox', apiPath = '/api/v1/inbox' } = view
  const paths = { homePath, inboxPath, apiPath, consoleUrl }
  return renderTemplate('./inbox', { lang, nonce, ...paths, messages, t: translator(lang) })
}

export function renderInboxMessagePage(view: InboxMessageView): string {
  const { lang, nonce, consoleUrl, inboxPath = '/inbox' } = view
  return renderTemplate('./inbox-message', {
    lang,
    nonce,
    inboxPath,
    consoleUrl,
    message: shown(view.message, view),
    t: translator(lang),
  })
}
