// A policy as somebody wrote it: what is wrong with it, and where; or the policy. Pure.
import { type Document, isNode, isScalar, LineCounter, parseDocument, visit } from 'yaml'
import { maskDigitRuns } from '../../protocol/mask.ts'
import { type Policy, PolicyError } from '../../risk/policy.ts'
import { nestsDeeper, yamlNestsDeeper } from '../nesting.ts'
import { type Problem, problemAt } from '../yaml-problems.ts'

export type LoadPolicy = (text: string) => Policy

/** Exactly one of them: a policy, or at least one problem. */
export interface ReadPolicy {
  readonly policy?: Policy
  readonly problems: readonly Problem[]
}

/** In characters; the longest that is shipped has a tenth. */
export const longestPolicy = 500_000
const mostProblems = 50
/** In one mapping; nothing of a policy has as many. */
const mostMembers = 1_000

/** Luhn: what is written by itself and passes is taken for a card number; it must not be kept (SEC-LOG-3). */
export function isCardNumber(digits: string): boolean {
  let sum = 0
  for (let i = 0; i < digits.length; i++) {
    const digit = Number(digits[digits.length - 1 - i])
    sum += i % 2 === 0 ? digit : digit > 4 ? digit * 2 - 9 : digit * 2
  }
  return sum % 10 === 0
}

/** The line of the first card number, from 1. */
export function cardNumberIn(text: string): number | undefined {
  const line = text
    .normalize('NFKC')
    .split('\n')
    .findIndex((one) =>
      [...one.matchAll(/(?<![A-Za-z0-9]|[0-9][.,])[0-9](?:[ -]?[0-9]){12,18}(?![A-Za-z0-9]|[.,][0-9])/g)].some(
        ([run]) => isCardNumber(run.replace(/[ -]/g, '')),
      ),
    )
  return line < 0 ? undefined : line + 1
}

const writtenAsCard =
  /(?<![A-Za-z0-9])(?:[3-6][0-9]{12,18}|2[2-7][0-9]{14}|[2-6][0-9]{3}([ -])[0-9]{4}\1[0-9]{4}\1[0-9]{1,7}|3[0-9]{3}([ -])[0-9]{6}\2[0-9]{4,5})(?![A-Za-z0-9])/g

/**
 * Whether a name that somebody gave (of an order, a report, a shopper) is a card number: as schemes begin theirs, in one piece or in
 * the usual groups. Orders have long numbers, times and hyphens in their names, of which one in ten would pass Luhn.
 */
export const looksLikeCard = (name: string): boolean =>
  [...name.normalize('NFKC').matchAll(writtenAsCard)].some(([run]) => isCardNumber(run.replace(/[ -]/g, '')))

const words = (error: unknown): string => (error instanceof Error ? error.message : 'not valid')

export function readPolicy(text: string, load: LoadPolicy): ReadPolicy {
  if (text.length > longestPolicy) return refused(`longer than ${longestPolicy} characters`)
  if (yamlNestsDeeper(text)) return refused('nested too deeply')
  const lines = new LineCounter()
  // Without pretty errors: a text that is nothing but mistakes would be quoted at every one of them.
  const document = parseDocument(text, {
    lineCounter: lines,
    prettyErrors: false,
    uniqueKeys: false,
    logLevel: 'error',
  })
  const mistakes =
    document.errors.length > 0
      ? document.errors.map(({ message, pos }) => ({ message, at: pos[0] }))
      : namesIn(document)
  if (mistakes.length > 0)
    return {
      problems: mistakes
        .toSorted((a, b) => a.at - b.at)
        .slice(0, mostProblems)
        .map(({ message, at }) => {
          const { line, col } = lines.linePos(at)
          return told({ path: '', message, line, column: col })
        }),
    }
  try {
    if (nestsDeeper(document.toJS({ maxAliasCount: 1_000 }))) return refused('nested too deeply')
  } catch (error) {
    return refused(words(error))
  }
  try {
    return { policy: load(text), problems: [] }
  } catch (error) {
    if (!(error instanceof PolicyError)) return refused(words(error))
    return {
      problems: error.problems
        .slice(0, mostProblems)
        .map(({ path, problem }) => told(problemAt(document, lines, path === '' ? [] : path.split('.'), problem)))
        .toSorted((a, b) => (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0)),
    }
  }
}

/** What is wrong with the names of mappings. The parser would compare each with each. */
function namesIn(document: Document): readonly { readonly message: string; readonly at: number }[] {
  const found: { message: string; at: number }[] = []
  visit(document, {
    Map(_key, { items, range }) {
      if (items.length > mostMembers) {
        found.push({ message: `more than ${mostMembers} names`, at: range?.[0] ?? 0 })
        return visit.SKIP
      }
      const names = new Set<unknown>()
      for (const { key } of items) {
        if (!isScalar(key)) {
          found.push({ message: 'a name expected', at: isNode(key) ? (key.range?.[0] ?? 0) : 0 })
          continue
        }
        if (names.has(key.value)) found.push({ message: 'Map keys must be unique', at: key.range?.[0] ?? 0 })
        names.add(key.value)
      }
      return undefined
    },
  })
  return found
}

const refused = (message: string): ReadPolicy => ({ problems: [told({ path: '', message })] })

/** Names and values of the text may be repeated, card numbers not. */
const told = ({ path, message, ...where }: Problem): Problem => ({
  path: maskDigitRuns(path),
  message: maskDigitRuns(message),
  ...where,
})
