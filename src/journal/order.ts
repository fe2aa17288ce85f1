// Entries by transaction: each one's story, and the transactions in the order of their first messages. Pure.
import type { Entry } from './entry.ts'
import { mergeMessages, placesIn, type StoryMessage, type Witness } from './merge.ts'

/** What belongs together. */
export interface Story {
  /** threeDSServerTransID, or another id where there is none; empty: what names no id at all. */
  readonly key: string
  readonly entries: readonly Entry[]
}

/** The parties in the order in which their word counts. */
const parties = ['ACS', '3DSS', 'DS'] as const

const keyOf = ({ threeDSServerTransID, dsTransID, acsTransID }: Entry): string =>
  threeDSServerTransID ?? dsTransID ?? acsTransID ?? ''

/** What was written down together happened in order. */
const inTime = (one: Entry, other: Entry): number => one.at - other.at

function witnessesOf(entries: readonly Entry[]): readonly Witness[] {
  return parties.map((party) => {
    const own = entries.filter(({ by }) => by === party)
    return { party, messages: (party === 'ACS' ? own.toSorted(inTime) : own) as readonly StoryMessage[] }
  })
}

/** One story of what all parties wrote down of a transaction, each in its own order. */
export function storyOf(entries: readonly Entry[]): readonly Entry[] {
  const about = Object.assign(
    {},
    ...entries.map(({ acsTransID, threeDSServerTransID, dsTransID, decidedBy }) =>
      Object.fromEntries(
        Object.entries({ acsTransID, threeDSServerTransID, dsTransID, decidedBy }).filter(([, id]) => id !== undefined),
      ),
    ),
  ) as Partial<Entry>
  return mergeMessages(witnessesOf(entries)).map((message) => ({ ...about, ...message }) as Entry)
}

/** All stories; `entries` of each party in its own order. What names no id comes last. */
export function storiesOf(entries: readonly Entry[]): readonly Story[] {
  const groups = new Map<string, Entry[]>()
  for (const entry of entries) {
    const key = keyOf(entry)
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [entry])
    else group.push(entry)
  }
  const stray = groups.get('') ?? []
  groups.delete('')
  // The transactions themselves are what the parties saw one after another.
  const firsts = parties.map((party) => {
    const seen = new Map<string, Entry>()
    for (const entry of entries) {
      const key = keyOf(entry)
      if (entry.by === party && key !== '' && !seen.has(key)) seen.set(key, entry)
    }
    return {
      party,
      messages: [...seen].map(([key, { at }]) => ({ id: key, at, link: '', message: key })),
    }
  })
  const stories = mergeMessages(firsts).map(({ id }) => ({
    key: String(id),
    entries: storyOf(groups.get(String(id)) ?? []),
  }))
  return stray.length === 0 ? stories : [...stories, { key: '', entries: storyOf(stray) }]
}

/**
 * Compares entries by the order in which they were said, as far as anybody knows: a clock that stands says nothing about
 * it, and what the parties wrote down around them (`all`) does.
 */
export function saidOrder(entries: readonly Entry[], all: readonly Entry[]): (one: Entry, other: Entry) => number {
  const partiesAt = new Map<number, string>()
  const mixed = new Set<number>()
  for (const { at, by } of entries) {
    const known = partiesAt.get(at)
    if (known === undefined) partiesAt.set(at, by)
    else if (known !== by) mixed.add(at)
  }
  if (mixed.size === 0) return inTime
  const places = placesIn(witnessesOf(all.filter(({ at }) => mixed.has(at))))
  const placeOf = ({ id }: Entry): number => places.get(id) ?? 0
  return (one, other) => inTime(one, other) || (mixed.has(one.at) ? placeOf(one) - placeOf(other) : 0)
}
