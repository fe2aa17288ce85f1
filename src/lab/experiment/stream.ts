/** The events of an experiment: made up, stored or imported; and the part of them, or their like, that thresholds are tuned on. */
import { access } from 'node:fs/promises'
import { resolve } from 'node:path'
import { meant } from '../../risk/policy/nearest.ts'
import { configOf, type GenConfig, LabGenError, presetNames } from '../gen/config.ts'
import { metaOf, openStream, writeStream } from '../stream/store.ts'
import type { EventStream, Part, StreamMeta } from '../stream/table.ts'
import { numberIn } from '../stream/table.ts'
import { hashOfFile } from './folder.ts'
import { type Problem, problemAt, type Source } from './problems.ts'
import type { Meter } from './progress.ts'
import type { StreamSource } from './schema.ts'

/** A stream on disk, for threads, with the time from which it is measured here. */
export type Prepared = { readonly folder: string; readonly stream: EventStream }

export type Making = {
  readonly seed: string
  /** What paths of the experiment are relative to. */
  readonly base: string
  readonly workers: number
  readonly signal: AbortSignal
  readonly meter: Meter
}

const secondsPerDay = 86_400

type MeasuredFrom = StreamSource['measuredFrom']

/** Events before it are not measured, whatever the stream itself says. */
function measuredFromOf(wanted: MeasuredFrom, meta: StreamMeta): number {
  if (wanted === undefined) return meta.measuredFrom
  if (typeof wanted === 'string') return Math.floor(Date.parse(wanted) / 1_000)
  return meta.from + Math.floor(wanted.days * secondsPerDay)
}

const withMeta = (stream: EventStream, change: Partial<StreamMeta>): EventStream => ({
  ...stream,
  meta: { ...stream.meta, ...change },
})

export async function opened(folder: string, measuredFrom: MeasuredFrom): Promise<Prepared> {
  const stream = await openStream(folder)
  return { folder, stream: withMeta(stream, { measuredFrom: measuredFromOf(measuredFrom, stream.meta) }) }
}

/** The same with fewer columns, which is read faster. */
export async function narrowed({ folder, stream }: Prepared, columns: readonly string[]): Promise<EventStream> {
  const all = await openStream(folder, columns)
  return headOf({ ...all, meta: { ...stream.meta, events: all.meta.events } }, stream.meta.events)
}

/** Stopped by who runs it, before there was anything to show. What is finished is kept for the next run. */
export class Stopped extends Error {
  override readonly name = 'LabStopped'
  constructor(message = 'stopped before there was anything to show; --resume goes on') {
    super(message)
  }
}

/** What tells events of somebody's from others in the same place. Of a preset nothing: the experiment says it all. */
export type Content = { readonly stream?: string; readonly imported?: readonly string[] }

export async function contentOf(source: StreamSource, base: string, elsewhere?: string): Promise<Content> {
  if (elsewhere !== undefined) return { stream: (await metaOf(elsewhere)).hash }
  if ('folder' in source) return { stream: (await metaOf(resolve(base, source.folder))).hash }
  if (!('import' in source)) return {}
  const files = [source.import, ...(source.truth === undefined ? [] : [source.truth])]
  try {
    return { imported: await Promise.all(files.map((file) => hashOfFile(resolve(base, file)))) }
  } catch {
    // Who reads them in earnest says what is wrong with them.
    return { imported: [] }
  }
}

/** Makes the stream, if it is not there already, and opens it. `folder` is where one that is made goes. */
export async function prepare(source: StreamSource, folder: string, making: Making): Promise<Prepared> {
  if ('folder' in source) return opened(resolve(making.base, source.folder), source.measuredFrom)
  // What was written to its end on an earlier day is taken as it is: the folder belongs to this experiment.
  const isThere = await openStream(folder).then(
    () => true,
    () => false,
  )
  if (!isThere) await ('preset' in source ? makeUp(source, folder, making) : bring(source, folder, making))
  return opened(folder, source.measuredFrom)
}

type Generated = Extract<StreamSource, { preset: string }>
type Imported = Extract<StreamSource, { import: string }>

const configFor = ({ preset, events, population }: Generated): GenConfig => {
  const name = presetNames.find((one) => one === preset)
  if (name === undefined)
    throw new LabGenError([
      `there is no preset ${preset}${meant(preset, presetNames) || `; there are ${presetNames.join(', ')}`}`,
    ])
  return configOf(name, { ...population, events })
}

/** What can be told of a stream before it is made or read. */
export async function streamProblems(source: StreamSource, base: string, at: Source): Promise<readonly Problem[]> {
  const told = (key: string, message: string): readonly Problem[] => [problemAt(at, ['stream', key], message)]
  if ('preset' in source) {
    const isKnown = presetNames.some((one) => one === source.preset)
    try {
      configFor(source)
      return []
    } catch (error) {
      if (!(error instanceof LabGenError)) throw error
      return error.problems.map((problem) => {
        const [, knob = '', message = problem] = /^([\w.]+): (.*)$/s.exec(problem) ?? []
        const own = isKnown && knob !== '' && knob !== 'knobs'
        return problemAt(
          at,
          own ? ['stream', 'population', ...knob.split('.')] : ['stream', isKnown ? 'population' : 'preset'],
          own ? message : problem,
        )
      })
    }
  }
  const [key, path] = 'folder' in source ? ['folder', source.folder] : ['import', source.import]
  try {
    if (key === 'folder') await metaOf(resolve(base, path))
    else await access(resolve(base, path))
    return []
  } catch (error) {
    const isTold = key === 'folder' && error instanceof Error && 'path' in error && !('code' in error)
    return told(key, isTold ? `${path}: no stream that can be read lies there` : `${path} cannot be read`)
  }
}

async function makeUp(source: Generated, folder: string, { seed, meter, signal, workers }: Making): Promise<void> {
  const { generateInto } = await import('../gen/generate.ts')
  try {
    await generateInto(folder, configFor(source), seed, {
      workers,
      signal,
      onProgress: (done, of) => meter.at('events', done, Math.max(done, of)),
    })
  } catch (error) {
    if (signal.aborted) throw new Stopped()
    throw error
  }
}

async function bring(source: Imported, folder: string, { base, meter, signal, seed }: Making): Promise<void> {
  const { importStream } = await import('../files/import.ts')
  try {
    await importStream({
      events: [resolve(base, source.import)],
      out: folder,
      seed,
      signal,
      ...(source.truth !== undefined && { truth: resolve(base, source.truth) }),
      onProgress: ({ done, rows }) => meter.at('events', done, Math.max(done, rows)),
    })
  } catch (error) {
    if (signal.aborted) throw new Stopped()
    throw error
  }
}

/** The first `events` of a stream, measured from a time of their own. */
export function headOf(stream: EventStream, events: number, measuredFrom = stream.meta.measuredFrom): EventStream {
  async function* parts(from = 0): AsyncGenerator<Part> {
    for await (const part of stream.parts(from)) {
      if (part.first >= events) return
      yield part.first + part.n <= events ? part : shorter(part, events - part.first)
    }
  }
  return { meta: { ...stream.meta, events, measuredFrom }, parts }
}

function shorter(part: Part, n: number): Part {
  const columns = new Map(
    [...part.columns].map(([name, column]) => [
      name,
      column.kind === 'text'
        ? { ...column, ids: column.ids.subarray(0, n) }
        : { ...column, values: column.values.subarray(0, n) },
    ]),
  )
  return { n, first: part.first, columns }
}

/** The events before `measuredFrom` as a stream of their own. Undefined: there are none from `warmUpDays` on. */
export async function before(
  { stream }: Prepared,
  warmUpDays: number,
  folder: string,
  signal: AbortSignal,
): Promise<Prepared | undefined> {
  const { meta } = stream
  const from = meta.from + Math.floor(warmUpDays * secondsPerDay)
  const isThere = await openStream(folder).catch(() => undefined)
  if (isThere === undefined) {
    let events = 0
    for await (const part of stream.parts()) {
      const ts = part.columns.get('ts')
      let n = 0
      while (n < part.n && numberIn(ts, n) < meta.measuredFrom) n++
      events += n
      if (n < part.n || signal.aborted) break
    }
    const { hash: _, events: __, from: ___, to: ____, ...plan } = meta
    const writer = await writeStream(folder, {
      ...plan,
      measuredFrom: from,
      made: { before: meta.measuredFrom, of: meta.hash },
    })
    for await (const part of headOf(stream, events).parts()) {
      if (signal.aborted) {
        await writer.drop()
        throw new Stopped()
      }
      await writer.put(part)
    }
    await writer.end()
  }
  const prepared = await opened(folder, undefined)
  return prepared.stream.meta.events > 0 && prepared.stream.meta.to >= from ? prepared : undefined
}
