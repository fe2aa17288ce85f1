// What a transaction turned out to be, told from outside: kept with it, and taught to the profiles, once and within one unit.
import { type Facts, monthAt } from '../risk/facts.ts'
import { type LearnFacts, learn } from '../risk/learn.ts'
import { majorOf } from '../risk/policy/money.ts'
import type { Keys } from '../risk/profile.ts'
import type { Issuer } from '../risk/setting.ts'
import type { Blame, Clock, Label, LabelKind, Observer, Policies, Store, Transaction, UnitOfWork } from './ports.ts'
import { readProfiles, saveProfiles } from './profiles.ts'

export interface LabelPorts {
  readonly store: Store
  readonly clock: Clock
  readonly observer: Observer
  readonly policies: Policies
  readonly tenant: number
}

const yen = '392'

/** An amount in yen, by the rates of the policy; 0 where there is none. */
export function inYen(amount: number | undefined, issuer: Issuer): number {
  const { code } = issuer.currency
  const rate = code === yen ? 1 : issuer.rates[yen]
  return amount === undefined || rate === undefined ? 0 : Math.round(majorOf(amount, issuer) / rate)
}

/** Withdraws what was taught by the label that there is. */
function takeBack(unit: UnitOfWork, { tenant, label, details }: Transaction, now: number): void {
  if (label === undefined || label.isFromElsewhere === true) return
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
}

const keysOf = ({ keys }: LearnFacts, kinds: Blame['kinds']): Partial<Keys> =>
  Object.fromEntries(kinds.map((kind) => [kind, keys[kind]]))

/** What a fraud was held against. */
function blame(unit: UnitOfWork, { tenant, at, details }: Transaction, issuer: Issuer, now: number): Blame {
  const facts = details.facts as Facts
  const month = facts.month ?? monthAt(at, issuer)
  const worth = inYen(facts.amount, issuer)
  const profiles = readProfiles(unit, tenant, facts.keys)
  const blamed = learn(profiles, { kind: 'fraud', facts, month, yen: worth, at: Math.floor(at / 1000) }, now)
  saveProfiles(unit, tenant, facts.keys, blamed)
  return { kinds: Object.keys(blamed) as Blame['kinds'], month, yen: worth }
}

/**
 * Says what a transaction was; undefined takes back what was said. The same label twice teaches once. Returns the
 * transaction as it is then; undefined: there is none. A label is a word about the payment itself, so that it teaches also
 * where a plan had decided it.
 */
export async function label(
  ports: LabelPorts,
  acsTransID: string,
  said: { readonly kind: LabelKind; readonly note?: string | undefined } | undefined,
): Promise<Transaction | undefined> {
  const { store, clock, observer, policies, tenant } = ports
  const labelled = await store.unit((unit) => {
    const transaction = unit.transaction(tenant, acsTransID)
    if (transaction === undefined) return undefined
    const now = clock.now()
    const before = transaction.label
    const isNew = before?.kind !== said?.kind
    if (isNew) takeBack(unit, transaction, now)
    let next: Label | undefined
    if (said !== undefined) {
      const { kind, note } = said
      const own = isNew
        ? { kind, at: now, ...taught(unit, transaction, kind, policies, now) }
        : { ...before, kind, at: before?.at ?? now }
      next = { ...own, note }
    }
    unit.saveLabel(transaction.id, next)
    return { ...transaction, label: next }
  })
  if (labelled !== undefined)
    observer.labelled({ transactionId: labelled.id, acsTransID, kind: labelled.label?.kind ?? 'none' })
  return labelled
}

function taught(
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
