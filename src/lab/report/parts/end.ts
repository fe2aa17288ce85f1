// How fast it was, how it is made again, and what a report like this cannot say.
import { shortNumber } from '../axes.ts'
import { dotsChart, sizeOf } from '../charts/dots.ts'
import { type Context, figure, figures, none, section, table, textCell, variantName } from '../frame.ts'
import { type Html, html } from '../html.ts'
import { say } from '../language.ts'
import { fixed, percent, timeOf, whole } from '../numbers.ts'

export function targetsPart({ summary }: Context): Html | undefined {
  const { targets } = summary
  if (targets.length === 0) return undefined
  return section(
    'targets',
    { en: 'Is the population believable?', ja: '母集団は現実的か' },
    [
      say({
        en: 'Published numbers, and what the made-up stream gives. They say that it resembles what was published, not that it is real.',
        ja: '公表値と、生成したストリームの値です。公表値に似ていることを示すだけで、現実であることの証明ではありません。',
      }),
    ],
    table(
      'targets-table',
      say({ en: 'Target against got', ja: '目標と実際' }),
      [
        say({ en: 'What', ja: '項目' }),
        say({ en: 'From', ja: '下限' }),
        say({ en: 'To', ja: '上限' }),
        say({ en: 'Got', ja: '実際' }),
        html`n`,
        say({ en: 'Denominator', ja: '分母' }),
        say({ en: 'Inside?', ja: '範囲内か' }),
      ],
      targets.map((one) => {
        const unit = (value: number): string => (one.high <= 1 ? percent(value) : fixed(value, 2))
        return {
          head: say(one.title),
          cells: [
            html`${unit(one.low)}`,
            html`${unit(one.high)}`,
            one.got === null || Number.isNaN(one.got) ? none : html`${unit(one.got)}`,
            html`${whole(one.n)}`,
            textCell(say(one.of)),
            textCell(
              one.got === null
                ? none
                : one.isInside
                  ? html`<span class="mark is-shown">${say({ en: 'inside', ja: '範囲内' })}</span>`
                  : html`<span class="mark is-bad">${say({ en: 'outside', ja: '範囲外' })}</span>`,
            ),
          ],
        }
      }),
    ),
  )
}

export function speedPart(context: Context): Html | undefined {
  const { environment } = context.summary
  if (environment === undefined) return undefined
  const { latency } = environment
  const known = context.series.flatMap((series) => {
    const own = latency.find(({ variant }) => variant === series.variant.id)
    return own === undefined || own.n === 0 ? [] : [{ series, own }]
  })
  const quantiles = ['p50', 'p90', 'p99'] as const
  const dots = {
    axis: { name: { en: 'microseconds per event', ja: '1件あたりのマイクロ秒' }, min: 0, format: shortNumber },
    names: quantiles.map((one) => one),
    rows: known.map(({ series, own }) => ({ series, dots: quantiles.map((one) => ({ value: own[one] })) })),
  }
  const find = (id: string) => context.summary.variants.find((one) => one.id === id)
  return section(
    'speed',
    { en: 'Speed', ja: '速度' },
    [
      say(
        {
          en: 'Measured on this run: {cpu}, {cores} cores, {workers} threads, Node {node}, {seconds} s in all{rate}. These are facts of a machine and an hour: they are the only numbers here that another run does not repeat.',
          ja: '実行環境：{cpu}、{cores}コア、{workers}スレッド、Node {node}、合計{seconds}秒{rate}。実行した機械と時点に固有の値で、再実行で一致しないのはこの節だけです。',
        },
        {
          cpu: environment.cpu,
          cores: environment.cores,
          workers: environment.workers,
          node: environment.node,
          seconds: fixed(environment.seconds, 1),
          rate:
            environment.eventsPerSecond === null
              ? ''
              : say(
                  { en: '; {n} events folded a second', ja: '、毎秒{n}件を処理' },
                  { n: whole(environment.eventsPerSecond) },
                ),
        },
      ),
    ],
    known.length > 0 &&
      figures(
        figure({
          id: 'latency',
          title: { en: 'Latency of a decision, by quantile', ja: '判定の所要時間（分位点）' },
          says: say({
            en: 'Of one event: features, weighing and deciding, by sample. Without network, protocol and database.',
            ja: '1件あたり：特徴量・評価・判定（標本）。通信、プロトコル処理、データベースは含みません。',
          }),
          chart: context.draw(dotsChart(dots), sizeOf(dots)),
          isWide: true,
        }),
      ),
    latency.length > 0 &&
      table(
        'latency-table',
        say({ en: 'Microseconds per event', ja: '1件あたりのマイクロ秒' }),
        [
          say({ en: 'Variant, policy hash', ja: '変種・ポリシーのハッシュ' }),
          say({ en: 'Events sampled', ja: '標本数' }),
          html`p50`,
          html`p90`,
          html`p99`,
          say({ en: 'Longest', ja: '最大' }),
        ],
        latency.map((one) => {
          const variant = find(one.variant)
          return {
            head:
              variant === undefined
                ? html`${one.variant}`
                : variantName(
                    variant,
                    context.series.find(({ variant: { id } }) => id === one.variant),
                  ),
            cells: [
              html`${whole(one.n)}`,
              html`${fixed(one.p50, 1)}`,
              html`${fixed(one.p90, 1)}`,
              html`${fixed(one.p99, 1)}`,
              html`${fixed(one.max, 0)}`,
            ],
          }
        }),
      ),
  )
}

/** Where the events come from. */
export type Origin = 'generated' | 'imported'

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** A stream that was stored says by itself how it was made; anything that no preset made is somebody's own. */
export function originOf({ manifest }: Context['summary']): Origin {
  const { stream } = manifest.experiment
  if (isRecord(stream) && 'preset' in stream) return 'generated'
  const { made } = manifest.stream
  return 'preset' in made || 'generator' in made || 'config' in made ? 'generated' : 'imported'
}

/** What the run took for granted, number by number. */
function assumptionsOf({ summary }: Context): readonly (readonly [Html, string])[] {
  const { challenges, consequences } = summary.manifest.assumptions
  const { genuine, fraud } = challenges
  const asked: readonly (readonly [Html, string])[] = [
    [say({ en: 'A challenge ends after', ja: 'チャレンジの所要時間' }), `${whole(challenges.seconds)} s`],
    [
      say({ en: 'Challenges that fail for technical reasons', ja: '技術的に失敗するチャレンジ' }),
      percent(challenges.technical),
    ],
    [
      say({
        en: 'Where the stream does not say it: the cardholder passes / leaves',
        ja: 'ストリームに情報がない場合：本人が成功／離脱する割合',
      }),
      `${percent(genuine.pass)} / ${percent(genuine.abandon)}`,
    ],
    [
      say({
        en: 'Where the stream does not say it: an attacker passes / leaves',
        ja: 'ストリームに情報がない場合：攻撃者が成功／離脱する割合',
      }),
      `${percent(fraud.pass)} / ${percent(fraud.abandon)}`,
    ],
  ]
  if (consequences === undefined) return asked
  const { retry, lower } = consequences
  const yesOrNo = (is: boolean): string => (is ? '✓' : '–')
  return [
    ...asked,
    [
      say({
        en: 'Failed challenges within 24 hours that block a card (0: never)',
        ja: 'カード停止に至る24時間以内の失敗回数（0：停止なし）',
      }),
      whole(consequences.blockAfterFailed),
    ],
    [
      say({ en: 'A rejection (R) blocks the card', ja: '拒否（R）でカード停止' }),
      yesOrNo(consequences.blockAfterReject),
    ],
    [
      say({ en: 'A reported fraud blocks the card', ja: '不正の報告でカード停止' }),
      yesOrNo(consequences.blockAfterReport),
    ],
    [say({ en: 'Days until the new card', ja: '再発行までの日数' }), fixed(consequences.reissueDays, 0)],
    [
      say({
        en: 'Attackers who try again elsewhere, at most so often, after minutes',
        ja: '別の店で再試行する攻撃者の割合・最大回数・間隔（分）',
      }),
      `${percent(retry.share)}, ${whole(retry.most)}, ${retry.minutes.map((one) => fixed(one, 0)).join('–')}`,
    ],
    [
      say({ en: 'Of them with a lower amount, and its factor', ja: 'うち金額を下げる割合と倍率' }),
      `${percent(lower.share)}, ×${fixed(lower.factor, 2)}`,
    ],
    [
      say({ en: 'Fruitless attempts until an attacker gives a card up', ja: '攻撃者があきらめるまでの試行回数' }),
      whole(consequences.giveUpAfter),
    ],
  ]
}

/** As they are marked beside a value. */
const methods = [
  [
    { en: '[ … ]', ja: '[ … ]' },
    { en: '95%: percentiles of resamples of whole cards', ja: '95%：カード単位の再標本のパーセンタイル' },
  ],
  [
    { en: '[ … ] exact', ja: '[ … ] 正確法' },
    {
      en: '95%: nothing or everything was hit; Clopper–Pearson with cards as trials',
      ja: '95%：該当が0または全件。カードを試行とするClopper–Pearson',
    },
  ],
  [
    { en: '[ … ] linearised', ja: '[ … ] 線形化' },
    { en: '95%: normal, variance over cards by linearisation', ja: '95%：正規近似、カード単位の線形化分散' },
  ],
] as const

export function limitsPart(context: Context): Html {
  const { summary } = context
  const points = [
    originOf(summary) === 'generated'
      ? say({
          en: 'The events are made up. What follows from how they were made (which attacks there are, how often merchants are right, who passes a challenge) is an assumption here, not a finding. A rate of this report is no forecast for a real portfolio.',
          ja: '取引は生成したものです。どのような攻撃があるか、加盟店の判定がどれほど正しいか、誰がチャレンジに成功するかは前提であって結果ではありません。本レポートの率は実際のポートフォリオの予測ではありません。',
        })
      : say({
          en: 'The events are somebody’s own, as they were imported. Fraud that nobody reported counts as genuine, and events that an earlier system stopped are not among them.',
          ja: '取引は取り込まれた実データ等です。報告されなかった不正は正当な取引として数えられ、以前の仕組みが止めた取引は含まれません。',
        }),
    summary.manifest.mode === 'replay'
      ? say({
          en: 'Replay: nobody reacts. Attackers do not adapt, a blocked card goes on being used, and a purchase that was lost is not tried again. So it tells what would have been decided, not what would have followed.',
          ja: 'リプレイ：誰も反応しません。攻撃者は手口を変えず、停止すべきカードも使われ続け、失った取引は再試行されません。判定は分かりますが、その後の結果は分かりません。',
        })
      : say({
          en: 'Closed loop: variants no longer see the same events after their first different answer, and how attackers adapt is an assumption. Differences hold for these assumptions.',
          ja: '閉ループ：最初に応答が分かれた後は、変種ごとに取引が異なります。攻撃者の適応は前提であり、差もその前提のもとでのみ成り立ちます。',
        }),
    say({
      en: 'Intervals are of sampling cards. They do not hold the error of the assumptions, of labels that are missing, or of a threshold that was chosen on these events.',
      ja: '区間はカードの抽出による偶然だけを表します。前提の誤り、ラベルの欠落、同じ取引で選んだしきい値の影響は含みません。',
    }),
    say({
      en: 'The frictionless rate is of AReqs that the policy decided. Rates over payments, over merchants’ traffic or over attempts are other numbers.',
      ja: 'フリクションレス率の分母はポリシーが判定したAReqです。決済件数や加盟店の取引、試行数を分母とする率とは異なります。',
    }),
  ]
  return section(
    'limits',
    { en: 'What this report cannot say', ja: '本レポートから言えないこと' },
    [],
    html`<ul>${points.map((one) => html`<li>${one}</li>`)}</ul>
<h3>${say({ en: 'How the intervals were made', ja: '区間の求め方' })}</h3>
<dl class="facts">${methods.map(([mark, words]) => html`<dt>${say(mark)}</dt><dd>${say(words)}</dd>`)}</dl>
<h3>${say({ en: 'What was supposed', ja: '前提とした値' })}</h3>
<dl class="facts">${assumptionsOf(context).map(([term, fact]) => html`<dt>${term}</dt><dd>${fact}</dd>`)}</dl>`,
  )
}

export function againPart(context: Context): Html {
  const { manifest } = context.summary
  const { stream } = manifest
  const facts: readonly (readonly [Html, Html])[] = [
    [say({ en: 'Experiment', ja: '実験' }), html`${manifest.name}`],
    [say({ en: 'Seed', ja: 'シード' }), html`<code>${manifest.seed}</code>`],
    [html`Sekisho`, html`${manifest.version}`],
    [
      say({ en: 'Stream', ja: 'ストリーム' }),
      html`${stream.name}, ${say({ en: 'seed', ja: 'シード' })} <code>${stream.seed}</code>, ${say({ en: '{n} events', ja: '{n}件' }, { n: whole(stream.events) })}`,
    ],
    [say({ en: 'Period', ja: '期間' }), html`${timeOf(stream.from)} – ${timeOf(stream.to)}`],
    [say({ en: 'Measured from', ja: '計測開始' }), html`${timeOf(stream.measuredFrom)}`],
    [say({ en: 'Hash of the events (SHA-256)', ja: '取引のハッシュ（SHA-256）' }), html`<code>${stream.hash}</code>`],
  ]
  return section(
    'again',
    { en: 'How to make it again', ja: '再現の方法' },
    [
      say({
        en: 'The folder of this report holds manifest.json, from which anybody with this version of Sekisho gets the same bytes; the second line does so and compares them.',
        ja: '本レポートのフォルダーにある manifest.json から、同じバージョンの Sekisho で同じバイト列を再現できます。2行目は再実行して比較するコマンドです。',
      }),
    ],
    html`<pre tabindex="0">sekisho lab report &lt;folder&gt;
sekisho lab verify &lt;folder&gt;</pre>
<dl class="facts">${facts.map(([term, fact]) => html`<dt>${term}</dt><dd>${fact}</dd>`)}</dl>`,
  )
}
