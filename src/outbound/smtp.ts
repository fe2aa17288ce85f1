// Sends the codes by SMTP. Loaded only when an SMTP server is configured.
import { createTransport } from 'nodemailer'
import type { InboxMessage, Mailer } from '../acs/ports.ts'

export interface SmtpOptions {
  readonly url: string
  readonly from: string
  /** Makes the mail; the code is put in here and nowhere else. */
  readonly compose: (message: Omit<InboxMessage, 'id'>) => {
    readonly to: string
    readonly subject: string
    readonly text: string
  }
}

/** A server that does not answer must not hold up the codes of others; the effect tries again. */
const timeoutMs = 5_000

export function createSmtpMailer(options: SmtpOptions): Mailer {
  const transport = createTransport({
    url: options.url,
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    dnsTimeout: timeoutMs,
  })
  return {
    async send(message) {
      await transport.sendMail({ from: options.from, ...options.compose(message) })
    },
  }
}
