/** What one stream is made from: its days, people and shops. The same for every worker. */
import { keyOf } from './chance.ts'
import type { GenConfig } from './config.ts'
import { day, Holders, holdersPerRange } from './holders.ts'
import { type Shops, shopsOf } from './shops.ts'
import { issuerZone } from './world.ts'

type Keys = Readonly<Record<(typeof uses)[number], number>>
const uses = ['times', 'trip', 'seat', 'basket', 'lent', 'luck', 'screen', 'disguise'] as const

export type Scene = {
  readonly config: GenConfig
  readonly seed: string
  readonly keys: Keys
  /** Seconds since 1970: midnight in the issuer's zone. */
  readonly from: number
  readonly to: number
  readonly holders: Holders
  readonly shops: Shops
  readonly ranges: number
  /** Addresses of each carrier, and of each exit of a VPN or relay. */
  readonly gateways: number
  readonly exits: number
  /** How much is bought on each day beside an ordinary one. */
  readonly volume: Float64Array
  /** Days that are made at once: a part's worth of events. */
  readonly daysPerBlock: number
  readonly mandateFrom: number
  /** Genuine purchases that are expected. */
  readonly expected: number
}

/** Midnight of a day in the issuer's zone. */
export const midnightOf = (date: string): number => Date.parse(`${date}T00:00:00Z`) / 1000 - issuerZone * 60

function volumeOf({ from, days, calendar }: GenConfig): Float64Array {
  const start = midnightOf(from)
  const volume = new Float64Array(days)
  for (let d = 0; d < days; d++) {
    const date = new Date((start + d * day + issuerZone * 60) * 1000)
    const weekday = date.getUTCDay()
    const inSeason = date.getUTCMonth() === 11 && date.getUTCDate() >= 10 && date.getUTCDate() <= 30
    volume[d] = (weekday === 0 || weekday === 6 ? calendar.weekend : 1) * (inSeason ? calendar.season : 1)
  }
  for (const { on, days: many, factor } of calendar.campaigns) {
    const first = Math.round((midnightOf(on) - start) / day)
    for (let d = Math.max(0, first); d < Math.min(days, first + many); d++) volume[d] = (volume[d] as number) * factor
  }
  return volume
}

/** Items of a visit, as `life.ts` draws them: games are bought in rows, and a few carts are split. */
export const rows = { games: 0.35, inRows: 0.3, from: 2, to: 5, split: 0.03 } as const
const itemsOf = (gamers: number): number => {
  const inRows = gamers * rows.games * rows.inRows
  return 1 + inRows * ((rows.from + rows.to) / 2 - 1) + (1 - inRows) * rows.split
}

const sample = 4_000

/** Purchases of a holder over the whole stream. */
function perHolder(config: GenConfig, seed: string, volume: Float64Array): number {
  const start = midnightOf(config.from)
  const some = new Holders(config, seed, sample, shopsOf(config, seed, 40), start, start)
  let mean = 0
  for (let h = 0; h < sample; h++) {
    const from = some.cardFrom[h] as number
    const here = from === 0 ? 1 : 1 - (from - start) / (config.days * day)
    mean += ((some.perDay[h] as number) * here) / sample
  }
  let days = 0
  const mandate = config.calendar.mandate
  const mandateDay = mandate === null ? 0 : (midnightOf(mandate.on) - start) / day
  for (let d = 0; d < config.days; d++) days += (volume[d] as number) * (d < mandateDay ? (mandate?.before ?? 1) : 1)
  const { tripsAtHome, tripsAbroad, gamers } = config.holders
  const onTheWay = (tripsAtHome * 0.5 + tripsAbroad * 1.5) / 365
  return mean * days * itemsOf(gamers) * (1 - onTheWay)
}

/** Rows that a block should have, so that its parts are not too small. */
const rowsPerBlock = 12_000

const daysPerBlock = ({ events, days }: GenConfig): number => Math.max(1, Math.floor((rowsPerBlock * days) / events))
export const blocksOf = (config: GenConfig): number => Math.ceil(config.days / daysPerBlock(config))

export function sceneOf(config: GenConfig, seed: string): Scene {
  const from = midnightOf(config.from)
  const volume = volumeOf(config)
  const each = perHolder(config, seed, volume)
  const n = Math.max(20, Math.round(config.events / each))
  const perDay = config.events / config.days
  const shops = shopsOf(config, seed, Math.max(40, Math.round(perDay / config.shops.purchasesPerDay)))
  const { newDevices, mandate } = config.calendar
  const holders = new Holders(config, seed, n, shops, from, newDevices === null ? from : midnightOf(newDevices.on))
  return {
    config,
    seed,
    keys: Object.fromEntries(uses.map((use) => [use, keyOf(seed, use)])) as Keys,
    from,
    to: from + config.days * day,
    holders,
    shops,
    ranges: Math.max(1, Math.ceil(n / holdersPerRange)),
    gateways: Math.max(20, Math.round(n / config.holders.gatewayHolders / 4)),
    exits: Math.max(20, Math.round(n / config.holders.gatewayHolders / 15)),
    volume,
    daysPerBlock: daysPerBlock(config),
    mandateFrom: mandate === null ? from : midnightOf(mandate.on),
    expected: n * each,
  }
}
