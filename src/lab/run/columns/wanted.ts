/** What of each row memory is told: slots of entities, and marks of what is remembered with them. The rest need not be worked out. */
import { accountSets } from '../../../risk/live/layout.ts'
import type { FeatureMask } from '../../../risk/live/mask.ts'
import { kindAt } from '../../../risk/live/memory.ts'
import type { Plan } from '../../../risk/live/plan.ts'
import { type EntityKind, entityKinds } from '../../../risk/profile.ts'

/** In the order in which columns of marks lie. */
export const markNames = [
  'account',
  'device',
  'merchant',
  'shipTo',
  'country',
  'email',
  'phone',
  'network',
  'method',
  'likeness',
  'spelling',
  'name',
  'shopAccount',
] as const
export type MarkName = (typeof markNames)[number]
/** Where each is. */
export const markAt = Object.fromEntries(markNames.map((name, i) => [name, i])) as { readonly [N in MarkName]: number }

export type Wanted = {
  readonly kinds: ReadonlySet<EntityKind>
  readonly marks: ReadonlySet<MarkName>
  /** What is known of the address. */
  readonly places: boolean
}

export const everything: Wanted = { kinds: new Set(entityKinds), marks: new Set(markNames), places: true }

const setMarks = {
  devices: 'device',
  shipTos: 'shipTo',
  merchants: 'merchant',
  countries: 'country',
  emails: 'email',
  phones: 'phone',
  networks: 'network',
  methods: 'method',
  likes: 'likeness',
} as const satisfies { readonly [S in (typeof accountSets)[number]]: MarkName }
/** What a kind remembers as others. */
const otherMarks: { readonly [K in EntityKind]?: MarkName } = {
  device: 'shopAccount',
  phone: 'shopAccount',
  email: 'spelling',
  shipTo: 'name',
}

/** Marks of sets that are kept (`Plan.setsKept`). */
function marksOf({ setsKept }: Pick<Plan, 'setsKept'>): ReadonlySet<MarkName> {
  const marks = new Set<MarkName>(['account'])
  for (const [set, name] of accountSets.entries())
    if (((setsKept[kindAt.account] ?? 0) & (1 << set)) !== 0) marks.add(setMarks[name])
  for (const [place, kept] of setsKept.entries()) {
    const kind = entityKinds[place]
    if (place === kindAt.account || kind === undefined) continue
    const other = otherMarks[kind]
    if ((kept & 2) !== 0 && other !== undefined) marks.add(other)
    if ((kept & 4) !== 0) marks.add('method')
  }
  return marks
}

/** Kinds of the freeman scorer. */
const isCounted = entityKinds.slice(kindAt.everyone)

/** Kinds whose profiles the features of a name read, beside the card's own. */
function kindsRead(names: Iterable<string>): ReadonlySet<EntityKind> {
  const kinds = new Set<EntityKind>(['account'])
  for (const name of names) {
    const ending = name.slice(name.lastIndexOf('_') + 1)
    if (Object.hasOwn(kindAt, ending)) kinds.add(ending as EntityKind)
    if (name === 'domain_age_days') kinds.add('domain')
    if (name === 'method_is_replayed') kinds.add('device')
    if (name.startsWith('merchant_fraud')) kinds.add('merchant')
    if (name.startsWith('freeman_')) for (const kind of isCounted) kinds.add(kind)
  }
  // What a range and a shop are together goes by the slots of both.
  if (kinds.has('binMerchant')) for (const kind of ['range', 'merchant'] as const) kinds.add(kind)
  return kinds
}

/** What memories of these masks keep, beside the card's own. */
export const wantedBy = (masks: readonly FeatureMask[]): Wanted => ({
  kinds: kindsRead(masks.flatMap(({ names }) => names)),
  marks: new Set(masks.flatMap(({ plan }) => [...marksOf(plan)])),
  places: masks.some(({ plan }) => plan.travel || marksOf(plan).has('network')),
})
