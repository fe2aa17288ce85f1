// Numbers as the report writes them: the same in both languages, with a true minus, and never more digits than they can bear.

import { currencies } from '../../protocol/tables/iso.ts'
import type { EstimateKey } from '../metrics/types.ts'

/** What a number is, and so how it is written. */
export type Unit = 'share' | 'ratio' | 'bps' | 'money' | 'metric' | 'small'

const units: Partial<Record<EstimateKey, Unit>> = {
  falsePositiveRatio: 'ratio',
  fraudBpsBefore: 'bps',
  fraudBpsAfter: 'bps',
  cost: 'money',
  costPerEvent: 'money',
  auc: 'metric',
  averagePrecision: 'metric',
  ks: 'metric',
  precisionAtK: 'metric',
  cardPrecisionAtK: 'metric',
  brier: 'small',
  logLoss: 'small',
  ece: 'small',
}
export const unitOf = (key: EstimateKey): Unit => units[key] ?? 'share'

const formats = new Map<number, Intl.NumberFormat>()
/** With so many places behind the point. */
export function fixed(value: number, places: number): string {
  const known = formats.get(places)
  const format =
    known ?? new Intl.NumberFormat('en-GB', { minimumFractionDigits: places, maximumFractionDigits: places })
  if (known === undefined) formats.set(places, format)
  const text = format.format(value)
  // What rounds to nothing has no sign.
  return /[1-9]/.test(text) ? text.replace('-', '−') : text.replace('-', '')
}
export const whole = (value: number): string => fixed(value, 0)

/** Places that show a share of 1 in percent: more where it is small, so that 0.04% is not 0.0%. */
const placesOf = (share: number): number => {
  const size = Math.abs(share)
  return size === 0 || size >= 0.0995 ? 1 : size >= 0.00995 ? 2 : 3
}
export const percent = (share: number, places = placesOf(share)): string => `${fixed(share * 100, places)}%`

const exponents = new Map([...currencies.values()].map(({ alpha, exponent }) => [alpha, exponent]))
const bareMoney = (minor: number, currency: string, like: number): string => {
  const unit = 10 ** (exponents.get(currency) ?? 0)
  return fixed(minor / unit, Math.abs(like / unit) < 1_000 && !Number.isInteger(like / unit) ? 2 : 0)
}
/** Minor units of a currency in its major unit. */
export const money = (minor: number, currency: string): string => `${currency} ${bareMoney(minor, currency, minor)}`

/** Two-sided p values: what a bootstrap cannot tell apart is not written out. */
export const pValue = (p: number): string => (p < 0.0001 ? '< 0.0001' : fixed(p, p < 0.1 ? 4 : 2))

/** Without its unit where that is a word. `like`: a number by whose size the places are chosen. */
function bare(value: number, unit: Unit, currency: string, like: number): string {
  if (unit === 'share') return percent(value, placesOf(like))
  if (unit === 'bps') return fixed(value, 2)
  if (unit === 'money') return bareMoney(value, currency, like)
  if (unit === 'ratio') return fixed(value, Math.abs(like) < 10 ? 2 : 1)
  return fixed(value, unit === 'small' ? 5 : 4)
}

export function written(value: number, unit: Unit, currency: string): string {
  const text = bare(value, unit, currency, value)
  return unit === 'money' ? `${currency} ${text}` : unit === 'bps' ? `${text} bps` : text
}

interface Ends {
  readonly low: number
  readonly high: number
}
/** In the places of the value it belongs to; beside a 0 in those of the upper end, so that what is left open is seen. */
export function writtenInterval({ low, high }: Ends, unit: Unit, currency: string, value: number): string {
  const like = value === 0 ? high : value
  return `[${bare(low, unit, currency, like)}, ${bare(high, unit, currency, like)}]`
}

/** Differences of shares are percentage points. */
function bareChange(value: number, unit: Unit, currency: string, like: number): string {
  const size = Math.abs(like)
  const text = unit === 'share' ? fixed(value * 100, size < 0.002 ? 3 : 2) : bare(value, unit, currency, like)
  return value > 0 && /[1-9]/.test(text) ? `+${text}` : text
}

/** A difference with its sign, and its interval; shares in percentage points. */
export function change(value: number, unit: Unit, currency: string, interval: Ends | null = null): string {
  const like = Math.max(Math.abs(value), Math.abs(interval?.low ?? 0), Math.abs(interval?.high ?? 0))
  const show = (one: number): string => bareChange(one, unit, currency, like)
  return `${show(value)}${interval === null ? '' : ` [${show(interval.low)}, ${show(interval.high)}]`}`
}

export const dayOf = (seconds: number): string => new Date(seconds * 1_000).toISOString().slice(0, 10)
/** To the minute, UTC. */
export const timeOf = (seconds: number): string =>
  `${new Date(seconds * 1_000).toISOString().slice(0, 16).replace('T', ' ')} UTC`
