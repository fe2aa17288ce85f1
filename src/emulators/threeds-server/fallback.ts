// After an RReq D the authentication goes on without the browser: a 3RI AReq within 60 s. Spec: [Req 463, 466, 467];
// FLOW-S-8, FLOW-TMR-17, RES-DEC-12.

import type { ThreeDSServerTransaction } from '../store.ts'
import { isAtLeast } from '../versions.ts'
import { priorElements } from './areq.ts'
import { authenticate } from './authentication.ts'
import type { ThreeDSServerSettings } from './options.ts'
import type { Elements } from './shapes.ts'
import { newTransaction } from './transaction.ts'

export interface Fallback {
  /** Keeps what the second AReq needs, in memory only: the card number is in it. */
  remember(transaction: ThreeDSServerTransaction, known: Elements): void
  /** Begins the second transaction and says its id, which the first one is saved with; it is sent after the RRes. */
  goOn(transaction: ThreeDSServerTransaction): string | undefined
}

/** Cards of challenges that may fall back; the oldest make room. */
const keptAtMost = 1_000

/** The RRes is on its way first. */
const afterRResMs = 250

/** What belongs to the first authentication alone. */
const ofTheFirst = [
  'threeDSRequestorAuthenticationInd',
  'threeDSRequestorChallengeInd',
  'threeDSRequestorAuthenticationInfo',
  'threeDSRequestorPriorAuthenticationInfo',
]

export function createFallback(settings: ThreeDSServerSettings): Fallback {
  const { store, clock, uuid, log } = settings
  const waiting = new Map<string, Elements>()

  return {
    remember({ threeDSServerTransID, messageVersion, phase }, known) {
      const { threeDSRequestorDecReqInd: wish } = known
      const mayFallBack = isAtLeast(messageVersion, '2.3.1') && (wish === 'F' || wish === 'B')
      if (!mayFallBack || phase !== 'challenge') return
      waiting.set(threeDSServerTransID, known)
      const [oldest] = waiting.keys()
      if (waiting.size > keptAtMost && oldest !== undefined) waiting.delete(oldest)
    },

    goOn(first) {
      const { threeDSServerTransID, messageVersion, messageCategory, card } = first
      const known = waiting.get(threeDSServerTransID)
      waiting.delete(threeDSServerTransID)
      if (known === undefined) {
        log.warn({ threeDSServerTransID }, '3DS Server: no decoupled fallback, the card did not outlive the process')
        return undefined
      }
      const second = newTransaction({
        threeDSServerTransID: uuid(),
        messageVersion,
        messageCategory,
        deviceChannel: '03',
        card,
        threeDSMethod: 'none',
        phase: 'authenticating',
        continues: threeDSServerTransID,
        authenticatedAt: clock(),
        createdAt: clock(),
      })
      store.threeDSServer.save(second)
      const elements: Elements = {
        ...Object.fromEntries(Object.entries(known).filter(([name]) => !ofTheFirst.includes(name))),
        ...priorElements({ ...first, aresStatus: 'C' }, messageVersion),
        threeRIInd: '19',
        threeDSRequestorDecReqInd: 'Y',
      }
      setTimeout(() => {
        authenticate(settings, second, elements).catch((error: unknown) =>
          log.error({ err: error, threeDSServerTransID }, '3DS Server: the decoupled fallback failed'),
        )
      }, afterRResMs).unref()
      return second.threeDSServerTransID
    },
  }
}
