/** Variants whose thresholds are moved until they meet another one, on events that are not those that are reported (`match`). */
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { type Ground, groundColumns, readGround } from '../metrics/ground.ts'
import { estimateKeys } from '../metrics/types.ts'
import { type Deciding, decide } from './deciding.ts'
import { jsonText, put, readJson } from './folder.ts'
import { LabExperimentError, problemAt, type Source } from './problems.ts'
import { type LightRates, lightRates } from './rates.ts'
import { search } from './search.ts'
import { before, type Making, narrowed, type Prepared, prepare, Stopped } from './stream.ts'
import type { Matched } from './summary.ts'
import { type Plan, type Planned, varied } from './variants.ts'

export type Match = Plan['matches'][number]
type World = Deciding & Making & { readonly work: string; readonly source: Source }

/** `known`: rates by stream and policy: what several matches try is run once. */
type Meeting = World & { readonly known: Map<string, LightRates> }

/** What earlier runs have found, so that it is not looked for again. */
const matchedSchema = z.object({
  variant: z.string(),
  toMeet: z.string(),
  measure: z.enum(estimateKeys),
  on: z.union([z.object({ seed: z.string() }), z.object({ from: z.number(), to: z.number() })]),
  hash: z.string(),
  by: z.number(),
  reached: z.number(),
  wanted: z.number(),
  tried: z.array(z.object({ by: z.number(), measure: z.number() })),
})

/** The variant with its thresholds moved. */
export const shifted = (from: Planned, match: Match, by: number): Planned =>
  varied(from, { id: match.id, kind: 'match', change: { what: 'shift', of: match.move, by, toMeet: match.toMeet } })

async function tuningStream(match: Match, prepared: Prepared, world: World): Promise<Prepared> {
  const { experiment, work, signal } = world
  if (match.on === 'before') {
    const earlier = await before(prepared, match.warmUpDays, join(work, `before-${match.warmUpDays}`), signal)
    if (earlier === undefined) throw unmet(match, world, 'there are no events before measuredFrom to tune on')
    return earlier
  }
  const { seed } = match.on
  return prepare(experiment.stream, join(work, `seed-${encodeURIComponent(seed)}`), { ...world, seed })
}

/** Each match with its variant. Throws where one cannot be met: what is then compared would not be equal. */
export async function tune(
  plan: Plan,
  prepared: Prepared,
  world: World,
): Promise<readonly { readonly matched: Matched; readonly one: Planned }[]> {
  const tuned: { matched: Matched; one: Planned }[] = []
  const known = new Map<string, LightRates>()
  for (const [i, match] of plan.matches.entries()) {
    const from = variantOf(plan, match.variant)
    const note = `matched-${i}.json`
    const kept = matchedSchema.safeParse(await readJson(world.work, note))
    const matched = kept.success ? kept.data : await meet(match, plan, prepared, { ...world, known })
    if (!kept.success) await put(world.work, note, jsonText(matched))
    tuned.push({ matched, one: shifted(from, match, matched.by) })
  }
  return tuned
}

const unmet = ({ place }: Match, { source }: World, message: string): LabExperimentError =>
  new LabExperimentError(source.file, [problemAt(source, ['match', place], message)])

function variantOf(plan: Plan, id: string): Planned {
  const one = plan.variants.find(({ about }) => about.id === id)
  if (one === undefined) throw new TypeError(`no variant ${id}`)
  return one
}

async function meet(match: Match, plan: Plan, prepared: Prepared, world: Meeting): Promise<Matched> {
  const stream = await tuningStream(match, prepared, world)
  const ground = await readGround(await narrowed(stream, groundColumns([])), { slices: [], scratch: world.work })
  const place = join(world.work, 'tuning')
  try {
    const rate = (variants: readonly Planned[]) => measured(variants, match, ground, stream, place, world)
    const [wanted] = await rate([variantOf(plan, match.toMeet)])
    const from = variantOf(plan, match.variant)
    const found =
      wanted === null || wanted === undefined
        ? undefined
        : await search(
            (shifts) => rate(shifts.map((by) => shifted(from, { ...match, id: `${match.id}${by}` }, by))),
            match.measure,
            wanted,
          )
    if (wanted === null || wanted === undefined || found === undefined)
      throw unmet(match, world, `${match.measure} has no value on the events it is tuned on (no fraud there?)`)
    if (!found.met) {
      const [least, most] = [found.tried[0]?.measure ?? 0, found.tried.at(-1)?.measure ?? 0]
      throw unmet(
        match,
        world,
        `${match.measure} of ${match.toMeet} is ${wanted.toFixed(4)} and cannot be met: by its thresholds ${match.variant} reaches ${Math.min(least, most).toFixed(4)} to ${Math.max(least, most).toFixed(4)}`,
      )
    }
    const { meta } = stream.stream
    return {
      variant: match.id,
      toMeet: match.toMeet,
      measure: match.measure,
      on: match.on === 'before' ? { from: meta.measuredFrom, to: meta.to } : match.on,
      hash: meta.hash,
      by: found.by,
      reached: found.reached,
      wanted,
      tried: found.tried,
    }
  } finally {
    await ground.close()
    await rm(place, { recursive: true, force: true })
  }
}

async function measured(
  variants: readonly Planned[],
  match: Match,
  ground: Ground,
  stream: Prepared,
  place: string,
  world: Meeting,
): Promise<readonly (number | null)[]> {
  const { known, experiment, signal } = world
  const key = ({ about }: Planned): string =>
    `${stream.stream.meta.hash} ${stream.stream.meta.measuredFrom} ${about.policy.hash}`
  const fresh = variants.filter((one) => !known.has(key(one)))
  const runs = fresh.length === 0 ? [] : await decide(fresh, stream, place, world, 'tuning', match.id)
  for (const { one, folder } of runs) {
    if (signal.aborted) break
    known.set(key(one), await lightRates(ground, folder, experiment))
    await rm(folder, { recursive: true, force: true })
  }
  if (signal.aborted) throw new Stopped()
  return variants.map((one) => known.get(key(one))?.[match.measure] ?? null)
}
