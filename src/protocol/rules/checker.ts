// Compiles the rows of one column (version, message, channel, category) into a check. Spec: Annex A; ACS-VAL-12…14, 20…36.
import type { Finding } from '../errors.ts'
import type { ErrorCode } from '../tables/errors.ts'
import { countries, currencies } from '../tables/iso.ts'
import type { Element, ElementTable, MessageType, Shape, Version } from '../tables/types.ts'
import {
  compileCondition,
  isMissing,
  isObject,
  type JsonObject,
  type Predicate,
  type Surroundings,
} from './conditions.ts'
import { type FormatTest, formatTests } from './formats.ts'
import { type ValueRule, valueRules } from './values.ts'

export type Profile = 'lenient' | 'strict'

export interface Column {
  readonly version: Version
  readonly message: MessageType
  readonly channel: string
  readonly category: string
  readonly profile: Profile
}

export interface Verdict {
  readonly findings: readonly Finding[]
  /** Breaches that the lenient profile takes, with the id of the tolerance. */
  readonly warnings: readonly Finding[]
}

export type Check = (message: JsonObject, around: Surroundings) => Verdict

/** Findings by step of ACS-VAL-12…16, so that an Erro reports the code of the first step that failed. */
interface Report {
  readonly missing: Finding[]
  readonly wrong: Finding[]
  readonly iso: Finding[]
  readonly extensionMissing: Finding[]
  readonly extension: Finding[]
  readonly warnings: Finding[]
}

/** `at`: where the value stands, with positions. */
type ValueTest = (value: unknown, report: Report, at: string) => void

interface Member {
  readonly name: string
  readonly path: string
  readonly isRequired: boolean
  readonly conditions: readonly Predicate[]
  readonly isContainer: boolean
  readonly test: ValueTest
  readonly children: readonly Member[]
  readonly isList: boolean
}

const columnNames = ['01-APP 01-PA', '01-APP 02-NPA', '02-BRW 01-PA', '02-BRW 02-NPA', '03-3RI 01-PA', '03-3RI 02-NPA']
const versionNames: readonly Version[] = ['2.1.0', '2.2.0', '2.3.1']

export const letterOf = (element: Element, column: Column): string => {
  const position = versionNames.indexOf(column.version)
  if (element.use !== undefined) return element.use[position] ?? '-'
  const group = element.presence?.[column.message]?.split(' ')[position] ?? '-'
  if (group.length === 1) return group
  return (
    group[columnNames.findIndex((name) => name.startsWith(column.channel) && name.includes(` ${column.category}`))] ??
    '-'
  )
}

export const applies = (list: readonly string[] | undefined, name: string): boolean =>
  list === undefined || list.some((entry) => entry === name || entry.startsWith(`${name}-`))

const conditionsOf = (element: Element, column: Column, isKnown: (name: string) => boolean): readonly Predicate[] =>
  (element.conditions ?? [])
    .filter(
      (condition) =>
        condition.effect !== 'allowed-if' &&
        applies(condition.versions, column.version) &&
        applies(condition.messages, column.message) &&
        applies(condition.channels, column.channel) &&
        applies(condition.categories, column.category),
    )
    .map((condition) => compileCondition(condition.when, isKnown))

const inRanges = (ranges: readonly string[], value: string): boolean =>
  ranges.some((range) => {
    const [from = range, to = from] = range.split('-')
    return value.length === from.length && value >= from && value <= to
  })

/** Length in characters, not in UTF-16 units (ACS-VAL-68). */
const lengthOf = (text: string): number => {
  let length = text.length
  for (let i = 0; i < text.length; i += 1) {
    const unit = text.charCodeAt(i)
    if (unit >= 0xd800 && unit <= 0xdbff) length -= 1
  }
  return length
}

/** How an unknown code is taken: fine, fine in the lenient profile only, or refused with this code. */
function codeTest(shape: Shape, column: Column): ((value: string) => ErrorCode | 'TOL-4' | undefined) | undefined {
  const list = shape.allowedIn?.[column.version]?.[column.message] ?? shape.codes?.[column.version]
  if (list === undefined) return undefined
  const codes = new Set(list.split(' '))
  const ds =
    shape.dsCodes !== undefined && (shape.dsCodesIn === undefined || shape.dsCodesIn.includes(column.version))
      ? [shape.dsCodes]
      : []
  const reserved = shape.reserved?.[column.version] ?? []
  const isNewest = column.version === '2.3.1'
  return (value) => {
    if (codes.has(value)) return undefined
    if (inRanges(ds, value)) return column.profile === 'lenient' ? 'TOL-4' : isNewest ? '207' : '203'
    return isNewest && inRanges(reserved, value) ? '207' : '203'
  }
}

function stringTest(path: string, shape: Shape, column: Column, rules: readonly ValueRule[]): ValueTest {
  const format: FormatTest | undefined = shape.kind === undefined ? undefined : formatTests[shape.kind]
  const pattern = shape.pattern === undefined ? undefined : new RegExp(shape.pattern)
  const code = codeTest(shape, column)
  const min = shape.min ?? 0
  const max = shape.max ?? Number.POSITIVE_INFINITY
  const isExtension = path.startsWith('messageExtension')
  const rule = isExtension ? 'ACS-VAL-84' : 'ACS-VAL-13'
  return (value, report, at) => {
    const wrong = isExtension ? report.extension : report.wrong
    if (typeof value !== 'string') {
      wrong.push({ errorCode: '203', element: path, at, rule: 'ACS-VAL-25' })
      return
    }
    if (
      value.length < min ||
      (min > 1 && lengthOf(value) < min) ||
      (value.length > max && lengthOf(value) > max) ||
      (format !== undefined && !format(value)) ||
      (pattern !== undefined && !pattern.test(value))
    ) {
      wrong.push({ errorCode: '203', element: path, at, rule })
      return
    }
    if (code !== undefined) {
      const answer = code(value)
      if (answer === 'TOL-4') report.warnings.push({ errorCode: '203', element: path, at, rule: 'TOL-4' })
      else if (answer !== undefined) wrong.push({ errorCode: answer, element: path, at, rule: 'ACS-VAL-35' })
    }
    for (const valueRule of rules) {
      if (!valueRule.isValid(value)) wrong.push({ errorCode: '203', element: path, at, rule: valueRule.rule })
    }
    if (shape.kind === 'country' && !countries.has(value)) {
      if (column.profile === 'lenient') report.warnings.push({ errorCode: '304', element: path, at, rule: 'TOL-2' })
      else report.iso.push({ errorCode: '304', element: path, at, rule: 'ACS-VAL-45' })
    } else if (shape.kind === 'currency' && !currencies.has(value)) {
      report.iso.push({ errorCode: '304', element: path, at, rule: 'ACS-VAL-45' })
    }
  }
}

const isTooLong = (value: unknown, max: number | undefined): boolean =>
  max !== undefined && lengthOf(JSON.stringify(value)) > max

function valueTest(path: string, shape: Shape, column: Column, rules: readonly ValueRule[]): ValueTest {
  const isExtension = path.startsWith('messageExtension')
  const refuse = (report: Report, at: string, rule: string): void => {
    const list = isExtension ? report.extension : report.wrong
    list.push({ errorCode: '203', element: path, at, rule })
  }
  switch (shape.type) {
    case 'string':
      return stringTest(path, shape, column, rules)
    case 'boolean':
      return (value, report, at) => {
        if (typeof value !== 'boolean' || rules.some((rule) => !rule.isValid(value))) refuse(report, at, 'ACS-VAL-25')
      }
    case 'object':
      return (value, report, at) => {
        if (!isObject(value) || isTooLong(value, shape.max)) refuse(report, at, 'ACS-VAL-13')
      }
    case 'array': {
      const [min, max] = shape.entries ?? [0, Number.POSITIVE_INFINITY]
      const entryTest = shape.items === 'string' ? stringTest(path, shape, column, rules) : undefined
      return (value, report, at) => {
        if (!Array.isArray(value) || value.length < min || value.length > max) {
          refuse(report, at, isExtension ? 'ACS-VAL-82' : 'ACS-VAL-13')
        } else if (path === 'messageExtension' && isTooLong(value, 81_920)) {
          refuse(report, at, 'ACS-VAL-83')
        } else if (entryTest !== undefined) {
          for (const [index, entry] of value.entries()) entryTest(entry, report, `${at}[${index}]`)
        } else if (value.some((entry) => !isObject(entry))) {
          refuse(report, at, 'ACS-VAL-25')
        }
      }
    }
    case 'any':
      return (value, report, at) => {
        if (isTooLong(value, shape.max)) refuse(report, at, 'ACS-VAL-13')
      }
  }
}

function membersOf(elements: ElementTable, parent: string | undefined, column: Column): readonly Member[] {
  const members: Member[] = []
  // A condition sees the elements of its own column only: what belongs to another channel or version is ignored (ACS-VAL-32).
  const isKnown = (name: string): boolean => {
    const element = elements[parent === undefined ? name : `${parent}.${name}`]
    return element !== undefined && letterOf(element, column) !== '-'
  }
  for (const [path, element] of Object.entries(elements)) {
    const name = parent === undefined ? path : path.startsWith(`${parent}.`) ? path.slice(parent.length + 1) : ''
    if (name === '' || name.includes('.')) continue
    const letter = letterOf(element, column)
    if (letter === '-') continue
    const shape = element.by?.[column.version] ?? element
    const rules = valueRules.filter((rule) => rule.path === path && (rule.versions?.includes(column.version) ?? true))
    members.push({
      name,
      path,
      isRequired: letter === 'R',
      conditions: letter === 'C' ? conditionsOf(element, column, isKnown) : [],
      isContainer: shape.type === 'object',
      test: valueTest(path, shape, column, rules),
      children: shape.type === 'object' || shape.items === 'object' ? membersOf(elements, path, column) : [],
      isList: shape.type === 'array',
    })
  }
  return members
}

function walk(
  members: readonly Member[],
  parent: JsonObject,
  around: Surroundings,
  isLenient: boolean,
  report: Report,
  where: string,
): void {
  for (const member of members) {
    const value = parent[member.name]
    const at = `${where}.${member.name}`
    if (value === undefined || isMissing(value)) {
      if (member.isRequired || member.conditions.some((condition) => condition(parent, around))) {
        const list = member.path.startsWith('messageExtension') ? report.extensionMissing : report.missing
        list.push({ errorCode: '201', element: member.path, at, rule: 'ACS-VAL-12' })
      } else if (value !== undefined) {
        // Present but empty although nobody asked for it (ACS-VAL-30); empty objects are common in the field (TOL-1).
        if (isLenient && member.isContainer && isObject(value)) {
          report.warnings.push({ errorCode: '203', element: member.path, at, rule: 'TOL-1' })
          Reflect.deleteProperty(parent, member.name) // as absent; the message was parsed for this walk
        } else {
          report.wrong.push({ errorCode: '203', element: member.path, at, rule: 'ACS-VAL-30' })
        }
      }
      continue
    }
    member.test(value, report, at)
    if (member.children.length === 0) continue
    if (!member.isList) {
      if (isObject(value)) walk(member.children, value, around, isLenient, report, at)
    } else if (Array.isArray(value)) {
      for (const [index, entry] of value.entries())
        if (isObject(entry)) walk(member.children, entry, around, isLenient, report, `${at}[${index}]`)
    }
  }
}

/** Critical extensions nobody here knows (ACS-VAL-85). errorDetail holds their ids. */
function criticalExtensions(message: JsonObject): readonly Finding[] {
  const list = message.messageExtension
  if (!Array.isArray(list)) return []
  return list.flatMap((entry, index) =>
    isObject(entry) && entry.criticalityIndicator === true && typeof entry.id === 'string'
      ? [{ errorCode: '202', element: entry.id, at: `$.messageExtension[${index}].id`, rule: 'ACS-VAL-85' } as const]
      : [],
  )
}

/** The check of one column of the table. */
export function compileCheck(elements: ElementTable, column: Column): Check {
  const members = membersOf(elements, undefined, column)
  const isLenient = column.profile === 'lenient'
  return (message, around) => {
    const report: Report = { missing: [], wrong: [], iso: [], extensionMissing: [], extension: [], warnings: [] }
    walk(members, message, around, isLenient, report, '$')
    const { missing, wrong, iso, extensionMissing, extension, warnings } = report
    const critical = message.messageExtension === undefined ? [] : criticalExtensions(message)
    const isClean =
      missing.length + wrong.length + iso.length + extensionMissing.length + extension.length + critical.length === 0
    return {
      findings: isClean ? [] : [...missing, ...wrong, ...iso, ...extensionMissing, ...extension, ...critical],
      warnings,
    }
  }
}
