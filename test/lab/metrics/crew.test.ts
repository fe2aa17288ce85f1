import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Crew } from '../../../src/lab/metrics/crew.ts'
import { type Ground, readGround } from '../../../src/lab/metrics/ground.ts'
import type { MeasureOptions } from '../../../src/lab/metrics/types.ts'
import { pairOf, type Stored } from '../../../src/lab/metrics/work.ts'
import { DecisionWriter } from '../../../src/lab/run/decision-files.ts'
import { draw, nullWorld } from './null-world.ts'
import { type Decision, streamOf } from './support.ts'

const options: MeasureOptions = { variant: 'v', mode: 'replay', seed: '1', draws: 60, timeZone: 'UTC' }
const { rows, a, b } = draw({ ...nullWorld, cards: 150 }, 'crew')
let folder = ''
let ground: Ground
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'crew-'))
  // Some of it in memory, some in the scratch file, since threads read both.
  ground = await readGround(streamOf(rows, { perPart: 100 }), { scratch: folder, inMemory: 300 })
})
afterAll(async () => {
  await ground.close()
  await rm(folder, { recursive: true })
})

function stored(name: string, list: readonly Decision[]): Stored {
  const place = join(folder, name)
  const writer = new DecisionWriter(place)
  list.forEach(({ status, score = Number.NaN, challenge = 0 }, event) => {
    const { ts, amount = Number.NaN } = rows[event] ?? { ts: 0 }
    writer.put(event, 0, ts, amount, score, status.charCodeAt(0), challenge, 0)
  })
  writer.end({
    variant: name,
    policy: { name, hash: '' },
    mode: 'replay',
    stream: { hash: '', events: rows.length },
    events: rows.length,
    isComplete: true,
    reasons: [''],
  })
  return { folder: place, events: rows.length }
}

/** Three variants and two pairs, whoever does them. The third answers some events with U. */
async function all(threads: number): Promise<string> {
  const crew = new Crew(ground, threads)
  try {
    const lists = { a, b, c: b.map((one, at): Decision => (at % 7 === 0 ? { status: 'U' } : one)) }
    const places = Object.entries(lists).map(([name, list]) => ({ name, at: stored(`${name}${threads}`, list) }))
    const measured = await Promise.all(
      places.map(({ name, at }) => crew.do({ what: 'measure', stored: at, options: { ...options, variant: name } })),
    )
    const side = (index: number) => {
      const [done, place] = [measured[index], places[index]]
      if (done?.what !== 'measure' || place === undefined) throw new Error('measured expected')
      return pairOf(done.measured, place.at)
    }
    const paired = await Promise.all([
      crew.do({ what: 'pair', a: side(0), b: side(1) }),
      crew.do({ what: 'pair', a: side(0), b: side(2) }),
    ])
    const plain = (_: string, value: unknown): unknown => (value instanceof Float64Array ? [...value] : value)
    return JSON.stringify([...measured, ...paired], plain)
  } finally {
    await crew.end()
  }
}
test('the same comes out of this thread, of one other and of several', async () => {
  const here = await all(0)
  expect(here.length).toBeGreaterThan(10_000)
  for (const threads of [1, 3]) expect((await all(threads)) === here, `${threads} threads`).toBe(true)
})

test('what fails in a thread fails where it was asked for, and the others go on', async () => {
  const crew = new Crew(ground, 1)
  const bad = crew.do({ what: 'measure', stored: { folder: join(folder, 'nowhere'), events: 1 }, options })
  const good = crew.do({ what: 'measure', stored: stored('good', a), options })
  await expect(bad).rejects.toThrow('the folder holds no decisions')
  expect(await good).toMatchObject({ what: 'measure' })
  await crew.end()
})

test('work that is under way when all is ended is broken off', async () => {
  const crew = new Crew(ground, 1)
  const long = crew.do({ what: 'measure', stored: stored('long', a), options: { ...options, draws: 100_000 } })
  const later = crew.do({ what: 'measure', stored: stored('later', a), options })
  const both = Promise.allSettled([long, later])
  await crew.end()
  for (const { status } of await both) expect(status).toBe('rejected')
})
