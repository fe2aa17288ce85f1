// Every element with all that the tables say of it: what the reference page and the console show. Spec: Annex A, Annex B.
import { encodeBase64url } from '../base64url.ts'
import { exampleOf, sampleMessage } from '../messages/sample.ts'
import { elements } from '../tables/elements.ts'
import type { Element, ElementTable, Shape, Version } from '../tables/types.ts'
import { rulesOf } from './rules.ts'
import { codeTitles, elementTexts } from './texts.ts'
import type { ConditionText } from './types.ts'

export const allVersions: readonly Version[] = ['2.1.0', '2.2.0', '2.3.1']

/** Messages in the order of a transaction; the last three are forms that a browser posts. */
export const allMessages = [
  ...(['AReq', 'ARes', 'CReq', 'CRes', 'RReq', 'RRes', 'PReq', 'PRes', 'OReq', 'ORes', 'Erro'] as const),
  ...(['3DSMethodPost', 'CReqPost', 'CResPost'] as const),
] as const
type MessageName = (typeof allMessages)[number]

export const allChannels = ['app', 'browser', '3RI'] as const
type ChannelName = (typeof allChannels)[number]

/** `R`, `C`, `O`; where payment and non-payment differ `R/O`, with `-` where the element is no part of it. */
export type PresenceOf = { readonly all: string } | { readonly [channel in ChannelName]?: string }

interface MessagePresence {
  readonly message: MessageName
  readonly in: Partial<Record<Version, PresenceOf>>
}

interface Form {
  readonly versions: readonly Version[]
  /** Without codes: those are in `codes`. */
  readonly shape: Shape
}

export interface CodeFacts {
  readonly code: string
  /** English; what the specification's list says. */
  readonly title: string
  readonly versions: readonly Version[]
}

export interface Example {
  readonly versions: readonly Version[]
  readonly message: MessageName
  readonly channel: string
  readonly category: string
  readonly value: unknown
}

export interface ElementFacts {
  readonly path: string
  readonly name: string
  readonly title: string
  readonly parent?: string
  readonly children: readonly string[]
  readonly versions: readonly Version[]
  readonly messages: readonly MessageName[]
  readonly forms: readonly Form[]
  /** Members of a message. */
  readonly presence: readonly MessagePresence[]
  /** Members of an object: what counts once the object is there. */
  readonly use?: Partial<Record<Version, string>>
  readonly conditions: readonly ConditionText[]
  readonly list?: string
  readonly codes: readonly CodeFacts[]
  /** Codes that single messages do not take. */
  readonly narrowed: readonly { readonly version: Version; readonly message: string; readonly codes: string }[]
  readonly dsCodes?: { readonly range: string; readonly versions: readonly Version[] }
  readonly reserved: readonly { readonly versions: readonly Version[]; readonly ranges: readonly string[] }[]
  readonly rules: readonly string[]
  /** Its name in other versions; `path` where that is an element too. */
  readonly otherNames: readonly { readonly version: string; readonly name: string; readonly path?: string }[]
  readonly source: readonly string[]
  readonly note?: string
  readonly examples: readonly Example[]
}

const table: ElementTable = elements
const entries: readonly (readonly [path: string, element: Element])[] = Object.entries(table)

const parentOf = (path: string): string | undefined =>
  path.includes('.') ? path.slice(0, path.lastIndexOf('.')) : undefined
const leafOf = (path: string): string => path.slice(path.lastIndexOf('.') + 1)
const rootOf = (path: string): string => path.split('.')[0] ?? path

/** The letters of one message in one version; one letter for messages without a channel. */
const lettersOf = (element: Element | undefined, message: string, version: Version): string =>
  element?.presence?.[message]?.split(' ')[allVersions.indexOf(version)] ?? '-'

/** Whether any element stands in this column: 3RI has no challenge, 2.1.0 no 3RI payment. */
const isColumn = (message: string, version: Version, position: number): boolean =>
  entries.some(([, element]) => (lettersOf(element, message, version)[position] ?? '-') !== '-')

const columns = new Map<string, boolean>()
function hasColumn(message: string, version: Version, position: number): boolean {
  const key = `${message} ${version} ${position}`
  const known = columns.get(key) ?? isColumn(message, version, position)
  columns.set(key, known)
  return known
}

function presenceIn(element: Element, message: MessageName, version: Version): PresenceOf | undefined {
  const letters = lettersOf(element, message, version)
  if (!/[RCO]/.test(letters)) return undefined
  if (letters.length === 1) return { all: letters }
  const channels = allChannels.flatMap((channel, index) => {
    const there = [2 * index, 2 * index + 1].filter((position) => hasColumn(message, version, position))
    const own = [...new Set(there.map((position) => letters[position] ?? '-'))]
    return own.length === 0 ? [] : [[channel, own.join('/')] as const]
  })
  const [[, first = '-'] = []] = channels
  return first.length === 1 && channels.every(([, letter]) => letter === first)
    ? { all: first }
    : Object.fromEntries(channels.filter(([, letter]) => letter !== '-'))
}

function presenceOf(element: Element): readonly MessagePresence[] {
  return allMessages.flatMap((message) => {
    const versions = allVersions.flatMap((version) => {
      const found = presenceIn(element, message, version)
      return found === undefined ? [] : [[version, found] as const]
    })
    return versions.length === 0 ? [] : [{ message, in: Object.fromEntries(versions) }]
  })
}

function versionsOf(path: string): readonly Version[] {
  const element = table[path]
  const parent = parentOf(path)
  return allVersions.filter((version, position) =>
    parent === undefined
      ? allMessages.some((message) => /[RCO]/.test(lettersOf(element, message, version)))
      : (element?.use?.[position] ?? '-') !== '-' && versionsOf(parent).includes(version),
  )
}

const shapeIn = (element: Element, version: Version): Shape => element.by?.[version] ?? element

/** What is left of a row when presence and codes are told elsewhere. */
const plain = ({ type, kind, min, max, pattern, entries: count, items, isOpen }: Shape): Shape => ({
  type,
  ...(kind !== undefined && { kind }),
  ...(min !== undefined && { min }),
  ...(max !== undefined && { max }),
  ...(pattern !== undefined && { pattern }),
  ...(count !== undefined && { entries: count }),
  ...(items !== undefined && { items }),
  ...(isOpen !== undefined && { isOpen }),
})

/** Versions with the same value together, in the order in which the values come. */
function grouped<T>(versions: readonly Version[], valueIn: (version: Version) => T): readonly [T, Version[]][] {
  const groups = new Map<string, [T, Version[]]>()
  for (const version of versions) {
    const value = valueIn(version)
    const key = JSON.stringify(value)
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [value, [version]])
    else group[1].push(version)
  }
  return [...groups.values()]
}

function codesOf(path: string, element: Element, versions: readonly Version[]): readonly CodeFacts[] {
  const { list: usual, listIn } = elementTexts[path] ?? {}
  const found = new Map<string, { title: string; versions: Version[] }>()
  for (const version of versions) {
    const titles = new Map(codeTitles[listIn?.[version] ?? usual ?? ''])
    for (const code of shapeIn(element, version).codes?.[version]?.split(' ') ?? []) {
      const known = found.get(code)
      if (known === undefined) found.set(code, { title: titles.get(code) ?? '', versions: [version] })
      else known.versions.push(version)
    }
  }
  return [...found].map(([code, facts]) => ({ code, ...facts })).toSorted(byCode)
}

/** By number where they are numbers; letters stay as they come. */
const byCode = (one: CodeFacts, other: CodeFacts): number => {
  const isNumber = /^[0-9]+$/.test(one.code) && /^[0-9]+$/.test(other.code)
  return isNumber ? Number(one.code) - Number(other.code) : 0
}

interface Column {
  readonly message: MessageName
  readonly channel: string
  readonly category: string
}

const columnIds = allChannels.flatMap((_, index) =>
  ['01', '02'].map((category) => [`0${index + 1}`, category] as const),
)

/** A column of the version that has the element; a browser payment if there is one. */
function columnFor(path: string, version: Version): Column | undefined {
  const root = table[rootOf(path)]
  for (const message of allMessages) {
    const letters = lettersOf(root, message, version)
    if (/^[RCO]$/.test(letters)) return { message, channel: '02', category: '01' }
    const found = [2, 3, 0, 1, 4, 5].find((position) => /[RCO]/.test(letters[position] ?? '-'))
    const [channel, category] = columnIds[found ?? -1] ?? []
    if (channel !== undefined && category !== undefined) return { message, channel, category }
  }
  return undefined
}

const isMessage = (name: MessageName): name is Exclude<MessageName, `${string}Post`> => !name.endsWith('Post')

/** Members of what a form posts are no members of a message; any one will do for their values. */
const exampleAt = (path: string, version: Version, { message, channel, category }: Column): unknown =>
  exampleOf(path, { version, message: isMessage(message) ? message : 'AReq', channel, category })

const encoded = (value: unknown): string => encodeBase64url(JSON.stringify(value))

/** A browser's form fields hold whole messages. */
function fieldExample(path: string, version: Version, column: Column): unknown {
  const message = path === 'creq' ? 'CReq' : path === 'cres' ? 'CRes' : undefined
  if (message !== undefined)
    return encoded(sampleMessage({ version, message, channel: '02', category: '01', leg: 'BRW-ACS', fill: 'minimal' }))
  const members = entries.filter(([child]) => parentOf(child) === path).map(([child]) => child)
  return encoded(Object.fromEntries(members.map((child) => [leafOf(child), exampleAt(child, version, column)])))
}

const fields: readonly string[] = ['threeDSMethodData', 'creq', 'cres']

/** Versions with the same example together; of a form field, which names its version, the newest one. */
function examplesOf(path: string, versions: readonly Version[]): readonly Example[] {
  const isField = fields.includes(path)
  return grouped(isField ? versions.slice(-1) : versions, (version) => {
    const column = columnFor(path, version)
    if (column === undefined) return undefined
    return { ...column, value: isField ? fieldExample(path, version, column) : exampleAt(path, version, column) }
  }).flatMap(([example, of]) => (example === undefined ? [] : [{ versions: of, ...example }]))
}

function otherNamesOf(path: string): ElementFacts['otherNames'] {
  const { renamedFrom, renamedTo } = elementTexts[path] ?? {}
  return [renamedFrom, renamedTo].flatMap((names) =>
    Object.entries(names ?? {}).flatMap(([version, all]) =>
      all.split(' / ').map((text) => {
        const [name = text] = text.split(' ')
        return { version, name: text, ...(Object.hasOwn(table, name) && { path: name }) }
      }),
    ),
  )
}

function factsOf(path: string, element: Element): ElementFacts {
  const words = elementTexts[path] ?? {}
  const versions = versionsOf(path)
  const parent = parentOf(path)
  const presence = presenceOf(element)
  const shapes = grouped(versions, (version) => plain(shapeIn(element, version)))
  const forms = shapes.map(([shape, versionsOfShape]) => ({ versions: versionsOfShape, shape }))
  const newest = shapeIn(element, versions.at(-1) ?? '2.3.1')
  const messages = presenceOf(table[rootOf(path)] ?? element)
    .filter((one) => versions.some((version) => one.in[version] !== undefined))
    .map(({ message }) => message)
  return {
    path,
    name: leafOf(path),
    title: element.name,
    ...(parent !== undefined && { parent }),
    children: entries.filter(([child]) => parentOf(child) === path).map(([child]) => child),
    versions,
    messages,
    forms,
    presence,
    ...(parent !== undefined && {
      use: Object.fromEntries(versions.map((version) => [version, element.use?.[allVersions.indexOf(version)] ?? '-'])),
    }),
    conditions: words.conditions ?? [],
    ...(words.list !== undefined && { list: words.list }),
    codes: codesOf(path, element, versions),
    narrowed: versions.flatMap((version) =>
      Object.entries(shapeIn(element, version).allowedIn?.[version] ?? {}).flatMap(([message, codes]) =>
        codes === undefined ? [] : [{ version, message, codes }],
      ),
    ),
    ...(newest.dsCodes !== undefined && {
      dsCodes: {
        range: newest.dsCodes,
        versions: versions.filter((version) => newest.dsCodesIn?.includes(version) ?? true),
      },
    }),
    reserved: grouped(versions, (version) => shapeIn(element, version).reserved?.[version] ?? [])
      .filter(([ranges]) => ranges.length > 0)
      .map(([ranges, versionsOfRanges]) => ({ versions: versionsOfRanges, ranges })),
    rules: rulesOf(path, messages, versions),
    otherNames: otherNamesOf(path),
    source: words.source ?? [],
    ...(words.note !== undefined && { note: words.note }),
    examples: examplesOf(path, versions),
  }
}

let made: readonly ElementFacts[] | undefined

/** Every element of the table, in its order. Made when first asked for: it takes a moment. */
export function elementCatalogue(): readonly ElementFacts[] {
  made ??= entries.map(([path, element]) => factsOf(path, element))
  return made
}
