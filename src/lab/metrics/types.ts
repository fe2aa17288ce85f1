/**
 * What is measured of a variant, and of two variants on the same stream: plain JSON, no NaN. What each number means, its formula and
 * its denominator: `words.ts` by the same keys, and docs/lab-statistics.md.
 */

/** Replay keeps the stream fixed and measures decisions; closed loop lets them act; scores were imported and nothing was decided. */
export type Mode = 'replay' | 'closedLoop' | 'scores'

/** Why a number does not exist; `words.ts` says it in words. */
export type WhyNot =
  | 'noEvents'
  | 'noTruth'
  | 'noFraud'
  | 'noGenuine'
  | 'noFraudFlagged'
  | 'nothingApproved'
  | 'noAmounts'
  | 'noScores'
  | 'notProbability'
  | 'noDecisions'
  | 'notYen'
  | 'noSpread'
  | 'noCost'
  | 'fewCards'
  | 'fewDraws'
  | 'noVariance'
  | 'otherEvents'
  | 'noPrices'
  | 'shortReference'

/**
 * `cardBootstrap`: percentiles of resamples of whole cards. `cardsLinear`: normal, variance of the ratio over cards by linearisation.
 * `exactCards`: nothing or everything was hit, so resampling would give no width; Clopper–Pearson with cards as trials.
 */
export type IntervalMethod = 'cardBootstrap' | 'cardsLinear' | 'exactCards'
export type Interval = {
  readonly low: number
  readonly high: number
  /** 0.95 */
  readonly level: number
  readonly method: IntervalMethod
  /** How many resamples had a value; 0 where none were made. */
  readonly draws: number
}

/** What stands below the line. `words.ts` names each. */
export type Denominator =
  | 'decided'
  | 'decidedGenuine'
  | 'decidedFraud'
  | 'decidedPattern'
  | 'decidedPatternAmount'
  | 'challengedGenuine'
  | 'decidedGenuineAmount'
  | 'decidedFraudAmount'
  | 'approvedAmount'
  | 'decidedAmount'
  | 'fraudFlagged'
  | 'costOfPassingAll'
  | 'scored'
  | 'scoredPairs'
  | 'scoredFraud'
  | 'kPerDay'
  | 'none'

/** One number with what it rests on. */
export type Estimate = {
  readonly value: number | null
  /** Above and below the line, where it is a ratio of two sums; counts, or minor units of the issuer's currency. */
  readonly numerator: number | null
  /** The size of the denominator: events, amount in minor units, pairs; of a sum, the events that it is over. */
  readonly n: number
  readonly denominator: Denominator
  /** Cards that have a part in the denominator. */
  readonly cards: number
  readonly interval: Interval | null
  /** Of a missing value, or of a missing interval. */
  readonly why?: WhyNot
}

/** Shares of the events that the policy decided, each transStatus also alone. */
const decisionKeys = [
  'frictionless',
  'frictionlessY',
  'frictionlessA',
  'frictionlessI',
  'challenge',
  'challengeC',
  'challengeD',
  'challengeS',
  'decline',
  'declineN',
  'declineR',
  'completion',
  'genuineFlagged',
  'genuineLost',
  'genuineLostAmount',
  'challengePassedGenuine',
  'challengeAbandonedGenuine',
] as const
const fraudKeys = [
  'fraudCaught',
  'fraudCaughtAmount',
  'fraudStopped',
  'fraudStoppedAmount',
  'falsePositiveRatio',
  'fraudBpsBefore',
  'fraudBpsAfter',
] as const
const costKeys = ['cost', 'costPerEvent', 'savings'] as const
export const rankingKeys = [
  'auc',
  'averagePrecision',
  'tprAtFpr01',
  'tprAtFpr1',
  'tprAtFpr5',
  'tprAtFpr10',
  'ks',
  'precisionAtK',
  'cardPrecisionAtK',
] as const
/** Only where the score is a probability. */
export const calibrationKeys = ['brier', 'logLoss', 'ece'] as const
export const estimateKeys = [...decisionKeys, ...fraudKeys, ...costKeys, ...rankingKeys, ...calibrationKeys] as const
export type EstimateKey = (typeof estimateKeys)[number]

/** What was measured, counted. Every row of the decisions with ts ≥ measuredFrom is in exactly one of decided, u, erro, notMade. */
export type Population = {
  /** Seconds since 1970: measuredFrom, and the last event. */
  readonly from: number
  readonly to: number
  readonly timeZone: string
  /** Local days with at least one event. */
  readonly days: number
  /** Events of the stream in the period. */
  readonly events: number
  /** Further attempts of attackers, beside the events (closed loop). */
  readonly attempts: number
  /** Events that were never made: the card was blocked, or the attacker had given up (closed loop). */
  readonly notMade: number
  readonly decided: number
  readonly u: number
  readonly erro: number
  /** Of the decided. */
  readonly genuine: number
  readonly fraud: number
  readonly fraudRate: number | null
  readonly cards: number
  readonly fraudCards: number
  /** Decided events without an amount: in the counts, in no sum of amounts. */
  readonly withoutAmount: number
  /** Decided events without a score: in no metric of the ranking. */
  readonly withoutScore: number
  /** Events whose truth was not told: in no metric that needs it, and not in `genuine`. */
  readonly withoutTruth: number
  /** Minor units of `currency`. */
  readonly amount: number
  readonly fraudAmount: number
  readonly currency: string
}

export type Prices = {
  /** Of the amount of an approved fraud. */
  readonly lossShare: number
  /** Minor units. */
  readonly challenge: number
  /** Of the amount of a genuine purchase that is lost. */
  readonly margin: number
  /** Minor units for each declined event, which somebody looks at; 0 where nobody does. */
  readonly review: number
}
type Cost = {
  readonly prices: Prices
  /** Minor units. The parts add up to the total. */
  readonly fraudLoss: number
  readonly challenges: number
  readonly lostMargin: number
  readonly reviews: number
  readonly total: number
  readonly passingAll: number
}

/** A point of a curve, and the band over it. */
export type Band = { readonly low: number; readonly high: number } | null

/** By falling score; the corners are in. */
export type RocPoint = { readonly score: number | null; readonly fpr: number; readonly tpr: number }
export type PrecisionRecallPoint = { readonly score: number; readonly recall: number; readonly precision: number }

/**
 * If events were ordered by score and the lowest `rate` let through (definitions: a policy at rates, nothing declined). Stopped
 * supposes that every event keeps its own challenge truth.
 */
export type CutPoint = {
  /** Scores from here on are flagged; null: none is. */
  readonly score: number | null
  readonly frictionless: number
  readonly frictionlessBand: Band
  readonly caught: number | null
  readonly caughtBand: Band
  readonly caughtAmount: number | null
  readonly caughtAmountBand: Band
  readonly stopped: number | null
  readonly stoppedBand: Band
  readonly stoppedAmount: number | null
  readonly stoppedAmountBand: Band
  readonly falsePositiveRatio: number | null
  /** Minor units at the given prices; null without prices. */
  readonly cost: number | null
}

/** Of a policy's decisions as they were, over one price while the others stay. */
export type CostCurve = {
  readonly over: keyof Prices
  readonly points: readonly { readonly price: number; readonly cost: number; readonly passingAll: number }[]
}

export type HistogramBin = {
  readonly from: number
  readonly to: number
  readonly genuine: number
  readonly fraud: number
}
export type ReliabilityBin = {
  readonly from: number
  readonly to: number
  readonly n: number
  readonly fraud: number
  readonly meanP: number | null
  readonly observed: number | null
  readonly band: Band
}

export type Day = {
  /** Local date, YYYY-MM-DD; or the number that an import gave. */
  readonly day: string
  readonly decided: number
  readonly u: number
  readonly erro: number
  readonly frictionless: number
  readonly challenged: number
  readonly declined: number
  readonly genuine: number
  readonly genuineFlagged: number
  readonly fraud: number
  readonly fraudCaught: number
  readonly fraudStopped: number
  /** Minor units. */
  readonly amount: number
  readonly approvedAmount: number
  readonly approvedFraudAmount: number
  readonly frictionlessRate: Estimate
  /** Of the k events with the highest scores of the day. */
  readonly precisionAtK: number | null
  readonly cardPrecisionAtK: number | null
}

/** Recall of one attack pattern. */
export type Attack = {
  readonly kind: string
  readonly n: number
  readonly cards: number
  readonly amount: number
  /** Events of it that are fraud: abuse of one's own card has a kind without being fraud. The rest is over all of them. */
  readonly fraud: number
  readonly caught: Estimate
  readonly stopped: Estimate
  readonly caughtAmount: Estimate
  readonly stoppedAmount: Estimate
}

export type SliceValue = {
  /** Empty: not told. */
  readonly value: string
  readonly decided: number
  readonly cards: number
  readonly frictionless: Estimate
  /** Genuine events challenged or declined, of the genuine. */
  readonly genuineFlagged: Estimate
  readonly genuineLost: Estimate
  readonly challengePassedGenuine: Estimate
  readonly fraudCaught: Estimate
  readonly fraudStopped: Estimate
}
export type Slice = {
  readonly column: string
  readonly values: readonly SliceValue[]
  /** Highest less lowest rate of flagged genuine events, among values that were told, with at least `gapFrom` genuine events. */
  readonly gap: { readonly high: string; readonly low: string; readonly difference: Estimate } | null
  readonly gapFrom: number
}

/** Over the 90 days that end with `day`; approved transactions, with and without a challenge. */
export type TraDay = { readonly day: string; readonly bps: number | null; readonly full: boolean }
export type Tra = {
  /** One for each measured day. */
  readonly days: readonly TraDay[]
  /** The last day's, with its interval. */
  readonly last: Estimate
  readonly lastFull: boolean
  /** The highest of the full windows; of all windows where none is full. */
  readonly worst: TraDay | null
  /** 13, 6, 1: whether every full window kept it; null where there is none, or one in which nothing was approved. */
  readonly bands: readonly { readonly bps: number; readonly upToEur: number; readonly kept: boolean | null }[]
}

export type ManifestMerchants = {
  /** Minor units of yen that must be exceeded in each of three consecutive calendar months. */
  readonly threshold: number
  /** Merchants that were there by all fraud attempted, and by the fraud approved under the policy; null with the reason. */
  readonly attempted: number | null
  readonly approved: number | null
  readonly merchants: number
  /** Calendar months with an event, and those that the period covers whole. */
  readonly months: number
  readonly wholeMonths: number
  readonly list: readonly {
    readonly merchant: string
    readonly months: readonly string[]
    readonly approvedAmount: number
  }[]
  readonly why?: WhyNot
}

export type Psi = {
  /** Local days of the reference: the first half of the measured days; compared with the second. */
  readonly referenceDays: number
  readonly value: number | null
  readonly reference: number
  readonly compared: number
  readonly bins: readonly { readonly upTo: number | null; readonly reference: number; readonly compared: number }[]
  readonly why?: WhyNot
}

type Bootstrap = {
  readonly draws: number
  readonly seed: string
  readonly level: number
  readonly weights: 'multinomial'
  readonly cards: number
}

export type Metrics = {
  readonly variant: string
  readonly mode: Mode
  readonly population: Population
  /** The mapping that every rate is printed with. */
  readonly mapping: {
    readonly frictionless: readonly string[]
    readonly challenge: readonly string[]
    readonly decline: readonly string[]
    readonly apart: readonly string[]
  }
  /** Rows by transStatus (Y A I C D S N R U E), and by the end of challenges. */
  readonly statuses: Readonly<Record<string, number>>
  readonly challengeEnds: Readonly<Record<string, number>>
  readonly bootstrap: Bootstrap
  /** k of precision@k and card precision@k. */
  readonly k: number
  readonly estimates: Readonly<Record<EstimateKey, Estimate>>
  readonly cost: Cost | null
  readonly costCurves: readonly CostCurve[]
  readonly tra: Tra
  readonly manifestMerchants: ManifestMerchants
  readonly psi: Psi
  readonly roc: readonly RocPoint[]
  readonly precisionRecall: readonly PrecisionRecallPoint[]
  readonly cuts: readonly CutPoint[]
  readonly histogram: readonly HistogramBin[]
  readonly reliability: readonly ReliabilityBin[]
  readonly daily: readonly Day[]
  readonly attacks: readonly Attack[]
  readonly slices: readonly Slice[]
}

/** B less A, of the same cards in the same resamples. */
export type Difference = {
  readonly key: EstimateKey
  readonly a: number | null
  readonly b: number | null
  /** What stands below the line of each: events, amounts, pairs. */
  readonly nA: number
  readonly nB: number
  readonly value: number | null
  readonly interval: Interval | null
  /**
   * Two-sided. `draws`: from the share of resamples on the far side of 0, never below 2/(draws + 1). `normalTail`: no resample lay
   * there, so the normal tail at the resamples' standard deviation, where that is smaller still.
   */
  readonly p: number | null
  readonly pFrom: 'draws' | 'normalTail' | null
  /** One of those that the comparison was made for; all others have intervals and claim nothing. */
  readonly claimed: boolean
  /** By Holm over the family this difference belongs to; null where it belongs to none. */
  readonly holm: number | null
  /** The interval does not hold 0 (and, in a family, Holm's p is at most 0.05). */
  readonly shown: boolean
  readonly why?: WhyNot
}

export type DeLong = {
  /** B less A. */
  readonly difference: number | null
  readonly a: number | null
  readonly b: number | null
  readonly se: number | null
  readonly z: number | null
  readonly p: number | null
  readonly n: number
  readonly fraud: number
  readonly why?: WhyNot
}

export type McNemar = {
  /** What was counted. */
  readonly over: 'events' | 'fraud'
  /** Flagged (challenged or declined) as decided, or the same share of highest scores under both. */
  readonly flags: 'decided' | 'budget'
  /** Of the events, where flags is 'budget'. */
  readonly budget: number | null
  readonly n: number
  /** Decided rightly: fraud flagged, genuine not. By both, by one of them, by none. */
  readonly both: number
  readonly onlyA: number
  readonly onlyB: number
  readonly neither: number
  readonly exactP: number | null
  readonly chi2: number | null
  readonly chi2P: number | null
  readonly why?: WhyNot
}

/** The keys that a comparison tests first and corrects for; the others have intervals but claim nothing. */
export const familyKeys = [
  'frictionless',
  'fraudStoppedAmount',
  'genuineLost',
  'auc',
] as const satisfies readonly EstimateKey[]

export type Comparison = {
  readonly a: string
  readonly b: string
  readonly mode: Mode
  /** Events that both made and decided: what the tests of events go over. */
  readonly pairedEvents: number
  /** Rows that each decided, further attempts of attackers too. */
  readonly decidedA: number
  readonly decidedB: number
  /**
   * What `differences` are over. `both`: the events that both decided, rankings those that both scored. `own`: what each decided, in closed
   * loop, where what a policy has made of the events belongs to the difference.
   */
  readonly over: 'both' | 'own'
  readonly differences: readonly Difference[]
  /** The same over the other of the two, claiming nothing; empty where both decided the same events. */
  readonly beside: readonly Difference[]
  readonly deLong: DeLong
  readonly mcNemar: readonly McNemar[]
  /** One sentence each for a reader, English; Japanese. */
  readonly words: readonly { readonly en: string; readonly ja: string }[]
}

/** What `measure` is told beside the truth and the decisions. */
export type MeasureOptions = {
  readonly variant: string
  readonly mode: Mode
  readonly seed: string
  /** Default 2,000. */
  readonly draws?: number
  /** Default Asia/Tokyo. Days and calendar months are the issuer's. */
  readonly timeZone?: string
  /** ISO code; default JPY. */
  readonly currency?: string
  readonly prices?: Prices
  /** Default 100. */
  readonly k?: number
  /** What a score is: log-odds as our engine's, a probability, or neither. Default logOdds. */
  readonly scale?: 'logOdds' | 'probability' | 'rank'
}
