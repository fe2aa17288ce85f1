/** Small streams and decisions in memory. */
import { readFileSync } from 'node:fs'
import type { ReadDecisions } from '../../../src/lab/metrics/measure.ts'
import type { DecisionPart } from '../../../src/lab/run/decisions.ts'
import { type Column, Dictionary, type EventStream, type Part } from '../../../src/lab/stream/table.ts'

export type Row = {
  readonly ts: number
  readonly card: string
  readonly y: number
  readonly amount?: number
  readonly merchant?: string
  readonly kind?: string
  readonly labelTs?: number
  readonly pass?: number
  readonly u?: number
  readonly slices?: Readonly<Record<string, string>>
}
export type Decision = {
  readonly status: string
  readonly score?: number
  readonly amount?: number
  readonly challenge?: number
  readonly event?: number
  readonly attempt?: number
  readonly ts?: number
}

const textColumn = (values: readonly (string | undefined)[]): Column => {
  const dictionary = new Dictionary()
  const ids = Uint32Array.from(values, (value) => (value === undefined || value === '' ? 0 : dictionary.idOf(value)))
  return { kind: 'text', dictionary, ids }
}
const numberColumn = (values: readonly (number | undefined)[]): Column => ({
  kind: 'number',
  values: Float64Array.from(values, (value) => value ?? Number.NaN),
})

/** A stream of rows, `perPart` events a part; each part with dictionaries of its own. */
export function streamOf(
  rows: readonly Row[],
  { measuredFrom = rows[0]?.ts ?? 0, slices = [] as readonly string[], perPart = 1_000 } = {},
): EventStream {
  const parts: Part[] = []
  for (let first = 0; first < rows.length; first += perPart) {
    const some = rows.slice(first, first + perPart)
    const columns = new Map<string, Column>([
      ['ts', numberColumn(some.map(({ ts }) => ts))],
      ['card', textColumn(some.map(({ card }) => card))],
      ['merchant', textColumn(some.map(({ merchant }) => merchant ?? 'M'))],
      ['isFraud', numberColumn(some.map(({ y }) => y))],
      ['kind', textColumn(some.map(({ kind }) => kind))],
      ['labelTs', numberColumn(some.map(({ labelTs }) => labelTs))],
      ['pChallengePass', numberColumn(some.map(({ pass }) => pass))],
      ['uChallenge', numberColumn(some.map(({ u }) => u))],
      ...slices.map((slice): [string, Column] => [slice, textColumn(some.map((row) => row.slices?.[slice]))]),
    ])
    parts.push({ n: some.length, first, columns })
  }
  return {
    meta: {
      name: 'test',
      seed: '1',
      events: rows.length,
      from: rows[0]?.ts ?? 0,
      to: rows.at(-1)?.ts ?? 0,
      measuredFrom,
      slices,
      hash: '',
      made: {},
    },
    async *parts() {
      yield* parts
    },
  }
}

export function decisionsOf(list: readonly Decision[], rows: readonly Row[], perPart = 700): ReadDecisions {
  const parts: DecisionPart[] = []
  for (let first = 0; first < list.length; first += perPart) {
    const some = list.slice(first, first + perPart)
    const event = Float64Array.from(some, (one, index) => one.event ?? first + index)
    parts.push({
      n: some.length,
      event,
      attempt: Uint8Array.from(some, ({ attempt }) => attempt ?? 0),
      ts: Float64Array.from(some, (one, index) => one.ts ?? (rows[event[index] as number] as Row).ts),
      amount: Float64Array.from(
        some,
        (one, index) => one.amount ?? (rows[event[index] as number] as Row).amount ?? Number.NaN,
      ),
      score: Float64Array.from(some, ({ score }) => score ?? Number.NaN),
      status: Uint8Array.from(some, ({ status }) => (status === '' ? 0 : status.charCodeAt(0))),
      challenge: Uint8Array.from(some, ({ challenge }) => challenge ?? 0),
      reason: new Uint16Array(some.length),
    })
  }
  return async function* () {
    yield* parts
  }
}

export type Fixture = {
  readonly rows: readonly {
    readonly id: number
    readonly day: number
    readonly card: string
    readonly y: number
    readonly a: number
    readonly b: number
    readonly amount: number
  }[]
  readonly expected: {
    readonly a: FixtureValues & { readonly ks: number; readonly tpr_at_fpr_10pct: number }
    readonly b: FixtureValues
    readonly delong_a_minus_b: { readonly diff: number; readonly se: number; readonly z: number; readonly p: number }
    readonly mcnemar_20pct: {
      readonly a_only: number
      readonly b_only: number
      readonly exact_p: number
      readonly chi2_cc: number
    }
  }
}
type FixtureValues = {
  readonly auc: number
  readonly average_precision: number
  readonly brier: number
  readonly log_loss: number
  readonly ece10: number
  readonly card_precision_3: readonly number[]
  readonly precision_3: readonly number[]
  readonly frictionless_80: {
    readonly n: number
    readonly fraud_caught_count: number
    readonly fraud_caught_value: number
    readonly false_positive_ratio: number
  }
}
export const fixture = JSON.parse(readFileSync('spec-fixtures/lab/metric-fixtures.json', 'utf8')) as Fixture

/** Rows of the fixture, a day apart in UTC. */
export const fixtureRows: readonly Row[] = fixture.rows.map(({ id, day, card, y, amount }) => ({
  ts: day * 86_400 + id,
  card,
  y,
  amount,
}))

/** The policy at rates (0.8, 0): the lowest floor(0.8·n) frictionless, the rest challenged and not passed. */
export function atRate(score: 'a' | 'b', frictionless = 0.8): Decision[] {
  const { rows } = fixture
  const order = rows.map((_, at) => at).sort((x, y) => (rows[x]?.[score] ?? 0) - (rows[y]?.[score] ?? 0) || x - y)
  const passing = new Set(order.slice(0, Math.floor(frictionless * rows.length)))
  return rows.map((row, at) => ({
    status: passing.has(at) ? 'Y' : 'C',
    challenge: passing.has(at) ? 0 : 2,
    score: row[score],
  }))
}
