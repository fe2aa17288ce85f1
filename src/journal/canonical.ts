// The canonical form of a run: what happened, and nothing of how this machine carried it. Equal seeds give equal bytes. Pure.
import type { Transaction } from '../acs/ports.ts'
import type { Entry } from './entry.ts'
import { unwrapped } from './jose.ts'
import { storiesOf } from './order.ts'
import { type Places, placeholders } from './places.ts'
import { sorted } from './values.ts'

export const canonicalFormat = 'sekisho-canonical'
export const canonicalVersion = 1

/** What is compared of a transaction besides its messages. */
export type TransactionFacts = Pick<
  Transaction,
  | 'acsTransID'
  | 'threeDSServerTransID'
  | 'dsTransID'
  | 'messageVersion'
  | 'deviceChannel'
  | 'messageCategory'
  | 'panMask'
  | 'scheme'
  | 'transStatus'
  | 'transStatusReason'
  | 'decidedBy'
  | 'engineStatus'
  | 'score'
  | 'resultStatus'
  | 'resultReason'
  | 'delivery'
>

const factsOf = (transaction: TransactionFacts): object => {
  const { acsTransID, threeDSServerTransID, dsTransID, messageVersion, deviceChannel, messageCategory } = transaction
  const { panMask, scheme, transStatus, transStatusReason, decidedBy, engineStatus, score } = transaction
  const { resultStatus, resultReason, delivery } = transaction
  return {
    ...{ acsTransID, threeDSServerTransID, dsTransID, messageVersion, deviceChannel, messageCategory },
    ...{ panMask, scheme, transStatus, transStatusReason, decidedBy, engineStatus, score },
    ...{ resultStatus, resultReason, delivery },
  }
}

/** Values that stand for nothing but this run: which sockets failed in which words. */
const noConnection = /^no connection: .*$/s

const deepest = 32

/** A message without addresses and signatures. */
function plain(value: unknown, place: (text: string) => string, level = 1): unknown {
  if (typeof value === 'string') {
    const inner = unwrapped(value)
    return inner === value ? place(value.replace(noConnection, 'no connection')) : plain(inner, place, level + 1)
  }
  if (typeof value !== 'object' || value === null) return value
  if (level > deepest) return '***'
  if (Array.isArray(value)) return value.map((entry) => plain(entry, place, level + 1))
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, plain(member, place, level + 1)]))
}

/** Left out: row ids, transport headers, durations, what is kept in clear, and who saw it when. */
const plainEntry = (entry: Entry, place: (text: string) => string): object => {
  const { at, link, messageType, message, problem, httpStatus, findings, fault, sent } = entry
  return {
    at: new Date(at).toISOString(),
    ...{ link, messageType, httpStatus, problem },
    // A short word for what went wrong; the rest of it are measures of the moment.
    ...(fault !== undefined && { fault: place(fault) }),
    ...(sent !== undefined && { sent: plain(sent, place) }),
    ...(message !== undefined && { message: plain(message, place) }),
    ...(findings !== undefined &&
      findings.length > 0 && {
        findings: findings.map(({ errorCode, element, rule }) => ({ errorCode, element, rule })),
      }),
  }
}

export interface CanonicalRun {
  /** Of each party in its own order. */
  readonly entries: readonly Entry[]
  readonly transactions: readonly TransactionFacts[]
  readonly places: Places
  /** Whether the clock stood still: times can be compared then. */
  readonly isFrozen: boolean
}

const isAlert = ({ link, message }: Entry): boolean =>
  link === 'ACS→mail' && typeof message === 'object' && message !== null && 'alert' in message

/** Alerts leave beside the protocol, so nobody can say what of the same instant they came before: they stand behind it. */
const withAlertsLast = (story: readonly Entry[]): readonly Entry[] => {
  const lines = story.filter((entry) => !isAlert(entry))
  for (const alert of story.filter(isAlert)) {
    const at = lines.findLastIndex((entry) => entry.at <= alert.at)
    lines.splice(at + 1, 0, alert)
  }
  return lines
}

/** Lines of JSON: a header, then each transaction followed by its messages. */
export function* canonicalLines({ entries, transactions, places, isFrozen }: CanonicalRun): Generator<string> {
  const place = placeholders(places)
  const known = new Map(transactions.map((one) => [one.threeDSServerTransID.toLowerCase(), one]))
  yield sorted({ format: canonicalFormat, formatVersion: canonicalVersion, clock: isFrozen ? 'frozen' : 'run' })
  for (const { key, entries: story } of storiesOf(entries)) {
    const transaction = known.get(key)
    yield sorted({ transaction: transaction === undefined ? { id: key } : factsOf(transaction) })
    for (const entry of withAlertsLast(story)) yield sorted(plainEntry(entry, place))
  }
}
