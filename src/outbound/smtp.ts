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

export function createSmtpMailer(options: SmtpOptions): Mailer {
  const transport = createTransport(options.url)
  return {
    async send(message) {
      await transport.sendMail({ from: options.from, ...options.compose(message) })
    },
  }
}
