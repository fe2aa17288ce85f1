// What the table and the specification's words say of one element in one column. Spec: Annex A, Annex B.
import { applies, letterOf } from '../rules/checker.ts'
import { elements } from '../tables/elements.ts'
import type { Element, ElementTable, FormatKind, Shape, Version } from '../tables/types.ts'
import { codeTitles, elementTexts } from './texts.ts'
import type { ConditionText } from './types.ts'

export interface ElementAbout {
  readonly version: Version
  /** A message type, or one of the browser's form posts. */
  readonly message: string
  readonly channel?: string | undefined
  readonly category?: string | undefined
}

export interface Code {
  readonly code: string
  /** English; what the specification's list says. */
  readonly title: string
}

export interface ElementDescription {
  readonly path: string
  readonly name: string
  readonly shape: Shape
  readonly kind?: FormatKind
  /** `-`: not part of this message in this column. */
  readonly presence: 'R' | 'C' | 'O' | '-'
  /** Conditions that count in this column. */
  readonly conditions: readonly { readonly text: string; readonly isComputed: boolean }[]
  /** Usable codes of this version and message. */
  readonly codes: readonly Code[]
  /** Ranges a DS may define, and ranges nobody may use. */
  readonly dsCodes?: string
  readonly reserved: readonly string[]
  readonly note?: string
  readonly source: readonly string[]
  /** Its name in other versions. */
  readonly otherNames: readonly { readonly version: string; readonly name: string }[]
}

const table: ElementTable = elements

const letters: readonly string[] = ['R', 'C', 'O']
const isLetter = (letter: string): letter is 'R' | 'C' | 'O' => letters.includes(letter)

function codesOf(path: string, shape: Shape, { version, message }: ElementAbout): readonly Code[] {
  const list = shape.allowedIn?.[version]?.[message] ?? shape.codes?.[version]
  if (list === undefined) return []
  const { list: usual, listIn } = elementTexts[path] ?? {}
  const titles = new Map(codeTitles[listIn?.[version] ?? usual ?? ''])
  return list.split(' ').map((code) => ({ code, title: titles.get(code) ?? '' }))
}

const counts = (condition: ConditionText, { version, message, channel, category }: ElementAbout): boolean =>
  applies(condition.versions, version) &&
  applies(condition.messages, message) &&
  (channel === undefined || applies(condition.channels, channel)) &&
  (category === undefined || applies(condition.categories, category))

/** `messageExtension.data` of an entry, `acctInfo.chAccAgeInd` of a member; undefined: the protocol has no such element. */
export function describeElement(path: string, about: ElementAbout): ElementDescription | undefined {
  const element: Element | undefined = Object.hasOwn(table, path) ? table[path] : undefined
  if (element === undefined) return undefined
  const { version, message, channel = '02', category = '01' } = about
  const shape: Shape = element.by?.[version] ?? element
  const letter = letterOf(element, { version, message: message as 'AReq', channel, category, profile: 'strict' })
  const words = elementTexts[path]
  const hasDsCodes = shape.dsCodesIn === undefined || shape.dsCodesIn.includes(version)
  return {
    path,
    name: element.name,
    shape,
    ...(shape.kind !== undefined && { kind: shape.kind }),
    presence: isLetter(letter) ? letter : '-',
    conditions: (words?.conditions ?? [])
      .filter((condition) => counts(condition, about))
      .map(({ text, isComputed = false }) => ({ text, isComputed })),
    codes: codesOf(path, shape, about),
    ...(shape.dsCodes !== undefined && hasDsCodes && { dsCodes: shape.dsCodes }),
    reserved: shape.reserved?.[version] ?? [],
    ...(words?.note !== undefined && { note: words.note }),
    source: words?.source ?? [],
    otherNames: [words?.renamedFrom, words?.renamedTo].flatMap((names) =>
      Object.entries(names ?? {}).map(([other, name]) => ({ version: other, name })),
    ),
  }
}
