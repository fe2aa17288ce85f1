import { createInstance } from 'i18next'

export type Language = 'en' | 'ja'
export type Translate<Key extends string = string> = (
  key: Key,
  values?: Readonly<Record<string, string | number>>,
) => string
type Catalogue<Key extends string = string> = Readonly<Record<Key, string>>

/** Keys are flat (`challenge.title`); values are not escaped here, the page does that. */
export function createTranslator<Key extends string>(
  catalogues: Readonly<Record<Language, Catalogue<Key>>>,
): (lang: Language) => Translate<Key> {
  const i18n = createInstance()
  void i18n.init({
    lng: 'en',
    fallbackLng: 'en',
    initAsync: false,
    keySeparator: false,
    nsSeparator: false,
    interpolation: { escapeValue: false },
    resources: { en: { translation: catalogues.en }, ja: { translation: catalogues.ja } },
  })
  const fixed = { en: i18n.getFixedT('en'), ja: i18n.getFixedT('ja') }
  return (lang) => (key, values) => fixed[lang](key, { ...values })
}

/** Takes one tag (`browserLanguage`) or an Accept-Language header; the first of the best-loved languages we have, else English. */
export function pickLanguage(tags: string | undefined): Language {
  let best: { readonly lang: Language; readonly quality: number } | undefined
  for (const item of (tags ?? '').slice(0, 1000).split(',')) {
    const [tag = '', ...parameters] = item.trim().toLowerCase().split(';')
    const primary = tag.trim().split(/[-_]/)[0]
    if (primary !== 'en' && primary !== 'ja') continue
    const written = parameters.map((p) => /^\s*q\s*=\s*([\d.]+)\s*$/.exec(p)?.[1]).find((q) => q !== undefined)
    const quality = written === undefined ? 1 : Number(written)
    if (quality > 0 && quality > (best?.quality ?? 0)) best = { lang: primary, quality }
  }
  return best?.lang ?? 'en'
}

/** Formatters are dear to make and may be used for ever; currencies and zones are few. */
const formatters = new Map<string, Intl.NumberFormat | Intl.DateTimeFormat>()
function formatter<Made extends Intl.NumberFormat | Intl.DateTimeFormat>(key: string, make: () => Made): Made {
  const known = formatters.get(key)
  if (known !== undefined) return known as Made
  const made = make()
  if (formatters.size < 500) formatters.set(key, made) // a currency is whatever somebody writes
  return made
}
const numbers = (lang: Language, options: Intl.NumberFormatOptions): Intl.NumberFormat =>
  formatter(`n ${lang} ${JSON.stringify(options)}`, () => new Intl.NumberFormat(lang, options))
const times = (lang: Language, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat =>
  formatter(`t ${lang} ${JSON.stringify(options)}`, () => new Intl.DateTimeFormat(lang, options))

/**
 * `purchaseAmount` / 10^`purchaseExponent`, exact for any length. The currency is its ISO 4217 letter code; anything else is written
 * before the number as it is.
 */
export function formatAmount(minor: string, currency: string, exponent: number, lang: Language): string {
  if (!/^\d+$/.test(minor)) return ''
  const digits = minor.padStart(exponent + 1, '0')
  const whole = digits.slice(0, digits.length - exponent)
  const decimal = exponent === 0 ? whole : `${whole}.${digits.slice(-exponent)}`
  const places = { minimumFractionDigits: exponent, maximumFractionDigits: exponent }
  const value = decimal as `${number}` // digits with at most one point: a number past 2^53 keeps every digit as a string
  if (/^[A-Za-z]{3}$/.test(currency)) {
    return numbers(lang, { style: 'currency', currency, ...places }).format(value)
  }
  return `${currency} ${numbers(lang, places).format(value)}`.trim()
}

/** A point in time: milliseconds, ISO 8601, or the wire's `YYYYMMDDHHMMSS` (UTC). */
export type Instant = Date | number | string

export const toDate = (at: Instant): Date => {
  const wire = typeof at === 'string' ? /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)$/.exec(at) : null
  if (wire === null) return new Date(at)
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = wire.slice(1).map(Number)
  return new Date(Date.UTC(year, month - 1, day, hour, minute, second))
}

const format = (at: Instant, lang: Language, options: Intl.DateTimeFormatOptions): string => {
  const date = toDate(at)
  return Number.isNaN(date.getTime()) ? '' : times(lang, options).format(date)
}

export function formatDate(at: Instant, lang: Language, timeZone = 'UTC'): string {
  return format(at, lang, { dateStyle: lang === 'ja' ? 'long' : 'medium', timeZone })
}

export function formatDateTime(at: Instant, lang: Language, timeZone = 'UTC'): string {
  return format(at, lang, {
    year: 'numeric',
    month: lang === 'ja' ? 'long' : 'short',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
    timeZoneName: 'short',
    timeZone,
  })
}

/** The last four digits and no hint of the length. Spec: CHL-UI-10. */
export const maskPan = (pan: string): string => `•••• ${pan.replace(/\D/g, '').slice(-4)}`

/** The last four digits. Spec: CHL-UI-8. */
export const maskPhone = (phone: string): string => maskPan(phone)

/** The first letter and the domain. Spec: CHL-UI-8. */
export function maskEmail(address: string): string {
  const at = address.lastIndexOf('@')
  if (at < 1) return '•••'
  return `${[...address][0] ?? ''}•••${address.slice(at)}`
}
