// Which rules of the handbook name an element. Taken from the tables that check it; what code checks is listed here.

import { tolerantCountries } from '../rules/value-tests.ts'
import { emptinesses, tolerances, valueRules } from '../rules/values.ts'
import { acrossRows, echoRows, withinRows } from '../tables/across.ts'
import { elements } from '../tables/elements.ts'
import type { Element, ElementTable, Version } from '../tables/types.ts'

/** Checks that are no row of a table: creq-app.ts, switched.ts, card-ranges.ts, head.ts. */
const inCode: Readonly<Record<string, readonly string[]>> = {
  messageType: ['ACS-VAL-5', 'ACS-VAL-6'],
  messageVersion: ['ACS-VAL-7', 'ACS-VAL-8', 'ACS-VAL-9', 'ACS-VAL-10'],
  messageExtension: ['ACS-VAL-82', 'ACS-VAL-83', 'ACS-VAL-88'],
  'messageExtension.id': ['ACS-VAL-84', 'ACS-VAL-85'],
  'messageExtension.name': ['ACS-VAL-84'],
  'messageExtension.criticalityIndicator': ['ACS-VAL-84', 'ACS-VAL-85'],
  'messageExtension.data': ['ACS-VAL-84'],
  purchaseCurrency: ['ACS-VAL-67'],
  purchaseExponent: ['ACS-VAL-67'],
  recurringCurrency: ['ACS-VAL-67'],
  recurringExponent: ['ACS-VAL-67'],
  purchaseDate: ['ACS-VAL-156'],
  mcc: ['ACS-VAL-15'],
  challengeDataEntry: ['ACS-VAL-115'],
  challengeDataEntryTwo: ['ACS-VAL-115'],
  challengeNoEntry: ['ACS-VAL-114', 'ACS-VAL-115', 'TOL-6'],
  challengeCancel: ['ACS-VAL-115'],
  challengeAddCode: ['ACS-VAL-115'],
  resendChallenge: ['ACS-VAL-115'],
  oobContinue: ['ACS-VAL-115'],
  whitelistingDataEntry: ['ACS-VAL-126'],
  trustListDataEntry: ['ACS-VAL-126'],
  deviceBindingDataEntry: ['ACS-VAL-126'],
  sdkCounterStoA: ['ACS-VAL-112'],
  threeDSRequestorAppURL: ['ACS-VAL-128'],
  cardRangeData: ['FLOW-PRE-5'],
  serialNum: ['FLOW-PRE-2'],
  threeDSMethodData: ['FLOW-MTH-2'],
  'threeDSMethodData.threeDSServerTransID': ['FLOW-MTH-2'],
  'threeDSMethodData.threeDSMethodNotificationURL': ['FLOW-MTH-2'],
}

const table: ElementTable = elements
const isoKinds: readonly (string | undefined)[] = ['country', 'currency', 'currencyAlpha']

/** Of codes: reserved ranges, ranges of a DS, codes of later versions (ACS-VAL-35…37). */
function codeRules({ reserved, dsCodes, codes }: Element): readonly string[] {
  const lists = new Set(Object.values(codes ?? {}))
  return [
    ...(reserved === undefined ? [] : ['ACS-VAL-35']),
    ...(dsCodes === undefined ? [] : ['ACS-VAL-36', 'TOL-4']),
    ...(lists.size > 1 ? ['ACS-VAL-37'] : []),
  ]
}

/** Its own id in every message, then the rules that name it, in the order of their numbers. */
export function rulesOf(path: string, messages: readonly string[], versions: readonly Version[]): readonly string[] {
  const element = table[path]
  if (element === undefined) return []
  const { type, kind, by } = element
  const own = messages
    .filter((message) => !message.endsWith('Post'))
    .map((message) => `${message.toUpperCase()}:${path}`)
  const isIn = (of: readonly Version[] | undefined): boolean =>
    of?.some((version) => versions.includes(version)) ?? true
  const isList = [type, ...Object.values(by ?? {}).map((shape) => shape.type)].includes('array')
  const found = [
    ...valueRules
      .filter((row) => row.path === path && isIn(row.versions))
      .flatMap(({ rule, tolerance }) => (tolerance === undefined ? [rule] : [rule, tolerance])),
    ...[...tolerances, ...emptinesses].filter((row) => row.path === path).map(({ rule }) => rule),
    ...[...withinRows, ...acrossRows]
      .filter((row) => row.element === path && isIn(row.versions))
      .map(({ rule }) => rule),
    ...echoRows.filter((row) => row.elements.includes(path)).map(({ rule }) => rule),
    ...(inCode[path] ?? []),
    ...codeRules(element),
    ...(isList && versions.includes('2.3.1') && path !== 'messageExtension' ? ['ACS-VAL-38'] : []),
    ...(isoKinds.includes(kind) ? ['ACS-VAL-45'] : []),
    ...(tolerantCountries.has(path) ? ['TOL-2'] : []),
  ].filter((rule) => !own.includes(rule))
  return [...own, ...[...new Set(found)].toSorted((one, other) => one.localeCompare(other, 'en', { numeric: true }))]
}
