// Alters every row of the element table that a browser payment in 2.2.0 uses, one change at a time: some fixture must
// turn red. What survives is an alteration without effect, and is listed below with the reason.
import { beforeAll, describe, expect, test } from 'vitest'
import { createParser, type Parser, parseMessage } from '../../src/protocol/messages/parse.ts'
import { elements } from '../../src/protocol/tables/elements.ts'
import type {
  Condition,
  Element,
  ElementTable,
  Expression,
  FormatKind,
  Shape,
} from '../../src/protocol/tables/types.ts'
import {
  type Expected,
  type FixtureFolder,
  type FixtureProfile,
  fixtureFiles,
  isAsExpected,
  isParsers,
  outcomeOf,
  profilesOf,
  type Sample,
  samplesOf,
} from '../support/spec-fixtures.ts'

const version = '2.2.0'
const versionIndex = 1
const browserPayment = 2
const table: ElementTable = elements

/** A row with one change; `undefined` drops the row. */
interface Mutant {
  readonly path: string
  readonly change: string
  readonly row: Element | undefined
}

const shapeOf = (row: Element): Shape => row.by?.[version] ?? row

const codesOf = (shape: Shape, message: string): readonly string[] =>
  (shape.allowedIn?.[version]?.[message] ?? shape.codes?.[version])?.split(' ') ?? []

const letterOf = (row: Element, message: string): string => {
  if (row.use !== undefined) return row.use[versionIndex] ?? '-'
  const group = row.presence?.[message]?.split(' ')[versionIndex] ?? '-'
  return group.length === 1 ? group : (group[browserPayment] ?? '-')
}

/** Rows of the message, and children of those that this version uses. */
function isConcerned(path: string, row: Element, message: string): boolean {
  if (row.use === undefined) return row.presence?.[message] !== undefined
  const parentPath = path.slice(0, path.lastIndexOf('.'))
  const parent = table[parentPath]
  return parent !== undefined && letterOf(parent, message) !== '-' && isConcerned(parentPath, parent, message)
}

const put = (text: string, index: number, part: string): string => text.slice(0, index) + part + text.slice(index + 1)

function withLetter(row: Element, message: string, letter: string): Element {
  if (row.use !== undefined) return { ...row, use: put(row.use, versionIndex, letter) }
  const groups = (row.presence?.[message] ?? '- - -').split(' ')
  const group = groups[versionIndex] ?? '-'
  groups[versionIndex] = put(group, group.length === 1 ? 0 : browserPayment, letter)
  return { ...row, presence: { ...row.presence, [message]: groups.join(' ') } }
}

const without = <T extends object>(value: T, key: keyof T): T => {
  const { [key]: _gone, ...rest } = value
  return rest as T
}

/** The row with another shape in this version; the other versions keep theirs. */
const withShape = (row: Element, shape: Shape): Element => ({ ...row, by: { ...row.by, [version]: shape } })

const withCodes = (shape: Shape, codes: readonly string[]): Shape => ({
  ...without(shape, 'allowedIn'),
  codes: { ...shape.codes, [version]: codes.join(' ') },
})

/** A code that the list does not hold, of the same form. */
function codeBeside(codes: readonly string[]): string {
  const last = codes.at(-1) ?? '00'
  if (/^[0-9]{2}$/.test(last)) return String(Number(last) + 1).padStart(2, '0')
  return /^[0-9]+$/.test(last) ? '30' : 'X'
}

function* expressionsBeside(expression: Expression): Generator<readonly [change: string, Expression]> {
  if ('all' in expression || 'any' in expression) {
    const isAll = 'all' in expression
    const parts = isAll ? expression.all : expression.any
    for (const [index, part] of parts.entries()) {
      const others = parts.toSpliced(index, 1)
      yield [`without ${JSON.stringify(part)}`, isAll ? { all: others } : { any: others }]
      for (const [change, inner] of expressionsBeside(part)) {
        yield [change, isAll ? { all: parts.with(index, inner) } : { any: parts.with(index, inner) }]
      }
    }
  } else if ('not' in expression) {
    yield ['without not', expression.not]
  } else if ('in' in expression) {
    const name = 'field' in expression ? expression.field : 'root' in expression ? expression.root : expression.context
    for (const [index, value] of expression.in.entries()) {
      yield [`without ${name} ${value}`, { ...expression, in: expression.in.toSpliced(index, 1) }]
    }
  } else if ('channel' in expression) {
    yield ['for any channel', { all: [] }]
    yield ['for no channel', { any: [] }]
  }
}

const appliesHere = (condition: Condition, message: string): boolean =>
  condition.effect !== 'allowed-if' &&
  (condition.versions?.includes(version) ?? true) &&
  (condition.messages?.includes(message) ?? true) &&
  (condition.channels?.some((channel) => channel.startsWith('02')) ?? true) &&
  (condition.categories?.some((category) => category.startsWith('01')) ?? true)

function* presencesBeside(row: Element, message: string): Generator<readonly [change: string, Element | undefined]> {
  const letter = letterOf(row, message)
  if (letter === '-') {
    yield ['optional instead of not here', withLetter(row, message, 'O')]
    yield ['required instead of not here', withLetter(row, message, 'R')]
    return
  }
  yield ['no row', undefined]
  yield ['not here', withLetter(row, message, '-')]
  if (letter !== 'R') yield ['required', withLetter(row, message, 'R')]
  const conditions = row.conditions ?? []
  const isConditional = letter === 'C' && conditions.some((condition) => appliesHere(condition, message))
  if (letter === 'R' || isConditional) yield ['optional', withLetter(row, message, 'O')]
  if (!isConditional) return
  for (const [index, condition] of conditions.entries()) {
    if (!appliesHere(condition, message)) continue
    yield [`without condition ${index + 1}`, { ...row, conditions: conditions.toSpliced(index, 1) }]
    for (const [change, when] of expressionsBeside(condition.when)) {
      yield [`condition ${index + 1} ${change}`, { ...row, conditions: conditions.with(index, { ...condition, when }) }]
    }
  }
}

const otherTypes: Readonly<Record<Shape['type'], readonly Shape['type'][]>> = {
  string: ['boolean', 'object', 'array', 'any'],
  boolean: ['string', 'object', 'any'],
  object: ['string', 'boolean', 'array', 'any'],
  array: ['string', 'object', 'any'],
  any: ['string', 'object'],
}

function* shapesBeside(shape: Shape, message: string): Generator<readonly [change: string, Shape]> {
  for (const type of otherTypes[shape.type]) yield [`type ${type}`, { ...shape, type }]
  const { min, max, entries } = shape
  if (max !== undefined) {
    yield ['max - 1', { ...shape, max: max - 1 }]
    yield ['max + 1', { ...shape, max: max + 1 }]
    yield ['no max', without(shape, 'max')]
  }
  if (min !== undefined) {
    yield ['min + 1', { ...shape, min: min + 1 }]
    if (min > 1) yield ['min - 1', { ...shape, min: min - 1 }]
  }
  if (entries !== undefined) {
    const [fewest, most] = entries
    yield ['one entry more', { ...shape, entries: [fewest, most + 1] }]
    yield ['one entry less', { ...shape, entries: [fewest, most - 1] }]
    yield ['at least one entry more', { ...shape, entries: [fewest + 1, most] }]
  }
  if (shape.kind !== undefined && shape.kind !== 'code') yield [`no ${shape.kind}`, without(shape, 'kind')]
  if (shape.pattern !== undefined) yield ['no pattern', without(shape, 'pattern')]
  const codes = codesOf(shape, message)
  for (const [index, code] of codes.entries()) yield [`no code ${code}`, withCodes(shape, codes.toSpliced(index, 1))]
  if (codes.length > 0) {
    yield ['one code more', withCodes(shape, [...codes, codeBeside(codes)])]
    yield ['no codes', without(without(shape, 'codes'), 'allowedIn')]
  }
  if (shape.allowedIn?.[version] !== undefined) yield ['codes of all messages', without(shape, 'allowedIn')]
  if (shape.dsCodes !== undefined) {
    yield ['no DS codes', without(shape, 'dsCodes')]
    yield ['DS codes from 79', { ...shape, dsCodes: '79-99' }]
    yield ['DS codes from 81', { ...shape, dsCodes: '81-99' }]
    yield ['DS codes to 98', { ...shape, dsCodes: '80-98' }]
  }
}

function* mutantsOf(path: string, row: Element, message: string): Generator<Mutant> {
  for (const [change, altered] of presencesBeside(row, message)) yield { path, change, row: altered }
  if (letterOf(row, message) === '-') return
  for (const [change, shape] of shapesBeside(shapeOf(row), message)) {
    yield { path, change, row: withShape(row, shape) }
  }
}

interface Trial {
  readonly sample: Sample
  readonly profile: FixtureProfile
  readonly expected: Expected
  /** The case as written, where an element's name is looked for. */
  readonly text: string
}

const isRight = (parse: Parser, { sample, profile, expected }: Trial): boolean =>
  isAsExpected(outcomeOf(parse, sample, profile).answer, expected)

/** By case, every message in every profile, as far as the table as it stands answers it as expected. */
const trialsOf = (folder: FixtureFolder): readonly (readonly Trial[])[] =>
  fixtureFiles(folder)
    .flatMap(({ cases }) => cases)
    .filter(isParsers)
    .map((one) => {
      const text = JSON.stringify(one)
      return samplesOf(folder, one)
        .flatMap((sample) => profilesOf(one).map((profile) => ({ sample, profile, expected: one.expect, text })))
        .filter((trial) => isRight(parseMessage, trial))
    })

/** The messages that an alteration of `path` may concern, in the order in which they are likely to show it. */
function trialsAbout(cases: readonly (readonly Trial[])[], path: string): readonly Trial[] {
  const [root = path] = path.split('.')
  const name = path.slice(path.lastIndexOf('.') + 1)
  const rankOf = ([first]: readonly Trial[]): number => {
    const text = first?.text ?? ''
    if (text.includes('-accepted"')) return 0 // the bases: they hold every element
    if (text.startsWith(`{"id":"${path}`) || text.startsWith(`{"id":"${name}`)) return 1
    return text.includes(path) || (text.includes(root) && text.includes(`${name}"`)) ? 2 : 3
  }
  const ranked = cases.map((trials) => ({ trials, rank: rankOf(trials) })).filter(({ rank }) => rank < 3)
  return ranked.sort((one, other) => one.rank - other.rank).flatMap(({ trials }) => trials)
}

/** Alterations that every fixture lets pass. */
function survivorsOf(folder: FixtureFolder, message: string): readonly Mutant[] {
  const cases = trialsOf(folder)
  const rows = Object.entries(table).filter(([path, row]) => isConcerned(path, row, message))
  const concerned = Object.fromEntries(rows)
  return rows.flatMap(([path, row]) => {
    const trials = trialsAbout(cases, path)
    const { [path]: _gone, ...others } = concerned
    return [...mutantsOf(path, row, message)].filter((mutant) => {
      const parse = createParser(mutant.row === undefined ? others : { ...concerned, [path]: mutant.row })
      return trials.every((trial) => isRight(parse, trial))
    })
  })
}

const looser = ['max + 1', 'no max', 'min - 1']
const kindsOfOneLength: readonly FormatKind[] = [
  'uuid',
  'date',
  'dateTime',
  'dateTimeSeconds',
  'yearMonth',
  'subdivision',
]

interface Equivalent {
  readonly because: string
  readonly covers: (mutant: Mutant, shape: Shape) => boolean
}

/** Alterations that change nothing, or nothing that the rules decide. */
const equivalents: readonly Equivalent[] = [
  {
    because: 'type and version are settled before the table is asked (ACS-VAL-5 to 10)',
    covers: ({ path }) => path === 'messageType' || path === 'messageVersion',
  },
  {
    because: 'at the ACS an AReq always comes from the DS, so what the DS adds is simply required (ACS-VAL-57)',
    covers: ({ path, change }) => ['dsReferenceNumber', 'dsTransID', 'dsURL'].includes(path) && change === 'required',
  },
  {
    because: 'a code list, or the form, fixes the length already; a looser bound lets nothing in',
    covers: ({ change }, { codes, kind }) =>
      looser.includes(change) && (codes !== undefined || (kind !== undefined && kindsOfOneLength.includes(kind))),
  },
  {
    because: 'the pattern fixes the length already',
    covers: ({ path, change }) => ['browserTZ', 'threeDSRequestorDecMaxTime'].includes(path) && looser.includes(change),
  },
  {
    because: 'the code list or the pattern holds digits only',
    covers: ({ change }, { codes, pattern }) => change === 'no digits' && (codes ?? pattern) !== undefined,
  },
  {
    because: 'the pattern says what a language tag is; none has one letter',
    covers: ({ path, change }) => path === 'browserLanguage' && ['no language', 'min + 1'].includes(change),
  },
  {
    because: 'no URL has one character, no address less than two or three',
    covers: ({ change }, { kind }) =>
      (kind === 'url' && change === 'min + 1') || ((kind === 'ip' || kind === 'email') && change === 'min - 1'),
  },
  {
    because: 'a browser AReq has no threeRIInd, or one that is ignored (ACS-VAL-33)',
    covers: ({ change }) => change.includes('threeRIInd'),
  },
  {
    because: 'the rules name a range of the DS for acctType only',
    covers: ({ path, change }) => path !== 'acctType' && change.includes('DS codes'),
  },
  {
    because: 'the limit of 20,000 characters is uncertain: no hard rejection is built on it',
    covers: ({ path, change }) => path.endsWith('.threeDSReqAuthData') && change === 'max + 1',
  },
  {
    because: 'the rules ask for a UUID: how short a text may be that is none is not theirs to say',
    covers: ({ path, change }) => path.endsWith('.threeDSReqPriorRef') && change === 'min + 1',
  },
  {
    because: 'the rules give a length and no form (merchantRiskIndicator, section 4.4)',
    covers: ({ path, change }) =>
      (path.endsWith('.deliveryEmailAddress') && change === 'no email') ||
      (path.endsWith('.giftCardAmount') && change === 'no digits'),
  },
]

const messages = [
  ['AReq', 'areq-browser-220'],
  ['CReq', 'creq-browser-220'],
  ['RRes', 'rres-220'],
] as const

describe('one change in a row of the element table', () => {
  const survivors = new Map<string, readonly Mutant[]>()
  beforeAll(() => {
    for (const [message, folder] of messages) survivors.set(message, survivorsOf(folder, message))
  }, 120_000)

  const coveringOf = (mutant: Mutant): Equivalent | undefined =>
    equivalents.find(({ covers }) => covers(mutant, shapeOf(table[mutant.path] ?? { name: '', type: 'any' })))

  test.each(messages)('of the browser %s turns a case of %s red, or changes nothing', (message) => {
    const unexplained = survivors.get(message)?.filter((mutant) => coveringOf(mutant) === undefined)
    expect(unexplained?.map(({ path, change }) => `${path}: ${change}`)).toEqual([])
  })

  test.each(equivalents)('changes nothing where $because', (equivalent) => {
    const covered = [...survivors.values()].flat().filter((mutant) => coveringOf(mutant) === equivalent)
    expect(covered).not.toEqual([])
  })
})
