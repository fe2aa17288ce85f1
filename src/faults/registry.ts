// The faults of one tenant: rules that operators make, and those that plans carry for one transaction. Everything in memory: a
// fault that outlives the process would surprise somebody.
import { createHash } from 'node:crypto'
import { createExchanges, type Exchanges } from './exchanges.ts'
import type { Fault, FaultAbout, FaultLink, Faults, PlannedFault } from './rule.ts'

/** Messages of one transaction; both have to fit where both are given. */
export interface FaultMatch {
  readonly threeDSServerTransID?: string | undefined
  readonly acsTransID?: string | undefined
}

export interface NewFaultRule extends PlannedFault {
  readonly match?: FaultMatch | undefined
  /** By the clock of the tenant. */
  readonly expiresAt?: number | undefined
}

export interface FaultRule extends NewFaultRule {
  readonly id: string
  /** How many messages it will still meet, and how many it has met. */
  readonly left: number
  readonly met: number
  readonly createdAt: number
  /** It came with the plan of a transaction. */
  readonly isPlanned: boolean
}

/** Faults, with what an operator may do with them. */
export interface FaultBook extends Faults {
  /** What is held up on purpose right now. */
  readonly exchanges: Exchanges
  /** No message can meet a fault: nothing needs to be looked at. */
  isIdle(): boolean
  /** `at`: when it is made, where `expiresAt` was counted from it. Undefined: there are too many. */
  add(rule: NewFaultRule, at?: number): FaultRule | undefined
  /** Those that wait, and for a while those that are used up; the oldest first. */
  list(): readonly FaultRule[]
  /** False: there is no such rule. */
  remove(id: string): boolean
  clear(): void
  /** Ends what is held up; nothing meets a fault any more. */
  close(): void
}

export interface FaultBookOptions {
  /** In [0,1), by the seed of the tenant. */
  readonly random: () => number
  readonly now: () => number
  /** How many exchanges are held up at once. */
  readonly mostHeld?: number
}

/** Every message looks through the rules of its link. */
const mostRules = 1_000
/** Used up, and still shown. */
const keptRules = 200
/** Transactions whose plans wait for a message; the oldest make room. */
const mostPlanned = 10_000
/** Messages whose repeats are counted apart. */
const mostCounted = 10_000

interface Entry {
  readonly rule: Omit<FaultRule, 'left' | 'met'>
  readonly message: string | undefined
  /** What its chances are made of. */
  readonly key: string
  left: number
  met: number
}

/** A number in [0,1) out of a text. */
function fractionOf(text: string): number {
  const bytes = createHash('sha256').update(text).digest()
  return bytes.readUIntBE(0, 6) / 2 ** 48
}

const lower = (text: string | undefined): string | undefined => text?.toLowerCase()

const fits = ({ rule: { match } }: Entry, { threeDSServerTransID, acsTransID }: FaultAbout): boolean =>
  match === undefined ||
  ((match.threeDSServerTransID === undefined || match.threeDSServerTransID === threeDSServerTransID) &&
    (match.acsTransID === undefined || match.acsTransID === acsTransID))

const shown = ({ rule, left, met }: Entry): FaultRule => ({ ...rule, left, met })

export function createFaults({ random, now, mostHeld }: FaultBookOptions): FaultBook {
  const exchanges = createExchanges(mostHeld)
  const waiting = new Map<FaultLink, Entry[]>()
  const planned = new Map<string, Entry[]>()
  /** The ids of the other kind, for messages that name one only. */
  const byAcsTransID = new Map<string, string>()
  const used: Entry[] = []
  const repeats = new Map<string, number>()
  let seed: number | undefined
  let ids = 0
  let rules = 0
  let isClosed = false

  /**
   * A chance belongs to a message, not to a moment: the same message of the same transaction meets the same fate in every run of
   * a seed, whatever comes before it or at the same time.
   */
  function isMet({ rule, key }: Entry, { link, message, threeDSServerTransID, acsTransID }: FaultAbout): boolean {
    if (rule.probability >= 1) return true
    seed ??= random()
    const name = `${key} ${link} ${message} ${threeDSServerTransID ?? acsTransID ?? ''}`
    const repeat = (repeats.get(name) ?? 0) + 1
    repeats.delete(name)
    repeats.set(name, repeat)
    const [oldest] = repeats.keys()
    if (repeats.size > mostCounted && oldest !== undefined) repeats.delete(oldest)
    return fractionOf(`${seed} ${name} ${repeat}`) < rule.probability
  }

  function metBy(entries: readonly Entry[], about: FaultAbout): Entry | undefined {
    const message = about.message.toLowerCase()
    return entries.find(
      (entry) =>
        entry.left > 0 &&
        entry.rule.link === about.link &&
        (entry.message === undefined || entry.message === message) &&
        fits(entry, about) &&
        isMet(entry, about),
    )
  }

  function useUp(entry: Entry): void {
    used.push(entry)
    if (used.length > keptRules) used.shift()
  }

  function drop(link: FaultLink, isGone: (entry: Entry) => boolean): readonly Entry[] {
    const entries = waiting.get(link) ?? []
    const gone = entries.filter(isGone)
    if (gone.length === 0) return gone
    const rest = entries.filter((entry) => !gone.includes(entry))
    if (rest.length === 0) waiting.delete(link)
    else waiting.set(link, rest)
    rules -= gone.length
    return gone
  }

  const isOver = ({ rule: { expiresAt } }: Entry, at: number): boolean => expiresAt !== undefined && expiresAt <= at

  function forget(transaction: string): void {
    for (const { rule } of planned.get(transaction) ?? []) byAcsTransID.delete(rule.match?.acsTransID ?? '')
    planned.delete(transaction)
  }

  /** Names of a transaction are compared in lower case. */
  function take(asked: FaultAbout): Fault | undefined {
    if (rules === 0 && planned.size === 0) return undefined
    const acsTransID = lower(asked.acsTransID)
    const transaction = lower(asked.threeDSServerTransID) ?? byAcsTransID.get(acsTransID ?? '')
    const own = planned.get(transaction ?? '') ?? []
    const about = {
      ...asked,
      threeDSServerTransID: transaction,
      acsTransID: acsTransID ?? own[0]?.rule.match?.acsTransID,
    }
    // What a plan asks for belongs to its transaction, whichever of its ids a message names.
    const meant = metBy(own, { ...about, acsTransID: own[0]?.rule.match?.acsTransID })
    if (meant !== undefined) return use(meant, () => transaction !== undefined && settle(transaction))
    const at = now()
    drop(asked.link, (entry) => isOver(entry, at))
    const met = metBy(waiting.get(asked.link) ?? [], about)
    if (met === undefined) return undefined
    return use(met, () => {
      for (const gone of drop(asked.link, (entry) => entry === met)) useUp(gone)
    })
  }

  function use(entry: Entry, whenUsedUp: () => void): Fault {
    entry.left -= 1
    entry.met += 1
    if (entry.left === 0) whenUsedUp()
    return entry.rule.fault
  }

  /** What is used up of a plan is shown a while longer, as rules are. */
  function settle(transaction: string): void {
    const entries = planned.get(transaction) ?? []
    const rest = entries.filter(({ left }) => left > 0)
    for (const entry of entries) if (entry.left === 0) useUp(entry)
    if (rest.length === 0) forget(transaction)
    else planned.set(transaction, rest)
  }

  function entryOf(rule: NewFaultRule, isPlanned: boolean, key: string, at = now()): Entry {
    ids += 1
    const { match } = rule
    return {
      rule: {
        ...rule,
        ...(match !== undefined && {
          match: {
            ...(match.threeDSServerTransID !== undefined && {
              threeDSServerTransID: match.threeDSServerTransID.toLowerCase(),
            }),
            ...(match.acsTransID !== undefined && { acsTransID: match.acsTransID.toLowerCase() }),
          },
        }),
        id: String(ids),
        createdAt: at,
        isPlanned,
      },
      message: lower(rule.message),
      key,
      left: rule.times,
      met: 0,
    }
  }

  const everything = (): readonly Entry[] => [...[...waiting.values()].flat(), ...[...planned.values()].flat(), ...used]

  return {
    exchanges,
    isIdle: () => rules === 0 && planned.size === 0,
    take: (about) => (isClosed ? undefined : take(about)),

    plan({ threeDSServerTransID, acsTransID }, faults) {
      if (faults.length === 0 || isClosed) return
      const transaction = threeDSServerTransID.toLowerCase()
      forget(transaction)
      const match = { threeDSServerTransID: transaction, acsTransID: acsTransID.toLowerCase() }
      planned.set(
        transaction,
        faults.map((fault, index) => entryOf({ ...fault, match }, true, `plan ${index}`)),
      )
      byAcsTransID.set(match.acsTransID, transaction)
      const [oldest] = planned.keys()
      if (planned.size > mostPlanned && oldest !== undefined) forget(oldest)
    },

    add(rule, at = now()) {
      for (const link of waiting.keys()) drop(link, (entry) => isOver(entry, at))
      if (rules >= mostRules || isClosed) return undefined
      const entry = entryOf(rule, false, `rule ${ids + 1}`, at)
      waiting.set(rule.link, [...(waiting.get(rule.link) ?? []), entry])
      rules += 1
      return shown(entry)
    },

    list() {
      const at = now()
      for (const link of [...waiting.keys()]) drop(link, (entry) => isOver(entry, at))
      return everything()
        .toSorted((one, other) => Number(one.rule.id) - Number(other.rule.id))
        .map(shown)
    },

    remove(id) {
      const entry = everything().find(({ rule }) => rule.id === id)
      if (entry === undefined) return false
      if (used.includes(entry)) used.splice(used.indexOf(entry), 1)
      else if (entry.rule.isPlanned) {
        const transaction = entry.rule.match?.threeDSServerTransID ?? ''
        const rest = (planned.get(transaction) ?? []).filter((other) => other !== entry)
        if (rest.length === 0) forget(transaction)
        else planned.set(transaction, rest)
      } else drop(entry.rule.link, (other) => other === entry)
      return true
    },

    clear() {
      waiting.clear()
      planned.clear()
      byAcsTransID.clear()
      repeats.clear()
      used.length = 0
      rules = 0
    },

    close() {
      isClosed = true
      exchanges.close()
    },
  }
}

/** For who runs without a control plane: no faults, and nothing to be done about it. */
export const faultlessBook = (): FaultBook => createFaults({ random: () => 0, now: () => 0 })
