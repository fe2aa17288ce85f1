// Turns the element table and its words into docs/elements.md. Run by `npm run docs`.
import { expectedWords } from '../lint/expected.ts'
import {
  allMessages,
  allVersions,
  type CodeFacts,
  type ElementFacts,
  elementCatalogue,
  type PresenceOf,
} from '../protocol/reference/catalogue.ts'
import type { ConditionText } from '../protocol/reference/types.ts'
import type { Shape, Version } from '../protocol/tables/types.ts'

/** More codes than these stand in a section of their own, once for all elements that share them. */
const mostInline = 6

/** As a heading's address is made of its text. */
export const anchorOf = (path: string): string => path.toLowerCase().replaceAll('.', '')

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('<', '&lt;')
const prose = (text: string): string =>
  text
    .replaceAll('<', '&lt;')
    .replaceAll('*', '\\*')
    .replace(/_(?=\w)/g, '\\_')
const link = (path: string): string => `[\`${path}\`](#${anchorOf(path)})`
const isAll = (versions: readonly string[], of: readonly string[]): boolean => versions.length === of.length

/** Of the versions that have the element; nothing where it is all of them. */
const only = (versions: readonly Version[], of: readonly Version[]): string =>
  isAll(versions, of) ? '' : ` (${versions.join(', ')})`

const presenceWords = (presence: PresenceOf | undefined): string =>
  presence === undefined
    ? '–'
    : Object.entries(presence)
        .map(([channel, letters]) => (channel === 'all' ? letters : `${channel} ${letters}`))
        .join(', ')

const shapeWords = (path: string, name: string, shape: Shape): string =>
  expectedWords(
    { path, name, shape, presence: 'O', conditions: [], codes: [], reserved: [], source: [], otherNames: [] },
    'en',
  )

function conditionWords({
  text,
  isComputed,
  versions = [],
  messages = [],
  channels = [],
  categories = [],
}: ConditionText): string {
  const where = [...versions, ...messages, ...channels, ...categories].join(', ')
  return `- ${where === '' ? '' : `${where}: `}${prose(text)}${isComputed ? ' *(checked)*' : ''}`
}

const codeLine = ({ code, title, versions }: CodeFacts, of: readonly Version[]): string =>
  `\`${code}\`${title === '' || title === code ? '' : ` ${prose(title)}`}${only(versions, of)}`

interface CodeList {
  readonly title: string
  readonly codes: readonly CodeFacts[]
  readonly paths: string[]
}

/** The lists that are too long for the element; a list with other versions elsewhere is another one. */
function longLists(facts: readonly ElementFacts[]): ReadonlyMap<string, CodeList> {
  const lists = new Map<string, CodeList>()
  const names = new Map<string, number>()
  for (const { path, list = path, codes } of facts) {
    if (codes.length <= mostInline) continue
    const key = JSON.stringify([list, codes])
    const known = lists.get(key)
    if (known !== undefined) {
      known.paths.push(path)
      continue
    }
    const count = (names.get(list) ?? 0) + 1
    names.set(list, count)
    lists.set(key, { title: `Codes of ${list}${count === 1 ? '' : ` ${count}`}`, codes, paths: [path] })
  }
  return lists
}

const listAnchor = (title: string): string => title.toLowerCase().replaceAll(' ', '-')

function codesLines(facts: ElementFacts, lists: ReadonlyMap<string, CodeList>): readonly string[] {
  const { path, list = path, codes, versions, narrowed, dsCodes, reserved } = facts
  if (codes.length === 0) return []
  const long = lists.get(JSON.stringify([list, codes]))
  return [
    long === undefined
      ? `- Codes: ${codes.map((code) => codeLine(code, versions)).join('; ')}`
      : `- Codes: [${codes.length} codes](#${listAnchor(long.title)})`,
    ...narrowed.map(({ version, message, codes: some }) => `- In ${message} ${version}: \`${some}\``),
    ...(dsCodes === undefined ? [] : [`- For a DS to define: \`${dsCodes.range}\`${only(dsCodes.versions, versions)}`]),
    ...reserved.map(
      (one) => `- Reserved: ${one.ranges.map((range) => `\`${range}\``).join(', ')}${only(one.versions, versions)}`,
    ),
  ]
}

function presenceLines({ presence, use, parent, versions }: ElementFacts): readonly string[] {
  if (use !== undefined && parent !== undefined) {
    const letters = [...new Set(Object.values(use))]
    const words = letters.length === 1 ? letters[0] : versions.map((version) => `${version} ${use[version]}`).join(', ')
    return [`- Presence within ${link(parent)}: ${words}`]
  }
  return [
    '',
    '| Message | 2.1.0 | 2.2.0 | 2.3.1 |',
    '| --- | --- | --- | --- |',
    ...presence.map(
      (row) => `| ${row.message} | ${allVersions.map((version) => presenceWords(row.in[version])).join(' | ')} |`,
    ),
    '',
  ]
}

function section(facts: ElementFacts, lists: ReadonlyMap<string, CodeList>): string {
  const { path, name, title, versions, forms, conditions, rules, otherNames, source, note, examples, children } = facts
  const level = path.includes('.') ? '####' : '###'
  return [
    `${level} \`${path}\``,
    '',
    `**${prose(title)}** · ${versions.join(', ')}${source.length === 0 ? '' : ` · from ${prose(source.join(', '))}`}`,
    '',
    ...forms.map((form) => `- Form: ${prose(shapeWords(path, name, form.shape))}${only(form.versions, versions)}`),
    ...codesLines(facts, lists),
    ...(children.length === 0 ? [] : [`- Members: ${children.map(link).join(', ')}`]),
    ...(rules.length === 0 ? [] : [`- Rules: ${rules.map((rule) => `\`${rule}\``).join(', ')}`]),
    ...otherNames.map(
      (other) => `- In ${other.version}: ${other.path === undefined ? `\`${other.name}\`` : link(other.path)}`,
    ),
    ...presenceLines(facts),
    ...conditions.map(conditionWords),
    ...(note === undefined ? [] : [`- Note: ${prose(note)}`]),
    '',
    ...examples.flatMap((example) => {
      const text = JSON.stringify(example.value, null, typeof example.value === 'object' ? 2 : 0)
      const about = only(example.versions, versions)
        .trim()
        .replace(/^\((.*)\)$/, '$1')
      return [...(about === '' ? [] : [`Example, ${about}:`, '']), '```json', text, '```', '']
    }),
  ]
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
}

const codesSection = ({ title, codes, paths }: CodeList): string => {
  const of = allVersions.filter((version) => codes.some(({ versions }) => versions.includes(version)))
  return [
    `### ${title}`,
    '',
    `Of ${paths.map(link).join(', ')}.`,
    '',
    '| Code | Meaning | Versions |',
    '| --- | --- | --- |',
    ...codes.map(
      ({ code, title: meaning, versions }) =>
        `| \`${code}\` | ${cell(prose(meaning))} | ${isAll(versions, of) ? of.join(', ') : versions.join(', ')} |`,
    ),
    '',
  ].join('\n')
}

const head = `# Elements

<!-- Made from the element table by \`npm run docs\`. Edit spec-fixtures/spec and run \`npm run tables\`, not this page. -->

Every element that an EMV 3DS message of 2.1.0, 2.2.0 or 2.3.1 may hold, as the parser checks it: where it stands, its form, its codes, when it has to be
there, the rules that name it, and a value that passes. The console has the same with a search (*Elements*), and \`GET /api/v1/elements\` as JSON.

- **R** required, **C** conditional, **O** optional, **–** no part of the message. \`browser R/O\`: R for payments, O for non-payments. A letter alone counts for every channel and category that the message has.
- Conditions that say *(checked)* are computed by the parser. The others hang on agreements, or on what no message says.
- Rules count besides those of every element: required and not empty (\`ACS-VAL-12\`), its form (\`ACS-VAL-13\`), its JSON type (\`ACS-VAL-25\`), not present and empty (\`ACS-VAL-30\`), ignored where it is no part of the message (\`ACS-VAL-32\`).
- \`AREQ:name\` is the id under which tests cite one element of one message.
- Members of an object are written with a dot. In a list of objects they are members of each entry.
`

export function elementsPage(): string {
  const facts = elementCatalogue()
  const lists = longLists(facts)
  const top = facts.filter(({ parent }) => parent === undefined)
  const index = allMessages.map((message) => {
    const named = top.filter(({ messages }) => messages.includes(message))
    return `| ${message} | ${named.map(({ path }) => link(path)).join(' ')} |`
  })
  return [
    head,
    '## Index',
    '',
    '| Message | Elements |',
    '| --- | --- |',
    ...index,
    '',
    `Long lists of codes: ${[...lists.values()].map(({ title }) => `[${title.replace('Codes of ', '')}](#${listAnchor(title)})`).join(', ')}.`,
    '',
    '## All elements',
    '',
    ...facts.map((one) => section(one, lists)),
    '## Code lists',
    '',
    ...[...lists.values()].map(codesSection),
  ].join('\n')
}
