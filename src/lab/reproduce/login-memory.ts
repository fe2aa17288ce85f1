/**
 * The likelihood ratio of the freeman scorer (docs/models.md) over logins: network is address, its first two octets, country; agent is
 * the user agent string, browser with version, operating system with version. The formula and the smoothing are those of the scorer;
 * only the crowd is counted in tables, since millions of logins are one crowd.
 */
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
} from '../../risk/scorers/freeman.ts'

/** Numbers of texts in order of appearance. */
export class Numbers {
  readonly #ids = new Map<string, number>()
  of(text: string): number {
    const known = this.#ids.get(text)
    if (known !== undefined) return known
    const id = this.#ids.size
    // A copy: a text of a file is a piece of what was read, and would keep all of it in memory.
    this.#ids.set(Buffer.from(text).toString(), id)
    return id
  }
  get size(): number {
    return this.#ids.size
  }
}

/** How often each value was seen, and how many distinct narrower ones it had. */
class Crowd {
  events = 0
  readonly #levels = {
    wide: new Map<number, number>(),
    middle: new Map<number, number>(),
    narrow: new Map<number, number>(),
  }
  readonly #below = { wide: new Map<number, number>(), middle: new Map<number, number>() }
  countsOf({ narrow, middle, wide }: Levels): ChainCounts {
    const { wide: wides, middle: middles, narrow: narrows } = this.#levels
    return {
      events: this.events,
      wides: wides.size,
      wide: wides.get(wide) ?? 0,
      middles: this.#below.wide.get(wide) ?? 0,
      middle: middles.get(middle) ?? 0,
      narrows: this.#below.middle.get(middle) ?? 0,
      narrow: narrows.get(narrow) ?? 0,
    }
  }
  add({ narrow, middle, wide }: Levels): void {
    const { wide: wides, middle: middles, narrow: narrows } = this.#levels
    this.events++
    if (!middles.has(middle)) bump(this.#below.wide, wide)
    if (!narrows.has(narrow)) bump(this.#below.middle, middle)
    bump(wides, wide)
    bump(middles, middle)
    bump(narrows, narrow)
  }
}
const bump = (counts: Map<number, number>, key: number): void => void counts.set(key, (counts.get(key) ?? 0) + 1)

export type Network = { readonly address: string; readonly country: string }
export type Agent = { readonly userAgent: string; readonly browser: string; readonly os: string }

type Own = { n: number; network: History; agent: History }

/** The first two octets, or the first two groups of an address of version 6. */
const prefixOf = (address: string): string =>
  address.includes(':') ? address.split(':').slice(0, 2).join(':') : address.split('.').slice(0, 2).join('.')

export class LoginMemory {
  readonly #networks = new Numbers()
  readonly #agents = new Numbers()
  readonly #network = new Crowd()
  readonly #agent = new Crowd()
  readonly #own: (Own | undefined)[] = []
  #users = 0
  #events = 0

  /** A value is told together with the wider ones. */
  networkOf({ address, country }: Network): Levels {
    const prefix = prefixOf(address)
    return {
      wide: this.#networks.of(country),
      middle: this.#networks.of(`${country}\n${prefix}`),
      narrow: this.#networks.of(`${country}\n${prefix}\n${address}`),
    }
  }
  agentOf({ userAgent, browser, os }: Agent): Levels {
    return {
      wide: this.#agents.of(os),
      middle: this.#agents.of(`${os}\n${browser}`),
      narrow: this.#agents.of(`${os}\n${browser}\n${userAgent}`),
    }
  }
  /** Logins of the user that were learnt. */
  earlierOf(user: number): number {
    return this.#own[user]?.n ?? 0
  }
  /** ln S: above 0 anybody is likelier than the user. NaN where the user has no history. */
  score(user: number, network: Levels, agent: Levels): number {
    const own = this.#own[user]
    if (own === undefined) return Number.NaN
    const ratio = (crowd: Crowd, history: History, levels: Levels, space: Spaces): number =>
      chainRatio(crowd.countsOf(levels), countsIn(history, levels), space)
    return (
      ratio(this.#network, own.network, network, spaces.network) +
      ratio(this.#agent, own.agent, agent, spaces.agent) +
      volumeRatio(this.#users, own.n, this.#events)
    )
  }
  learn(user: number, network: Levels, agent: Levels): void {
    const own = this.#own[user] ?? { n: 0, network: emptyHistory, agent: emptyHistory }
    if (own.n === 0) this.#users++
    own.n++
    own.network = add(own.network, network)
    own.agent = add(own.agent, agent)
    this.#own[user] = own
    this.#network.add(network)
    this.#agent.add(agent)
    this.#events++
  }
}
