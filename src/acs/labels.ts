// What a transaction turned out to be, told from outside: kept with it, taught to the profiles, counted for the merchant and for the
// sources that had spoken of it; once, and within one unit.
import { type Facts, monthAt } from '../risk/facts.ts'
import { type LearnFacts, learn } from '../risk/learn.ts'
import { inYen } from '../risk/policy/money.ts'
import type { Keys } from '../risk/profile.ts'
import type { Issuer } from '../risk/setting.ts'
import { countSources } from './hook/calibration.ts'
import { unlist } from './hook/feedback-lists.ts'
import { countFraud } from './hook/merchant-monitor.ts'
import type { ListDesk } from './policies/list-desk.ts'
import type { Blame, Clock, Label, LabelKind, Observer, Policies, Store, Transaction, UnitOfWork } from './ports.ts'
import { readProfiles, saveProfiles } from './profiles.ts'

export interface LabelPorts {
  readonly store: Store
  readonly clock: Clock
  readonly observer: Observer
  readonly policies: Policies & { readonly desk?: Pick<ListDesk, 'renew'> | undefined }
  readonly tenant: number
}

/** Withdraws what was taught by the label that there is. */
function takeBack(unit: UnitOfWork, transaction: Transaction, now: number): void {
  const { tenant, label, details } = transaction
  if (label === undefined || label.isOpinion === true || label.isFromElsewhere === true) return
  countSources(unit, transaction, label.kind, { sources: label.counted ?? [], by: -1 })
  const facts = details.facts as Facts
  const profiles = readProfiles(unit, tenant, facts.keys)
  if (label.kind === 'confirmedGood') {
    saveProfiles(unit, tenant, facts.keys, learn(profiles, { kind: 'confirmedGoodWithdrawn', facts }, now))
    return
  }
  const { kinds, month, yen } = label.blamed ?? { kinds: [], month: 0, yen: 0 }
  const keys = { ...keysOf(facts, kinds), account: facts.keys.account }
  const withdrawn = learn(profiles, { kind: 'fraudWithdrawn', facts: { ...facts, keys }, month, yen }, now)
  saveProfiles(unit, tenant, keys, withdrawn)
  if (kinds.includes('merchant')) countFraud(unit, transaction, { month, yen }, -1)
}

const keysOf = ({ keys }: LearnFacts, kinds: Blame['kinds']): Partial<Keys> =>
  Object.fromEntries(kinds.map((kind) => [kind, keys[kind]]))

/** What a fraud was held against. */
function blame(unit: UnitOfWork, transaction: Transaction, issuer: Issuer, now: number): Blame {
  const { tenant, at, details } = transaction
  const facts = details.facts as Facts
  const month = facts.month ?? monthAt(at, issuer)
  const worth = inYen(facts.amount, issuer)
  const profiles = readProfiles(unit, tenant, facts.keys)
  const blamed = learn(profiles, { kind: 'fraud', facts, month, yen: worth, at: Math.floor(at / 1000) }, now)
  saveProfiles(unit, tenant, facts.keys, blamed)
  const kinds = Object.keys(blamed) as Blame['kinds']
  if (kinds.includes('merchant')) countFraud(unit, transaction, { month, yen: worth }, 1)
  return { kinds, month, yen: worth }
}

export interface SaidOfIt {
  readonly kind: LabelKind
  readonly note?: string | undefined
  /** Who says it: a source of the hook, or the cardholder; absent: somebody with the admin API. */
  readonly by?: string | undefined
  /** What somebody thinks, and does not know: kept, but nothing learns it, and what is known stays. */
  readonly isOpinion?: boolean | undefined
  /** A source that is not to be measured by it. */
  readonly notFor?: string | undefined
}

export interface Labelled {
  readonly transaction: Transaction
  /** False: what is known is not changed by what somebody thinks. */
  readonly isTaken: boolean
  /** Entries of the lists are gone. */
  readonly hasUnlisted: boolean
}

/** As `label`, within a unit of work of somebody else. */
export function labelWithin(
  unit: UnitOfWork,
  { policies, now }: { readonly policies: Policies; readonly now: number },
  transaction: Transaction,
  said: SaidOfIt | undefined,
): Labelled {
  const before = transaction.label
  if (said?.isOpinion === true && before !== undefined && before.isOpinion !== true)
    return { transaction, isTaken: false, hasUnlisted: false }
  const isNew = before?.kind !== said?.kind || before?.isOpinion !== said?.isOpinion
  if (isNew) takeBack(unit, transaction, now)
  let next: Label | undefined
  if (said !== undefined) {
    const { kind, note, by, isOpinion, notFor } = said
    const own = isNew ? { kind, at: now } : { ...before, kind, at: before?.at ?? now }
    const taught = isNew && isOpinion !== true ? teach(unit, transaction, kind, policies, now) : {}
    next = { ...own, ...taught, note, by, ...(isOpinion === true && { isOpinion }) }
    if (isOpinion !== true) {
      const already = isNew ? [] : (before?.counted ?? [])
      const counted = countSources(unit, transaction, kind, { notFor, already, by: 1 })
      if (counted.length > 0) next = { ...next, counted: [...already, ...counted] }
    }
  }
  unit.saveLabel(transaction.id, next)
  const isNoFraud = before?.kind === 'fraud' && next?.kind !== 'fraud'
  const hasUnlisted = isNoFraud && unlist(unit, transaction, said?.by ?? 'api', now)
  return { transaction: { ...transaction, label: next }, isTaken: true, hasUnlisted }
}

/** After the unit: those who show it, or decide by it, hear of it. */
export async function tellLabelled(
  { observer, policies }: Pick<LabelPorts, 'observer' | 'policies'>,
  { transaction: { id: transactionId, acsTransID, label: own }, isTaken, hasUnlisted }: Labelled,
): Promise<void> {
  if (hasUnlisted) await policies.desk?.renew()
  if (isTaken) observer.labelled({ transactionId, acsTransID, kind: own?.kind ?? 'none' })
}

/**
 * Says what a transaction was; undefined takes back what was said. The same label twice teaches once. Returns the
 * transaction as it is then; undefined: there is none. A label is a word about the payment itself, so that it teaches also
 * where a plan had decided it.
 */
export async function label(
  ports: LabelPorts,
  acsTransID: string,
  said: SaidOfIt | undefined,
): Promise<Transaction | undefined> {
  const { store, clock, policies, tenant } = ports
  const done = await store.unit((unit) => {
    const transaction = unit.transaction(tenant, acsTransID)
    return transaction && labelWithin(unit, { policies, now: clock.now() }, transaction, said)
  })
  if (done !== undefined) await tellLabelled(ports, done)
  return done?.transaction
}

function teach(
  unit: UnitOfWork,
  transaction: Transaction,
  kind: LabelKind,
  policies: Policies,
  now: number,
): Pick<Label, 'blamed'> {
  if (kind === 'fraud') return { blamed: blame(unit, transaction, policies.running().issuer, now) }
  const { tenant, details } = transaction
  const facts = details.facts as Facts
  const profiles = readProfiles(unit, tenant, facts.keys)
  saveProfiles(unit, tenant, facts.keys, learn(profiles, { kind, facts }, now))
  return {}
}
