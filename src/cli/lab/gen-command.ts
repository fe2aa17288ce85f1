import { readFile } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { parse } from 'yaml'
import { configFrom, configOf, type GenConfig, LabGenError } from '../../lab/gen/config.ts'
import { generateInto } from '../../lab/gen/generate.ts'
import { barOf } from './bar.ts'
import type { GenCommandOptions } from './gen.ts'

const mostWorkers = 4
const interrupted = 130
const number = (value: number): string => value.toLocaleString('en')

/** `holders.vpn=0.1` changes one number of `holders`. */
function changesOf(set: readonly (readonly [path: string, value: string])[]): Readonly<Record<string, unknown>> {
  // No name of a knob leads out of it.
  const made = (): Record<string, unknown> => Object.create(null) as Record<string, unknown>
  const changes = made()
  for (const [path, text] of set) {
    const steps = path.split('.')
    const last = steps.pop() ?? path
    let at = changes
    for (const step of steps) {
      const next = at[step]
      if (typeof next === 'object' && next !== null) at = next as Record<string, unknown>
      else {
        const deeper = made()
        at[step] = deeper
        at = deeper
      }
    }
    at[last] = parse(text) as unknown
  }
  return changes
}

async function knobsOf({ preset, knobs, set = [], events, days }: GenCommandOptions): Promise<GenConfig> {
  const changes = {
    ...changesOf(set),
    ...(events !== undefined && { events }),
    ...(days !== undefined && { days }),
  }
  if (knobs === undefined) return configOf(preset, changes)
  try {
    return configFrom(await readFile(knobs, 'utf8'), changes)
  } catch (error) {
    if (error instanceof LabGenError) throw new LabGenError(error.problems.map((problem) => `${knobs}: ${problem}`))
    throw error
  }
}

/** The exit code: 0 it is there, 130 it was stopped and nothing is left. */
export async function genCommand(options: GenCommandOptions): Promise<number> {
  const config = await knobsOf(options)
  const bar = barOf(options.quiet === true || options.json === true)
  const controller = new AbortController()
  const stop = (): void => controller.abort()
  process.once('SIGINT', stop)
  const began = performance.now()
  try {
    const meta = await generateInto(options.out, config, options.seed, {
      workers: options.workers ?? Math.min(mostWorkers, availableParallelism()),
      signal: controller.signal,
      onProgress: (done, of) => {
        const perSecond = (done * 1_000) / Math.max(1, performance.now() - began)
        bar.at(done / of, `${number(done)} events, ${number(Math.round(perSecond))}/s`)
      },
    })
    bar.end()
    const days = Math.round((meta.to - meta.from) / 86_400)
    process.stdout.write(
      options.json === true
        ? `${JSON.stringify({ folder: options.out, ...meta, made: undefined })}\n`
        : `${options.out}: ${number(meta.events)} events of ${days} days, preset ${config.name}, seed ${meta.seed}\nhash ${meta.hash}\n`,
    )
    return 0
  } catch (error) {
    if (!controller.signal.aborted) throw error
    process.stderr.write('sekisho: stopped; nothing was written\n')
    return interrupted
  } finally {
    bar.end()
    process.off('SIGINT', stop)
  }
}
