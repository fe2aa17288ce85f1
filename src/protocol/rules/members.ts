// The rows of one column as a tree: what walk.ts and compiled.ts go through. Spec: Table A.1, Annex B; ACS-VAL-12, 27, 31, 32.
import type { ElementTable, Leg, Shape } from '../tables/types.ts'
import { applies, type Column, letterOf } from './column.ts'
import { compileCondition, isContextPresent, type Predicate } from './conditions.ts'
import { type Values, type ValueTest, valueTestOf } from './value-tests.ts'
import { type Emptiness, emptinesses, tolerances, valueRules } from './values.ts'

export interface Member {
  readonly name: string
  readonly path: string
  readonly isRequired: boolean
  /** One that holds makes the element required. */
  readonly conditions: readonly Predicate[]
  /** Where it does not hold, nobody asked and the value is not looked at. */
  readonly isHeard?: Predicate
  readonly emptiness?: Emptiness
  readonly shape: Shape
  readonly values: Values
  readonly test: ValueTest
  readonly children: readonly Member[]
}

/** Presence of these is judged by creq-app.ts, which knows what one CReq may say at a time (ACS-VAL-115, ACS-VAL-126). */
const judgedElsewhere: ReadonlySet<string> = new Set([
  'challengeDataEntry',
  'challengeNoEntry',
  'trustListDataEntry',
  'deviceBindingDataEntry',
])

/** Elements of a CReq that count only if the last CRes offered them (ACS-VAL-126, ACS-VAL-164). */
const offeredBy: Readonly<Record<string, string>> = {
  challengeDataEntryTwo: 'CRes.challengeEntryBoxTwo',
  whitelistingDataEntry: 'CRes.whitelistingInfoText',
  trustListDataEntry: 'CRes.trustListInfoText',
  deviceBindingDataEntry: 'CRes.deviceBindingInfoText',
  challengeAddCode: 'CRes.challengeAddLabel',
}

/** Elements that others check: not looked at on these legs (AREQ:sdkServerSignedContent, AREQ:sdkEncData). */
const ignoredOn: Readonly<Record<string, Leg>> = { sdkServerSignedContent: 'DS-ACS', sdkEncData: 'DS-ACS' }

/** Without a CRes nothing is known of what was offered, and the value counts. */
function isHeardBy(path: string, { message }: Column): Predicate | undefined {
  const deaf = ignoredOn[path]
  if (deaf !== undefined) return (_parent, { leg }) => leg !== deaf
  const offer = message === 'CReq' ? offeredBy[path] : undefined
  if (offer === undefined) return undefined
  return (_parent, { context }) => !isContextPresent(context, 'CRes.acsUiType') || isContextPresent(context, offer)
}

/** The members of `parent` (undefined: of the message) in this column. */
export function membersOf(table: ElementTable, parent: string | undefined, column: Column): readonly Member[] {
  // A condition sees the elements of its own column only: what belongs to another channel or version is ignored (ACS-VAL-32).
  const isKnown = (name: string): boolean => {
    const element = table[parent === undefined ? name : `${parent}.${name}`]
    return element !== undefined && letterOf(element, column) !== '-'
  }
  const members: Member[] = []
  for (const [path, element] of Object.entries(table)) {
    const name = parent === undefined ? path : path.startsWith(`${parent}.`) ? path.slice(parent.length + 1) : ''
    if (name === '' || name.includes('.')) continue
    const letter = letterOf(element, column)
    if (letter === '-') continue
    const shape: Shape = element.by?.[column.version] ?? element
    const isConditional = letter === 'C' && !(column.message === 'CReq' && judgedElsewhere.has(path))
    const conditions = isConditional
      ? (element.conditions ?? []).filter(
          (condition) =>
            condition.effect !== 'allowed-if' &&
            applies(condition.versions, column.version) &&
            applies(condition.messages, column.message) &&
            applies(condition.channels, column.channel) &&
            applies(condition.categories, column.category),
        )
      : []
    const tolerance = tolerances.find((one) => one.path === path && one.message === column.message)
    const values: Values = {
      path,
      shape,
      column,
      rules: valueRules.filter((rule) => rule.path === path && (rule.versions?.includes(column.version) ?? true)),
      ...(tolerance !== undefined && { tolerance }),
    }
    const emptiness = emptinesses.find((one) => one.path === path && one.versions.includes(column.version))
    const isHeard = isHeardBy(path, column)
    members.push({
      name,
      path,
      isRequired: letter === 'R',
      conditions: conditions.map((condition) => compileCondition(condition.when, isKnown)),
      ...(isHeard !== undefined && { isHeard }),
      ...(emptiness !== undefined && { emptiness }),
      shape,
      values,
      test: valueTestOf(values),
      children: shape.type === 'object' || shape.items === 'object' ? membersOf(table, path, column) : [],
    })
  }
  return members
}
