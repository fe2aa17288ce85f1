// A policy as somebody wrote it: what is wrong with it, and where; or the policy. Pure.
import { LineCounter, parseDocument } from 'yaml'
import { maskDigitRuns } from '../../protocol/mask.ts'
import { type Policy, PolicyError } from '../../risk/policy.ts'
import { nestsDeeper } from '../nesting.ts'
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

/** Luhn: what is written by itself and passes is taken for a card number; it must not be kept (SEC-LOG-3). */
function isCardNumber(digits: string): boolean {
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
    .split('\n')
    .findIndex((one) =>
      [...one.matchAll(/(?<![\w.+/=-])[0-9](?:[ -]?[0-9]){12,18}(?![\w.+/=-])/g)].some(([run]) =>
        isCardNumber(run.replace(/[ -]/g, '')),
      ),
    )
  return line < 0 ? undefined : line + 1
}

const words = (error: unknown): string => (error instanceof Error ? error.message : 'not valid')

export function readPolicy(text: string, load: LoadPolicy): ReadPolicy {
  if (text.length > longestPolicy) return refused(`longer than ${longestPolicy} characters`)
  const lines = new LineCounter()
  // Without pretty errors: a text that is nothing but mistakes would be quoted at every one of them.
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false })
  if (document.errors.length > 0)
    return {
      problems: document.errors.slice(0, mostProblems).map(({ message, pos }) => {
        const { line, col } = lines.linePos(pos[0])
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

const refused = (message: string): ReadPolicy => ({ problems: [told({ path: '', message })] })

/** Names and values of the text may be repeated, card numbers not. */
const told = ({ path, message, ...where }: Problem): Problem => ({
  path: maskDigitRuns(path),
  message: maskDigitRuns(message),
  ...where,
})
