// What changed between two texts of a policy, by name: rules, segments and scorers by their ids, entries of lists by what is listed. Pure.
import { parseDocument } from 'yaml'
import { isObject } from '../../protocol/rules/conditions.ts'

export interface Change {
  /** The first name of the path: base, thresholds, checks, rules, lists … */
  readonly part: string
  readonly path: string
  readonly what: 'added' | 'removed' | 'changed' | 'moved'
  /** As written; of what was moved the places, from 1. */
  readonly from?: unknown
  readonly to?: unknown
}

/** By what entries of a list are told apart. */
const nameIn = (entry: unknown): string | undefined => {
  if (!isObject(entry)) return undefined
  const { id, feature, kind, value, cidr } = entry
  if (typeof id === 'string') return id
  if (typeof feature === 'string') return feature
  if (typeof kind === 'string' && typeof value === 'string') return `${kind} ${value}`
  return typeof cidr === 'string' ? cidr : undefined
}

/** Names of all entries, each once; otherwise the list is one value. */
function namesOf(list: readonly unknown[]): readonly string[] | undefined {
  const names = list.map(nameIn)
  return names.every((name) => name !== undefined) && new Set(names).size === names.length ? names : undefined
}

/** Members in any order are the same. */
const canonical = (value: unknown): string =>
  JSON.stringify(value, (_, member: unknown) =>
    isObject(member) ? Object.fromEntries(Object.entries(member).toSorted(([a], [b]) => (a < b ? -1 : 1))) : member,
  ) ?? ''

type Path = readonly string[]
type Tell = (change: Change) => void

const changeOf = (path: Path, what: Change['what'], values: Pick<Change, 'from' | 'to'>): Change => ({
  part: path[0] ?? '',
  path: path.join('.'),
  what,
  ...values,
})

function compare(path: Path, from: unknown, to: unknown, tell: Tell): void {
  if (canonical(from) === canonical(to)) return
  if (from === undefined) tell(changeOf(path, 'added', { to }))
  else if (to === undefined) tell(changeOf(path, 'removed', { from }))
  else if (isObject(from) && isObject(to)) {
    for (const name of new Set([...Object.keys(from), ...Object.keys(to)]))
      compare([...path, name], from[name], to[name], tell)
  } else if (!(Array.isArray(from) && Array.isArray(to) && compareLists(path, from, to, tell)))
    tell(changeOf(path, 'changed', { from, to }))
}

/** False: their entries have no names. */
function compareLists(path: Path, from: readonly unknown[], to: readonly unknown[], tell: Tell): boolean {
  const before = namesOf(from)
  const after = namesOf(to)
  if (before === undefined || after === undefined) return false
  const kept = before.filter((name) => after.includes(name))
  const keptAfter = after.filter((name) => before.includes(name))
  for (const name of new Set([...before, ...after])) {
    const own = [...path, name]
    const places = [before.indexOf(name), after.indexOf(name)] as const
    compare(own, from[places[0]], to[places[1]], tell)
    // Rules and segments count in their order.
    if (kept.indexOf(name) !== keptAfter.indexOf(name))
      tell(changeOf(own, 'moved', { from: places[0] + 1, to: places[1] + 1 }))
  }
  return true
}

/** At most `most`; both texts are valid policies. */
export function differencesOf(from: string, to: string, most = 500): readonly Change[] {
  const changes: Change[] = []
  const read = (text: string): unknown => parseDocument(text).toJS({ maxAliasCount: 1_000 })
  compare([], read(from), read(to), (change) => {
    if (changes.length < most) changes.push(change)
  })
  return changes
}
