// Numbers, amounts and times as people of a language write them. Times are those of the reader's own clock.
import { currencies } from '../tables.js'

/** @typedef {'en' | 'ja'} Language */

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour

/**
 * Minor units as a decimal number, exact for any length.
 * @param {string} minor
 * @param {number} exponent
 */
export const decimalOf = (minor, exponent) => {
  const digits = minor.padStart(exponent + 1, '0')
  return exponent === 0 ? digits : `${digits.slice(0, -exponent)}.${digits.slice(-exponent)}`
}

/** @param {Language} lang @param {() => number} now What time it is in the tenant. */
export function createFormat(lang, now) {
  const locale = lang === 'ja' ? 'ja-JP' : 'en-GB'
  /** @type {Map<string, Intl.NumberFormat>} */
  const byCurrency = new Map()
  const whole = new Intl.NumberFormat(locale, { maximumFractionDigits: 2 })
  const share = new Intl.NumberFormat(locale, { style: 'percent', minimumFractionDigits: 1, maximumFractionDigits: 1 })
  const clock = new Intl.DateTimeFormat(locale, {
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
  })
  const dayAndClock = new Intl.DateTimeFormat(locale, {
    month: lang === 'ja' ? 'numeric' : 'short',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  })
  const full = new Intl.DateTimeFormat(locale, {
    year: 'numeric',
    month: lang === 'ja' ? 'long' : 'short',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
    timeZoneName: 'short',
  })
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto', style: 'short' })

  /** @param {string} numeric @param {number} exponent */
  const currencyFormat = (numeric, exponent) => {
    const key = `${numeric}/${exponent}`
    const known = byCurrency.get(key)
    if (known !== undefined) return known
    const places = { minimumFractionDigits: exponent, maximumFractionDigits: exponent }
    const alpha = currencies.get(numeric)?.alpha
    const made = new Intl.NumberFormat(locale, {
      ...(alpha !== undefined && { style: 'currency', currency: alpha, currencyDisplay: 'narrowSymbol' }),
      ...places,
    })
    byCurrency.set(key, made)
    return made
  }

  return {
    /**
     * @param {string | number | undefined} minor Minor units.
     * @param {string | undefined} currencyNumeric ISO 4217, three digits.
     * @param {string | number | undefined} [exponent] That of the message; the currency's own if there is none.
     */
    amount(minor, currencyNumeric, exponent) {
      const text = String(minor ?? '')
      if (!/^\d+$/.test(text)) return ''
      const currency = currencyNumeric ?? ''
      const places = Math.min(20, Number(exponent ?? currencies.get(currency)?.exponent ?? 0) || 0)
      const value = currencyFormat(currency, places).format(/** @type {`${number}`} */ (decimalOf(text, places)))
      return currencies.has(currency) || currency === '' ? value : `${currency} ${value}`
    },
    /** The clock; for another day with the date. @param {number} ms */
    time: (ms) => (new Date(ms).toDateString() === new Date(now()).toDateString() ? clock : dayAndClock).format(ms),
    /** The clock with seconds, whatever the day. @param {number} ms */
    clock: (ms) => clock.format(ms),
    /** The name of the reader's zone. */
    zone: () => full.formatToParts().find(({ type }) => type === 'timeZoneName')?.value ?? '',
    /** Date, clock and zone. @param {number} ms */
    dateTime: (ms) => full.format(ms),
    /** @param {number} ms */
    ago(ms) {
      const past = now() - ms
      if (Math.abs(past) < minute) return relative.format(-Math.round(past / 1_000), 'second')
      if (Math.abs(past) < hour) return relative.format(-Math.round(past / minute), 'minute')
      if (Math.abs(past) < day) return relative.format(-Math.round(past / hour), 'hour')
      return relative.format(-Math.round(past / day), 'day')
    },
    /** @param {number | undefined | null} ms */
    duration(ms) {
      if (ms === undefined || ms === null || !Number.isFinite(ms)) return ''
      if (ms < 1) return `${ms.toFixed(2)} ms`
      if (ms < 10) return `${ms.toFixed(1)} ms`
      if (ms < 1_000) return `${Math.round(ms)} ms`
      if (ms < minute) return `${(ms / 1_000).toFixed(ms < 10_000 ? 2 : 1)} s`
      const seconds = Math.round(ms / 1_000)
      return `${Math.floor(seconds / 60)} min ${String(seconds % 60).padStart(2, '0')} s`
    },
    /** A share of one. @param {number | null | undefined} x */
    percent: (x) => (x === null || x === undefined || !Number.isFinite(x) ? '–' : share.format(x)),
    /** @param {number} x */
    number: (x) => whole.format(x),
  }
}
