// An entry as one line, for terminals. Pure.
import type { Entry } from './entry.ts'
import { valuesAt } from './values.ts'

export interface LinePaint {
  readonly dim: (text: string) => string
  readonly strong: (text: string) => string
  readonly bad: (text: string) => string
}

const same = (text: string): string => text
const ansi =
  (code: number) =>
  (text: string): string =>
    `\u001b[${code}m${text}\u001b[0m`
export const plainLine: LinePaint = { dim: same, strong: same, bad: same }
export const colouredLine: LinePaint = { dim: ansi(2), strong: ansi(1), bad: ansi(31) }

/** What is worth a word, in this order. */
const told = [
  'transStatus',
  'transStatusReason',
  'challengeCancel',
  'resultsStatus',
  'errorCode',
  'errorDetail',
  'page',
  'action',
  'event',
  'hint',
  'purchaseAmount',
  'purchaseCurrency',
  'acctNumber',
  'codeNumber',
  'phase',
] as const

const wordsIn = (message: unknown): readonly string[] =>
  typeof message === 'string'
    ? [message.slice(0, 120)]
    : told.flatMap((name) => {
        const [value] = valuesAt(message, name)
        return typeof value === 'string' || typeof value === 'number' ? [`${name} ${value}`] : []
      })

/** Links are of different length; the longest has this many characters. */
const linkWidth = 14
const typeWidth = 8

export function lineOf(entry: Entry, paint: LinePaint = plainLine): string {
  const { at, link, messageType = '–', message, httpStatus, durationMs, findings = [], fault, problem } = entry
  const isBad = messageType === 'Erro' || findings.length > 0 || problem !== undefined || (httpStatus ?? 200) >= 400
  const id = (entry.acsTransID ?? entry.threeDSServerTransID ?? '').slice(0, 8).padEnd(8)
  return [
    paint.dim(new Date(at).toISOString().slice(11, 23)),
    paint.dim(id),
    link.padEnd(linkWidth),
    (isBad ? paint.bad : paint.strong)(messageType.padEnd(typeWidth)),
    ...wordsIn(message),
    ...(problem === undefined ? [] : [paint.bad(problem)]),
    ...(httpStatus === undefined || httpStatus === 200 ? [] : [paint.bad(`HTTP ${httpStatus}`)]),
    ...findings.map(({ errorCode, element }) => paint.bad(`${errorCode} ${element}`)),
    ...(fault === undefined ? [] : [paint.bad(`fault: ${fault}`)]),
    ...(durationMs === undefined ? [] : [paint.dim(`${Math.round(durationMs)} ms`)]),
  ]
    .join('  ')
    .trimEnd()
}
