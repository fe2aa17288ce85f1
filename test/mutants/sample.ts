// Draws alterations of rows: a kind of change, a row that has such, a place where it counts and one change, each evenly and by seed.
import { pick } from '../../src/protocol/messages/seeded.ts'
import { alterationsOf, type Kind, kinds, type Mutant } from './alterations.ts'
import { letterAt, type Place, placesOf, placeText, table } from './places.ts'

const places = new Map(Object.keys(table).map((path) => [path, placesOf(path)] as const))

/** Rows that the parser of messages reads somewhere. */
export const paths: readonly string[] = [...places].filter(([, list]) => list.length > 0).map(([path]) => path)

/** Rows of what is inside a JWS or another encoded text, and of form fields. */
export const unreadPaths: readonly string[] = [...places].filter(([, list]) => list.length === 0).map(([path]) => path)

export const nameOf = ({ path, place, change }: Mutant): string => `${placeText(place)} ${path}: ${change}`

/** Where the row has something to change of the kind: a form where it occurs, a presence also where it does not. */
const placesWith = (path: string, kind: Kind): readonly Place[] => {
  const row = table[path]
  const list = places.get(path) ?? []
  return row === undefined ? [] : list.filter((place) => alterationsOf(path, row, place, kind).length > 0)
}

const occurs = (path: string): boolean => {
  const row = table[path]
  return row !== undefined && (places.get(path) ?? []).some((place) => letterAt(row, place) !== '-')
}

/** Rows that have something to change of the kind. */
const pathsWith = (kind: Kind): readonly string[] =>
  paths.filter((path) => occurs(path) && placesWith(path, kind).length > 0)

/** Different alterations without end, the same for the same seed. */
export function* mutants(seed: number): Generator<Mutant> {
  const pools = new Map(kinds.map((kind) => [kind, pathsWith(kind)] as const))
  const drawn = new Set<string>()
  for (let turn = 0; ; turn += 1) {
    const kind = pick(seed, `kind ${turn}`, kinds)
    const path = pick(seed, `path ${turn}`, pools.get(kind) ?? [])
    const row = table[path]
    if (row === undefined) continue
    const place = pick(seed, `place ${turn}`, placesWith(path, kind))
    const mutant = pick(seed, `change ${turn}`, alterationsOf(path, row, place, kind))
    const name = nameOf(mutant)
    if (drawn.has(name)) continue
    drawn.add(name)
    yield mutant
  }
}

/** The alteration of that name. */
export function mutantOf(name: string): Mutant {
  const found = paths
    .filter((path) => name.includes(` ${path}: `))
    .flatMap((path) => {
      const row = table[path]
      return row === undefined
        ? []
        : placesOf(path).flatMap((place) => kinds.flatMap((kind) => alterationsOf(path, row, place, kind)))
    })
    .find((mutant) => nameOf(mutant) === name)
  if (found === undefined) throw new Error(`no such alteration: ${name}`)
  return found
}
