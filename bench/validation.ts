// npm run bench -- --only validation: what our checks of a full browser AReq cost beside JSON.parse of the same text. Rounds
// are interleaved, so that a busy machine hits both alike; the ratio within the run is what counts. docs/performance.md.
import { readFileSync } from 'node:fs'
import type { Reading, TextJudge } from '../src/protocol/messages/judge.ts'

const rounds = 41
const perRound = 400

const reading: Reading = { expects: ['AReq'], leg: 'DS-ACS', profile: 'lenient' }
/** As it is shipped: what runs the sources directly wraps functions, which costs. */
const shipped = async <Module>(path: string): Promise<Module> =>
  (await import(new URL(`../dist/protocol/${path}`, import.meta.url).href)) as Module

const fixture = (name: string): Record<string, unknown> =>
  JSON.parse(readFileSync(new URL(`../spec-fixtures/${name}.json`, import.meta.url), 'utf8')) as Record<string, unknown>

/** The same message with ids of its own each time, as they come. */
const textsOf = (message: Record<string, unknown>): readonly string[] =>
  Array.from({ length: perRound }, (_, index) =>
    JSON.stringify({
      ...message,
      threeDSServerTransID: `8a880dc0-d2d2-4067-bcb1-${String(index).padStart(12, '0')}`,
    }),
  )

const median = (list: readonly number[]): number =>
  list.toSorted((a, b) => a - b)[Math.floor(list.length / 2)] ?? Number.NaN

/** Microseconds of processor time per text: what others do on the machine is not counted. */
function timed(texts: readonly string[], work: (text: string) => unknown): number {
  const start = process.cpuUsage()
  let kept: unknown
  for (const text of texts) kept = work(text)
  if (kept === undefined) throw new Error('nothing was done')
  const { user, system } = process.cpuUsage(start)
  return (user + system) / texts.length
}

function measure(title: string, message: Record<string, unknown>, judge: TextJudge, findings: number): void {
  const texts = textsOf(message)
  const { findings: found, warnings } = judge(texts[0] ?? '', reading)
  if (found.length !== findings || warnings.length > 0)
    throw new Error(`${title}: ${JSON.stringify([...found, ...warnings])}`)
  const parse = (text: string): unknown => JSON.parse(text)
  const all = (text: string): unknown => judge(text, reading)
  const ratios: number[] = []
  const parses: number[] = []
  const checks: number[] = []
  for (let round = -10; round < rounds; round += 1) {
    const before = timed(texts, parse)
    const whole = timed(texts, all)
    const parsed = (before + timed(texts, parse)) / 2
    if (round < 0) continue // warm-up
    parses.push(parsed)
    checks.push(whole - parsed)
    ratios.push((whole - parsed) / parsed)
  }
  const size = `${texts[0]?.length ?? 0} characters`
  process.stdout.write(
    `${title.padEnd(44)} ${size}: JSON.parse ${median(parses).toFixed(1)} µs, our checks ${median(checks).toFixed(1)} µs, ratio ${median(ratios).toFixed(2)}\n`,
  )
}

/** Prints what the checks cost for full AReqs of two versions. */
export async function benchValidation(): Promise<void> {
  const { createTextJudge } = await shipped<typeof import('../src/protocol/messages/judge.ts')>('messages/judge.js')
  const { elements } = await shipped<typeof import('../src/protocol/tables/elements.ts')>('tables/elements.js')
  const compiled = createTextJudge(elements, { isCompiled: true })
  const walking = createTextJudge(elements, { isCompiled: false })
  for (const version of ['220', '231']) {
    const full = fixture(`areq-browser-${version}/base-full`)
    measure(`AReq ${version} full, faultless`, full, compiled, 0)
    measure(`AReq ${version} full, faultless, walked through`, full, walking, 0)
    measure(`AReq ${version} full, one element wrong`, { ...full, purchaseAmount: 1_000 }, compiled, 1)
  }
  process.stdout.write('Goal: a ratio of at most 1.00 for a faultless message.\n')
}
