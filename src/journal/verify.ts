// Assertions about a journal: how many messages there are, in which order, and what came nearest when it is not so. Pure.
import { z } from 'zod'
import { duration } from '../faults/duration.ts'
import { maskDigitRuns } from '../protocol/mask.ts'
import { type Entry, isOfAcs } from './entry.ts'
import { conditionsOf, type MessageMatch, messageMatch } from './filter.ts'
import { valuesAt, wordsOf } from './values.ts'

const number = z.int().min(0).max(1_000_000)

export const longestWaitMs = 60_000

export const expectation = z
  .strictObject({
    /** What is counted. */
    match: messageMatch.optional(),
    /** How many there must be; 1 or more where nothing is said. */
    count: z.union([number, z.strictObject({ min: number.optional(), max: number.optional() })]).optional(),
    /** Messages that must have come, each after the one before it. */
    order: z.array(messageMatch).min(2).max(50).optional(),
    /** How long it is waited for, by the machine's clock; without it what is there now counts. */
    within: duration(longestWaitMs).optional(),
  })
  .refine(({ match, order }) => (match === undefined) !== (order === undefined), {
    error: 'either match or order expected',
    path: ['match'],
  })
  .refine(({ order, count }) => order === undefined || count === undefined, {
    error: 'what is in order is not counted',
    path: ['count'],
  })
  .refine(({ count }) => typeof count !== 'object' || (count.min ?? 0) <= (count.max ?? Number.POSITIVE_INFINITY), {
    error: 'min is more than max',
    path: ['count'],
  })
export type Expectation = z.output<typeof expectation>

/** Without a link only what the ACS sent or received counts, so that a message that is relayed is one. */
export const isCounted =
  (match: MessageMatch) =>
  (entry: Entry): boolean =>
    match.link !== undefined ||
    (entry.by === 'ACS' && isOfAcs(entry)) ||
    (entry.seen ?? []).some(({ by }) => by === 'ACS')

/** In words, without the card numbers that somebody looks for: answers end up in logs of tests (SEC-LOG-3). */
const textOf = (match: MessageMatch): string => {
  const { messageType, event, link, where = {}, ...rest } = match
  const about = [
    ...Object.entries(rest).flatMap(([name, value]) =>
      value === undefined ? [] : [`${name} ${maskDigitRuns(String(value))}`],
    ),
    ...Object.entries(where).map(([path, wanted]) => `${maskDigitRuns(path)} ${wordsOf(wanted)}`),
  ]
  return [
    messageType ?? event ?? 'message',
    link === undefined ? '' : `on ${link}`,
    about.length === 0 ? '' : `with ${about.join(', ')}`,
  ]
    .filter((words) => words !== '')
    .join(' ')
}

interface Bounds {
  readonly min: number
  readonly max: number
}

const boundsOf = (count: Expectation['count']): Bounds =>
  count === undefined
    ? { min: 1, max: Number.POSITIVE_INFINITY }
    : typeof count === 'number'
      ? { min: count, max: count }
      : { min: count.min ?? 0, max: count.max ?? Number.POSITIVE_INFINITY }

const countText = ({ min, max }: Bounds): string => {
  if (min === max) return min === 0 ? 'no' : `exactly ${min}`
  if (max === Number.POSITIVE_INFINITY) return `at least ${min}`
  return min === 0 ? `at most ${max}` : `${min} to ${max}`
}

/** In words. */
export function expectedText({ match, count, order = [], within }: Expectation): string {
  const time = within === undefined || within === 0 ? '' : ` within ${within / 1000} s`
  return match === undefined
    ? `${order.map(textOf).join(', then ')}${time}`
    : `${countText(boundsOf(count))} ${textOf(match)}${time}`
}

const shown = (value: unknown): string => (value === undefined ? 'nothing' : JSON.stringify(value))

/** What an entry has where a condition was not met. */
function hadInstead(entry: Entry, about: string): unknown {
  if (about === 'text') return undefined
  if (about === 'link' || about === 'fault' || about === 'messageType') return entry[about]
  const own = valuesAt(entry.message, about)
  return own.length === 1 ? own[0] : own.length > 1 ? own : valuesAt(entry, about)[0]
}

function wantedText(match: MessageMatch, about: string): string {
  const wanted = match.where?.[about]
  return wanted === undefined ? maskDigitRuns(shown(valuesAt(match, about)[0])) : wordsOf(wanted)
}

const describe = (entry: Entry): string =>
  `${entry.messageType ?? 'event'} ${entry.link} at ${new Date(entry.at).toISOString()} (entry ${entry.id})`

/** Ids first, then the type: a message of another transaction is farther than one of another type. */
const weightOf = (about: string): number =>
  /TransID$/.test(about) ? 4 : about === 'messageType' || about === 'event' ? 3 : 1

/** The entry that meets most of it, and what it does not meet. */
function nearest(entries: readonly Entry[], match: MessageMatch): readonly string[] {
  const conditions = conditionsOf(match)
  let best: { readonly entry: Entry; readonly weight: number } | undefined
  for (const entry of entries.filter(isCounted(match))) {
    const weight = conditions.reduce((sum, { about, isMet }) => sum + (isMet(entry) ? weightOf(about) : 0), 0)
    if (weight > 0 && (best === undefined || weight >= best.weight)) best = { entry, weight }
  }
  if (best === undefined) return ['Nothing came near it.']
  const { entry } = best
  const unmet = conditions.filter(({ isMet }) => !isMet(entry))
  if (unmet.length === 0) return []
  return [
    `Nearest: ${describe(entry)}`,
    ...unmet.map(
      ({ about }) =>
        `  ${maskDigitRuns(about)}: expected ${wantedText(match, about)}, was ${shown(hadInstead(entry, about))}`,
    ),
  ]
}

export interface Judgement {
  /** Whether it is so by what there is. */
  readonly ok: boolean
  /** Whether no further message can change it. */
  readonly isDecided: boolean
  readonly found: readonly Entry[]
  /** Why not, where it is not so. */
  readonly difference?: string | undefined
}

function judgeOrder(entries: readonly Entry[], order: readonly MessageMatch[], text: string): Judgement {
  const found: Entry[] = []
  let from = 0
  for (const [step, match] of order.entries()) {
    const conditions = conditionsOf(match)
    const fits = (entry: Entry): boolean => isCounted(match)(entry) && conditions.every(({ isMet }) => isMet(entry))
    const place = entries.findIndex((entry, index) => index >= from && fits(entry))
    const hit = entries[place]
    if (hit === undefined) {
      const before = order[step - 1]
      const early = entries.find(fits)
      const last = found.at(-1)
      return {
        ok: false,
        isDecided: false,
        found,
        difference: [
          `Expected ${text}.`,
          ...(early !== undefined && before !== undefined && last !== undefined
            ? [`${textOf(match)} came before ${textOf(before)}:`, `  ${describe(early)}`, `  ${describe(last)}`]
            : [
                `${textOf(match)} did not come${before === undefined ? '' : ` after ${textOf(before)}`}.`,
                ...nearest(entries, match),
              ]),
        ].join('\n'),
      }
    }
    found.push(hit)
    from = place + 1
  }
  return { ok: true, isDecided: true, found }
}

/** `entries`: all there are so far, oldest first. */
export function judge(entries: readonly Entry[], expected: Expectation): Judgement {
  const { match, order = [], count } = expected
  const text = expectedText(expected)
  if (match === undefined) return judgeOrder(entries, order, text)
  const conditions = conditionsOf(match)
  const counted = isCounted(match)
  const found = entries.filter((entry) => counted(entry) && conditions.every(({ isMet }) => isMet(entry)))
  const { min, max } = boundsOf(count)
  if (found.length > max) {
    const difference = [
      `Expected ${text}.`,
      `Found ${found.length}:`,
      ...found.slice(0, 10).map((entry) => `  ${describe(entry)}`),
    ].join('\n')
    return { ok: false, isDecided: true, found, difference }
  }
  if (found.length < min) {
    const difference = [`Expected ${text}.`, `Found ${found.length}.`, ...nearest(entries, match)].join('\n')
    return { ok: false, isDecided: false, found, difference }
  }
  return { ok: true, isDecided: max === Number.POSITIVE_INFINITY, found }
}
