/** What came out of a probe, in words and tables. Pure. */
import type { Both } from '../report/language.ts'
import { fixed, percent, pValue, whole } from '../report/numbers.ts'
import type { Chapter, Document, Said, Table } from './document.ts'
import { type Odds, wilson } from './odds.ts'
import type { Analysis, Count, FactorEffect, Outcome, ProbeResult } from './probe.ts'
import type { Factor } from './probe-events.ts'
import { setting } from './probe-events.ts'
import { probe2018 } from './published.ts'

const factorWords: Readonly<Record<Factor, Both>> = {
  device: { en: 'device data', ja: '端末情報' },
  region: { en: 'region', ja: '地域' },
  amount: { en: 'amount', ja: '金額' },
  site: { en: 'site', ja: '加盟店' },
}
const outcomeWords: Readonly<Record<Outcome, Both>> = {
  friction: { en: 'challenged or refused', ja: '本人認証または拒否' },
  challenge: { en: 'challenged, refused left out', ja: '本人認証（拒否を除く）' },
  refusal: { en: 'refused', ja: '拒否' },
}
const memoryWords = {
  clean: { en: 'clean memory', ja: '履歴なし' },
  history: { en: 'with a history', ja: '履歴あり' },
} as const
const issuerWords = {
  one: { en: 'one issuer', ja: '発行会社 1 社' },
  many: { en: 'issuers that differ', ja: '異なる発行会社' },
} as const

const none: Both = { en: '–', ja: '–' }
const ratio = (value: number): string =>
  value < 0.995 ? fixed(value, 2) : value < 99.5 ? fixed(value, value < 9.95 ? 2 : 1) : whole(value)

function oddsWords({ kind, ratio: value, low, high, method }: Odds): Said {
  if (kind === 'constant') return { en: 'all answers the same', ja: 'すべて同じ応答' }
  if (kind === 'none') return { en: 'cannot be told apart', ja: '区別できない' }
  if (kind === 'above') return { en: `≥ ${ratio(low ?? 0)} (no upper end) *`, ja: `≥ ${ratio(low ?? 0)}（上限なし）*` }
  if (kind === 'below')
    return { en: `≤ ${ratio(high ?? 0)} (no lower end) *`, ja: `≤ ${ratio(high ?? 0)}（下限なし）*` }
  const interval = { en: `${ratio(low ?? 0)} to ${ratio(high ?? 0)}`, ja: `${ratio(low ?? 0)}～${ratio(high ?? 0)}` }
  const middle = value === null ? '' : `${ratio(value)} `
  const mark = method === 'cluster' ? '' : ' *'
  return { en: `${middle}(${interval.en})${mark}`, ja: `${middle}(${interval.ja})${mark}` }
}
/** The test that belongs to the interval. */
const oddsP = ({ method, p, waldP }: Odds): string =>
  method === 'cluster' && waldP !== null ? pValue(waldP) : p === null ? '–' : `${pValue(p)} *`

const shareOf = ({ hits, n }: Count): string => (n === 0 ? '–' : `${percent(hits / n, 1)} (${hits} / ${n})`)
const publishedOf = (outcome: Outcome, factor: Factor): Said => {
  if (outcome === 'refusal') {
    const odds = probe2018.blocked[factor]
    return odds === null ? none : { en: `${odds} (card blocked)`, ja: `${odds}（カード停止）` }
  }
  const range = probe2018.challenge[factor]
  return range === null
    ? { en: 'not significant', ja: '有意でない' }
    : { en: `${range[0]} to ${range[1]}`, ja: `${range[0]}～${range[1]}` }
}

function oddsTable(analysis: Analysis): Table {
  const { memory, issuers, outcomes } = analysis
  const rows = outcomes.flatMap(({ outcome, factors }) =>
    factors.map(({ factor, without, with: changed, pairs, odds }): readonly Said[] => [
      outcomeWords[outcome],
      factorWords[factor],
      shareOf(without),
      shareOf(changed),
      `${pairs.onlyWith} : ${pairs.onlyWithout}`,
      `${pairs.repetitions.more} : ${pairs.repetitions.fewer} / ${pairs.repetitions.n}`,
      pairs.p === null ? '–' : pValue(pairs.p),
      oddsWords(odds),
      oddsP(odds),
      publishedOf(outcome, factor),
    ]),
  )
  return {
    id: `odds-${memory}-${issuers}`,
    caption: {
      en: 'Of probes answered. Odds ratios by logistic regression on the four factors, Wald’s 95 % intervals and p with cluster-robust errors by repetition (Student’s t). With a *: there are none (separation, or repetitions that do not differ, or fewer than six); profile of the likelihood or usual Wald interval, p by likelihood ratio. These count the cells of one person as independent and claim nothing. Pairs differ in this alone: hit only when changed : only when not. Repetitions: more hits when changed : fewer / all; p (pairs) of the exact sign test over repetitions.',
      ja: '応答のあった調査取引について。オッズ比は四つの要因によるロジスティック回帰。Wald の 95 % 区間と p は反復をクラスターとする頑健な標準誤差による（Student の t）。* はそれが求まらない場合（分離、反復に差がない、または反復が六回未満）で、尤度のプロファイルまたは通常の Wald 区間、p は尤度比検定。同一人物のセルを独立とみなしたもので、結論の根拠にはしない。対はこの要因だけが異なる組で、変えたときだけ該当：変えないときだけ該当。反復は、変えたとき該当が多い：少ない／全体。p（対）は反復についての正確な符号検定。',
    },
    heads: [
      { en: 'answer', ja: '応答' },
      { en: 'changed', ja: '変えたもの' },
      { en: 'not changed', ja: '変えない' },
      { en: 'changed', ja: '変えた' },
      { en: 'pairs', ja: '対' },
      { en: 'repetitions', ja: '反復' },
      { en: 'p (pairs)', ja: 'p（対）' },
      { en: 'odds ratio', ja: 'オッズ比' },
      'p',
      { en: 'published', ja: '公表値' },
    ],
    rows,
  }
}

function cellsTable(one: readonly Analysis[]): Table {
  const first = one[0]?.cells ?? []
  return {
    id: 'cells',
    caption: {
      en: 'Each cell of the design, policy as it is written: frictionless / challenged / refused, of n probes answered.',
      ja: '計画の各セル。ポリシーは記載どおり。フリクションレス／本人認証／拒否の件数と、応答のあった調査取引の件数 n。',
    },
    heads: [{ en: 'changed', ja: '変えたもの' }, ...one.flatMap(({ memory }) => [memoryWords[memory], 'n'])],
    rows: first.map(({ changed }, cell) => [
      changed.length === 0
        ? { en: 'nothing', ja: 'なし' }
        : {
            en: changed.map((factor) => factorWords[factor].en).join(' + '),
            ja: changed.map((factor) => factorWords[factor].ja).join('＋'),
          },
      ...one.flatMap(({ cells }) => {
        const { frictionless = 0, challenged = 0, refused = 0, n = 0 } = cells[cell] ?? {}
        return [`${frictionless} / ${challenged} / ${refused}`, String(n)]
      }),
    ]),
  }
}

/** Sums over cells by what the study tells of them; the site is in all. */
const levels = [
  {
    key: 'homeControl',
    words: { en: 'at home, nothing changed', ja: '国内、変更なし' },
    isIn: (f: readonly Factor[]) => !f.includes('region') && changes(f) === 0,
  },
  {
    key: 'homeOne',
    words: { en: 'at home, one thing changed', ja: '国内、一つ変更' },
    isIn: (f: readonly Factor[]) => !f.includes('region') && changes(f) === 1,
  },
  {
    key: 'abroadAlone',
    words: { en: 'abroad, nothing else changed', ja: '国外、ほかは変更なし' },
    isIn: (f: readonly Factor[]) => f.includes('region') && changes(f) === 0,
  },
  {
    key: 'abroadMore',
    words: { en: 'abroad, more changed', ja: '国外、ほかも変更' },
    isIn: (f: readonly Factor[]) => f.includes('region') && changes(f) > 0,
  },
] as const
/** Of device data and amount. */
const changes = (changed: readonly Factor[]): number =>
  changed.filter((factor) => factor === 'device' || factor === 'amount').length

const withWilson = (hits: number, n: number): string => {
  const interval = wilson(hits, n)
  return interval === null ? '–' : `${percent(hits / n, 1)} (${percent(interval.low, 1)}–${percent(interval.high, 1)})`
}

function levelsTable(analyses: readonly Analysis[]): Table {
  return {
    id: 'levels',
    caption: {
      en: 'Shares of probes that were challenged / refused, Wilson’s 95 % intervals, which count the cells of one person as independent; the site is in all. The study counts transactions that were declined in the end, by whomever: more than what an ACS refuses.',
      ja: '本人認証／拒否となった調査取引の割合と Wilson の 95 % 区間（同一人物のセルを独立とみなす）。加盟店はすべて含む。調査は最終的に拒否された取引を数えており、ACS の拒否より広い。',
    },
    heads: [
      '',
      ...analyses.flatMap(({ memory, issuers }): readonly Said[] => [
        {
          en: `${memoryWords[memory].en}, ${issuerWords[issuers].en}`,
          ja: `${memoryWords[memory].ja}、${issuerWords[issuers].ja}`,
        },
        'n',
      ]),
      { en: 'published', ja: '公表値' },
    ],
    rows: levels.map(({ key, words, isIn }) => {
      const sums = analyses.map(({ cells }) => {
        const own = cells.filter(({ changed }) => isIn(changed))
        const sum = (count: (one: (typeof own)[number]) => number): number =>
          own.reduce((total, one) => total + count(one), 0)
        return {
          n: sum(({ n }) => n),
          challenged: sum(({ challenged }) => challenged),
          refused: sum(({ refused }) => refused),
        }
      })
      return [
        words,
        ...sums.flatMap(({ n, challenged, refused }) => [
          `${withWilson(challenged, n)} / ${withWilson(refused, n)}`,
          String(n),
        ]),
        probe2018.levels[key],
      ]
    }),
  }
}

function scoreTable(one: readonly Analysis[]): Table {
  return {
    id: 'score',
    caption: {
      en: 'What a change does to the policy’s score, as a factor of the odds that the score stands for: exp of the mean difference over pairs, Student’s 95 % interval over repetitions. Not a rate of answers: it is there also where the answers leave no doubt.',
      ja: '変更がポリシーのスコアに与える影響を、スコアが表すオッズの倍率で示したもの。対の差の平均の指数と、反復ごとの平均による Student の 95 % 区間。応答の割合ではなく、応答が一様な場合にも求まる。',
    },
    heads: [
      { en: 'changed', ja: '変えたもの' },
      ...one.map(({ memory }) => memoryWords[memory]),
      { en: 'repetitions', ja: '反復' },
      { en: 'published', ja: '公表値' },
    ],
    rows: (one[0]?.score ?? []).map(({ factor, repetitions }, at) => [
      factorWords[factor],
      ...one.map(({ score }) => {
        const effect = score[at]
        if (effect === undefined) return '–'
        const { mean, low, high } = effect
        const [middle, from, to] = [mean, low, high].map((value) => ratio(Math.exp(value)))
        return { en: `${middle} (${from} to ${to})`, ja: `${middle}（${from}～${to}）` }
      }),
      String(repetitions),
      publishedOf('friction', factor),
    ]),
  }
}

export type Pattern = {
  /** Of device data, region and amount: those that raise the odds of a challenge or a refusal. */
  readonly raising: readonly Factor[]
  readonly isSiteSilent: boolean
  /** Factors that raise the odds of a refusal. */
  readonly refusing: readonly Factor[]
}
/** Where an effect goes at the level of 5 %: by the cluster-robust interval, or by the sign test over repetitions where there is none. */
function directionOf({ odds: { method, low, high }, pairs }: FactorEffect): -1 | 0 | 1 {
  if (method === 'cluster' && low !== null && high !== null) return low > 1 ? 1 : high < 1 ? -1 : 0
  if (pairs.p === null || pairs.p >= 0.05) return 0
  return pairs.repetitions.more > pairs.repetitions.fewer ? 1 : -1
}

/** What of the published pattern the answers have: nothing that counts the cells of one person as independent is asked. */
export function patternOf({ outcomes }: Analysis): Pattern {
  const of = (outcome: Outcome): readonly FactorEffect[] =>
    outcomes.find((one) => one.outcome === outcome)?.factors ?? []
  const raising = (outcome: Outcome): readonly Factor[] =>
    of(outcome)
      .filter((effect) => directionOf(effect) === 1)
      .map(({ factor }) => factor)
  return {
    raising: raising('friction').filter((factor) => factor !== 'site'),
    isSiteSilent: of('friction').every((effect) => effect.factor !== 'site' || directionOf(effect) === 0),
    refusing: raising('refusal'),
  }
}

const listOf = (all: readonly Factor[]): Both =>
  all.length === 0
    ? { en: 'nothing', ja: 'なし' }
    : { en: all.map((one) => factorWords[one].en).join(', '), ja: all.map((one) => factorWords[one].ja).join('、') }

function patternWords(analysis: Analysis): Both {
  const { raising, isSiteSilent, refusing } = patternOf(analysis)
  const more = listOf(raising)
  const refused = listOf(refusing)
  return {
    en: `By the cluster-robust 95 % intervals, and by the sign test over repetitions where there are none, odds of a challenge or a refusal rise with: ${more.en}. The site ${isSiteSilent ? 'shows no effect' : 'shows an effect'}. Odds of a refusal rise with: ${refused.en}. Published: device data, region and amount; no effect of the site; a blocked card by the region alone.`,
    ja: `クラスター頑健な 95 % 区間（求まらない場合は反復についての符号検定）でみて、本人認証または拒否のオッズを上げるもの：${more.ja}。加盟店の影響：${isSiteSilent ? '認められない' : '認められる'}。拒否のオッズを上げるもの：${refused.ja}。公表値：端末情報・地域・金額。加盟店は影響なし。カード停止は地域のみ。`,
  }
}

/** Fewer persons than this cannot reach 5 % in the sign test, and are no more than the coefficients. */
const fewestToTell = 6

export function probeDocument(result: ProbeResult): Document {
  const { policy, repetitions, seed, scatter, analyses, isByPrices } = result
  const asWritten = analyses.filter(({ issuers }) => issuers === 'one')
  const many = analyses.filter(({ issuers }) => issuers === 'many')
  const chapterOf = (analysis: Analysis): Chapter => ({
    id: `${analysis.memory}-${analysis.issuers}`,
    title: {
      en: `Odds ratios: ${memoryWords[analysis.memory].en}, ${issuerWords[analysis.issuers].en}`,
      ja: `オッズ比：${memoryWords[analysis.memory].ja}、${issuerWords[analysis.issuers].ja}`,
    },
    says: [
      ...(analysis.outcomes.some(({ isSeparated }) => isSeparated)
        ? [
            {
              en: 'Separation: the factors together leave no doubt in some cells, so the likelihood has no finite maximum. Bounds are given instead of estimates.',
              ja: '分離：要因の組み合わせによって応答が確定するセルがあり、尤度は有限の最大点をもたない。推定値の代わりに限界を示す。',
            },
          ]
        : []),
      patternWords(analysis),
      ...(repetitions < fewestToTell
        ? [
            {
              en: `${repetitions} repetitions are too few to tell any effect: at least ${fewestToTell} are needed.`,
              ja: `反復 ${repetitions} 回ではどの影響も示せない。少なくとも ${fewestToTell} 回が必要。`,
            },
          ]
        : []),
      ...(analysis.unanswered > 0
        ? [
            {
              en: `${analysis.unanswered} probes were answered U; they count nowhere.`,
              ja: `U と応答された ${analysis.unanswered} 件は、どこにも数えない。`,
            },
          ]
        : []),
    ],
    tables: [oddsTable(analysis)],
  })
  return {
    title: {
      en: `The factorial probe of 2018 against ${policy.id}`,
      ja: `2018年の要因調査を ${policy.id} に対して行う`,
    },
    about: [
      {
        en: `Source: ${probe2018.source.title} (${probe2018.source.where}). Policy ${policy.name} version ${policy.version}, hash ${policy.hash}; seed ${seed}; ${repetitions} repetitions of each of 16 cells.`,
        ja: `出典：${probe2018.source.title}（${probe2018.source.where}）。ポリシー ${policy.name} 版 ${policy.version}、ハッシュ ${policy.hash}。シード ${seed}。16 セルを各 ${repetitions} 回反復。`,
      },
      {
        en: `Every probe is decided by the code that decides in the ACS, in a memory of its own: ${setting.others} purchases of other cards at both shops, and with a history ${setting.purchases[0]} to ${setting.purchases[1]} of this card in ${setting.days} days, at home, on its usual device, at both shops, challenges passed. Changed are: the device with its id and its 3DS Method data; the address to one of a household abroad; the amount to ${setting.times[0]} to ${setting.times[1]} times; the shop. Assessments of screenings are not sent.`,
        ja: `各取引は ACS と同じコードで、それぞれ独立した記憶のもとに判定する。両加盟店での他カードの購入 ${setting.others} 件に加え、履歴ありの場合は ${setting.days} 日間に本カードの購入 ${setting.purchases[0]}～${setting.purchases[1]} 件（国内、いつもの端末、両加盟店、本人認証は成功）。変えるもの：端末（ID と 3DS Method の情報を含む）、国外の家庭の IP アドレス、金額 ${setting.times[0]}～${setting.times[1]} 倍、加盟店。スクリーニングの評価は送らない。`,
      },
      ...(many.length > 0
        ? [
            {
              en: `Issuers that differ: each probe meets the policy with its thresholds moved by a draw of the logistic distribution of scale ${scatter}; the study, too, used several cards. With scale 1 a weight of the policy is the logarithm of an odds ratio.`,
              ja: `異なる発行会社：取引ごとに、しきい値を尺度 ${scatter} のロジスティック分布からの値だけ動かしたポリシーで判定する（調査も複数のカードを用いた）。尺度 1 なら、ポリシーの重みがオッズ比の対数になる。`,
            },
          ]
        : []),
      ...(isByPrices
        ? [
            {
              en: 'The policy decides by prices and has no thresholds to move, so that issuers that differ are not run.',
              ja: 'このポリシーは費用で判定し、動かすしきい値がないため、異なる発行会社の調査は行わない。',
            },
          ]
        : []),
    ],
    chapters: [
      {
        id: 'answers',
        title: { en: 'Answers', ja: '応答' },
        says: [],
        tables: [cellsTable(asWritten), levelsTable(analyses)],
      },
      ...[...asWritten, ...many].map(chapterOf),
      { id: 'scores', title: { en: 'Scores', ja: 'スコア' }, says: [], tables: [scoreTable(asWritten)] },
    ],
  }
}
