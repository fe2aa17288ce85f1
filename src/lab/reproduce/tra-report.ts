/** What came out of the question of risk analysis, in words and tables. Pure. */
import type { Estimate } from '../metrics/types.ts'
import { fixed, percent, whole } from '../report/numbers.ts'
import type { Document, Said, Table } from './document.ts'
import { referenceRates } from './published.ts'
import type { TraPopulation, TraResult, TraRow } from './tra.ts'

const between = (from: string, to: string): Said => ({ en: `${from} to ${to}`, ja: `${from}～${to}` })
function withInterval(text: string, interval: Said | undefined): Said {
  if (interval === undefined) return text
  const both = typeof interval === 'string' ? { en: interval, ja: interval } : interval
  return { en: `${text} (${both.en})`, ja: `${text}（${both.ja}）` }
}
const shareOf = ({ value, interval }: Estimate): Said =>
  value === null
    ? '–'
    : withInterval(
        percent(value, 2),
        interval === null ? undefined : between(percent(interval.low, 2), percent(interval.high, 2)),
      )
const bpsOf = ({ value, interval }: Estimate): Said =>
  value === null
    ? '–'
    : withInterval(
        fixed(value, 2),
        interval === null ? undefined : between(fixed(interval.low, 2), fixed(interval.high, 2)),
      )
const worstOf = ({ worst }: TraRow): Said =>
  worst === null || worst.bps === null
    ? '–'
    : { en: `${fixed(worst.bps, 2)} on ${worst.day}`, ja: `${fixed(worst.bps, 2)}（${worst.day}）` }
const thresholdOf = ({ challengeFrom, isAsWritten }: TraRow): Said => {
  // Policies that say the same to everybody have their threshold out of reach.
  if (challengeFrom === null || Math.abs(challengeFrom) >= 1_000) return { en: 'as written', ja: '記載どおり' }
  const text = fixed(challengeFrom, 2)
  return isAsWritten ? { en: `${text} (as written)`, ja: `${text}（記載どおり）` } : text
}
const keptOf = (row: TraRow, bps: number): Said => {
  const isKept = row.kept.find((one) => one.bps === bps)?.isKept ?? null
  if (isKept === null) return '–'
  return isKept ? { en: 'kept', ja: '維持' } : { en: 'no', ja: '超過' }
}

/** By policy, then by threshold. */
const ordered = (rows: readonly TraRow[]): readonly TraRow[] => {
  const policies = [...new Set(rows.map(({ policy }) => policy))]
  return policies.flatMap((policy) =>
    rows.filter((row) => row.policy === policy).toSorted((a, b) => (a.challengeFrom ?? 0) - (b.challengeFrom ?? 0)),
  )
}

function sweepTable({ rows, decided, fraud }: TraPopulation, id: string): Table {
  const amount = rows[0]?.last.n ?? 0
  return {
    id,
    caption: {
      en: `Fraud in basis points of the value of approved payments over rolling 90 days (${rows[0]?.fullWindows ?? 0} full windows; the value approved in the last one is ${whole(amount)} minor units under the first policy). Frictionless: share of ${whole(decided)} AReqs decided, ${whole(fraud)} of them fraud. 95 % intervals, cards resampled; the worst of many windows has none.`,
      ja: `承認額に対する不正額の割合（ベーシスポイント）、90日間の移動窓（完全な窓 ${rows[0]?.fullWindows ?? 0} 個、最後の窓の承認額は先頭のポリシーで最小通貨単位 ${whole(amount)}）。フリクションレスは判定した AReq ${whole(decided)} 件（うち不正 ${whole(fraud)} 件）に占める割合。95 % 区間はカードの再標本化による。多数の窓の最悪値に区間はない。`,
    },
    heads: [
      { en: 'policy', ja: 'ポリシー' },
      { en: 'challenge from', ja: '本人認証のしきい値' },
      { en: 'worst window, bps', ja: '最悪の窓 bps' },
      { en: 'last window, bps', ja: '最後の窓 bps' },
      ...referenceRates.map(({ bps, upToEur }) => `${bps} bps (EUR ${upToEur})`),
      { en: 'frictionless', ja: 'フリクションレス' },
      { en: 'fraud stopped, value', ja: '阻止した不正（金額）' },
    ],
    rows: ordered(rows).map((row) => [
      row.policy,
      thresholdOf(row),
      worstOf(row),
      bpsOf(row.last),
      ...referenceRates.map(({ bps }) => keptOf(row, bps)),
      shareOf(row.frictionless),
      shareOf(row.fraudStoppedAmount),
    ]),
  }
}

export function traDocument({ preset, isWithoutWishes, populations, picks }: TraResult): Document {
  const [first, second] = populations
  const of = ({ seed, events, days, fraudBpsBefore, hash }: TraPopulation): { en: string; ja: string } => {
    const before = fraudBpsBefore === null ? '–' : bpsOf(fraudBpsBefore)
    const both = typeof before === 'string' ? { en: before, ja: before } : before
    return {
      en: `seed ${seed}: ${whole(events)} AReqs, ${days} measured days, fraud attempted ${both.en} bps by value, content ${hash.slice(0, 16)}`,
      ja: `シード ${seed}：AReq ${whole(events)} 件、測定 ${days} 日、試みられた不正 ${both.ja} bps（金額）、内容 ${hash.slice(0, 16)}`,
    }
  }
  const [a, b] = [of(first), of(second)]
  return {
    title: {
      en: 'Risk analysis: which policies keep 13, 6 and 1 basis points, and what that buys',
      ja: 'リスク分析（TRA）：13・6・1 ベーシスポイントを保つポリシーと、その見返り',
    },
    about: [
      {
        en: 'Source of the rates: Regulation (EU) 2018/389, Articles 18 and 19 and annex: fraud by value over all remote card payments of 90 days, with and without a challenge; 13 bps for payments up to EUR 100, 6 up to EUR 250, 1 up to EUR 500.',
        ja: '基準率の出典：規則 (EU) 2018/389 第18条・第19条および附属書。90日間のリモートカード決済全体（本人認証の有無を問わない）に占める不正額。100 ユーロまで 13 bps、250 ユーロまで 6 bps、500 ユーロまで 1 bps。',
      },
      {
        en: `Populations of the preset ${preset}${isWithoutWishes ? ', in which shops wish for nothing' : ''}, replayed. Thresholds are picked on ${a.en}. What was picked is measured on ${b.en}.`,
        ja: `プリセット ${preset} の母集団${isWithoutWishes ? '（加盟店の要望なし）' : ''}、リプレイ。しきい値を選ぶ母集団は${a.ja}。選んだものを測る母集団は${b.ja}。`,
      },
      {
        en: 'A made-up population: which policies keep a rate is true of this mix of attacks, and of no market. Few frauds make the rate of a window; look at its interval. Of the fraud only what was approved counts, so that a thief who passes the challenge counts, too.',
        ja: '母集団は架空であり、結果はこの攻撃の構成についてのもので、実市場のものではない。窓の率は少数の不正で決まるため、区間を見ること。数えるのは承認された不正のみで、本人認証を突破した不正も含む。',
      },
      ...(isWithoutWishes
        ? []
        : [
            {
              en: 'Shops of this population wish for challenges (threeDSRequestorChallengeInd); what they ask for no threshold can spare. With --without-wishes they ask for nothing.',
              ja: 'この母集団の加盟店は本人認証を求めることがあり（threeDSRequestorChallengeInd）、しきい値では減らせない。--without-wishes を付けると要望なしになる。',
            },
          ]),
    ],
    chapters: [
      {
        id: 'picks',
        title: { en: 'What keeping a rate buys', ja: '基準率を保つと得られるもの' },
        says: [
          {
            en: 'Of the thresholds that keep the rate in every full window, the one with the most frictionless decisions; then the same threshold on the other population. What was picked looks a little too good where it was picked.',
            ja: 'すべての完全な窓で基準率を保つしきい値のうち、フリクションレスが最も多いもの。続いて、同じしきい値をもう一つの母集団で測った結果。選んだ母集団の上では、実際より少し良く見える。',
          },
        ],
        tables: [
          {
            id: 'picked',
            caption: {
              en: 'Frictionless: share of AReqs decided, 95 % interval, cards resampled. Worst: the highest rate of all full windows of 90 days.',
              ja: 'フリクションレス：判定した AReq に占める割合、95 % 区間はカードの再標本化による。最悪：完全な90日窓のうち最も高い率。',
            },
            heads: [
              { en: 'policy', ja: 'ポリシー' },
              { en: 'rate', ja: '基準率' },
              { en: 'challenge from', ja: '本人認証のしきい値' },
              { en: 'frictionless, picked', ja: 'フリクションレス（選択）' },
              { en: 'worst, picked', ja: '最悪（選択）' },
              { en: 'frictionless, checked', ja: 'フリクションレス（検証）' },
              { en: 'worst, checked', ja: '最悪（検証）' },
              { en: 'kept there', ja: '検証で維持' },
            ],
            rows: picks.map(({ policy, bps, upToEur, picked, checked }) => [
              policy,
              `${bps} bps (EUR ${upToEur})`,
              ...(picked === null
                ? [{ en: 'none that was tried', ja: '試した中になし' }, '–', '–', '–', '–', '–']
                : [
                    thresholdOf(picked),
                    shareOf(picked.frictionless),
                    worstOf(picked),
                    checked === null ? '–' : shareOf(checked.frictionless),
                    checked === null ? '–' : worstOf(checked),
                    checked === null ? '–' : keptOf(checked, bps),
                  ]),
            ]),
          },
        ],
      },
      {
        id: 'sweep',
        title: { en: 'Every threshold that was tried', ja: '試したすべてのしきい値' },
        says: [],
        tables: [sweepTable(first, 'sweep-picked'), sweepTable(second, 'sweep-checked')],
      },
    ],
  }
}
