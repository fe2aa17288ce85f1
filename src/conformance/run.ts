// Runs the trials, several at a time, and gathers the rows of the table.
import { createJudge } from './judge.ts'
import { challengeTrials } from './trials-challenge.ts'
import { exchangeTrials } from './trials-creq.ts'
import { linkTrials } from './trials-link.ts'
import { messageTrials } from './trials-messages.ts'
import { outcomeTrials } from './trials-outcomes.ts'
import { Failed, NotRun, type Row, type Trial, type World } from './world.ts'

export interface Report {
  readonly rows: readonly Row[]
  readonly passed: number
  readonly failed: number
  readonly notRun: number
}

export interface RunOptions {
  /** Only trials of these rules. */
  readonly rules?: readonly string[] | undefined
  readonly atOnce?: number
  readonly onRow?: ((row: Row, done: number, all: number) => void) | undefined
}

export const trialsFor = (world: Pick<World, 'profile' | 'versions'>): readonly Trial[] => [
  ...linkTrials,
  ...messageTrials(world),
  ...outcomeTrials(world),
  ...challengeTrials(world),
  ...exchangeTrials(world),
]

async function outcomeOf(trial: Trial, world: World): Promise<Row> {
  const { rule, id, title } = trial
  try {
    await trial.run(world)
    return { rule, id, title, outcome: 'passed' }
  } catch (error) {
    if (error instanceof NotRun) return { rule, id, title, outcome: 'notRun', why: error.message }
    if (error instanceof Failed) return { rule, id, title, outcome: 'failed', why: error.message }
    // What an ACS answers must not end the run, whatever the trial made of it.
    const why = `the trial could not go on: ${error instanceof Error ? error.message : 'unknown reason'}`
    return { rule, id, title, outcome: 'failed', why }
  }
}

export async function runTrials(
  given: Omit<World, 'judge'>,
  { rules, atOnce = 8, onRow }: RunOptions = {},
): Promise<Report> {
  const { judge, rows: judged } = createJudge(given.profile)
  const world: World = { ...given, judge }
  const trials = trialsFor(given).filter(({ rule }) => rules === undefined || rules.includes(rule))
  const rows: Row[] = []
  let next = 0
  const worker = async (): Promise<void> => {
    for (let trial = trials[next++]; trial !== undefined; trial = trials[next++]) {
      const row = await outcomeOf(trial, world)
      rows.push(row)
      onRow?.(row, rows.length, trials.length)
    }
  }
  await Promise.all(Array.from({ length: atOnce }, worker))
  const order = new Map(trials.map(({ id }, index) => [id, index]))
  rows.sort((one, other) => (order.get(one.id) ?? 0) - (order.get(other.id) ?? 0))
  if (rules === undefined) rows.push(...judged())
  const count = (outcome: Row['outcome']): number => rows.filter((row) => row.outcome === outcome).length
  return { rows, passed: count('passed'), failed: count('failed'), notRun: count('notRun') }
}
