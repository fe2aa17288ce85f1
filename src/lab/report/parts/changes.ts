// Parts left out one at a time, thresholds tried, variants moved to meet another, and the whole over other seeds.
import type { EstimateKey } from '../../metrics/types.ts'
import { estimateKeys } from '../../metrics/types.ts'
import { grid, percentLabel, point, share, xAxis, yAxis } from '../axes.ts'
import { dotsChart, sizeOf } from '../charts/dots.ts'
import { frictionlessName, metNames } from '../charts/tradeoff.ts'
import {
  type Context,
  differenceText,
  estimateCell,
  figure,
  figures,
  none,
  section,
  table,
  textCell,
  variantName,
} from '../frame.ts'
import { type Html, html } from '../html.ts'
import { say } from '../language.ts'
import { change, dayOf, fixed, percent, unitOf, whole, written } from '../numbers.ts'
import { legend, rootOf, type Series } from '../series.ts'
import { titleOf } from '../terms.ts'
import { headOf, modeNote } from './rates.ts'
import { changeWords } from './variants.ts'

const lookOf = (context: Context, of: string | undefined): Series | undefined =>
  context.series.find(({ variant }) => variant.id === of) ??
  context.series.find(({ variant }) => variant.id === rootOf(of ?? '', context.summary.variants))

/** What each part is worth: the variant without it less the whole one. */
export function ablationsPart(context: Context): Html | undefined {
  const { summary, draw, currency } = context
  const all = summary.variants.filter(({ kind }) => kind === 'ablation')
  if (all.length === 0) return undefined
  const keys = ['frictionless', 'fraudStoppedAmount', 'genuineLost'] as const
  const differenceOf = (id: string, of: string | undefined, key: EstimateKey) =>
    summary.comparisons.find((one) => one.a === of && one.b === id)?.differences.find((one) => one.key === key)
  const bases = [...new Set(all.map(({ of }) => of ?? ''))]
  const charts = bases.flatMap((base) => {
    const series = lookOf(context, base)
    const own = all.filter(({ of }) => of === base)
    if (series === undefined) return []
    return keys.slice(0, 2).map((key, nth) => {
      const dots = {
        axis: { name: titleOf(key), format: percentLabel, isCut: true },
        names: own.map(({ id }) => id.slice(base.length + 1) || id),
        rows: [
          {
            series,
            dots: own.map(({ id, of, metrics }) => {
              const paired = differenceOf(id, of, key)
              if (paired?.value !== undefined && paired.value !== null)
                return { value: paired.value, interval: paired.interval }
              const before = series.variant.metrics.estimates[key].value
              const after = metrics.estimates[key].value
              return before === null || after === null ? undefined : { value: after - before }
            }),
          },
        ],
        zero: 0,
      }
      return figure({
        id: `ablation-${bases.indexOf(base)}-${nth}`,
        title: {
          en: `${base}: ${titleOf(key).en}, without each part`,
          ja: `${base}：各部分を除いた場合の${titleOf(key).ja}`,
        },
        says: html`${say({
          en: 'Points by which the rate changes when the part is left out; bars: 95%, where the pair was compared. Dotted: no change.',
          ja: '部分を除いたときの変化（ポイント）。比較した組には95%区間を示しています。点線：変化なし。',
        })} ${modeNote(context)}`,
        chart: draw(dotsChart(dots), sizeOf(dots)),
        isWide: true,
      })
    })
  })
  const metrics = all.map((one) => one.metrics)
  return section(
    'ablations',
    { en: 'What each part is worth', ja: '各部分の寄与' },
    [
      say({
        en: 'One part after the other was left out of a policy, and nothing put in its place. Parts that say the same thing cover for each other: that two of them change nothing alone does not mean that both can go.',
        ja: 'ポリシーから部分を一つずつ除いた結果です。似た働きの部分は互いに補い合うため、単独で変化がなくても、両方を除いてよいとは限りません。',
      }),
    ],
    figures(...charts),
    table(
      'ablations-table',
      html`${say({
        en: 'Rates without the part, and the difference to the whole policy where the pair was compared.',
        ja: '部分を除いた率と、比較した組では元のポリシーとの差。',
      })} ${modeNote(context)}`,
      [
        say({ en: 'Variant, policy hash', ja: '変種・ポリシーのハッシュ' }),
        say({ en: 'What was changed', ja: '変更' }),
        ...keys.map((key) => headOf(key, metrics)),
      ],
      all.map((one) => ({
        head: variantName(one),
        cells: [
          textCell(html`${one.changes.map(changeWords)}`),
          ...keys.map((key) => {
            const paired = differenceOf(one.id, one.of, key)
            return html`${estimateCell(key, one.metrics.estimates[key], currency)}${
              paired !== undefined &&
              paired.value !== null &&
              html`<small>${say({ en: 'difference', ja: '差' })} ${differenceText(key, paired.value, paired.interval, currency)}</small>`
            }`
          }),
        ],
      })),
    ),
  )
}

export function sweepsPart(context: Context): Html | undefined {
  const { summary, draw, currency } = context
  const all = summary.variants.filter(({ kind }) => kind === 'sweep')
  if (all.length === 0) return undefined
  const keys = [
    'frictionless',
    'challenge',
    'decline',
    'fraudCaught',
    'fraudStopped',
    'fraudStoppedAmount',
    'genuineLost',
    'cost',
  ] as const
  const bases = [...new Set(all.map(({ of }) => of))]
  const looks = bases.flatMap((base) => lookOf(context, base) ?? [])
  return section(
    'sweeps',
    { en: 'Thresholds that were tried', ja: '試したしきい値' },
    [
      say({
        en: 'Each is a policy of its own that decided the whole stream: other than on the curves above, rules and profiles take part. Whoever picks the best of many thresholds on these events will find less on the next.',
        ja: 'それぞれが独立したポリシーとして全取引を判定しました。上の曲線と違い、ルールやプロファイルの影響も含みます。この取引上で最良のしきい値を選ぶと、次の取引では結果が下がります。',
      }),
    ],
    figures(
      figure({
        id: 'sweep',
        title: {
          en: 'Frictionless rate against fraud stopped, by value',
          ja: 'フリクションレス率と阻止した不正（金額）',
        },
        says: html`${say({ en: 'A mark for each threshold.', ja: 'しきい値ごとに一つの印。' })} ${modeNote(context)}`,
        chart: draw(
          {
            grid,
            xAxis: xAxis(share(frictionlessName)),
            yAxis: yAxis(share(metNames.stoppedAmount)),
            series: looks.map((series) =>
              point(
                series,
                all
                  .filter(({ of }) => lookOf(context, of) === series)
                  .flatMap(({ metrics: { estimates } }): [number, number][] =>
                    estimates.frictionless.value === null || estimates.fraudStoppedAmount.value === null
                      ? []
                      : [[estimates.frictionless.value, estimates.fraudStoppedAmount.value]],
                  ),
              ),
            ),
          },
          { width: 560, height: 360 },
        ),
        legend: legend(looks),
      }),
    ),
    table(
      'sweeps-table',
      html`${say({ en: 'Thresholds are log-odds.', ja: 'しきい値は対数オッズ。' })} ${modeNote(context)}`,
      [
        say({ en: 'Variant, policy hash', ja: '変種・ポリシーのハッシュ' }),
        say({ en: 'Thresholds: challenge / decline', ja: 'しきい値：チャレンジ／拒否' }),
        ...keys.map((key) =>
          headOf(
            key,
            all.map(({ metrics }) => metrics),
          ),
        ),
      ],
      all.map((one) => ({
        head: variantName(one),
        cells: [
          one.thresholds === undefined
            ? none
            : html`${fixed(one.thresholds.challenge, 2)} / ${fixed(one.thresholds.reject, 2)}`,
          ...keys.map((key) => estimateCell(key, one.metrics.estimates[key], currency)),
        ],
      })),
    ),
  )
}

export function matchedPart(context: Context): Html | undefined {
  const { matched } = context.summary.manifest
  if (matched.length === 0) return undefined
  return section(
    'matched',
    { en: 'Moved to meet another', ja: '他に合わせた調整' },
    [
      say({
        en: 'Two policies can be compared fairly only where one of two things is equal. All thresholds of the variant were moved by one number until it met the other in that measure, on other events than those of this report; here the two need not meet exactly, so both rates are to be read.',
        ja: '二つのポリシーを公平に比べるには、一方の指標を揃える必要があります。本レポートとは別の取引で、指標が一致するまで変種の全しきい値を同じ幅だけ移動しました。本レポートの取引では完全には一致しないため、両方の率を確認してください。',
      }),
    ],
    table(
      'matched-table',
      say({ en: 'How they were moved', ja: '調整の内容' }),
      [
        say({ en: 'Variant', ja: '変種' }),
        say({ en: 'To meet', ja: '合わせる相手' }),
        say({ en: 'In', ja: '指標' }),
        say({ en: 'Tuned on', ja: '調整に使った取引' }),
        say({ en: 'Moved by (log-odds)', ja: '移動幅（対数オッズ）' }),
        say({ en: 'Reached there', ja: '到達値' }),
        say({ en: 'Wanted', ja: '目標値' }),
        say({ en: 'Tries', ja: '試行回数' }),
      ],
      matched.map((one) => ({
        head: html`${one.variant}`,
        cells: [
          textCell(html`${one.toMeet}`),
          textCell(html`${one.measure}`),
          textCell(
            html`${
              'seed' in one.on
                ? say({ en: 'seed {seed}', ja: 'シード {seed}' }, { seed: one.on.seed })
                : html`${dayOf(one.on.from)} – ${dayOf(one.on.to)}`
            }<br><code>${one.hash.slice(0, 16)}</code>`,
          ),
          html`${change(one.by, 'metric', '')}`,
          html`${percent(one.reached)}`,
          html`${percent(one.wanted)}`,
          html`${whole(one.tried.length)}`,
        ],
      })),
    ),
  )
}

const isEstimateKey = (rate: string): rate is EstimateKey => (estimateKeys as readonly string[]).includes(rate)

export function repeatsPart(context: Context): Html | undefined {
  const { repeats } = context.summary
  if (repeats.length === 0) return undefined
  const show = (rate: string, value: number, isDifference: boolean): string => {
    const unit = isEstimateKey(rate) ? unitOf(rate) : 'share'
    return isDifference ? change(value, unit, context.currency) : written(value, unit, context.currency)
  }
  return section(
    'repeats',
    { en: 'Again with other seeds', ja: '別のシードでの再実行' },
    [
      say({
        en: 'The intervals above know the chance of which cards are in one population. Here the whole was run again over other populations of the same kind; the interval is Student’s t over the seeds.',
        ja: 'ここまでの区間は、一つの母集団でどのカードが含まれるかという偶然だけを表します。ここでは同じ種類の別の母集団で全体を再実行しました。区間はシード間のt分布によります。',
      }),
    ],
    table(
      'repeats-table',
      html`${modeNote(context)}`,
      [
        say({ en: 'What', ja: '指標' }),
        say({ en: 'Variant', ja: '変種' }),
        say({ en: 'Mean', ja: '平均' }),
        say({ en: '95% over seeds', ja: 'シード間の95%区間' }),
        say({ en: 'Seeds', ja: 'シード数' }),
        say({ en: 'Seed by seed', ja: 'シードごとの値' }),
      ],
      repeats.map((one) => {
        const isDifference = one.against !== undefined
        return {
          head: isEstimateKey(one.rate) ? say(titleOf(one.rate)) : html`${one.rate}`,
          cells: [
            textCell(html`${one.variant}${isDifference && say({ en: ' less {a}', ja: ' − {a}' }, { a: one.against })}`),
            html`${show(one.rate, one.mean, isDifference)}`,
            one.interval === null
              ? none
              : html`[${show(one.rate, one.interval[0], isDifference)}, ${show(one.rate, one.interval[1], isDifference)}]`,
            html`${whole(one.bySeed.length)}`,
            textCell(
              html`${one.bySeed.map(({ seed, value }, index) => html`${index > 0 && ', '}${seed}: ${show(one.rate, value, isDifference)}`)}`,
            ),
          ],
        }
      }),
    ),
  )
}
