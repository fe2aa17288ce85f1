// The work of the screening service: an order becomes an opinion, a person looks at the doubtful ones, and what became of the
// payments is learnt from.
import { z } from 'zod'
import { extensionOf, signedAssessment } from '../../protocol/crypto/assessment-extension.ts'
import type { Assessment } from '../../risk/assessment.ts'
import type { Tables } from '../../risk/tables.ts'
import { maskEmail, maskPhone } from '../../web/i18n.ts'
import type { Clock, Log } from '../ports.ts'
import {
  noteWithout,
  type OrderAnswer,
  type OrderRequest,
  type OutcomeRequest,
  orderRequest,
  type ReviewState,
  type StateAnswer,
} from './api.ts'
import { findingsOf, type History } from './checks.ts'
import type { IssuerLink } from './issuer.ts'
import { assessmentOf, type Judged, judge, type Review, sourceOfService } from './judge.ts'
import { hashedAccount, hashedPerson, type KeyKind, keyOfText, keysOf } from './keys.ts'
import { isReasonCode, reasons, wordsOf } from './reasons.ts'
import type { ListEntry, Screened, ScreeningStore, Trace } from './store.ts'

export interface ServiceParts {
  readonly store: ScreeningStore
  readonly clock: Clock
  readonly log: Log
  readonly tables: Tables
  /** Signs what is said, and keys the hashes. */
  readonly secret: string
  readonly issuer: IssuerLink
}

/** What is kept of an order. */
const recordSchema = z.object({
  order: orderRequest,
  findings: z.array(z.object({ code: z.string(), detail: z.string().optional() })),
  listed: z.array(z.object({ kind: z.string(), reason: z.string(), merchants: z.number() })).default([]),
})

export interface Shown {
  readonly screened: Screened
  readonly order: OrderRequest
  readonly reasons: readonly {
    readonly code: string
    readonly weight: number
    readonly words: { readonly en: string; readonly ja: string }
    readonly detail?: string | undefined
  }[]
}

export type Decision = 'passed' | 'stopped' | 'held'

export interface Service {
  screen(order: OrderRequest): Promise<OrderAnswer>
  /** The opinion about a transaction as it stands now. */
  assess(threeDSServerTransID: string): Assessment | undefined
  stateOf(orderId: string): StateAnswer | undefined
  /** False: no such order. */
  learn(outcome: OutcomeRequest): Promise<boolean>
  show(orderId: string): Shown | undefined
  shown(screened: Screened): Shown
  /** A person's word; false: there is nothing to decide. */
  decide(orderId: string, decision: Decision, note: string): Promise<boolean>
  /** False: the value is none of its kind. */
  addToList(
    entry: Pick<ListEntry, 'kind' | 'reason' | 'note'> & { readonly value: string; readonly days: number },
  ): boolean
}

const dayMs = 86_400_000
/** How long a report of fraud stays on the list. */
const listedDays = 400
/** What of an order goes onto the list with a report: what a person does not share with strangers, as networks and browsers are. */
const listedKinds: readonly KeyKind[] = ['email', 'phone', 'shipTo']

const isOpen = (review: ReviewState): boolean => review === 'open' || review === 'held'
const reviewOf = (review: ReviewState): Review | undefined =>
  review === 'passed' || review === 'stopped' ? review : undefined

/** What makes it the same order, from whatever window it is paid. */
const contentOf = ({ amount, items, buyer, billing, delivery, firstTimeOffer }: OrderRequest): string =>
  JSON.stringify({ amount, items, buyer, billing, delivery, firstTimeOffer })

export function createService({ store, clock, log, tables, secret, issuer }: ServiceParts): Service {
  const traceOf = (order: OrderRequest): Trace => ({
    orderId: order.orderId,
    keys: keysOf(order, secret, tables),
    person: hashedPerson(order, secret),
    account: hashedAccount(order, secret),
    firstOffer: order.firstTimeOffer,
  })

  const recordOf = (screened: Screened) => recordSchema.parse(JSON.parse(screened.record))

  /** What was found on the day, as an opinion of now. */
  function opinionOf(screened: Screened): Assessment {
    const { order, findings, listed } = recordOf(screened)
    const judged: Judged = {
      verdict: screened.verdict,
      score: screened.score,
      findings: findings.flatMap(({ code }) => (isReasonCode(code) ? [{ code }] : [])),
    }
    const history: History = { of: {}, listed: listed as History['listed'] }
    const current = { ...order, threeDSServerTransID: screened.threeDSServerTransID }
    return assessmentOf(judged, current, history, clock(), reviewOf(screened.review))
  }

  function judged(order: OrderRequest): Screened {
    const trace = traceOf(order)
    const now = clock()
    const history = store.historyOf(trace, now)
    const { verdict, score, findings } = judge(order, findingsOf(order, history, tables))
    const screened: Screened = {
      orderId: order.orderId,
      at: now,
      threeDSServerTransID: order.threeDSServerTransID?.toLowerCase(),
      verdict,
      score,
      review: verdict === 'REVIEW' || verdict === 'HOLD' ? 'open' : 'none',
      record: JSON.stringify({ order, findings, listed: history.listed }),
      note: undefined,
      reviewedAt: undefined,
      ending: undefined,
      transStatus: undefined,
      wasChallenged: undefined,
      label: undefined,
      labelledAt: undefined,
      yen: order.amount.currency === '392' ? Number(order.amount.minor) : undefined,
    }
    store.save(screened, trace)
    log.info({ orderId: order.orderId, verdict, score }, 'screening: order judged')
    return screened
  }

  /** The same order again, for another transaction of it: the word stands. */
  function again(known: Screened, order: OrderRequest): Screened {
    const next = {
      ...known,
      threeDSServerTransID: order.threeDSServerTransID?.toLowerCase() ?? known.threeDSServerTransID,
    }
    store.save(next)
    return next
  }

  const weighed = (findings: readonly { readonly code: string; readonly detail?: string | undefined }[]) =>
    findings.map(({ code, detail }) => ({
      code,
      weight: isReasonCode(code) ? reasons[code].weight : 0,
      words: wordsOf(code),
      ...(detail !== undefined && { detail }),
    }))

  const shown = (screened: Screened): Shown => {
    const { order, findings } = recordOf(screened)
    return { screened, order, reasons: weighed(findings) }
  }

  /** What a person may see of a key that was read in this order. */
  function maskedOf(kind: KeyKind, { buyer, delivery }: OrderRequest): string {
    if (kind === 'email') return maskEmail(buyer.email)
    if (kind === 'phone') return maskPhone(buyer.phone?.subscriber ?? '')
    if (kind === 'shipTo') return [delivery?.postCode, delivery?.city].filter(Boolean).join(' ')
    return '•••'
  }

  function listAll(screened: Screened, reason: ListEntry['reason']): void {
    const { order } = recordOf(screened)
    const now = clock()
    for (const { kind, key } of store.keysOf(screened.orderId)) {
      if (!listedKinds.includes(kind)) continue
      const shown = maskedOf(kind, order)
      const entry = { kind, key, reason, addedAt: now, expiresAt: now + listedDays * dayMs, shown, note: '' }
      store.list(entry, order.merchant.acquirerMerchantID)
    }
  }

  return {
    async screen(order) {
      const known = store.find(order.orderId)
      const isSame = known !== undefined && contentOf(recordOf(known).order) === contentOf(order)
      const screened = isSame ? again(known, order) : judged(order)
      const assessment = opinionOf(screened)
      const answer: OrderAnswer = {
        assessment,
        reasons: shown(screened).reasons.map(({ code, weight, words }) => ({ code, weight, words })),
        review: screened.review,
      }
      if (screened.threeDSServerTransID === undefined) return answer
      switch (order.door) {
        case 'areq':
          return {
            ...answer,
            extension: extensionOf({ jws: await signedAssessment(assessment, sourceOfService, secret) }),
          }
        case 'asked':
          return { ...answer, extension: extensionOf({ ask: sourceOfService }) }
        case 'ahead':
          return { ...answer, told: await issuer.tell(assessment) }
      }
    },

    assess(threeDSServerTransID) {
      const screened = store.findByTransaction(threeDSServerTransID)
      return screened && opinionOf(screened)
    },

    stateOf(orderId) {
      const screened = store.find(orderId)
      if (screened === undefined) return undefined
      const { verdict, review, note } = screened
      return { orderId, verdict, review, ...(note !== undefined && { note }) }
    },

    async learn({ orderId, threeDSServerTransID = '', ending, transStatus, wasChallenged, label, note: written = '' }) {
      const note = noteWithout(written)
      const known = orderId === undefined ? store.findByTransaction(threeDSServerTransID) : store.find(orderId)
      if (known === undefined) return false
      const next: Screened = {
        ...known,
        ending: ending ?? known.ending,
        transStatus: transStatus ?? known.transStatus,
        wasChallenged: wasChallenged ?? known.wasChallenged,
        label: label ?? known.label,
        labelledAt: label === undefined ? known.labelledAt : clock(),
      }
      store.save(next)
      if (next.label === 'fraud' || next.label === 'chargeback') store.mark(known.orderId, false)
      else if (next.ending === 'approved' || next.label === 'confirmedGood') store.mark(known.orderId, true)
      if (label === undefined || label === known.label) return true
      if (label !== 'confirmedGood') listAll(next, label)
      if (next.threeDSServerTransID !== undefined) {
        await issuer.feedback({
          // What is said again after something else is another report.
          id: `label-${known.orderId}-${label}-${next.labelledAt ?? 0}`,
          kind: label,
          threeDSServerTransID: next.threeDSServerTransID,
          note,
        })
      }
      return true
    },

    show(orderId) {
      const screened = store.find(orderId)
      return screened && shown(screened)
    },
    shown,

    async decide(orderId, decision, written) {
      const note = noteWithout(written)
      const known = store.find(orderId)
      if (known === undefined || !isOpen(known.review)) return false
      const reviewedAt = clock()
      const next: Screened = { ...known, review: decision, note: note === '' ? known.note : note, reviewedAt }
      store.save(next)
      log.info({ orderId, decision }, 'screening: a person has decided')
      if (next.threeDSServerTransID !== undefined) {
        await issuer.feedback({
          id: `review-${orderId}-${reviewedAt}`,
          kind: 'review',
          verdict: { passed: 'OK', stopped: 'NG', held: 'HOLD' }[decision] as 'OK' | 'NG' | 'HOLD',
          threeDSServerTransID: next.threeDSServerTransID,
          note,
        })
      }
      return true
    },

    addToList({ kind, reason, note, value, days }) {
      const key = keyOfText(kind, value, secret, tables)
      if (key === undefined) return false
      const now = clock()
      const shown = kind === 'email' ? maskEmail(value) : kind === 'phone' ? maskPhone(value) : value.slice(0, 60)
      store.list({ kind, key, reason, addedAt: now, expiresAt: now + days * dayMs, shown, note }, 'by hand')
      return true
    },
  }
}
