/** The shops of a stream, in columns: what they sell, tell and wish, and whose screening they have. */
import { Chance, cumulated, keyOf } from './chance.ts'
import { type GenConfig, type Goods, goodsOf } from './config.ts'

export const tiers = ['full', 'some', 'minimum'] as const
export const wishes = ['none', 'rather', 'exempt', 'first', 'dear', 'always'] as const
/** Currencies of shops: code, exponent, one major unit in yen. */
export const currencies = [
  { country: '392', code: '392', exponent: 0, yen: 1 },
  { country: '840', code: '840', exponent: 2, yen: 150 },
  { country: '826', code: '826', exponent: 2, yen: 190 },
  { country: '410', code: '410', exponent: 0, yen: 0.11 },
] as const

export type Shops = {
  readonly n: number
  readonly id: readonly string[]
  readonly name: readonly string[]
  readonly mcc: readonly string[]
  /** Index into `goodsOf`, `currencies`, `tiers`, `wishes`. */
  readonly goods: Uint8Array
  readonly currency: Uint8Array
  readonly tier: Uint8Array
  readonly wish: Uint8Array
  readonly price: Float64Array
  readonly hasSignals: Uint8Array
  /** Index into `screenings.sources` plus one; 0: none. */
  readonly first: Uint8Array
  readonly second: Uint8Array
  readonly bias: Float64Array
  /** It used 3-D Secure before the mandate. */
  readonly isEarly: Uint8Array
  /** Its app speaks 2.3.1, its pages this. */
  readonly speaks: Uint8Array
  /** Cumulated popularity. */
  readonly sums: Float64Array
  readonly digital: readonly number[]
}
export const versions = ['2.2.0', '2.3.1', '2.1.0'] as const
const versionShares = [0.8, 0.15, 0.05]

export function shopsOf({ shops: knobs, screenings, calendar }: GenConfig, seed: string, count: number): Shops {
  const key = keyOf(seed, 'shops')
  const chance = new Chance().at(key, 0)
  const tradeSums = cumulated(knobs.trades.map(([, , , share]) => share))
  // Every trade is there, however few shops: attacks look for theirs.
  const trades = Array.from({ length: count }, (_, i) =>
    i < knobs.trades.length ? i : placeOf(tradeSums, (i + 0.5) / count),
  )
  const order = chance.shuffled(trades)
  const at = (i: number) => knobs.trades[order[i] as number] as GenConfig['shops']['trades'][number]
  const made: Shops = {
    n: count,
    id: order.map((_, i) => `SHOP-${10_000 + i}`),
    name: order.map((_, i) => `Shop ${10_000 + i}`),
    mcc: order.map((_, i) => at(i)[0]),
    goods: new Uint8Array(count),
    currency: new Uint8Array(count),
    tier: new Uint8Array(count),
    wish: new Uint8Array(count),
    price: new Float64Array(count),
    hasSignals: new Uint8Array(count),
    first: new Uint8Array(count),
    second: new Uint8Array(count),
    bias: new Float64Array(count),
    isEarly: new Uint8Array(count),
    speaks: new Uint8Array(count),
    sums: cumulated(order.map((_, i) => (i + 1) ** -knobs.popularity)),
    digital: order.flatMap((_, i) => (at(i)[1] === 'digital' ? [i] : [])),
  }
  const { full, some, minimum } = knobs.tiers
  const wishShares = wishes.map((wish) => knobs.wishes[wish])
  const sourceShares = screenings.sources.map(({ share }) => share)
  // Drawn evenly rather than by luck: what a quarter of the shops do should not hang on which shops are the popular ones.
  const evenly = spread(count, chance)
  const [tierAt, wishAt, foreignAt, screenAt, signalAt, earlyAt] = [
    evenly(),
    evenly(),
    evenly(),
    evenly(),
    evenly(),
    evenly(),
  ]
  for (let i = 0; i < count; i++) {
    chance.at(key, 1, i)
    const [, goods, price] = at(i)
    made.goods[i] = goodsOf.indexOf(goods as Goods)
    made.price[i] = price * chance.lognormal(1, 0.25)
    made.currency[i] = (foreignAt[i] as number) < knobs.foreign ? 1 + chance.below(currencies.length - 1) : 0
    made.tier[i] = placeOf(cumulated([full, some, minimum]), tierAt[i] as number)
    made.wish[i] = placeOf(cumulated(wishShares), wishAt[i] as number)
    made.hasSignals[i] = (signalAt[i] as number) < knobs.signals ? 1 : 0
    made.isEarly[i] = (earlyAt[i] as number) < (calendar.mandate?.before ?? 1) ? 1 : 0
    made.speaks[i] = chance.weighted(versionShares)
    if ((screenAt[i] as number) >= screenings.share) continue
    const source = chance.weighted(sourceShares)
    made.first[i] = source + 1
    made.bias[i] = screenings.bias * chance.normal()
    if (sourceShares.length > 1 && chance.chance(screenings.second))
      made.second[i] = 1 + ((source + 1 + chance.below(sourceShares.length - 1)) % sourceShares.length)
  }
  return made
}

const placeOf = (sums: Float64Array, unit: number): number => {
  const wanted = unit * (sums[sums.length - 1] as number)
  const found = sums.findIndex((sum) => sum > wanted)
  return found < 0 ? sums.length - 1 : found
}

/**
 * Numbers of [0, 1), one for each of n in order of popularity, such that any run of neighbours holds them evenly: shares come
 * out as they are told, by shops and by purchases.
 */
function spread(n: number, chance: Chance): () => Float64Array {
  const size = 16
  return () => {
    const out = new Float64Array(n)
    for (let from = 0; from < n; from += size) {
      const order = chance.shuffled(Array.from({ length: size }, (_, i) => i))
      for (let i = 0; i < size && from + i < n; i++) out[from + i] = ((order[i] as number) + chance.unit()) / size
    }
    return out
  }
}
