// What the numbers of this issuer do, as a page shows it: cards to know, ranges, last digits, codes. Pure.
import { type CancelText, cancels } from '../../protocol/tables/cancels.ts'
import { elements } from '../../protocol/tables/elements.ts'
import { type ReasonText, reasonText } from '../../protocol/tables/reasons.ts'
import { schemes } from '../../protocol/tables/schemes.ts'
import type { Version } from '../../protocol/tables/types.ts'
import { isCancelOf, isReasonOf, isResultReason } from '../../risk/reason-codes.ts'
import { rowOf, type ScreenName } from '../challenge/kinds.ts'
import { type Issuer, rangeOf } from '../issuer.ts'
import type { Plan } from '../plan.ts'
import type { CardRange } from '../ports.ts'

const versions: readonly Version[] = ['2.1.0', '2.2.0', '2.3.1']

export interface Words {
  readonly en: string
  readonly ja: string
}

export interface CardRow {
  readonly number: string
  readonly scheme: string
  readonly what: Words
}

/**
 * What rows have in common: an answer without more; a decoupled authentication; a challenge by what the cardholder has to do; one
 * that a made-up cardholder goes through; one whose end is fixed.
 */
export const endingGroups = ['answer', 'decoupled', 'codes', 'choices', 'app', 'automatic', 'fixed'] as const
export type EndingGroup = (typeof endingGroups)[number]

export interface EndingRow {
  readonly group: EndingGroup
  /** Trailing digits, with `rr` or `cc`. */
  readonly ending: string
  /** `C → RReq N, reason rr`. */
  readonly outcome: string
  readonly what: Words
  /** A number of the first scripted range with this ending, its check digit right. */
  readonly example: string
}

export interface CodeRow {
  readonly code: string
  readonly words: ReasonText | CancelText
  /** Versions of it: in an ARes, in an RReq; of a challengeCancel only the latter. */
  readonly inARes: readonly Version[]
  readonly inRReq: readonly Version[]
}

export interface CardTable {
  readonly cards: readonly CardRow[]
  readonly ranges: readonly {
    readonly scheme: string
    readonly scripted: readonly string[]
    readonly risk: readonly string[]
  }[]
  readonly endings: readonly EndingRow[]
  /** Rows that look at something else than the last digits, by title. */
  readonly others: readonly Words[]
  readonly reasons: readonly CodeRow[]
  readonly cancels: readonly CodeRow[]
}

const schemeName = (id: string): string => schemes[id]?.name ?? id

function isLuhn(number: string): boolean {
  let sum = 0
  for (const [i, digit] of [...number].reverse().entries()) {
    const doubled = Number(digit) * 2
    sum += i % 2 === 0 ? Number(digit) : doubled > 9 ? doubled - 9 : doubled
  }
  return sum % 10 === 0
}

/** A number of the range with this ending whose check digit is right. */
export function exampleOf({ from, scheme }: Pick<CardRange, 'from' | 'scheme'>, ending: string): string {
  const length = scheme === 'amex' ? 15 : 16
  const lead = from.padEnd(length - ending.length - 1, '0').slice(0, length - ending.length - 1)
  const filler = [...'0123456789'].find((digit) => isLuhn(`${lead}${digit}${ending}`)) ?? '0'
  return `${lead}${filler}${ending}`
}

const screensOf: Readonly<Record<ScreenName, EndingGroup>> = {
  code: 'codes',
  choose: 'codes',
  entries: 'codes',
  info: 'codes',
  question: 'choices',
  pictures: 'choices',
  app: 'app',
  appMatch: 'app',
}

export function groupOf({ transStatus, challenge = {} }: Plan): EndingGroup {
  if (transStatus === 'D') return 'decoupled'
  if (challenge.ending !== undefined) return 'fixed'
  if (challenge.play !== undefined) return 'automatic'
  return challenge.kind === undefined ? 'answer' : screensOf[rowOf(challenge.kind).screens[0]]
}

/** What comes of it, in the letters of the protocol. */
export function outcomeOf({ transStatus, transStatusReason, challenge, decoupled }: Plan): string {
  const { ending } = challenge ?? {}
  const codes = (reason: string | undefined, cancel?: string): string =>
    [
      ...(reason === undefined ? [] : [`reason ${reason}`]),
      ...(cancel === undefined ? [] : [`challengeCancel ${cancel}`]),
    ]
      .map((part) => `, ${part}`)
      .join('')
  const kind = challenge?.kind === undefined ? '' : `, ${challenge.kind}`
  const results = { Y: 'Y', N: 'N, reason 01', none: 'U, reason 24, challengeCancel 03' } as const
  return [
    ...(transStatus === undefined ? [] : [`${transStatus}${codes(transStatusReason)}${kind}`]),
    ...(ending === undefined
      ? []
      : [`RReq ${ending.transStatus}${codes(ending.transStatusReason, ending.challengeCancel)}`]),
    ...(decoupled === undefined ? [] : [`RReq ${results[decoupled.result]}`]),
  ].join(' → ')
}

/** Of an open ending the code that stands in the example. */
const usualReasons: Readonly<Record<string, string>> = { N: '01', U: '22', R: '11' }

function exampleEnding(endsWith: string, plan: Plan): string {
  if (endsWith.endsWith('cc')) return `${endsWith.slice(0, -2)}06`
  const status = plan.challenge?.ending?.transStatus ?? plan.transStatus ?? 'N'
  return endsWith.endsWith('rr') ? `${endsWith.slice(0, -2)}${usualReasons[status] ?? '01'}` : endsWith
}

const codesIn = (codes: Readonly<Record<string, string>>): readonly string[] =>
  [...new Set(versions.flatMap((version) => (codes[version] ?? '').split(' ')))].sort()

export function cardTable(issuer: Issuer): CardTable {
  const [first] = issuer.ranges.filter(({ mode }) => mode === 'scripted')
  const having = (test: (version: Version) => boolean): readonly Version[] => versions.filter(test)
  const spans = (scheme: string, mode: CardRange['mode']): readonly string[] =>
    issuer.ranges
      .filter((range) => range.scheme === scheme && range.mode === mode)
      .map(({ from, to }) => `${from}–${to}`)
  return {
    cards: issuer.try.map(({ acctNumber, what, whatJa }) => ({
      number: acctNumber,
      scheme: schemeName(rangeOf(issuer.ranges, acctNumber)?.scheme ?? ''),
      what: { en: what, ja: whatJa },
    })),
    ranges: [...new Set(issuer.ranges.map(({ scheme }) => scheme))].map((scheme) => ({
      scheme: schemeName(scheme),
      scripted: spans(scheme, 'scripted'),
      risk: spans(scheme, 'risk'),
    })),
    endings: issuer.scenarios.flatMap(({ match, title, titleJa, plan }) =>
      match.endsWith === undefined || Object.keys(match).length > 1
        ? []
        : [
            {
              group: groupOf(plan),
              ending: match.endsWith,
              outcome: outcomeOf(plan),
              what: { en: title, ja: titleJa ?? title },
              example: first === undefined ? '' : exampleOf(first, exampleEnding(match.endsWith, plan)),
            },
          ],
    ),
    others: issuer.scenarios.flatMap(({ match, title, titleJa }) =>
      match.endsWith === undefined || Object.keys(match).length > 1 ? [{ en: title, ja: titleJa ?? title }] : [],
    ),
    reasons: codesIn(elements.transStatusReason.codes).map((code) => ({
      code,
      words: reasonText(code),
      inARes: having((version) => isReasonOf(code, version)),
      inRReq: having((version) => isResultReason(code, version)),
    })),
    cancels: codesIn(elements.challengeCancel.codes).map((code) => ({
      code,
      words: cancels[code] ?? { en: '', ja: '' },
      inARes: [],
      inRReq: having((version) => isCancelOf(code, version)),
    })),
  }
}

/** As it is printed on a card: 4-6-5 for fifteen digits, else fours. */
export const grouped = (number: string): string =>
  (number.length === 15
    ? number.replace(/^(\d{4})(\d{6})(\d{5})$/, '$1 $2 $3')
    : number.replace(/(.{4})(?=.)/g, '$1 ')
  ).trim()
