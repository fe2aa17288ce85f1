// The element table as a builder of messages reads it: what a column asks for, and what it only allows. Spec: Annex A.
import { applies, letterOf } from '../rules/column.ts'
import { compileCondition, type Predicate } from '../rules/conditions.ts'
import { withinRows } from '../tables/across.ts'
import type { Condition, Element, ElementTable, MessageType, Shape, Version } from '../tables/types.ts'

/** One column of the table. */
export interface Place {
  readonly version: Version
  readonly message: MessageType
  readonly channel: string
  readonly category: string
}

export interface Row {
  readonly path: string
  readonly name: string
  readonly element: Element
  readonly shape: Shape
  readonly isRequired: boolean
  /** One that holds makes the element required. */
  readonly needs: readonly Predicate[]
  /** Where there are any, one must hold for the element to be there. */
  readonly limits: readonly Predicate[]
  /** None may hold with the element there: rules over several elements of the message. */
  readonly bans: readonly Predicate[]
}

export const leafOf = (path: string): string => path.slice(path.lastIndexOf('.') + 1)

const letterAt = (element: Element | undefined, place: Place): string =>
  element === undefined ? '-' : letterOf(element, { ...place, profile: 'strict' })

/** Whether the table knows the message in this column: 3RI has no challenge, 2.1.0 no 3RI payment. */
export const knows = (table: ElementTable, place: Place): boolean => letterAt(table.messageType, place) !== '-'

function compile(table: ElementTable, place: Place, parent: string): readonly Row[] {
  const prefix = parent === '' ? '' : `${parent}.`
  const isKnown = (name: string): boolean => letterAt(table[`${prefix}${name}`], place) !== '-'
  return Object.entries(table).flatMap(([path, element]) => {
    const name = leafOf(path)
    const letter = letterAt(element, place)
    if (`${prefix}${name}` !== path || letter === '-') return []
    const conditions = (element.conditions ?? []).filter(
      (condition) =>
        applies(condition.versions, place.version) &&
        applies(condition.messages, place.message) &&
        applies(condition.channels, place.channel) &&
        applies(condition.categories, place.category),
    )
    const predicate = ({ when }: Pick<Condition, 'when'>): Predicate => compileCondition(when, isKnown)
    const rules = withinRows.filter(
      (rule) =>
        rule.element.split('.')[0] === path &&
        rule.message === place.message &&
        (rule.versions?.includes(place.version) ?? true),
    )
    const due = rules.filter(({ code }) => code === '201').map(predicate)
    return [
      {
        path,
        name,
        element,
        shape: element.by?.[place.version] ?? element,
        isRequired: letter === 'R',
        needs: [
          ...(letter === 'C' ? conditions.filter(({ effect }) => effect !== 'allowed-if').map(predicate) : []),
          ...due,
        ],
        limits: conditions.filter(({ effect }) => effect !== 'required-if').map(predicate),
        bans: rules.filter(({ code }) => code !== '201').map(predicate),
      },
    ]
  })
}

export type RowsOf = (place: Place, parent: string) => readonly Row[]

/** Rows of the members of `parent` (the message itself: ''), compiled when first asked for. */
export function createRows(table: ElementTable): RowsOf {
  const known = new Map<string, readonly Row[]>()
  return (place, parent) => {
    const { version, message, channel, category } = place
    const key = `${version} ${message} ${channel} ${category} ${parent}`
    const rows = known.get(key) ?? compile(table, place, parent)
    known.set(key, rows)
    return rows
  }
}
