// Draws alterations of rows: a row, a place where it counts, a kind of change and one change, each evenly and by seed.
import { pick } from '../../src/protocol/messages/seeded.ts'
import { alterationsOf, kinds, type Mutant } from './alterations.ts'
import { placesOf, placeText, table } from './places.ts'

const places = new Map(Object.keys(table).map((path) => [path, placesOf(path)] as const))

/** Rows that the parser of messages reads somewhere. */
export const paths: readonly string[] = [...places].filter(([, list]) => list.length > 0).map(([path]) => path)

/** Rows of what is inside a JWS or another encoded text, and of form fields. */
export const unreadPaths: readonly string[] = [...places].filter(([, list]) => list.length === 0).map(([path]) => path)

export const nameOf = ({ path, place, change }: Mutant): string => `${placeText(place)} ${path}: ${change}`

/** Different alterations without end, the same for the same seed. */
export function* mutants(seed: number): Generator<Mutant> {
  const drawn = new Set<string>()
  for (let turn = 0; ; turn += 1) {
    const path = pick(seed, `path ${turn}`, paths)
    const row = table[path]
    const place = pick(seed, `place ${turn}`, places.get(path) ?? [])
    if (row === undefined) continue
    const byKind = kinds.map((kind) => alterationsOf(path, row, place, kind)).filter((list) => list.length > 0)
    const mutant = pick(seed, `change ${turn}`, pick(seed, `kind ${turn}`, byKind))
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
