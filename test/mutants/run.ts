// `npm run mutants`: alters 200 rows of the element table, one change each, and tells how many turn a hand-written fixture red.
// --count and --seed draw others; --all tries every alteration there is.
import { parseArgs } from 'node:util'
import { alterationsOf, kinds, type Mutant } from './alterations.ts'
import { equivalentOf } from './equivalents.ts'
import { placesOf, table } from './places.ts'
import { mutants, nameOf, paths, unreadPaths } from './sample.ts'
import { redBy } from './trials.ts'

const goal = 0.95

const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '200' },
    seed: { type: 'string', default: '1' },
    all: { type: 'boolean', default: false },
    message: { type: 'string' },
  },
})

function* every(): Generator<Mutant> {
  const seen = new Set<string>()
  for (const path of paths) {
    const row = table[path]
    if (row === undefined) continue
    for (const place of placesOf(path)) {
      for (const mutant of kinds.flatMap((kind) => alterationsOf(path, row, place, kind))) {
        // Forms are the version's: once for all columns.
        const key =
          mutant.kind === 'presence' && !path.includes('.')
            ? nameOf(mutant)
            : `${place.message} ${place.version} ${path} ${mutant.change}`
        if (seen.has(key)) continue
        seen.add(key)
        yield mutant
      }
    }
  }
}

const count = values.all ? Number.POSITIVE_INFINITY : Number(values.count)
const survivors: Mutant[] = []
const unchanged = new Map<string, string[]>()
const byKind = new Map<string, { red: number; all: number }>()
let red = 0
for (const mutant of values.all ? every() : mutants(Number(values.seed))) {
  if (red + survivors.length >= count) break
  if (values.message !== undefined && mutant.place.message !== values.message) continue
  const isRed = redBy(mutant) !== undefined
  const equivalent = isRed ? undefined : equivalentOf(mutant)
  if (equivalent !== undefined) {
    unchanged.set(equivalent.because, [...(unchanged.get(equivalent.because) ?? []), nameOf(mutant)])
    continue
  }
  const tally = byKind.get(mutant.kind) ?? { red: 0, all: 0 }
  tally.all += 1
  byKind.set(mutant.kind, tally)
  if (isRed) {
    red += 1
    tally.red += 1
  } else survivors.push(mutant)
}

const all = red + survivors.length
const share = red / all
const percent = (part: number): string => `${(part * 100).toFixed(1)} %`
console.log(
  `${all} alterations of ${paths.length} rows, seed ${values.seed}: ${red} turn a fixture red (${percent(share)}).`,
)
for (const [kind, tally] of byKind) console.log(`  ${kind}: ${tally.red} of ${tally.all}`)
if (survivors.length > 0) console.log('No fixture sees:')
for (const mutant of survivors) console.log(`  ${nameOf(mutant)}`)
if (unchanged.size > 0) console.log('Drawn besides, and without effect:')
for (const [because, names] of unchanged) console.log(`  ${because}:\n${names.map((name) => `    ${name}`).join('\n')}`)
console.log(`Not drawn: ${unreadPaths.length} rows of encoded texts and form fields, which other code reads.`)
if (!(share >= goal)) process.exitCode = 1
