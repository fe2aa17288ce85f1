/**
 * What each number is called, how it is made and what it does not say: for the report and docs/lab-statistics.md.
 */
import type { Denominator, EstimateKey, IntervalMethod, Mode, WhyNot } from './types.ts'

export type Words = { readonly en: string; readonly ja: string }
export type Definition = {
  readonly title: Words
  /** The formula in words, with what stands below the line. */
  readonly definition: Words
  /** What it does not say. */
  readonly limit: Words
  /** How the value is printed. `money`: minor units. */
  readonly unit: 'share' | 'bps' | 'ratio' | 'money' | 'number'
  /** Which way is better, where that can be said of the number alone. */
  readonly better: 'higher' | 'lower' | null
}

const ofDecided: Words = {
  en: 'Of the AReqs that the policy decided (Y, A, I, C, D, S, N, R); U and Erro are counted apart. Not of payments, and not of a shop’s traffic.',
  ja: '分母はポリシーが判定した AReq（Y・A・I・C・D・S・N・R）。U と Erro は別に数える。決済件数や加盟店の全取引に対する率ではない。',
}
const share = (
  title: Words,
  definition: Words,
  better: Definition['better'] = null,
  limit: Words = ofDecided,
): Definition => ({ title, definition, limit, unit: 'share', better })
const oneStatus = (en: string, ja: string, status: string): Definition =>
  share(
    { en: `${en}, ${status} alone`, ja: `${ja}（${status} のみ）` },
    { en: `events with transStatus ${status} / decided events`, ja: `transStatus が ${status} の件数 ÷ 判定した件数` },
  )
const oneClass: Words = {
  en: 'Knows fraud by its label: what was never reported counts as genuine in imported data, and as fraud in generated data, where the truth is known.',
  ja: '不正かどうかはラベルによる。取り込んだデータでは報告されなかった不正は正当として数えられ、生成データでは真値が分かるので不正として数えられる。',
}
const ofAmount: Words = {
  en: 'A few large amounts may carry it: read its interval. Events without an amount are in no sum.',
  ja: '少数の高額取引に左右されるので、区間と併せて読む。金額のない取引は合計に入らない。',
}
const ofRanking: Words = {
  en: 'Judges the order of scores, not the decisions: no threshold, price or rule of the policy enters. Only scored events with a known truth.',
  ja: 'スコアの順序だけを評価し、判定は評価しない。閾値・価格・ルールは入らない。スコアと真値のある取引のみ。',
}
const needsRate: Words = {
  en: 'Depends on the share of fraud: never compare it between streams with another share.',
  ja: '不正率に依存する。不正率の異なるデータ間で比べてはならない。',
}
const calibration: Words = {
  en: 'With little fraud nearly all events lie at small probabilities, and a score that always says the base rate does well.',
  ja: '不正が少ないと大半の取引が低い確率に集まり、常に平均の率を答えるだけのスコアでも良い値になる。',
}
const tpr = (q: string): Definition =>
  share(
    { en: `TPR at FPR ${q}`, ja: `FPR ${q} での TPR` },
    {
      en: `largest share of fraud at or above a score at which at most ${q} of genuine events lie; over frauds`,
      ja: `正当な取引の ${q} 以下しか入らないスコアのうち、そのスコア以上の不正の割合の最大値。分母は不正件数`,
    },
    'higher',
    ofRanking,
  )

export const definitions: Readonly<Record<EstimateKey, Definition>> = {
  frictionless: share(
    { en: 'Frictionless rate', ja: 'フリクションレス率' },
    { en: '(Y + A + I) / decided events', ja: '(Y + A + I) ÷ 判定した件数' },
  ),
  frictionlessY: oneStatus('Frictionless', 'フリクションレス', 'Y'),
  frictionlessA: oneStatus('Frictionless', 'フリクションレス', 'A'),
  frictionlessI: oneStatus('Frictionless', 'フリクションレス', 'I'),
  challenge: share(
    { en: 'Challenge rate', ja: 'チャレンジ率' },
    { en: '(C + D + S) / decided events', ja: '(C + D + S) ÷ 判定した件数' },
  ),
  challengeC: oneStatus('Challenge', 'チャレンジ', 'C'),
  challengeD: oneStatus('Challenge', 'チャレンジ', 'D'),
  challengeS: oneStatus('Challenge', 'チャレンジ', 'S'),
  decline: share(
    { en: 'Decline rate', ja: '拒否率' },
    { en: '(N + R) / decided events', ja: '(N + R) ÷ 判定した件数' },
  ),
  declineN: oneStatus('Decline', '拒否', 'N'),
  declineR: oneStatus('Decline', '拒否', 'R'),
  completion: share(
    { en: 'Completion rate', ja: '完了率' },
    {
      en: 'approved (frictionless, or challenged and passed) / decided events',
      ja: '承認（フリクションレス、またはチャレンジ成功）÷ 判定した件数',
    },
    null,
    {
      en: 'Fraud that was approved is completed, too. The authorisation that follows is not in it.',
      ja: '承認された不正も完了に含まれる。その後のオーソリゼーションは含まない。',
    },
  ),
  genuineFlagged: share(
    { en: 'Genuine challenged or declined', ja: '正当な取引のチャレンジ・拒否率' },
    {
      en: 'genuine events challenged or declined / genuine decided events',
      ja: 'チャレンジ・拒否された正当件数 ÷ 判定した正当件数',
    },
    'lower',
    oneClass,
  ),
  genuineLost: share(
    { en: 'Genuine lost', ja: '正当な取引の喪失率' },
    { en: 'genuine events not approved / genuine decided events', ja: '承認されなかった正当件数 ÷ 判定した正当件数' },
    'lower',
    {
      en: 'The holder may pay another way or try again: a lost event is not a lost sale.',
      ja: '利用者は再試行や別の支払方法を選べるので、失われた取引がそのまま失われた売上ではない。',
    },
  ),
  genuineLostAmount: share(
    { en: 'Genuine lost, by amount', ja: '正当な取引の喪失率（金額）' },
    {
      en: 'amount of genuine events not approved / amount of genuine decided events',
      ja: '承認されなかった正当金額 ÷ 判定した正当金額',
    },
    'lower',
    ofAmount,
  ),
  challengePassedGenuine: share(
    { en: 'Genuine challenges passed', ja: '正当な取引のチャレンジ成功率' },
    { en: 'genuine challenges passed / genuine challenges', ja: '成功した正当チャレンジ ÷ 正当チャレンジ' },
    'higher',
    {
      en: 'A policy chooses whom it asks: two policies have other people in the denominator.',
      ja: '誰にチャレンジするかはポリシーが決めるので、ポリシーが違えば分母の人々も違う。',
    },
  ),
  challengeAbandonedGenuine: share(
    { en: 'Genuine challenges abandoned', ja: '正当な取引のチャレンジ離脱率' },
    { en: 'genuine challenges abandoned / genuine challenges', ja: '離脱した正当チャレンジ ÷ 正当チャレンジ' },
    'lower',
    {
      en: 'A policy chooses whom it asks: two policies have other people in the denominator.',
      ja: '誰にチャレンジするかはポリシーが決めるので、ポリシーが違えば分母の人々も違う。',
    },
  ),
  fraudCaught: share(
    { en: 'Fraud caught', ja: '不正捕捉率（件数）' },
    {
      en: 'fraud challenged or declined / fraud decided, by count',
      ja: 'チャレンジ・拒否された不正件数 ÷ 判定した不正件数',
    },
    'higher',
    {
      en: 'An attacker who passes the challenge is caught but not stopped.',
      ja: 'チャレンジを突破した攻撃者は、捕捉されても阻止されていない。',
    },
  ),
  fraudCaughtAmount: share(
    { en: 'Fraud caught, by amount', ja: '不正捕捉率（金額）' },
    {
      en: 'fraud challenged or declined / fraud decided, by amount',
      ja: 'チャレンジ・拒否された不正金額 ÷ 判定した不正金額',
    },
    'higher',
    ofAmount,
  ),
  fraudStopped: share(
    { en: 'Fraud stopped', ja: '不正阻止率（件数）' },
    { en: 'fraud not approved / fraud decided, by count', ja: '承認されなかった不正件数 ÷ 判定した不正件数' },
    'higher',
    {
      en: 'In replay the attacker does not come back; in closed loop further attempts are events of their own.',
      ja: 'リプレイでは攻撃者は戻ってこない。閉ループでは再試行も一件として数える。',
    },
  ),
  fraudStoppedAmount: share(
    { en: 'Fraud stopped, by amount', ja: '不正阻止率（金額）' },
    { en: 'fraud not approved / fraud decided, by amount', ja: '承認されなかった不正金額 ÷ 判定した不正金額' },
    'higher',
    ofAmount,
  ),
  falsePositiveRatio: {
    title: { en: 'False-positive ratio', ja: '誤検知比' },
    definition: {
      en: 'genuine flagged / fraud flagged',
      ja: 'チャレンジ・拒否された正当件数 ÷ チャレンジ・拒否された不正件数',
    },
    limit: needsRate,
    unit: 'ratio',
    better: 'lower',
  },
  fraudBpsBefore: {
    title: { en: 'Fraud before, bps of amount', ja: '判定前の不正（金額 bps）' },
    definition: {
      en: '10,000 × amount of fraud / amount of all decided events',
      ja: '10,000 × 不正金額 ÷ 判定した全金額',
    },
    limit: {
      en: 'What was attempted; a fact about the stream, hardly about the policy.',
      ja: '試みられた不正であり、ポリシーよりもデータの性質を表す。',
    },
    unit: 'bps',
    better: null,
  },
  fraudBpsAfter: {
    title: { en: 'Fraud after, bps of amount', ja: '判定後の不正（金額 bps）' },
    definition: {
      en: '10,000 × amount of approved fraud / amount approved',
      ja: '10,000 × 承認された不正金額 ÷ 承認された全金額',
    },
    limit: {
      en: 'Of approved amounts: a policy that refuses much that is genuine raises it, too. First-party fraud is in it.',
      ja: '分母は承認金額なので、正当な取引を多く拒否しても上がる。本人による不正（ファーストパーティ）も含む。',
    },
    unit: 'bps',
    better: 'lower',
  },
  cost: {
    title: { en: 'Cost', ja: 'コスト' },
    definition: {
      en: 'approved fraud amount × loss share + challenges × price + genuine amount lost × margin + declined events × review',
      ja: '承認された不正金額 × 損失割合 + チャレンジ件数 × 単価 + 失われた正当金額 × 利幅 + 拒否件数 × 審査単価',
    },
    limit: {
      en: 'As good as its four prices, which are the experiment’s. A sum over the measured period.',
      ja: '実験で与えた四つの価格次第。測定期間の合計。',
    },
    unit: 'money',
    better: 'lower',
  },
  costPerEvent: {
    title: { en: 'Cost per event', ja: '1 件あたりのコスト' },
    definition: { en: 'cost / decided events', ja: 'コスト ÷ 判定した件数' },
    limit: { en: 'As good as its four prices, which are the experiment’s.', ja: '実験で与えた四つの価格次第。' },
    unit: 'money',
    better: 'lower',
  },
  savings: {
    title: { en: 'Savings', ja: '節減率' },
    definition: {
      en: '(cost of letting everything pass − cost) / cost of letting everything pass',
      ja: '（全件を通した場合のコスト − コスト）÷ 全件を通した場合のコスト',
    },
    limit: {
      en: 'Below 0 where the policy costs more than the fraud. As good as its prices.',
      ja: 'ポリシーのコストが不正額を上回れば負になる。価格次第。',
    },
    unit: 'share',
    better: 'higher',
  },
  auc: {
    title: { en: 'AUC', ja: 'AUC' },
    definition: {
      en: 'share of pairs (fraud, genuine) in which the fraud has the higher score; a tie counts one half',
      ja: '（不正, 正当）の組のうち不正のスコアの方が高い割合。同点は 1/2',
    },
    limit: ofRanking,
    unit: 'number',
    better: 'higher',
  },
  averagePrecision: {
    title: { en: 'Average precision', ja: '平均適合率' },
    definition: {
      en: 'Σ (Rₙ − Rₙ₋₁)·Pₙ over distinct scores, falling; no interpolation',
      ja: '異なるスコアの降順に Σ (Rₙ − Rₙ₋₁)·Pₙ。補間なし',
    },
    limit: needsRate,
    unit: 'number',
    better: 'higher',
  },
  tprAtFpr01: tpr('0.1 %'),
  tprAtFpr1: tpr('1 %'),
  tprAtFpr5: tpr('5 %'),
  tprAtFpr10: tpr('10 %'),
  ks: {
    title: { en: 'KS', ja: 'KS' },
    definition: { en: 'largest TPR − FPR over distinct scores', ja: '異なるスコアでの TPR − FPR の最大値' },
    limit: {
      en: 'Taken at the best score of this very stream: a little too good.',
      ja: '同じデータの最良点で取るため、わずかに良く出る。',
    },
    unit: 'number',
    better: 'higher',
  },
  precisionAtK: share(
    { en: 'Precision@k per day', ja: '日別 Precision@k' },
    {
      en: 'frauds among the k events with the highest scores of the day / k; mean over days with events',
      ja: '各日のスコア上位 k 件中の不正件数 ÷ k。取引のあった日の平均',
    },
    'higher',
    needsRate,
  ),
  cardPrecisionAtK: share(
    { en: 'Card precision@k per day', ja: '日別カード Precision@k' },
    {
      en: 'fraud cards among the k cards with the highest scores of the day / k; mean over days. Cards found on an earlier day, or known before, are left out',
      ja: '各日のスコア上位 k 枚中の不正カード ÷ k の平均。先に見つかったカードと以前から判明しているカードは除く',
    },
    'higher',
    needsRate,
  ),
  brier: {
    title: { en: 'Brier score', ja: 'ブライアスコア' },
    definition: { en: 'mean of (p − y)² over scored events', ja: 'スコアのある取引での (p − y)² の平均' },
    limit: calibration,
    unit: 'number',
    better: 'lower',
  },
  logLoss: {
    title: { en: 'Log loss', ja: '対数損失' },
    definition: {
      en: 'mean of −ln p (fraud) or −ln(1 − p) (genuine), p clipped to [1e−15, 1 − 1e−15]',
      ja: '不正は −ln p、正当は −ln(1 − p) の平均。p は [1e−15, 1 − 1e−15] に制限',
    },
    limit: calibration,
    unit: 'number',
    better: 'lower',
  },
  ece: {
    title: { en: 'Expected calibration error', ja: '期待較正誤差' },
    definition: {
      en: 'Σ over ten equal bins of p: share of events × |mean p − share of fraud|',
      ja: 'p を等幅 10 区間に分け、Σ 取引の割合 × |平均 p − 不正率|',
    },
    limit: calibration,
    unit: 'number',
    better: 'lower',
  },
}

export const denominatorWords: Readonly<Record<Denominator, Words>> = {
  decided: { en: 'AReqs decided by the policy', ja: 'ポリシーが判定した AReq' },
  decidedGenuine: { en: 'genuine AReqs decided', ja: '判定した正当な AReq' },
  decidedFraud: { en: 'fraudulent AReqs decided', ja: '判定した不正な AReq' },
  challengedGenuine: { en: 'genuine AReqs challenged', ja: 'チャレンジした正当な AReq' },
  decidedGenuineAmount: { en: 'amount of genuine AReqs decided', ja: '判定した正当な金額' },
  decidedFraudAmount: { en: 'amount of fraudulent AReqs decided', ja: '判定した不正な金額' },
  decidedPattern: { en: 'AReqs of the pattern decided', ja: '判定したその手口の AReq' },
  decidedPatternAmount: { en: 'amount of AReqs of the pattern decided', ja: '判定したその手口の金額' },
  decidedAmount: { en: 'amount of all AReqs decided', ja: '判定した全金額' },
  approvedAmount: { en: 'amount approved', ja: '承認した金額' },
  fraudFlagged: { en: 'fraudulent AReqs challenged or declined', ja: 'チャレンジ・拒否した不正な AReq' },
  costOfPassingAll: { en: 'cost of letting everything pass', ja: '全件を通した場合のコスト' },
  scored: { en: 'scored events with a known truth', ja: 'スコアと真値のある取引' },
  scoredPairs: { en: 'pairs of a fraud and a genuine event, scored', ja: 'スコアのある不正と正当の組' },
  scoredFraud: { en: 'scored frauds', ja: 'スコアのある不正' },
  kPerDay: { en: 'k places a day', ja: '1 日あたり k 件' },
  none: { en: 'no denominator: a sum', ja: '分母なし（合計）' },
}

export const methodWords: Readonly<Record<IntervalMethod, Words>> = {
  cardBootstrap: {
    en: '95 %: percentiles of resamples of whole cards',
    ja: '95 %：カード単位の再標本のパーセンタイル',
  },
  cardsLinear: {
    en: '95 %: normal, variance over cards by linearisation',
    ja: '95 %：正規近似、カード単位の線形化分散',
  },
  exactCards: {
    en: '95 %: nothing or everything was hit; Clopper–Pearson with cards as trials',
    ja: '95 %：該当が 0 または全件。カードを試行とする Clopper–Pearson',
  },
}

export const modeWords: Readonly<Record<Mode, Words>> = {
  replay: {
    en: 'Replay: the stream stays as it is. Measures decisions, not consequences.',
    ja: 'リプレイ：取引列は固定。判定を測り、その結果起きる変化は測らない。',
  },
  closedLoop: {
    en: 'Closed loop: blocked cards stop, attackers adapt, challenges feed back. Two policies see other events.',
    ja: '閉ループ：カードは停止され、攻撃者は適応し、チャレンジの結果が反映される。ポリシーごとに取引列が変わる。',
  },
  scores: { en: 'Imported scores: nothing was decided.', ja: '取り込んだスコア：判定は行っていない。' },
}

export const whyNotWords: Readonly<Record<WhyNot, Words>> = {
  noEvents: { en: 'no event in the denominator', ja: '分母に取引がない' },
  noTruth: { en: 'the stream does not say what was fraud', ja: '不正かどうかがデータにない' },
  noFraud: { en: 'no fraud in what was measured', ja: '測定範囲に不正がない' },
  noGenuine: { en: 'no genuine event in what was measured', ja: '測定範囲に正当な取引がない' },
  noFraudFlagged: { en: 'no fraud was challenged or declined', ja: 'チャレンジ・拒否された不正がない' },
  nothingApproved: { en: 'no amount was approved', ja: '承認された金額がない' },
  noAmounts: { en: 'no amounts were told', ja: '金額がない' },
  noScores: { en: 'nothing was scored', ja: 'スコアがない' },
  notProbability: { en: 'the score is not a probability', ja: 'スコアが確率ではない' },
  noDecisions: { en: 'scores were imported, nothing was decided', ja: 'スコアの取り込みのみで、判定がない' },
  notYen: { en: 'the issuer’s currency is not the yen', ja: '発行会社の通貨が円ではない' },
  noSpread: {
    en: 'every resample gives the same value, so no interval can be told',
    ja: 'どの再標本でも同じ値になるため、区間を示せない',
  },
  noCost: { en: 'letting everything pass would cost nothing', ja: '全件を通してもコストがかからない' },
  fewCards: { en: 'fewer than two cards in the denominator', ja: '分母のカードが 2 枚未満' },
  fewDraws: {
    en: 'more than 5 % of the resamples had no value: an interval from the rest would be too narrow',
    ja: '再標本の 5 % 超で値がなく、残りだけの区間では狭すぎる',
  },
  noVariance: { en: 'the two do not differ on any event', ja: '二つのポリシーに差がある取引がない' },
  otherEvents: { en: 'the two were not decided on the same events', ja: '同じ取引に対する判定ではない' },
  noPrices: { en: 'no prices were given', ja: '価格が与えられていない' },
  shortReference: { en: 'one half of the period has too few scores', ja: '期間の一方の半分にスコアが少なすぎる' },
}
