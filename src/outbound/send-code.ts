// Performs a sendOtp effect: the mail of a code, or of an alert, tried again a few times.
import type { Clock, Effect, Mailer, Observer, Store } from '../acs/ports.ts'

/** A mail that cannot be sent now is tried again a few times; the built-in inbox has it anyway. */
const mailRetryAfterMs = 10_000
const mailAttempts = 5

export async function sendCode(
  store: Store,
  mailer: Mailer | undefined,
  clock: Clock,
  observer: Observer,
  effect: Effect,
): Promise<number | undefined> {
  const { inboxId } = effect.payload
  const messages = inboxId === undefined ? await store.inbox(effect.tenant, 10, effect.transactionId) : []
  // Of a challenge that is over by now there is no code any more (CHL-SM-6), and nobody waits for a mail without one.
  const isOver = store.challengeSecret(effect.transactionId) === undefined
  const message =
    inboxId !== undefined
      ? await store.inboxMessage(effect.tenant, inboxId)
      : isOver
        ? undefined
        : messages.find(({ codeNumber }) => codeNumber === effect.payload.codeNumber)
  try {
    if (message !== undefined) await mailer?.send(message)
  } catch (error) {
    // An SMTP error may quote the address; its code is enough to know what is wrong.
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown reason'
    observer.failed({
      what: 'mail',
      error: new Error(`the mail could not be sent: ${code}`),
      acsTransID: message?.acsTransID,
    })
    if (effect.attempts + 1 < mailAttempts) {
      const dueAt = clock.now() + mailRetryAfterMs
      await store.unit((unit) => unit.postponeEffect(effect.id, dueAt))
      return dueAt
    }
  }
  await store.unit((unit) => unit.finishEffect(effect.id))
  return undefined
}
