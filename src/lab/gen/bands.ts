/**
 * What a preset came to, against the bands within which published numbers make it believable. Replay: one decision per event.
 * Definitions: docs/lab-presets.md. The bands: `believable_bands` of the calibration targets.
 */

import type { Decisions } from '../run/decision-files.ts'
import { isApproved, isChallenge, isDecided, isFrictionless } from '../run/decisions.ts'
import { type EventStream, numberIn, textIn } from '../stream/table.ts'
import { issuerCountry, issuerZone } from './world.ts'

type Words = { readonly en: string; readonly ja: string }
export type Band = {
  readonly id: string
  readonly title: Words
  readonly low: number
  readonly high: number
  /** NaN: there was nothing to measure it by. */
  readonly got: number
  /** Denominator of `got`, and what it counts. */
  readonly n: number
  readonly of: Words
  readonly isInside: boolean
}

const day = 86_400
/** A minute of the clock with at least so many attempts of enumeration is a burst minute. */
const burstFrom = 3

const of = {
  decided: { en: 'decided AReqs', ja: '判定済みAReq' },
  genuine: { en: 'decided genuine AReqs', ja: '正当な判定済みAReq' },
  codes: { en: 'genuine challenges by text message or mail', ja: 'SMS・メールによる正当なチャレンジ' },
  apps: { en: 'genuine challenges by app', ja: 'アプリによる正当なチャレンジ' },
  challenges: { en: 'genuine challenges', ja: '正当なチャレンジ' },
  decidedYen: { en: 'yen decided', ja: '判定済み金額（円）' },
  approvedYen: { en: 'yen approved', ja: '承認金額（円）' },
  fraudYen: { en: 'yen of fraud', ja: '不正金額（円）' },
  frauds: { en: 'frauds without enumeration', ja: '総当たりを除く不正' },
  reported: { en: 'reported frauds without enumeration', ja: '総当たりを除く報告済み不正' },
  burst: { en: 'AReqs in burst minutes', ja: '集中した分のAReq' },
  scored: { en: 'decided AReqs with a score', ja: 'スコアのある判定済みAReq' },
} as const satisfies Readonly<Record<string, Words>>

type Spec = {
  readonly title: Words
  readonly band: readonly [low: number, high: number]
  readonly of: Words
}
/** Bands of Japan 2025. */
const specs = {
  frictionless_rate: {
    title: { en: 'Frictionless rate', ja: 'フリクションレス率' },
    band: [0.55, 0.65],
    of: of.decided,
  },
  'challenge_success_genuine.sms_or_mail_code': {
    title: {
      en: 'Genuine challenges passed, code by text message or mail',
      ja: '正当なチャレンジの成功率（SMS・メール）',
    },
    band: [0.8, 0.9],
    of: of.codes,
  },
  'challenge_success_genuine.app': {
    title: { en: 'Genuine challenges passed, app', ja: '正当なチャレンジの成功率（アプリ）' },
    band: [0.9, 0.96],
    of: of.apps,
  },
  challenge_abandon_genuine: {
    title: { en: 'Genuine challenges abandoned', ja: '正当なチャレンジの離脱率' },
    band: [0.04, 0.2],
    of: of.challenges,
  },
  completion_rate_genuine: {
    title: { en: 'Completion rate of genuine purchases', ja: '正当な購入の完了率' },
    band: [0.92, 0.97],
    of: of.genuine,
  },
  fraud_attempted_bps_value: {
    title: { en: 'Fraud attempted, by value', ja: '不正の試行（金額比）' },
    band: [15, 60],
    of: of.decidedYen,
  },
  fraud_after_bps_value: {
    title: { en: 'Fraud that remains, by value', ja: '残る不正（金額比）' },
    band: [3, 10],
    of: of.approvedYen,
  },
  fraud_share_number_theft: {
    title: { en: 'Number theft among fraud, by value', ja: '不正に占める番号盗用（金額比）' },
    band: [0.9, 0.95],
    of: of.fraudYen,
  },
  night_share_of_fraud: {
    title: { en: 'Fraud from 00:00 to 04:59', ja: '深夜（0時～4時59分）の不正' },
    band: [0.25, 0.45],
    of: of.frauds,
  },
  overseas_ip_share_of_fraud: {
    title: { en: 'Fraud from addresses abroad', ja: '海外IPからの不正' },
    band: [0.25, 0.5],
    of: of.frauds,
  },
  'label_delay_days.median': {
    title: { en: 'Days until a fraud is reported, median', ja: '不正報告までの日数（中央値）' },
    band: [10, 30],
    of: of.reported,
  },
  'label_delay_days.p90': {
    title: { en: 'Days until a fraud is reported, 90th percentile', ja: '不正報告までの日数（90パーセンタイル）' },
    band: [35, 75],
    of: of.reported,
  },
  otp_handed_over_share_of_fraud: {
    title: { en: 'Fraud in which the code is handed over', ja: 'ワンタイムパスワードが渡された不正' },
    band: [0.05, 0.2],
    of: of.frauds,
  },
  enumeration_share_of_areqs_in_burst_minutes: {
    title: { en: 'Enumeration among the AReqs of burst minutes', ja: '集中した分のAReqに占める総当たり' },
    band: [0.3, 0.95],
    of: of.burst,
  },
  first_party_share_of_fraud: {
    title: { en: 'First-party and family fraud', ja: '本人・家族による不正' },
    band: [0.05, 0.2],
    of: of.frauds,
  },
  roc_auc_of_reference_policy: {
    title: { en: 'ROC AUC of the policy’s score', ja: 'スコアのROC AUC' },
    band: [0.85, 0.95],
    of: of.scored,
  },
  average_precision_of_reference_policy: {
    title: { en: 'Average precision of the policy’s score', ja: 'スコアの平均適合率' },
    band: [0.2, 0.6],
    of: of.scored,
  },
} as const satisfies Readonly<Record<string, Spec>>
type BandId = keyof typeof specs
export const bandIds = Object.keys(specs) as readonly BandId[]

type Got = { readonly got: number; readonly n: number }
const share = (part: number, n: number): Got => ({ got: n === 0 ? Number.NaN : part / n, n })
const bps = (part: number, n: number): Got => ({ got: n === 0 ? Number.NaN : (10_000 * part) / n, n })

/** The value that a share q of a sorted list does not exceed, with linear interpolation. */
function quantile(sorted: readonly number[], q: number): number {
  const at = q * (sorted.length - 1)
  const low = sorted[Math.floor(at)] ?? Number.NaN
  const high = sorted[Math.ceil(at)] ?? Number.NaN
  return low + (high - low) * (at - Math.floor(at))
}

/** Mann–Whitney with mid-ranks, and Σ (Rₙ − Rₙ₋₁)·Pₙ over distinct scores. */
function ranked(genuine: readonly number[], fraud: readonly number[]): { auc: number; precision: number } {
  const good = Float64Array.from(genuine).sort()
  const bad = Float64Array.from(fraud).sort()
  let auc = 0
  let precision = 0
  let goodLeft = good.length
  let at = bad.length - 1
  while (at >= 0) {
    const score = bad[at] as number
    let same = 0
    while (at >= 0 && bad[at] === score) {
      same++
      at--
    }
    while (goodLeft > 0 && (good[goodLeft - 1] as number) > score) goodLeft--
    let ties = 0
    while (goodLeft - ties > 0 && good[goodLeft - 1 - ties] === score) ties++
    const found = bad.length - 1 - at
    auc += same * (goodLeft - ties + ties / 2)
    precision += (same / bad.length) * (found / (found + good.length - goodLeft + ties))
  }
  return { auc: auc / (good.length * bad.length), precision }
}

/** Of the measured part of the stream. */
export async function bandsOf(stream: EventStream, decisions: Decisions): Promise<readonly Band[]> {
  const tally = {
    decided: 0,
    frictionless: 0,
    genuine: 0,
    completed: 0,
    challenged: 0,
    abandoned: 0,
    codes: 0,
    codesPassed: 0,
    apps: 0,
    appsPassed: 0,
    yen: 0,
    approvedYen: 0,
    fraudYen: 0,
    ownYen: 0,
    fraudYenApproved: 0,
    frauds: 0,
    night: 0,
    abroad: 0,
    relayed: 0,
    own: 0,
  }
  const delays: number[] = []
  const genuineScores: number[] = []
  const fraudScores: number[] = []
  const minutes = new Map<number, { all: number; tried: number }>()
  const rows = decisions.parts()[Symbol.asyncIterator]()
  let decided = await rows.next()
  let at = 0
  for await (const part of stream.parts()) {
    const column = (name: string) => part.columns.get(name)
    for (let row = 0; row < part.n; row++, at++) {
      while (decided.done !== true && at >= decided.value.n) {
        decided = await rows.next()
        at = 0
      }
      if (decided.done === true) break
      const ts = numberIn(column('ts'), row)
      if (ts < stream.meta.measuredFrom) continue
      const { status: statuses, challenge: ends, amount: amounts, score: scores } = decided.value
      const [status, end] = [statuses[at] as number, ends[at] as number]
      const isFraud = numberIn(column('isFraud'), row) === 1
      const kind = textIn(column('kind'), row)
      const isTried = kind === 'enumeration'
      const minute = Math.floor(ts / 60)
      const seen = minutes.get(minute) ?? { all: 0, tried: 0 }
      seen.all++
      if (isTried) seen.tried++
      minutes.set(minute, seen)
      if (isFraud && !isTried) {
        tally.frauds++
        const local = Math.floor(((((ts + issuerZone * 60) % day) + day) % day) / 3_600)
        if (local < 5) tally.night++
        if (textIn(column('ipCountry'), row) !== issuerCountry) tally.abroad++
        if (kind === 'phishing_relay') tally.relayed++
        if (kind === 'family_or_friendly') tally.own++
        const label = numberIn(column('labelTs'), row)
        if (!Number.isNaN(label)) delays.push((label - ts) / day)
      }
      if (!isDecided(status)) continue
      const score = scores[at] as number
      if (!Number.isNaN(score)) (isFraud ? fraudScores : genuineScores).push(score)
      const yen = Number.isNaN(amounts[at] as number) ? 0 : (amounts[at] as number)
      const isGood = isApproved(status, end)
      tally.decided++
      tally.yen += yen
      if (isGood) tally.approvedYen += yen
      if (isFrictionless(status)) tally.frictionless++
      if (isFraud) {
        tally.fraudYen += yen
        if (kind === 'family_or_friendly') tally.ownYen += yen
        if (isGood) tally.fraudYenApproved += yen
        continue
      }
      tally.genuine++
      if (isGood) tally.completed++
      if (!isChallenge(status)) continue
      tally.challenged++
      if (end === 3) tally.abandoned++
      const method = textIn(column('challengeMethod'), row)
      if (method === 'app') {
        tally.apps++
        if (end === 1) tally.appsPassed++
      } else if (method === 'sms' || method === 'mail') {
        tally.codes++
        if (end === 1) tally.codesPassed++
      }
    }
  }
  await rows.return?.(undefined)
  delays.sort((a, b) => a - b)
  let burst = 0
  let inBurst = 0
  for (const { all, tried } of minutes.values())
    if (tried >= burstFrom) {
      burst += tried
      inBurst += all
    }
  const { auc, precision } = ranked(genuineScores, fraudScores)
  const scored = genuineScores.length + fraudScores.length
  const got: { readonly [B in BandId]: Got } = {
    frictionless_rate: share(tally.frictionless, tally.decided),
    'challenge_success_genuine.sms_or_mail_code': share(tally.codesPassed, tally.codes),
    'challenge_success_genuine.app': share(tally.appsPassed, tally.apps),
    challenge_abandon_genuine: share(tally.abandoned, tally.challenged),
    completion_rate_genuine: share(tally.completed, tally.genuine),
    fraud_attempted_bps_value: bps(tally.fraudYen, tally.yen),
    fraud_after_bps_value: bps(tally.fraudYenApproved, tally.approvedYen),
    fraud_share_number_theft: share(tally.fraudYen - tally.ownYen, tally.fraudYen),
    night_share_of_fraud: share(tally.night, tally.frauds),
    overseas_ip_share_of_fraud: share(tally.abroad, tally.frauds),
    'label_delay_days.median': { got: quantile(delays, 0.5), n: delays.length },
    'label_delay_days.p90': { got: quantile(delays, 0.9), n: delays.length },
    otp_handed_over_share_of_fraud: share(tally.relayed, tally.frauds),
    enumeration_share_of_areqs_in_burst_minutes: share(burst, inBurst),
    first_party_share_of_fraud: share(tally.own, tally.frauds),
    roc_auc_of_reference_policy: { got: auc, n: scored },
    average_precision_of_reference_policy: { got: precision, n: scored },
  }
  return bandIds.map((id) => {
    const { title, band, of } = specs[id]
    const [low, high] = band
    return { id, title, low, high, ...got[id], of, isInside: got[id].got >= low && got[id].got <= high }
  })
}
