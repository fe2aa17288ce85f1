// Tries altered rows against the fixtures: which alterations does no hand-written case see?
import {
  aboutOf,
  type FixtureCase,
  type FixtureFolder,
  fixtureFiles,
  fixtureFolders,
  isAsExpected,
  isParsers,
  outcomeOf,
  profilesOf,
  samplesOf,
} from '../../src/conformance/fixtures.ts'
import { createParser, type Parser, parseMessage } from '../../src/protocol/messages/parse.ts'
import type { MessageType } from '../../src/protocol/tables/types.ts'
import { type Mutant, reachesColumn } from './alterations.ts'
import { placesOf, rowsOf } from './places.ts'

/** Answers differ from what the case expects under `parse`, and under `parse` only. */
type Trial = (parse: Parser) => boolean

interface Case {
  readonly one: FixtureCase
  /** The case as written, where an element's name is looked for. */
  readonly text: string
  readonly isBase: boolean
  readonly trials: () => readonly Trial[]
}

const once = <T>(make: () => T): (() => T) => {
  let made: { readonly value: T } | undefined
  return () => {
    made ??= { value: make() }
    return made.value
  }
}

function trialsOf(folder: FixtureFolder, one: FixtureCase): readonly Trial[] {
  return samplesOf(folder, one).flatMap((sample) =>
    profilesOf(one).map((profile): Trial => {
      const isRight = (parse: Parser): boolean => isAsExpected(outcomeOf(parse, sample, profile).answer, one.expect)
      const isGreen = once(() => isRight(parseMessage)) // a case that is red already proves nothing
      return (parse) => !isRight(parse) && isGreen()
    }),
  )
}

const isBase = ({ set, remove, append, raw, rawBase64, each, expect }: FixtureCase): boolean =>
  expect === 'accepted' && [set, remove, append, raw, rawBase64, each].every((part) => part === undefined)

const casesByFolder = new Map<FixtureFolder, readonly Case[]>()

function casesOf(folder: FixtureFolder): readonly Case[] {
  const known = casesByFolder.get(folder)
  if (known !== undefined) return known
  const cases = fixtureFiles(folder)
    .flatMap((file) => file.cases)
    .filter(isParsers)
    .map((one) => ({
      one,
      text: JSON.stringify(one),
      isBase: isBase(one),
      trials: once(() => trialsOf(folder, one)),
    }))
  casesByFolder.set(folder, cases)
  return cases
}

/** How likely a case is to show a change of `path`; 3: not at all. */
function rankOf({ text, isBase: isPlain, one }: Case, path: string): number {
  if (isPlain) return 0 // the bases hold every element, or every required one
  const root = path.split('.')[0] ?? path
  const name = path.slice(path.lastIndexOf('.') + 1)
  if (one.id.startsWith(path) || one.rule.endsWith(`:${path}`)) return 1
  return text.includes(path) || (text.includes(root) && text.includes(name)) ? 2 : 3
}

const foldersFor = (mutant: Mutant): readonly FixtureFolder[] => {
  const { place, path } = mutant
  const messages: ReadonlySet<MessageType> = new Set(placesOf(path).map(({ message }) => message))
  return fixtureFolders
    .filter((folder) => {
      const about = aboutOf(folder)
      if (about.version !== place.version || !messages.has(about.message)) return false
      if (!reachesColumn(mutant))
        return mutant.kind !== 'presence' || path.includes('.') || about.message === place.message
      const { channel, category } = place.column ?? {}
      return about.message === place.message && about.channel === channel && about.category === category
    })
    .sort(
      (one, other) => Number(aboutOf(other).message === place.message) - Number(aboutOf(one).message === place.message),
    )
}

/** The folder and the case that turn red, if any does. */
export function redBy(mutant: Mutant): string | undefined {
  const parsers = new Map<MessageType, Parser>()
  const parserFor = (message: MessageType): Parser => {
    const known = parsers.get(message)
    if (known !== undefined) return known
    const { [mutant.path]: _altered, ...others } = rowsOf(message)
    const parse = createParser(mutant.row === undefined ? others : { ...others, [mutant.path]: mutant.row })
    parsers.set(message, parse)
    return parse
  }
  const folders = foldersFor(mutant)
  for (const rank of [0, 1, 2]) {
    for (const folder of folders) {
      const parse = parserFor(aboutOf(folder).message)
      for (const candidate of casesOf(folder)) {
        if (rankOf(candidate, mutant.path) !== rank) continue
        if (candidate.trials().some((trial) => trial(parse))) return `${folder} ${candidate.one.id}`
      }
    }
  }
  return undefined
}

/** Messages of the place that fixtures hold at all. */
export const hasFixtures = (mutant: Mutant): boolean => foldersFor(mutant).length > 0
