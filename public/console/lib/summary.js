// A transaction in a line, as the API gives it, and the filters of the list.
import { decimalOf } from './format.js'

/**
 * @typedef {object} Summary
 * @property {number} id
 * @property {number} at
 * @property {string} acsTransID
 * @property {string} threeDSServerTransID
 * @property {string} dsTransID
 * @property {string} [merchantName]
 * @property {string} card
 * @property {string} panMask
 * @property {string} scheme
 * @property {string} [purchaseAmount]
 * @property {string} [purchaseCurrency]
 * @property {string} [purchaseExponent]
 * @property {string} messageVersion
 * @property {string} transStatus
 * @property {string} [transStatusReason]
 * @property {string} decidedBy
 * @property {string} [engine]
 * @property {number} score
 * @property {string} [resultStatus]
 * @property {string} [resultReason]
 * @property {string} [delivery]
 * @property {string} [challenge]
 * @property {number} [durationMs]
 * @property {'fraud' | 'confirmedGood'} [labelKind] What it turned out to be.
 */

/** Filters that are sent to the API as they stand in the address. */
export const filterNames = /** @type {const} */ ([
  'q',
  'transStatus',
  'resultStatus',
  'decidedBy',
  'scheme',
  'merchant',
  'card',
  'currency',
  'minAmount',
  'maxAmount',
  'from',
  'to',
])
/** A period that ends now; in the address, so that a link means the same tomorrow. */
export const periods = /** @type {const} */ ({ '15m': 900_000, '1h': 3_600_000, '24h': 86_400_000, '7d': 604_800_000 })

/** @typedef {Partial<Record<typeof filterNames[number] | 'last', string>>} Filter */

/** @param {URLSearchParams} query @returns {Filter} */
export function readFilter(query) {
  /** @type {Filter} */
  const filter = {}
  for (const name of /** @type {const} */ ([...filterNames, 'last'])) {
    const value = query.get(name)?.trim()
    if (value !== undefined && value !== '') filter[name] = value
  }
  return filter
}

/** @param {Partial<Record<keyof Filter, string | undefined>>} filter */
export const writeFilter = (filter) => {
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(filter)) if (value !== undefined && value !== '') query.set(name, value)
  return query
}

/**
 * The query of the API for a filter.
 * @param {Filter} filter
 * @param {number} now
 */
export function apiQuery({ last, ...filter }, now) {
  const query = writeFilter(filter)
  const span = last !== undefined && last in periods ? periods[/** @type {keyof typeof periods} */ (last)] : undefined
  if (span !== undefined) query.set('from', String(now - span))
  for (const name of ['from', 'to']) {
    const value = query.get(name)
    // A local date and time of the address; the API wants a moment.
    if (value !== null && !/^\d+$/.test(value)) {
      const at = Date.parse(value)
      if (Number.isNaN(at)) query.delete(name)
      else query.set(name, String(at))
    }
  }
  return query
}

/** @param {string | undefined} list @param {string | undefined} value */
const isIn = (list, value) => list === undefined || (value !== undefined && list.split(',').includes(value))

/** @param {string} text */
const folded = (text) => text.normalize('NFKC').toLowerCase()

/**
 * Whether a row that arrives by itself belongs into the list; the same rules as those of the API.
 * @param {Filter} filter
 * @param {Summary} row
 */
export function matches(filter, row) {
  // Without an amount: no number, which no filter keeps.
  const amount = row.purchaseAmount
    ? Number(decimalOf(row.purchaseAmount, Number(row.purchaseExponent) || 0))
    : Number.NaN
  return (
    isIn(filter.transStatus, row.transStatus) &&
    isIn(filter.resultStatus, row.resultStatus) &&
    isIn(filter.decidedBy, row.decidedBy) &&
    isIn(filter.scheme, row.scheme) &&
    isIn(filter.card, row.card) &&
    isIn(filter.currency, row.purchaseCurrency) &&
    (filter.merchant === undefined || folded(row.merchantName ?? '').includes(folded(filter.merchant))) &&
    (filter.minAmount === undefined || amount >= Number(filter.minAmount)) &&
    (filter.maxAmount === undefined || amount <= Number(filter.maxAmount)) &&
    (filter.from === undefined || row.at >= momentOf(filter.from)) &&
    (filter.to === undefined || row.at <= momentOf(filter.to)) &&
    folded(filter.q ?? '')
      .split(/\s+/u)
      .every((word) => word === '' || isFound(word, row, amount))
  )
}

/** @param {string} text */
const momentOf = (text) => (/^\d+$/.test(text) ? Number(text) : Date.parse(text))

/**
 * One word of the search: part of the merchant's name, start of an id, last four digits, reason, amount.
 * @param {string} word
 * @param {Summary} row
 * @param {number} amount
 */
function isFound(word, row, amount) {
  if (folded(row.merchantName ?? '').includes(word)) return true
  const ids = [row.acsTransID, row.threeDSServerTransID, row.dsTransID]
  if (word.length >= 4 && ids.some((id) => id.toLowerCase().startsWith(word))) return true
  if (/^\d{4}$/.test(word) && row.panMask.endsWith(word)) return true
  const [, status, reason] = /^([ynaurci]?)[/-]?(\d{2})$/.exec(word) ?? []
  const fits = (/** @type {string | undefined} */ given, /** @type {string | undefined} */ code) =>
    code === reason && (status === '' || given?.toLowerCase() === status)
  if (
    reason !== undefined &&
    (fits(row.transStatus, row.transStatusReason) || fits(row.resultStatus, row.resultReason))
  ) {
    return true
  }
  const number = /^\p{Sc}?(\d[\d,]*(?:\.\d+)?)$/u.exec(word)?.[1]
  return number !== undefined && Math.abs(Number(number.replaceAll(',', '')) - amount) < 1e-9
}
