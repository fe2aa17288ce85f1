/**
 * How good a source has turned out to be: what it said of payments whose end is known. From that comes what its word is
 * worth, as a likelihood ratio that is normalised per source and shrunk towards the average source by n / (n + 20).
 */
import { z } from 'zod'
import type { Assessment, Door, ScreeningVerdict, Unheard } from './assessment.ts'

const times = z.number().min(0)
const tallySchema = z.strictObject({ good: times, fraud: times })
/** Payments that turned out good, and such as were fraud. */
export type Tally = Readonly<z.infer<typeof tallySchema>>

/** A score of 0 to 1 lies in band min(floor(10 · score), 9). */
export const bandCount = 10
export const bandOfScore = (score: number): number =>
  Math.min(Math.max(Math.floor(score * bandCount), 0), bandCount - 1)

const none: Tally = { good: 0, fraud: 0 }

/** Labelled payments by verdict and, where the source sends a score, by its band. Counts do not decay. */
export const sourceRecordSchema = z.strictObject({
  verdicts: z.strictObject({ OK: tallySchema, REVIEW: tallySchema, NG: tallySchema, HOLD: tallySchema }),
  bands: z.array(tallySchema).length(bandCount),
})
export type SourceRecord = {
  readonly verdicts: { readonly [V in ScreeningVerdict]: Tally }
  readonly bands: readonly Tally[]
}
export const emptySource: SourceRecord = {
  verdicts: { OK: none, REVIEW: none, NG: none, HOLD: none },
  bands: Array.from({ length: bandCount }, () => none),
}

/** What of an assessment is counted. */
export type Said = Pick<Assessment, 'verdict' | 'score'>

const moved = (tally: Tally, end: keyof Tally, by: number): Tally => ({ ...tally, [end]: Math.max(0, tally[end] + by) })

/** One labelled payment more; `by` -1: what was said of it is taken back. */
export function counted(
  record: SourceRecord,
  { verdict, score }: Said,
  end: keyof Tally,
  by: 1 | -1 = 1,
): SourceRecord {
  const band = score === undefined ? -1 : bandOfScore(score)
  return {
    verdicts: { ...record.verdicts, [verdict]: moved(record.verdicts[verdict], end, by) },
    bands: band < 0 ? record.bands : record.bands.map((tally, i) => (i === band ? moved(tally, end, by) : tally)),
  }
}

export const sumOf = (tallies: readonly Tally[]): Tally =>
  tallies.reduce((sum, { good, fraud }) => ({ good: sum.good + good, fraud: sum.fraud + fraud }), none)
export const labelledOf = ({ verdicts }: Pick<SourceRecord, 'verdicts'>): Tally => sumOf(Object.values(verdicts))

/** A source counts for at most so many good and so many fraudulent payments in the average, so that none of them is the average. */
const mostOfOne = 100
const shareOf = (sum: number): number => (sum > mostOfOne ? mostOfOne / sum : 1)

/** The average of sources: of the others, where one of them is to be held against it. */
export function averageOf(records: readonly SourceRecord[]): SourceRecord {
  const added = (pick: (record: SourceRecord) => Tally): Tally =>
    sumOf(
      records.map((record) => {
        const all = labelledOf(record)
        const { good, fraud } = pick(record)
        return { good: good * shareOf(all.good), fraud: fraud * shareOf(all.fraud) }
      }),
    )
  return {
    verdicts: {
      OK: added(({ verdicts }) => verdicts.OK),
      REVIEW: added(({ verdicts }) => verdicts.REVIEW),
      NG: added(({ verdicts }) => verdicts.NG),
      HOLD: added(({ verdicts }) => verdicts.HOLD),
    },
    bands: emptySource.bands.map((_, band) => added(({ bands }) => bands[band] ?? none)),
  }
}

/** Of a record what an assessment needs to be weighed: small enough to be kept with every decision. */
export type Standing = {
  readonly verdicts: SourceRecord['verdicts']
  /** Of the band that the score lies in, and of all bands; absent: no score was sent. */
  readonly band?: Tally | undefined
  readonly bands?: Tally | undefined
}

export const standingOf = (record: SourceRecord, score: number | undefined): Standing => ({
  verdicts: record.verdicts,
  ...(score !== undefined && { band: record.bands[bandOfScore(score)] ?? none, bands: sumOf(record.bands) }),
})

/** An assessment as it is weighed, kept and weighed again: nothing of it names a person. */
export type Opinion = {
  readonly source: string
  readonly door: Door
  readonly verdict: ScreeningVerdict
  readonly score?: number | undefined
  readonly reasons: readonly string[]
  /** How long asking took. */
  readonly ms?: number | undefined
  /** What became of payments that the source spoke of, and of those of the other sources. */
  readonly own: Standing
  readonly average: Standing
}
export type { Unheard }

export function opinionOf(
  { source, verdict, score, reasons }: Assessment,
  door: Door,
  own: SourceRecord,
  average: SourceRecord,
): Opinion {
  return {
    source,
    door,
    verdict,
    ...(score !== undefined && { score }),
    reasons,
    own: standingOf(own, score),
    average: standingOf(average, score),
  }
}

/** What a policy says of the average source. */
export type Prior = {
  /** Log-odds of each verdict. */
  readonly evidence: { readonly [V in ScreeningVerdict]: number }
  /** How often a good purchase gets it; shares of one. */
  readonly usual: { readonly [V in ScreeningVerdict]: number }
}

/** So many labelled payments of a source weigh as much as what was known before. */
export const shrinkage = 20

type Shares = { readonly [V in ScreeningVerdict]: number }
const byVerdict = (value: (verdict: ScreeningVerdict) => number): Shares => ({
  OK: value('OK'),
  REVIEW: value('REVIEW'),
  NG: value('NG'),
  HOLD: value('HOLD'),
})
const totalOf = (shares: Shares): number => shares.OK + shares.REVIEW + shares.NG + shares.HOLD

/**
 * Likelihood ratios of the verdicts of one source. `good`: how often a good purchase gets each verdict from it. Without frauds
 * its verdicts are taken to tell as much as `towards` says, normalised: among frauds each is more or less frequent by that
 * factor, and shares are shares. A source that says the same of everybody says nothing.
 */
function ratiosOf(
  { verdicts }: Pick<Standing, 'verdicts'>,
  usual: Shares,
  towards: Shares,
): { good: Shares; ratios: Shares } {
  const labelled = labelledOf({ verdicts })
  const good = byVerdict((v) => (verdicts[v].good + shrinkage * usual[v]) / (labelled.good + shrinkage))
  const expected = totalOf(byVerdict((v) => good[v] * towards[v]))
  const ratios = byVerdict(
    (v) => (verdicts[v].fraud / good[v] + (shrinkage * towards[v]) / expected) / (labelled.fraud + shrinkage),
  )
  return { good, ratios }
}

/** Log-odds of what a source says, by its record: before trust, caps and floors of a policy. */
export function calibrated({ verdict, own, average }: Opinion, prior: Prior): number {
  const sum = totalOf(prior.usual)
  const usual = byVerdict((v) => prior.usual[v] / sum)
  const others = ratiosOf(
    average,
    usual,
    byVerdict((v) => Math.exp(prior.evidence[v])),
  )
  const { ratios } = ratiosOf(own, others.good, others.ratios)
  const ratio = banded(own, ratios[verdict])
  const logOdds = Math.log(ratio)
  // Whatever a source has turned out to be: only its OK may speak for the cardholder.
  return verdict === 'OK' ? logOdds : Math.max(0, logOdds)
}

/**
 * The band of a score says more than the verdict, once it has been seen often enough with frauds. No band can hold more than all
 * of them: what a share g of good purchases has speaks by at most 1 / g.
 */
function banded({ band, bands }: Standing, ratio: number): number {
  if (band === undefined || bands === undefined) return ratio
  const expected = Math.min(1 / bandCount, 1 / ratio)
  const good = (band.good + shrinkage * expected) / (bands.good + shrinkage)
  return (band.fraud / good + shrinkage * Math.min(ratio, 1 / good)) / (bands.fraud + shrinkage)
}

/** Log-odds of a score in this band, beside a verdict that says nothing. */
export const bandWorth = ({ bands }: SourceRecord, band: number): number =>
  Math.log(banded({ verdicts: emptySource.verdicts, band: bands[band] ?? none, bands: sumOf(bands) }, 1))
