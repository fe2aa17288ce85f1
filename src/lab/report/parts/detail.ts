// Day by day, attack by attack, slice by slice.
import type { Attack, SliceValue } from '../../metrics/types.ts'
import { percentLabel } from '../axes.ts'
import { dailyRates, daysChart } from '../charts/days.ts'
import { dotOf, dotsChart, sizeOf } from '../charts/dots.ts'
import {
  type Context,
  estimateCell,
  figure,
  figures,
  none,
  section,
  sizeOf as sizeOfDenominator,
  table,
  textCell,
  variantName,
} from '../frame.ts'
import { type Html, html } from '../html.ts'
import { say } from '../language.ts'
import { fixed, money, percent, whole } from '../numbers.ts'
import { legend } from '../series.ts'
import { whyWords } from '../terms.ts'
import { definitions, headOf, modeNote } from './rates.ts'

const size = { width: 560, height: 300 }

function daysTable(context: Context): Html {
  const { series } = context
  const days = series[0]?.variant.metrics.daily ?? []
  return table(
    'daily-numbers',
    html`${say({
      en: 'Frictionless (Y, A, I) of AReqs decided, 95% interval, n of the day.',
      ja: '判定したAReqに占めるフリクションレス（Y・A・I）、95%区間、その日のn。',
    })} ${modeNote(context)}`,
    [say({ en: 'Day', ja: '日' }), ...series.map((one) => variantName(one.variant, one))],
    days.map(({ day }) => ({
      head: html`${day}`,
      cells: series.map(({ variant }) =>
        estimateCell(
          'frictionless',
          variant.metrics.daily.find((one) => one.day === day)?.frictionlessRate,
          context.currency,
        ),
      ),
    })),
  )
}

export function daysPart(context: Context): Html | undefined {
  const { series, draw } = context
  const [first] = series
  if (first === undefined || first.variant.metrics.daily.length === 0) return undefined
  const { daily, population } = first.variant.metrics
  const one = (key: keyof typeof dailyRates, title: { en: string; ja: string }, numbers?: Html): Html =>
    figure({
      id: `daily-${key}`,
      title,
      says: html`${say(
        { en: 'Local days ({zone}); {n} of them.', ja: '現地日付（{zone}）、{n}日間。' },
        { zone: population.timeZone, n: whole(daily.length) },
      )} ${key === 'frictionless' && series.length <= 3 && say({ en: 'Band: 95%.', ja: '帯：95%区間。' })} ${modeNote(context)}`,
      chart: draw(daysChart(series, dailyRates[key]), size),
      legend: legend(series),
      ...(numbers !== undefined && { numbers }),
    })
  return section(
    'days',
    { en: 'Day by day', ja: '日ごとの推移' },
    [
      say({
        en: 'One day has few frauds, so the lower charts swing; what counts is whether a policy drifts.',
        ja: '1日あたりの不正は少ないため、不正の図は大きく揺れます。見るべきは継続的なずれの有無です。',
      }),
    ],
    figures(
      one('frictionless', { en: 'Frictionless rate by day', ja: '日別フリクションレス率' }, daysTable(context)),
      one('genuineFlagged', {
        en: 'Genuine purchases challenged or declined, by day',
        ja: '日別：チャレンジ・拒否された正当な取引',
      }),
      one('fraudStopped', { en: 'Fraud stopped by day, by count', ja: '日別：阻止した不正（件数）' }),
    ),
  )
}

const kindName = (kind: string): Html => (kind === '' ? say({ en: '(not told)', ja: '（不明）' }) : html`${kind}`)

export function attacksPart(context: Context): Html | undefined {
  const { series, draw, currency } = context
  const all = series[0]?.variant.metrics.attacks ?? []
  const kinds = all.map(({ kind }) => kind)
  if (kinds.length === 0) return undefined
  const chart = (key: 'caught' | 'stopped', title: { en: string; ja: string }): Html => {
    const dots = {
      axis: {
        name:
          key === 'caught'
            ? { en: 'caught, by count', ja: '捕捉率（件数）' }
            : { en: 'stopped, by count', ja: '阻止率（件数）' },
        min: 0,
        max: 1,
        interval: 0.2,
        format: percentLabel,
      },
      names: all.map(({ kind, n }) => `${kind === '' ? '–' : kind} (${whole(n)})`),
      rows: series.map((one) => ({
        series: one,
        dots: kinds.map((kind) => dotOf(one.variant.metrics.attacks.find((attack) => attack.kind === kind)?.[key])),
      })),
    }
    return figure({
      id: `attacks-${key}`,
      title,
      says: html`${say({
        en: 'In brackets the events of the pattern; bars: 95%. A pattern without a dot has too few.',
        ja: '括弧内はその手口の件数、横棒は95%区間。点のない手口は件数が不足しています。',
      })} ${modeNote(context)}`,
      chart: draw(dotsChart(dots), sizeOf(dots)),
      legend: legend(series),
      isWide: true,
    })
  }
  const cell = (attack: Attack | undefined): Html =>
    attack === undefined
      ? none
      : html`${(['caught', 'stopped', 'caughtAmount', 'stoppedAmount'] as const).map((key, index) => {
          const { value, interval, numerator, n, denominator, why } = attack[key]
          return html`<small>${say(
            [
              { en: 'caught', ja: '捕捉' },
              { en: 'stopped', ja: '阻止' },
              { en: 'caught, value', ja: '捕捉（金額）' },
              { en: 'stopped, value', ja: '阻止（金額）' },
            ][index] ?? { en: '', ja: '' },
          )} <b>${value === null ? '–' : percent(value)}</b>${
            interval === null
              ? why !== undefined && html` (${say(whyWords[why])})`
              : ` [${percent(interval.low)}, ${percent(interval.high)}]`
          }, ${
            denominator === 'decidedPattern' && numerator !== null
              ? `${whole(numerator)} / ${whole(n)}`
              : `n = ${sizeOfDenominator(n, denominator, currency)}`
          }</small>`
        })}`
  return section(
    'attacks',
    { en: 'Recall by attack', ja: '手口別の捕捉率' },
    [
      say({
        en: 'Of the events of each pattern, how many were challenged or declined (caught), and how many were not approved (stopped). Patterns differ in how many events stand behind a rate.',
        ja: '手口ごとに、チャレンジまたは拒否された割合（捕捉）と承認されなかった割合（阻止）。手口によって根拠となる件数は異なります。',
      }),
    ],
    figures(
      chart('stopped', { en: 'Fraud stopped by attack', ja: '手口別の阻止率' }),
      chart('caught', { en: 'Fraud caught by attack', ja: '手口別の捕捉率' }),
    ),
    table(
      'attacks-numbers',
      html`${say({
        en: 'By pattern: value, 95% interval, and what it rests on: the events of the pattern that the variant decided, or their amount. The columns of events, fraud, cards and amount are those of the first variant.',
        ja: '手口別の値、95%区間、根拠（各変種が判定したその手口の件数または金額）。件数・不正・カード数・金額の列は先頭の変種の値です。',
      })} ${modeNote(context)}`,
      [
        say({ en: 'Pattern', ja: '手口' }),
        say({ en: 'Events', ja: '件数' }),
        say({ en: 'Of them fraud', ja: 'うち不正' }),
        say({ en: 'Cards', ja: 'カード数' }),
        say({ en: 'Amount', ja: '金額' }),
        ...series.map((one) => variantName(one.variant, one)),
      ],
      all.map((attack) => ({
        head: kindName(attack.kind),
        cells: [
          html`${whole(attack.n)}`,
          html`${whole(attack.fraud)}`,
          html`${whole(attack.cards)}`,
          html`${money(attack.amount, currency)}`,
          ...series.map(({ variant }) => cell(variant.metrics.attacks.find(({ kind }) => kind === attack.kind))),
        ],
      })),
    ),
  )
}

const sliceKeys = [
  'frictionless',
  'genuineFlagged',
  'genuineLost',
  'challengePassedGenuine',
  'fraudStopped',
] as const satisfies readonly (keyof SliceValue)[]

export function slicesPart(context: Context): Html | undefined {
  const { series, draw, currency } = context
  const slices = series[0]?.variant.metrics.slices ?? []
  if (slices.length === 0) return undefined
  const all = series.map(({ variant }) => variant.metrics)
  const oneSlice = (column: string, index: number): Html => {
    const values = slices[index]?.values ?? []
    const dots = {
      axis: {
        name: { en: 'genuine challenged or declined', ja: 'チャレンジまたは拒否された正当な取引' },
        min: 0,
        format: percentLabel,
      },
      names: values.map(({ value, decided }) => `${value === '' ? '–' : value} (${whole(decided)})`),
      rows: series.map((one) => ({
        series: one,
        dots: values.map(({ value }) =>
          dotOf(
            one.variant.metrics.slices
              .find((slice) => slice.column === column)
              ?.values.find((own) => own.value === value)?.genuineFlagged,
          ),
        ),
      })),
    }
    const gaps = table(
      `slice-${index}-gaps`,
      html`${say(
        {
          en: 'Gap: the highest less the lowest share of genuine purchases that were challenged or declined, among values with at least {n} genuine events. The two were chosen because they lie furthest apart, so the interval is no test.',
          ja: '差：チャレンジ・拒否された正当な取引の割合の最大と最小の差（正当な取引が{n}件以上の値のみ）。最も離れた2つを選んでいるため、この区間は検定ではありません。',
        },
        { n: whole(slices[index]?.gapFrom ?? 0) },
      )} ${modeNote(context)}`,
      [
        say({ en: 'Variant, policy hash', ja: '変種・ポリシーのハッシュ' }),
        say({ en: 'Highest', ja: '最大' }),
        say({ en: 'Lowest', ja: '最小' }),
        say({ en: 'Gap, points', ja: '差（ポイント）' }),
      ],
      series.map((one) => {
        const gap = one.variant.metrics.slices.find((slice) => slice.column === column)?.gap ?? null
        if (gap === null) return { head: variantName(one.variant, one), cells: [textCell(none), textCell(none), none] }
        const { value, interval, n } = gap.difference
        return {
          head: variantName(one.variant, one),
          cells: [
            textCell(kindName(gap.high)),
            textCell(kindName(gap.low)),
            value === null
              ? none
              : html`${fixed(value * 100, 2)}${interval !== null && html`<small>[${fixed(interval.low * 100, 2)}, ${fixed(interval.high * 100, 2)}]</small>`}<small>n = ${whole(n)}</small>`,
          ],
        }
      }),
    )
    const numbers = table(
      `slice-${index}-numbers`,
      html`<b>${column}</b>. ${say({ en: 'Value, 95% interval, n.', ja: '値、95%区間、n。' })} ${modeNote(context)}`,
      [
        say({ en: 'Value', ja: '値' }),
        say({ en: 'Variant, policy hash', ja: '変種・ポリシーのハッシュ' }),
        say({ en: 'Decided', ja: '判定済み' }),
        say({ en: 'Cards', ja: 'カード数' }),
        ...sliceKeys.map((key) => headOf(key, all)),
      ],
      values.flatMap(({ value }) =>
        series.flatMap((one) => {
          const own = one.variant.metrics.slices
            .find((slice) => slice.column === column)
            ?.values.find((other) => other.value === value)
          if (own === undefined) return []
          return [
            {
              head: kindName(value),
              cells: [
                textCell(html`<b>${variantName(one.variant, one)}</b>`),
                html`${whole(own.decided)}`,
                html`${whole(own.cards)}`,
                ...sliceKeys.map((key) => estimateCell(key, own[key], currency)),
              ],
            },
          ]
        }),
      ),
    )
    return html`${figure({
      id: `slice-${index}`,
      title: { en: `By ${column}`, ja: `${column} 別` },
      says: html`${say({
        en: 'Genuine purchases that were challenged or declined; in brackets the events decided, bars: 95%.',
        ja: 'チャレンジまたは拒否された正当な取引。括弧内は判定件数、横棒は95%区間。',
      })} ${modeNote(context)}`,
      chart: draw(dotsChart(dots), sizeOf(dots)),
      legend: legend(series),
      isWide: true,
      numbers: html`${gaps}${numbers}`,
    })}`
  }
  return section(
    'slices',
    { en: 'Slices and gaps', ja: '属性別の結果と差' },
    [
      say({
        en: 'Whether some cardholders are asked more often than others, without being more often fraudulent. A gap is a question, not a verdict: groups may differ in what they buy.',
        ja: '不正が多いわけではないのに、一部の利用者だけが多く確認を求められていないか。差は問いであって結論ではありません。買い方が異なる場合もあります。',
      }),
    ],
    figures(...slices.map(({ column }, index) => oneSlice(column, index))),
    definitions(sliceKeys),
  )
}
