// The numbers of every variant, by what they are about; each with interval, numerator, n, denominator and definition.

import type { EstimateKey, Metrics } from '../../metrics/types.ts'
import {
  type Context,
  estimateCell,
  type MetricsContext,
  none,
  type Row,
  section,
  table,
  variantHead,
  variantName,
} from '../frame.ts'
import { type Html, html } from '../html.ts'
import type { Both } from '../language.ts'
import { say } from '../language.ts'
import { money, whole } from '../numbers.ts'
import { definitionOf, denominatorOf, limitOf, titleOf } from '../terms.ts'

/** In brackets the interval, below it numerator and denominator. */
export const howToRead: Both = {
  en: 'Below each value: its 95% interval in brackets (cards resampled), then what it rests on.',
  ja: '各値の下：角括弧は95%区間（カード単位の再標本化）、その下は値の根拠となる件数です。',
}

/** What a table measures, and in which mode: the end of every caption. */
export const modeNote = ({ mode }: Pick<MetricsContext, 'mode'>): Html => say(modes[mode])
const modes = {
  closedLoop: { en: 'Mode: closed loop.', ja: 'モード：閉ループ。' },
  replay: { en: 'Mode: replay.', ja: 'モード：リプレイ。' },
  scores: { en: 'Mode: scores, nothing was decided.', ja: 'モード：スコアのみ（判定なし）。' },
} as const

/** What each number is, and what it does not say; the latter once where many share it. */
export function definitions(keys: readonly EstimateKey[]): Html {
  const said = new Set<string>()
  return html`<dl class="terms">${keys.map((key) => {
    const limit = limitOf(key)
    const isNew = !said.has(limit.en)
    said.add(limit.en)
    return html`<div><dt>${say(titleOf(key))}</dt><dd>${say(definitionOf(key))}</dd>${isNew && html`<dd class="limit">${say(limit)}</dd>`}</div>`
  })}</dl>`
}

/** The heading of a column: what is counted, and of what. */
export const headOf = (key: EstimateKey, all: readonly Metrics[]): Html => {
  const denominator = all.map((one) => one.estimates[key].denominator)[0]
  return html`${say(titleOf(key))}${
    denominator !== undefined && denominator !== 'none' && html`<small>${say(denominatorOf(denominator))}</small>`
  }`
}

export function estimatesTable(context: MetricsContext, id: string, caption: Both, keys: readonly EstimateKey[]): Html {
  const all = context.series.map(({ variant }) => variant.metrics)
  const rows: Row[] = context.series.map((series) => ({
    head: variantName(series.variant, series),
    cells: keys.map((key) => estimateCell(key, series.variant.metrics.estimates[key], context.currency)),
  }))
  return html`${table(
    id,
    html`${say(caption)} ${modeNote(context)} ${say(howToRead)}`,
    [variantHead(context.mode), ...keys.map((key) => headOf(key, all))],
    rows,
  )}${definitions(keys)}`
}

const statusOrder = ['Y', 'A', 'I', 'C', 'D', 'S', 'N', 'R'] as const

/** Every event is in exactly one of these columns. */
function countsTable(context: Context): Html {
  return table(
    'counts',
    html`${say({
      en: 'Events by answer, counted. Erro and transStatus U are in no rate.',
      ja: '応答別の件数。Erro と transStatus U はどの率にも含めません。',
    })} ${modeNote(context)}`,
    [
      say({ en: 'Variant, policy hash', ja: '変種・ポリシーのハッシュ' }),
      ...statusOrder.map((one) => html`${one}`),
      say({ en: 'Decided', ja: '判定済み' }),
      html`U`,
      html`Erro`,
      say({ en: 'Not made', ja: '発生せず' }),
      say({ en: 'Further attempts', ja: '追加の試行' }),
    ],
    context.series.map((series) => {
      const { statuses, population } = series.variant.metrics
      return {
        head: variantName(series.variant, series),
        cells: [
          ...statusOrder.map((one) => html`${whole(statuses[one] ?? 0)}`),
          html`${whole(population.decided)}`,
          html`${whole(population.u)}`,
          html`${whole(population.erro)}`,
          html`${whole(population.notMade)}`,
          html`${whole(population.attempts)}`,
        ],
      }
    }),
  )
}

function endsTable(context: Context): Html {
  const ends = [
    ['passed', { en: 'Passed', ja: '成功' }],
    ['failed', { en: 'Failed', ja: '失敗' }],
    ['abandoned', { en: 'Abandoned', ja: '離脱' }],
    ['technical', { en: 'Technical failure', ja: '技術的失敗' }],
  ] as const
  return table(
    'challenge-ends',
    html`${say({ en: 'How challenges ended, counted.', ja: 'チャレンジの結果（件数）。' })} ${modeNote(context)}`,
    [say({ en: 'Variant, policy hash', ja: '変種・ポリシーのハッシュ' }), ...ends.map(([, words]) => say(words))],
    context.series.map((series) => ({
      head: variantName(series.variant, series),
      cells: ends.map(([key]) => html`${whole(series.variant.metrics.challengeEnds[key] ?? 0)}`),
    })),
  )
}

export const decisionsPart = (context: Context): Html =>
  section(
    'decisions',
    { en: 'What was decided', ja: '判定の結果' },
    [
      say({
        en: 'Frictionless is transStatus Y, A or I; a challenge is C, D or S; a decline is N or R. All are shares of the AReqs that the policy decided; events that ended in Erro or U are counted apart.',
        ja: 'フリクションレスは transStatus Y・A・I、チャレンジは C・D・S、拒否は N・R です。いずれもポリシーが判定した AReq に占める割合で、Erro または U で終わった件は別に数えます。',
      }),
      say({
        en: 'Where a policy answers U more often than another, the two have other denominators: compare the counts below, too.',
        ja: 'U の多いポリシーでは分母が異なります。下の件数も併せて比較してください。',
      }),
    ],
    estimatesTable(context, 'decision-rates', { en: 'Decisions.', ja: '判定。' }, [
      'frictionless',
      'challenge',
      'decline',
      'completion',
    ]),
    html`<h3>${say({ en: 'Each answer alone', ja: '応答ごと' })}</h3>`,
    estimatesTable(context, 'status-rates', { en: 'Each transStatus alone.', ja: '各 transStatus。' }, [
      'frictionlessY',
      'frictionlessA',
      'frictionlessI',
      'challengeC',
      'challengeD',
      'challengeS',
      'declineN',
      'declineR',
    ]),
    countsTable(context),
    endsTable(context),
  )

export const fraudTable = (context: Context): Html =>
  estimatesTable(context, 'fraud-rates', { en: 'Fraud.', ja: '不正。' }, [
    'fraudCaught',
    'fraudCaughtAmount',
    'fraudStopped',
    'fraudStoppedAmount',
    'falsePositiveRatio',
    'fraudBpsBefore',
    'fraudBpsAfter',
  ])

export const genuinePart = (context: Context): Html =>
  section(
    'genuine',
    { en: 'What genuine cardholders meet', ja: '正当な利用者への影響' },
    [
      say({
        en: 'A genuine purchase is lost when it was declined, or challenged and not passed.',
        ja: '拒否された、またはチャレンジに成功しなかった正当な取引を「失った取引」と数えます。',
      }),
    ],
    estimatesTable(context, 'genuine-rates', { en: 'Genuine purchases.', ja: '正当な取引。' }, [
      'genuineFlagged',
      'genuineLost',
      'genuineLostAmount',
      'challengePassedGenuine',
    ]),
  )

export function costTable(context: Context): Html {
  const { currency } = context
  const parts = [
    ['fraudLoss', { en: 'Fraud let through', ja: '見逃した不正' }],
    ['challenges', { en: 'Challenges', ja: 'チャレンジ' }],
    ['lostMargin', { en: 'Margin on lost purchases', ja: '失った取引の利益' }],
    ['reviews', { en: 'Reviews', ja: '審査' }],
    ['total', { en: 'Total', ja: '合計' }],
    ['passingAll', { en: 'If everything passed', ja: 'すべて承認した場合' }],
  ] as const
  return table(
    'cost-parts',
    html`${say({ en: 'What the cost is made of.', ja: '費用の内訳。' })} ${modeNote(context)}`,
    [say({ en: 'Variant, policy hash', ja: '変種・ポリシーのハッシュ' }), ...parts.map(([, words]) => say(words))],
    context.series.map((series) => ({
      head: variantName(series.variant, series),
      cells: parts.map(([key]) => {
        const { cost } = series.variant.metrics
        return cost === null ? none : html`${money(cost[key], currency)}`
      }),
    })),
  )
}
