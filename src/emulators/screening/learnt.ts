// What the service learnt, in numbers: verdicts against what became of the payments.
import type { Tally } from './store.ts'

export interface Learnt {
  readonly tallies: readonly Tally[]
  readonly count: number
  /** Share of orders that a person had to look at; undefined: there are none. */
  readonly reviewRate: number | undefined
  /** Of orders that are known to be fraud, the share that was not OK. */
  readonly caught: number | undefined
  /** Of orders that were not OK and whose truth is known, the share that was good after all. */
  readonly falseAlarms: number | undefined
  readonly stoppedYen: number
  readonly fraudYen: number
}

const share = (part: number, whole: number): number | undefined => (whole === 0 ? undefined : part / whole)

export function learntOf(tallies: readonly Tally[]): Learnt {
  const sum = (of: (tally: Tally) => number, which: (tally: Tally) => boolean = () => true): number =>
    tallies.filter(which).reduce((total, tally) => total + of(tally), 0)
  const isDoubted = ({ verdict }: Tally): boolean => verdict !== 'OK'
  const isSeen = ({ verdict }: Tally): boolean => verdict === 'REVIEW' || verdict === 'HOLD'
  const count = sum((tally) => tally.count)
  const [fraud, doubtedFraud] = [sum(({ fraud }) => fraud), sum(({ fraud }) => fraud, isDoubted)]
  const doubtedGood = sum(({ good }) => good, isDoubted)
  return {
    tallies,
    count,
    reviewRate: share(
      sum((tally) => tally.count, isSeen),
      count,
    ),
    caught: share(doubtedFraud, fraud),
    falseAlarms: share(doubtedGood, doubtedGood + doubtedFraud),
    stoppedYen: sum(({ stoppedYen }) => stoppedYen),
    fraudYen: sum(({ fraudYen }) => fraudYen),
  }
}
