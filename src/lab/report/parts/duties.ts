// Numbers that the law or the market asks for, and whether the score drifts.
import { type Context, estimateCell, none, section, table, variantName } from '../frame.ts'
import { type Html, html } from '../html.ts'
import { say } from '../language.ts'
import { fixed, money, whole } from '../numbers.ts'
import { whyWords } from '../terms.ts'
import { modeNote } from './rates.ts'

const name = say({ en: 'Variant, policy hash', ja: '変種・ポリシーのハッシュ' })

function traTable(context: Context): Html {
  const bands = context.series[0]?.variant.metrics.tra.bands ?? []
  return table(
    'tra',
    html`${say({
      en: 'Transaction risk analysis, Regulation (EU) 2018/389: approved fraud by value over all approved value, of 90 days that end with the day. Only windows that lie whole in the stream count for a band. Read as: the whole stream stands for the remote card payments of one provider.',
      ja: '取引リスク分析（EU規則2018/389）：各日までの90日間の、承認額に占める承認した不正の金額。区分の判定には90日が揃う期間だけを使います。ストリーム全体を一事業者の非対面カード決済とみなしています。',
    })} ${modeNote(context)}`,
    [
      name,
      say({ en: 'Last window', ja: '最後の期間' }),
      say({ en: 'Is it full?', ja: '90日揃うか' }),
      say({ en: 'Worst window', ja: '最大の期間' }),
      ...bands.map(({ bps, upToEur }) =>
        say({ en: '≤ {bps} bps (to EUR {eur})', ja: '{bps} bps以下（EUR {eur}まで）' }, { bps, eur: upToEur }),
      ),
    ],
    context.series.map((series) => {
      const { tra } = series.variant.metrics
      const approvesNothing = tra.last.why !== 'noTruth' && tra.days.some(({ full, bps }) => full && bps === null)
      return {
        head: variantName(series.variant, series),
        cells: [
          estimateCell('fraudBpsAfter', tra.last, context.currency),
          tra.lastFull ? say({ en: 'yes', ja: 'はい' }) : say({ en: 'no', ja: 'いいえ' }),
          tra.worst === null || tra.worst.bps === null
            ? none
            : html`${fixed(tra.worst.bps, 2)} bps<small>${tra.worst.day}</small>`,
          ...tra.bands.map(({ kept }) =>
            kept === null
              ? html`<span class="mark">${approvesNothing ? say({ en: 'nothing approved', ja: '承認なし' }) : say({ en: 'cannot be said', ja: '判定不能' })}</span>`
              : kept
                ? html`<span class="mark is-shown">${say({ en: 'kept', ja: '遵守' })}</span>`
                : html`<span class="mark is-bad">${say({ en: 'exceeded', ja: '超過' })}</span>`,
          ),
        ],
      }
    }),
  )
}

function merchantsTable(context: Context): Html {
  const threshold = context.series[0]?.variant.metrics.manifestMerchants.threshold ?? 0
  return table(
    'manifest-merchants',
    html`${say(
      {
        en: 'Merchants with manifest fraud (Japan): above {limit} of fraud in each of three consecutive calendar months, counted for the whole stream as one card company.',
        ja: '不正顕在化加盟店：3か月連続で各月の不正額が{limit}を超えた加盟店。ストリーム全体を一つのカード会社とみなして数えます。',
      },
      { limit: money(threshold, context.currency) },
    )} ${modeNote(context)}`,
    [
      name,
      say({ en: 'By all fraud attempted', ja: '試行された不正で判定' }),
      say({ en: 'By the fraud approved', ja: '承認した不正で判定' }),
      say({ en: 'Merchants', ja: '加盟店数' }),
      say({ en: 'Calendar months, whole ones', ja: '暦月数・うち全日揃う月' }),
    ],
    context.series.map((series) => {
      const { manifestMerchants: all } = series.variant.metrics
      const why = all.why === undefined ? none : html`${none}<small class="why">${say(whyWords[all.why])}</small>`
      return {
        head: variantName(series.variant, series),
        cells: [
          all.attempted === null ? why : html`${whole(all.attempted)}`,
          all.approved === null ? why : html`${whole(all.approved)}`,
          html`${whole(all.merchants)}`,
          html`${whole(all.months)}<small>${whole(all.wholeMonths)}</small>`,
        ],
      }
    }),
  )
}

function psiTable(context: Context): Html {
  return table(
    'psi',
    html`${say({
      en: 'Population stability of the score: the first half of the days against the second, ten bins at the deciles of the first.',
      ja: 'スコアの安定性（PSI）：前半の日々を基準とし、その十分位で区切った10区間で後半と比較。',
    })} ${modeNote(context)}`,
    [
      name,
      html`PSI`,
      say({ en: 'Events of the reference', ja: '基準の件数' }),
      say({ en: 'Events compared', ja: '比較の件数' }),
      say({ en: 'Days of the reference', ja: '基準の日数' }),
    ],
    context.series.map((series) => {
      const { psi } = series.variant.metrics
      return {
        head: variantName(series.variant, series),
        cells: [
          psi.value === null
            ? html`${none}${psi.why !== undefined && html`<small class="why">${say(whyWords[psi.why])}</small>`}`
            : html`${fixed(psi.value, 4)}`,
          html`${whole(psi.reference)}`,
          html`${whole(psi.compared)}`,
          html`${whole(psi.referenceDays)}`,
        ],
      }
    }),
  )
}

export const dutiesPart = (context: Context): Html =>
  section(
    'duties',
    { en: 'Reference rates and drift', ja: '規制上の基準率とドリフト' },
    [],
    traTable(context),
    merchantsTable(context),
    psiTable(context),
  )
