/**
 * What the freeman scorer counts: values of the network and of the browser, of one card and of all. Only where the policy
 * has that scorer, since it takes seven more profiles for each AReq; what came before is not in the counts.
 *
 * The card's own values are in its profile. Of all cards there is one profile for each value, with how often it was seen and
 * how many distinct narrower values it had, and one (`everyone`) for the tops of both chains.
 */
import {
  type Crowd,
  type EntityKind,
  emptyProfile,
  keeps,
  markOf,
  type OwnChains,
  type Profile,
  type Profiles,
  recorded,
} from './profile.ts'
import {
  add,
  type ChainCounts,
  chainRatio,
  countsIn,
  emptyHistory,
  type History,
  type Levels,
  type Spaces,
  spaces,
  volumeRatio,
} from './scorers/freeman.ts'

const chainKinds = {
  network: { narrow: 'address', middle: 'prefix', wide: 'country' },
  agent: { narrow: 'signature', middle: 'agent', wide: 'platform' },
} as const
type ChainName = keyof typeof chainKinds
export type ChainKind = (typeof chainKinds)[ChainName][keyof Levels] | 'everyone'

/** The values of an event, as short ids; a chain that was not told is undefined. */
export type Chains = { readonly [N in ChainName]: Levels | undefined }
/** The same as texts, before they are hashed. */
export type ChainTexts = {
  readonly [N in ChainName]: { readonly narrow: string; readonly middle: string; readonly wide: string } | undefined
}
export type ChainKeys = { readonly [K in ChainKind]?: string | undefined }

const names: readonly ChainName[] = ['network', 'agent']

/** Keys of the counts, and short ids for the card's own history. A value is told together with the wider ones. */
export function chainsOf(
  texts: ChainTexts,
  keyOf: (kind: ChainKind, value: string) => string,
): { readonly keys: ChainKeys; readonly chains: Chains } {
  const keys: { -readonly [K in ChainKind]?: string } = { everyone: keyOf('everyone', '') }
  const chains: { -readonly [N in ChainName]: Levels | undefined } = { network: undefined, agent: undefined }
  for (const name of names) {
    const text = texts[name]
    if (text === undefined) continue
    const kinds = chainKinds[name]
    const wide = keyOf(kinds.wide, text.wide)
    const middle = keyOf(kinds.middle, `${text.wide}\n${text.middle}`)
    const narrow = keyOf(kinds.narrow, `${text.wide}\n${text.middle}\n${text.narrow}`)
    keys[kinds.wide] = wide
    keys[kinds.middle] = middle
    keys[kinds.narrow] = narrow
    chains[name] = { narrow: short(narrow), middle: short(middle), wide: short(wide) }
  }
  return { keys, chains }
}

/** 32 bits: the history of a card holds 64 values at most. */
const short = (key: string): number => markOf(key) % 0x1_0000_0000

const nobody: Crowd = { cards: 0, networks: 0, countries: 0, agents: 0, platforms: 0 }
const noChains: OwnChains = { n: 0, network: emptyHistory, agent: emptyHistory }

/** Counts of all, from the profiles of one event's values. */
function countsOfAll(name: ChainName, profiles: Profiles): ChainCounts {
  const { crowd = nobody } = profiles.everyone ?? emptyProfile
  const { narrow, middle, wide } = chainKinds[name]
  return {
    events: name === 'network' ? crowd.networks : crowd.agents,
    wides: name === 'network' ? crowd.countries : crowd.platforms,
    wide: profiles[wide]?.count ?? 0,
    middles: profiles[wide]?.narrower ?? 0,
    middle: profiles[middle]?.count ?? 0,
    narrows: profiles[middle]?.narrower ?? 0,
    narrow: profiles[narrow]?.count ?? 0,
  }
}

/** What each chain says and what the card's share of all events does. NaN: not told, or nothing to hold it against. */
export type ChainRatios = { readonly network: number; readonly agent: number; readonly volume: number }

export function chainRatiosOf(profiles: Profiles, chains: Chains): ChainRatios {
  const { n, network, agent } = profiles.account?.chains ?? noChains
  const { everyone = emptyProfile } = profiles
  const ratio = (name: ChainName, own: History, space: Spaces): number => {
    const levels = chains[name]
    if (levels === undefined || n === 0) return Number.NaN
    return chainRatio(countsOfAll(name, profiles), countsIn(own, levels), space)
  }
  return {
    network: ratio('network', network, spaces.network),
    agent: ratio('agent', agent, spaces.agent),
    volume: volumeRatio(everyone.crowd?.cards ?? 0, n, everyone.count),
  }
}

/** Counts the event: in the card's history (`account` is its next profile), and in the profiles of its values. */
export function withChains(
  account: Profile,
  profiles: Profiles,
  chains: Chains,
  ts: number,
): { readonly [K in ChainKind | 'account']?: Profile } {
  const own = profiles.account?.chains ?? noChains
  const crowd = profiles.everyone?.crowd ?? nobody
  const next: { [K in ChainKind | 'account']?: Profile } = {}
  next.account = {
    ...account,
    chains: {
      n: own.n + 1,
      network: chains.network === undefined ? own.network : add(own.network, chains.network),
      agent: chains.agent === undefined ? own.agent : add(own.agent, chains.agent),
    },
  }
  const isNew = (kind: EntityKind): number => (profiles[kind] === undefined ? 1 : 0)
  const event = { ts, amount: -1 }
  for (const name of names) {
    if (chains[name] === undefined) continue
    const { narrow, middle, wide } = chainKinds[name]
    const counted = (kind: ChainKind, below: number): Profile => {
      const profile = recorded(profiles[kind] ?? emptyProfile, event, keeps[kind])
      return below === 0 ? profile : { ...profile, narrower: profile.narrower + below }
    }
    next[narrow] = counted(narrow, 0)
    next[middle] = counted(middle, isNew(narrow))
    next[wide] = counted(wide, isNew(middle))
  }
  const isTold = (name: ChainName): number => (chains[name] === undefined ? 0 : 1)
  next.everyone = {
    ...recorded(profiles.everyone ?? emptyProfile, event, keeps.everyone),
    crowd: {
      cards: crowd.cards + (own.n === 0 ? 1 : 0),
      networks: crowd.networks + isTold('network'),
      countries: crowd.countries + isTold('network') * isNew('country'),
      agents: crowd.agents + isTold('agent'),
      platforms: crowd.platforms + isTold('agent') * isNew('platform'),
    },
  }
  return next
}
