/**
 * What might have been otherwise about a purchase: each change has a plausible value in the place of the one there was.
 * Changes go both ways, since a purchase that passed may be asked about as well. A change that makes no difference to what
 * is known is none; see counterfactual.ts for the search.
 */
import type { Basis } from '../again.ts'
import type { Params, Words } from '../check.ts'
import type { CardState } from '../decide.ts'
import type { Facts } from '../facts.ts'
import { at, type FeatureName, featureNames } from '../features.ts'
import type { Policy } from '../policy.ts'
import { presenceAt, withPresence } from '../presence.ts'

/**
 * Who could have made it so. merchant: what the shop tells or wishes; cardholder: where, with what and for what the holder
 * pays; history: what happened before, and what the issuer knows.
 */
export type Controller = 'merchant' | 'cardholder' | 'history'
export const controllers = ['merchant', 'cardholder', 'history'] as const satisfies readonly Controller[]

export type Patch = {
  readonly facts?: Partial<Facts>
  readonly features?: { readonly [N in FeatureName]?: number }
  readonly asked?: Partial<Basis['asked']>
  readonly card?: Partial<CardState>
  readonly listed?: Basis['listed']
  readonly prior?: Basis['prior']
  /** As many as there were: who was not heard cannot have said something else. */
  readonly opinions?: Basis['opinions']
  /** Elements of the AReq by their paths; undefined: not told. */
  readonly elements?: Readonly<Record<string, string | undefined>>
}

export type Change = {
  readonly id: string
  /** Two changes of one group exclude each other. */
  readonly group: string
  readonly by: Controller
  /** A clause: in English after "if", in Japanese a condition. */
  readonly words: Words
  /** Elements of the AReq that it is about. */
  readonly paths: readonly string[]
  /** Values to try, nearest first; of each the numbers for the clause. */
  readonly patches: (basis: Basis, policy: Policy) => readonly { readonly patch: Patch; readonly params?: Params }[]
}

/** The purchase as it would have been. */
export function patched(
  basis: Basis,
  { facts, features, asked, card, listed, prior, opinions, elements }: Patch,
): Basis {
  let next: Basis = basis
  if (facts !== undefined) next = { ...next, facts: { ...next.facts, ...facts } }
  if (features !== undefined) {
    const values = next.features.slice()
    for (const [name, value] of Object.entries(features)) values[at[name as FeatureName]] = value ?? Number.NaN
    next = { ...next, features: values }
  }
  if (asked !== undefined) next = { ...next, asked: { ...next.asked, ...asked } }
  if (card !== undefined) next = { ...next, card: { ...next.card, ...card } }
  if (listed !== undefined) next = { ...next, listed }
  if (prior !== undefined) next = { ...next, prior }
  if (opinions !== undefined) next = { ...next, opinions }
  if (elements !== undefined) {
    let { areq } = next
    let { presence } = next.facts
    for (const [path, value] of Object.entries(elements)) {
      if (areq !== undefined) areq = withMember(areq, path.split('.'), value)
      const isMember = path.includes('.') && presenceAt(presence, path) === undefined
      presence = withPresence(
        presence,
        isMember ? path.slice(0, path.indexOf('.')) : path,
        value === undefined ? 'absent' : 'present',
      )
    }
    next = { ...next, areq, facts: { ...next.facts, presence } }
  }
  return next
}

type Members = Readonly<Record<string, unknown>>
function withMember(node: Members, [name = '', ...rest]: readonly string[], value: string | undefined): Members {
  if (rest.length === 0) {
    const { [name]: _before, ...others } = node
    return value === undefined ? others : { ...others, [name]: value }
  }
  const inner = node[name]
  const members = typeof inner === 'object' && inner !== null && !Array.isArray(inner) ? (inner as Members) : {}
  return { ...node, [name]: withMember(members, rest, value) }
}

/** One value of what is known, before and after. */
export type Difference = { readonly name: string; readonly from: unknown; readonly to: unknown }

const same = (a: unknown, b: unknown): boolean =>
  Object.is(a, b) || (typeof a === 'object' && typeof b === 'object' && JSON.stringify(a) === JSON.stringify(b))

/** Whether the patch makes anything otherwise. */
export function isOther(basis: Basis, { facts, features, asked, card, listed, prior, opinions }: Patch): boolean {
  const differs = (from: object, to: object | undefined): boolean =>
    to !== undefined && Object.entries(to).some(([name, value]) => !same((from as Members)[name], value))
  return (
    (features !== undefined &&
      Object.entries(features).some(([name, value]) => !Object.is(basis.features[at[name as FeatureName]], value))) ||
    differs(basis.facts, facts) ||
    differs(basis.asked, asked) ||
    differs(basis.card, card) ||
    (listed !== undefined && !same(basis.listed, listed)) ||
    (prior !== undefined && basis.prior !== prior) ||
    (opinions !== undefined && !same(basis.opinions, opinions))
  )
}

/** What is otherwise in `after`, by the names that conditions have for it. */
export function differences(before: Basis, after: Basis): readonly Difference[] {
  const found: Difference[] = []
  const look = (prefix: string, from: object, to: object): void => {
    for (const name of new Set([...Object.keys(from), ...Object.keys(to)])) {
      if (prefix === 'facts' && name === 'presence') continue
      const [a, b] = [(from as Members)[name], (to as Members)[name]]
      if (!same(a, b)) found.push({ name: `${prefix}.${name}`, from: a ?? null, to: b ?? null })
    }
  }
  if (before.facts !== after.facts) look('facts', before.facts, after.facts)
  if (before.features !== after.features)
    featureNames.forEach((name, position) => {
      const [a = Number.NaN, b = Number.NaN] = [before.features[position], after.features[position]]
      if (!Object.is(a, b)) found.push({ name: `feature.${name}`, from: told(a), to: told(b) })
    })
  if (before.asked !== after.asked) look('asked', before.asked, after.asked)
  if (before.card !== after.card) look('card', before.card, after.card)
  if (!same(before.listed, after.listed)) found.push({ name: 'listed', from: before.listed ?? null, to: after.listed })
  if (before.prior !== after.prior) found.push({ name: 'prior', from: before.prior ?? null, to: after.prior })
  if (before.opinions !== after.opinions) {
    const said = ({ opinions = [] }: Basis) =>
      opinions.map(({ source, verdict, score }) => ({ source, verdict, score }))
    found.push({ name: 'opinions', from: said(before), to: said(after) })
  }
  return found
}

const told = (value: number): number | null => (Number.isNaN(value) ? null : value)

export const feature = ({ features }: Basis, name: FeatureName): number => features[at[name]] ?? Number.NaN
export const knows = (basis: Basis, name: FeatureName): boolean => !Number.isNaN(feature(basis, name))

/** Those of the features that are known, at these values: what cannot be known stays so. */
export function known(basis: Basis, values: NonNullable<Patch['features']>): NonNullable<Patch['features']> {
  return Object.fromEntries(Object.entries(values).filter(([name]) => knows(basis, name as FeatureName)))
}

export const isAbsent = ({ facts }: Basis, path: string): boolean => presenceAt(facts.presence, path) === 'absent'
export const isTold = ({ facts }: Basis, path: string): boolean => presenceAt(facts.presence, path) === 'present'
export const isBrowser = ({ asked }: Basis): boolean => asked.deviceChannel === '02'
export const isThreeRI = ({ asked }: Basis): boolean => asked.deviceChannel === '03'

type One = Omit<Change, 'patches' | 'group'> & {
  readonly group?: string
  /** Undefined: it says nothing about this purchase. */
  readonly patch: (basis: Basis, policy: Policy) => Patch | undefined
}
export const one = ({ patch, group, ...change }: One): Change => ({
  ...change,
  group: group ?? change.id,
  patches: (basis, policy) => {
    const made = patch(basis, policy)
    return made === undefined ? [] : [{ patch: made }]
  },
})

export const activities = ['n_10m', 'n_1h', 'n_24h', 'n_7d', 'decay_1h', 'decay_24h', 'decay_30d'] as const
export const kinds = ['account', 'device', 'ip', 'email', 'merchant', 'shipTo', 'phone', 'binMerchant'] as const
export const activityOf = (kind: (typeof kinds)[number]): NonNullable<Patch['features']> =>
  Object.fromEntries(activities.map((activity) => [`${activity}_${kind}`, 0]))

export const quiet = {
  account: {
    ...activityOf('account'),
    same_amount_10m_account: 0,
    devices_24h_account: 0,
    amount_sum_24h_log: 0,
  },
  device: {
    ...activityOf('device'),
    accounts_10m_device: 0,
    accounts_24h_device: 0,
    fresh_1h_device: 0,
    others_7d_device: 0,
    newcomers_30d_device: 0,
  },
  network: { ...activityOf('ip'), accounts_10m_ip: 0, accounts_24h_ip: 0, fresh_1h_ip: 0 },
  mail: {
    ...activityOf('email'),
    accounts_24h_email: 0,
    accounts_24h_domain: 0,
    decay_24h_domain: 0,
    others_30d_email: 0,
    newcomers_30d_email: 0,
  },
  phone: { ...activityOf('phone'), accounts_7d_phone: 0, others_30d_phone: 0 },
  shipTo: { ...activityOf('shipTo'), accounts_7d_shipTo: 0, others_30d_shipTo: 0, newcomers_30d_shipTo: 0 },
  shop: {
    ...activityOf('merchant'),
    ...activityOf('binMerchant'),
    decay_1h_range: 0,
    decay_24h_range: 0,
    accounts_10m_merchant: 0,
    accounts_10m_binMerchant: 0,
    accounts_10m_range: 0,
    fresh_1h_range: 0,
    fresh_1h_binMerchant: 0,
    fresh_1h_merchant: 0,
    same_amount_10m_merchant: 0,
  },
} as const satisfies Readonly<Record<string, NonNullable<Patch['features']>>>
