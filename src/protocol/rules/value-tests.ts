// What one row says of a value: type, length, format, codes. Spec: Annex A; ACS-VAL-13, 14, 25, 33…38, 45, 46, 68, 82…84.
import type { ErrorCode } from '../tables/errors.ts'
import { countries, currencies } from '../tables/iso.ts'
import type { Shape, Version } from '../tables/types.ts'
import type { Column } from './column.ts'
import { isObject } from './conditions.ts'
import { type FormatTest, formatTests } from './formats.ts'
import { inOrder, newReport, type Report, type Step } from './steps.ts'
import { hasLength, isAtMost, repeatedAt } from './text.ts'
import type { Tolerance, ValueRule } from './values.ts'

/** `at`: where the value stands, with positions. */
export type ValueTest = (value: unknown, report: Report, at: string) => void

/** All that one column says of the values of one element. */
export interface Values {
  readonly path: string
  readonly shape: Shape
  readonly column: Column
  readonly rules: readonly ValueRule[]
  readonly tolerance?: Tolerance
}

/** Entries of 2.3.1 may not be said twice (ACS-VAL-38); before, they may. */
export const forbidsRepeats = (version: Version): boolean => version === '2.3.1'

/** All extensions together (ACS-VAL-83). */
export const extensionsLimit = 81_920

const digitsOnly = /^[0-9]+$/

const inRanges = (ranges: readonly string[], value: string): boolean =>
  ranges.some((range) => {
    const [from = range, to = from] = range.split('-')
    return value.length === from.length && digitsOnly.test(value) && value >= from && value <= to
  })

/** The codes that an element may carry in this column; undefined: it has no list, or any value may come. */
export function codesOf(shape: Shape, { version, message }: Column): readonly string[] | undefined {
  if (shape.isOpen === true) return undefined
  return (shape.allowedIn?.[version]?.[message] ?? shape.codes?.[version])?.split(' ')
}

interface Answer {
  readonly errorCode: ErrorCode
  readonly rule: string
  readonly isTolerated?: true
}

/** How a code is answered that the list does not hold (ACS-VAL-35…37, TOL-4). */
function answerTo(shape: Shape, column: Column): (value: string) => Answer {
  const { version } = column
  const isNewest = version === '2.3.1'
  const reservedCode: ErrorCode = isNewest ? '207' : '203'
  const ds = shape.dsCodes !== undefined && (shape.dsCodesIn?.includes(version) ?? true) ? [shape.dsCodes] : []
  const reserved = shape.reserved?.[version] ?? []
  const later = new Set(isNewest ? [] : Object.values(shape.codes ?? {}).flatMap((list) => list.split(' ')))
  return (value) => {
    if (inRanges(ds, value))
      return column.profile === 'lenient'
        ? { errorCode: '203', rule: 'TOL-4', isTolerated: true }
        : { errorCode: reservedCode, rule: 'ACS-VAL-36' }
    if (later.has(value)) return { errorCode: '203', rule: 'ACS-VAL-37' }
    if (inRanges(reserved, value)) return { errorCode: reservedCode, rule: 'ACS-VAL-35' }
    return { errorCode: '203', rule: 'ACS-VAL-13' }
  }
}

const isExtension = (path: string): boolean => path.startsWith('messageExtension')

/** The step that reports a wrong value of the element. */
const stepOf = (path: string, errorCode: ErrorCode): Step =>
  isExtension(path) ? 'extension' : errorCode === '207' ? 'reserved' : 'wrong'

type Tell = (report: Report, at: string, answer: Answer) => void

const teller =
  (path: string): Tell =>
  (report, at, { errorCode, rule, isTolerated }) => {
    const list = isTolerated === true ? report.warnings : report[stepOf(path, errorCode)]
    list.push({ errorCode, element: path, at, rule })
  }

const wrong = (rule: string): Answer => ({ errorCode: '203', rule })

function ruleTest({ path, rules, column }: Values): ValueTest {
  const tell = teller(path)
  return (value, report, at) => {
    for (const { rule, isValid, tolerance } of rules) {
      if (isValid(value)) continue
      const isTolerated = tolerance !== undefined && column.profile === 'lenient'
      tell(report, at, isTolerated ? { ...wrong(tolerance), isTolerated } : wrong(rule))
    }
  }
}

/** Where a country that is not assigned may stand (TOL-2). */
export const tolerantCountries: ReadonlySet<string> = new Set([
  'billAddrCountry',
  'shipAddrCountry',
  'merchantCountryCode',
])

function isoTest(path: string, shape: Shape, column: Column): ValueTest {
  const isLenient = column.profile === 'lenient' && tolerantCountries.has(path)
  return (value, report, at) => {
    if (typeof value !== 'string') return
    if (shape.kind === 'country' && !countries.has(value)) {
      const rule = isLenient ? 'TOL-2' : 'ACS-VAL-45'
      report[isLenient ? 'warnings' : 'iso'].push({ errorCode: '304', element: path, at, rule })
    } else if (
      (shape.kind === 'currency' && !currencies.has(value)) ||
      (shape.kind === 'currencyAlpha' && !alphaCurrencies.has(value))
    ) {
      report.iso.push({ errorCode: '304', element: path, at, rule: 'ACS-VAL-45' })
    }
  }
}

export const alphaCurrencies: ReadonlySet<string> = new Set([...currencies.values()].map(({ alpha }) => alpha))

/** Length, format and pattern; what fails here is not looked at further. */
export function formOf(shape: Shape): FormatTest {
  const format = shape.kind === undefined ? undefined : formatTests[shape.kind]
  const pattern = shape.pattern === undefined ? undefined : new RegExp(shape.pattern)
  const { min = 0, max = Number.POSITIVE_INFINITY } = shape
  return (value) =>
    hasLength(value, min, max) &&
    (format === undefined || format(value)) &&
    (pattern === undefined || pattern.test(value))
}

/** Half a character: it cannot be written in UTF-8 (ACS-VAL-68). */
const loneSurrogate = /\p{Surrogate}/u

function stringTest(values: Values): ValueTest {
  const { path, shape, column } = values
  const hasForm = formOf(shape)
  const codes = codesOf(shape, column)
  const known = new Set(codes)
  const answer = answerTo(shape, column)
  const byRules = ruleTest(values)
  const iso = isoTest(path, shape, column)
  const tell = teller(path)
  const form = wrong(isExtension(path) ? 'ACS-VAL-84' : 'ACS-VAL-13')
  return (value, report, at) => {
    if (typeof value !== 'string') tell(report, at, wrong('ACS-VAL-25'))
    else if (loneSurrogate.test(value)) tell(report, at, wrong('ACS-VAL-68'))
    else if (!hasForm(value)) tell(report, at, form)
    else {
      if (codes !== undefined && !known.has(value)) tell(report, at, answer(value))
      byRules(value, report, at)
      iso(value, report, at)
    }
  }
}

function arrayTest(values: Values): ValueTest {
  const { path, shape, column } = values
  const [min, max] = shape.entries ?? [0, Number.POSITIVE_INFINITY]
  const entryTest = shape.items === 'string' ? stringTest(values) : undefined
  const tell = teller(path)
  const byRules = ruleTest(values)
  return (value, report, at) => {
    if (!Array.isArray(value) || value.length < min || value.length > max) {
      tell(report, at, wrong(isExtension(path) ? 'ACS-VAL-82' : 'ACS-VAL-13'))
      if (!Array.isArray(value)) return
    }
    if (path === 'messageExtension' && !isAtMost(value, extensionsLimit)) tell(report, at, wrong('ACS-VAL-83'))
    const repeated = forbidsRepeats(column.version) ? repeatedAt(value) : undefined
    if (repeated !== undefined) {
      const rule = path === 'messageExtension' ? 'ACS-VAL-88' : 'ACS-VAL-38'
      report.repeated.push({ errorCode: '204', element: path, at: `${at}[${repeated}]`, rule })
    }
    if (entryTest === undefined) byRules(value, report, at)
    for (const [index, entry] of value.entries()) {
      if (entryTest !== undefined) entryTest(entry, report, `${at}[${index}]`)
      else if (!isObject(entry)) tell(report, `${at}[${index}]`, wrong('ACS-VAL-25'))
    }
  }
}

/** A text by its characters, an object by those of its JSON. */
export const isSized = (value: unknown, { min = 0, max = Number.POSITIVE_INFINITY }: Shape): boolean =>
  typeof value === 'string' ? !loneSurrogate.test(value) && hasLength(value, min, max) : isAtMost(value, max)

function plainTest(values: Values): ValueTest {
  const { path, shape } = values
  const tell = teller(path)
  const byRules = ruleTest(values)
  const { max = Number.POSITIVE_INFINITY } = shape
  const tooLong = wrong(isExtension(path) ? 'ACS-VAL-84' : 'ACS-VAL-13')
  switch (shape.type) {
    case 'string':
      return stringTest(values)
    case 'array':
      return arrayTest(values)
    case 'boolean':
      return (value, report, at) => {
        if (typeof value !== 'boolean') tell(report, at, wrong('ACS-VAL-25'))
        else byRules(value, report, at)
      }
    case 'object':
      return (value, report, at) => {
        if (!isObject(value)) tell(report, at, wrong('ACS-VAL-25'))
        else if (!isAtMost(value, max)) tell(report, at, tooLong)
        else byRules(value, report, at)
      }
    case 'any':
      return (value, report, at) => {
        if (typeof value !== 'string' && !isObject(value)) tell(report, at, wrong('ACS-VAL-25'))
        else if (!isSized(value, shape)) tell(report, at, tooLong)
      }
  }
}

/** The test of an element's values in one column. */
export function valueTestOf(values: Values): ValueTest {
  const test = plainTest(values)
  const { tolerance, path, column } = values
  if (tolerance === undefined || column.profile === 'strict') return test
  return (value, report, at) => {
    const alone = newReport()
    test(value, alone, at)
    if (inOrder(alone).length === 0) return
    if (tolerance.isTolerated(value))
      report.warnings.push({ errorCode: '203', element: path, at, rule: tolerance.rule })
    else test(value, report, at)
  }
}
