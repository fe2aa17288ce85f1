// Two variants on the same events: which differences are shown, and which are not.
import type { VariantResult } from '../../experiment/summary.ts'
import {
  type Comparison,
  calibrationKeys,
  type Difference,
  type EstimateKey,
  type McNemar,
  rankingKeys,
} from '../../metrics/types.ts'
import {
  type Cell,
  differenceText,
  type MetricsContext,
  points,
  section,
  sizeOf,
  table,
  textCell,
  variantName,
} from '../frame.ts'
import { type Html, html } from '../html.ts'
import { say } from '../language.ts'
import { fixed, percent, pValue, unitOf, whole, written } from '../numbers.ts'
import { titleOf, whyWords } from '../terms.ts'
import { definitions, modeNote } from './rates.ts'

export const isClaimed = ({ claimed }: Difference): boolean => claimed

const verdict = (one: Difference): Html =>
  one.value === null
    ? html`<span class="mark">${one.why === undefined ? '–' : say(whyWords[one.why])}</span>`
    : !isClaimed(one)
      ? html`<span class="mark">${say({ en: 'no claim', ja: '主張なし' })}</span>`
      : one.shown
        ? html`<span class="mark is-shown">${say({ en: 'shown', ja: '差あり' })}</span>`
        : html`<span class="mark is-not">${say({ en: 'not shown', ja: '差は示されず' })}</span>`

/** Of scores only what ranks or tells a probability. */
const isTold =
  ({ mode }: MetricsContext) =>
  ({ key, why }: Difference): boolean =>
    mode !== 'scores' || (scoreKeys.has(key) && why !== 'notProbability')
const scoreKeys: ReadonlySet<EstimateKey> = new Set([...rankingKeys, ...calibrationKeys])

/** With what stands below its line. */
const cellOf = (value: number | null, n: number, key: EstimateKey, { currency, summary }: MetricsContext): Html => {
  const denominator = summary.variants[0]?.metrics.estimates[key].denominator
  return value === null
    ? html`–`
    : html`${written(value, unitOf(key), currency)}<small>n = ${sizeOf(n, denominator, currency)}</small>`
}

/** Both sizes, once where they are the same. */
const sizesOf = ({ key, nA, nB }: Difference, { currency, summary }: MetricsContext): string => {
  const denominator = summary.variants[0]?.metrics.estimates[key].denominator
  const [a, b] = [sizeOf(nA, denominator, currency), sizeOf(nB, denominator, currency)]
  return a === b ? a : `${a}, ${b}`
}

/** What the two go over: the events that both decided, or what each of them did. */
const overNote = ({ mode, pairedEvents, decidedA, decidedB, deLong }: Comparison, over: Comparison['over']): Html =>
  mode === 'scores'
    ? over === 'both'
      ? say(
          {
            en: 'B less A over the {n} events that have both scores and a known truth.',
            ja: 'B − A。分母は両方のスコアと真値がある{n}件。',
          },
          { n: whole(deLong.n) },
        )
      : say({
          en: 'B less A, each over the events that it scored itself.',
          ja: 'B − A。分母はそれぞれスコアのある件。',
        })
    : over === 'both'
      ? say(
          {
            en: 'B less A over the {n} AReqs that both decided (rankings: of these, those that both scored).',
            ja: 'B − A。分母は両者がともに判定したAReq {n}件（順位付けの指標はそのうち両者にスコアのある件）。',
          },
          { n: whole(pairedEvents) },
        )
      : say(
          {
            en: 'B less A, each over the AReqs that it decided itself (A {a}, B {b}; both {n}).',
            ja: 'B − A。分母はそれぞれが判定したAReq（A {a}件、B {b}件、両者とも{n}件）。',
          },
          { a: whole(decidedA), b: whole(decidedB), n: whole(pairedEvents) },
        )

function differencesTable(
  context: MetricsContext,
  one: Comparison,
  { id, over, differences }: { readonly id: string } & Pick<Comparison, 'over' | 'differences'>,
): Html {
  const { currency } = context
  return table(
    id,
    html`${overNote(one, over)} ${say({
      en: 'Cards are paired in the resamples; 95% interval in brackets.',
      ja: '再標本はカード単位で対にしている。角括弧は95%区間。',
    })} ${modeNote(context)}`,
    [
      say({ en: 'What', ja: '指標' }),
      html`A`,
      html`B`,
      say({ en: 'Difference', ja: '差' }),
      html`p`,
      say({ en: 'p after Holm', ja: 'Holm補正後のp' }),
      say({ en: 'Is it shown?', ja: '差は示されたか' }),
    ],
    differences.filter(isTold(context)).map((difference) => {
      const { key, value, p, holm } = difference
      const cells: Cell[] = [
        cellOf(difference.a, difference.nA, key, context),
        cellOf(difference.b, difference.nB, key, context),
        value === null
          ? html`–`
          : html`${differenceText(key, value, difference.interval, currency)}<small>${say(points(key))}</small>`,
        html`${p === null ? '–' : pValue(p)}`,
        html`${holm === null ? '–' : pValue(holm)}`,
        textCell(verdict(difference)),
      ]
      return { head: say(titleOf(key)), cells }
    }),
  )
}

function testsTable(context: MetricsContext, one: Comparison, index: number): Html {
  const { deLong, mcNemar } = one
  const over = ({ over: what, flags, budget }: McNemar): Html =>
    html`McNemar, ${what === 'events' ? say({ en: 'all events', ja: '全件' }) : say({ en: 'fraud only', ja: '不正のみ' })}, ${
      flags === 'decided'
        ? say({ en: 'flagged as decided', ja: '実際の判定で捕捉' })
        : say(
            { en: 'flagged: the same {budget} of highest scores', ja: '捕捉：スコア上位{budget}（両者同数）' },
            { budget: budget === null ? '–' : percent(budget) },
          )
    }`
  return table(
    `comparison-${index}-tests`,
    html`${say({ en: 'Tests beside the bootstrap; not part of the family.', ja: 'ブートストラップ以外の検定（補正の族には含めません）。' })} ${modeNote(context)}`,
    [
      say({ en: 'Test', ja: '検定' }),
      say({ en: 'Both', ja: '両方' }),
      say({ en: 'Only A', ja: 'Aのみ' }),
      say({ en: 'Only B', ja: 'Bのみ' }),
      say({ en: 'Neither', ja: 'どちらもなし' }),
      html`n`,
      say({ en: 'Statistic', ja: '統計量' }),
      html`p`,
    ],
    [
      {
        head: html`DeLong, AUC`,
        cells: [
          html``,
          html``,
          html``,
          html``,
          html`${whole(deLong.n)}<small>${say({ en: '{n} fraud', ja: '不正{n}件' }, { n: whole(deLong.fraud) })}</small>`,
          html`${deLong.z === null ? '–' : `z = ${fixed(deLong.z, 2)}`}`,
          html`${deLong.p === null ? '–' : pValue(deLong.p)}`,
        ],
      },
      ...mcNemar.map((test) => ({
        head: over(test),
        cells: [
          html`${whole(test.both)}`,
          html`${whole(test.onlyA)}`,
          html`${whole(test.onlyB)}`,
          html`${whole(test.neither)}`,
          html`${whole(test.n)}`,
          html`${test.chi2 === null ? '–' : `χ² = ${fixed(test.chi2, 2)}`}`,
          html`${test.exactP === null ? '–' : pValue(test.exactP)}<small>${test.chi2P === null ? '' : `χ²: ${pValue(test.chi2P)}`}</small>`,
        ],
      })),
    ],
  )
}

/** The same over the other of the two: how much of a difference is a matter of denominators. */
const besideTable = (context: MetricsContext, one: Comparison, index: number): Html => {
  const over = one.over === 'both' ? 'own' : 'both'
  if (one.beside.length === 0)
    return context.mode === 'scores'
      ? html``
      : html`<p class="quiet">${say({ en: 'Both decided the same events.', ja: '両者が判定した取引は同じです。' })}</p>`
  return html`<details><summary>${
    over === 'own'
      ? say({ en: 'The same, each over what it decided itself', ja: 'それぞれが判定した件数を分母とした場合' })
      : say({ en: 'The same over the events that both decided', ja: '両者がともに判定した件数を分母とした場合' })
  }</summary>${differencesTable(context, one, { id: `comparison-${index}-beside`, over, differences: one.beside })}</details>`
}

const titled = ({ id, policy }: VariantResult): Html =>
  html`${id}${policy.hash !== '' && html` <code>${policy.hash}</code>`}`

const onePair = (context: MetricsContext, one: Comparison, index: number): Html => {
  const find = (id: string) => context.summary.variants.find((variant) => variant.id === id)
  const [a, b] = [find(one.a), find(one.b)]
  return html`
<h3 id="comparison-${index}">A: ${a === undefined ? one.a : titled(a)} · B: ${b === undefined ? one.b : titled(b)}</h3>
${one.words.length > 0 && html`<ul>${one.words.map((words) => html`<li>${say(words)}</li>`)}</ul>`}
${differencesTable(context, one, { id: `comparison-${index}-differences`, over: one.over, differences: one.differences })}
${besideTable(context, one, index)}
<details><summary>${say({ en: 'DeLong and McNemar', ja: 'DeLong検定とMcNemar検定' })}</summary>${testsTable(context, one, index)}</details>`
}

/** Everything that is claimed in this report, in one table. */
function familyTable(context: MetricsContext): Html | undefined {
  const family = context.summary.comparisons.flatMap(({ a, b, differences }) =>
    differences.filter(isClaimed).map((difference) => ({ from: a, to: b, difference })),
  )
  if (family.length === 0) return undefined
  const variantOf = (id: string) => context.summary.variants.find((one) => one.id === id)
  const shownOf = (id: string): Html => {
    const variant = variantOf(id)
    return variant === undefined ? html`${id}` : variantName(variant)
  }
  return table(
    'family',
    html`${say(
      {
        en: 'The family: all {n} differences that are claimed or denied here, corrected together by Holm’s method at 5%.',
        ja: '検定の族：本レポートで差の有無を述べる{n}項目すべて。Holm法により5%水準でまとめて補正しています。',
      },
      { n: whole(family.length) },
    )} ${modeNote(context)}`,
    [
      html`A`,
      html`B`,
      say({ en: 'What', ja: '指標' }),
      say({ en: 'Difference, B less A', ja: '差（B − A）' }),
      html`p`,
      say({ en: 'p after Holm', ja: 'Holm補正後のp' }),
      say({ en: 'Is it shown?', ja: '差は示されたか' }),
    ],
    family.map(({ from, to, difference }) => {
      const { key, value, interval, p, holm } = difference
      return {
        head: shownOf(from),
        cells: [
          textCell(html`<b>${shownOf(to)}</b>`),
          textCell(say(titleOf(key))),
          value === null
            ? html`–`
            : html`${differenceText(key, value, interval, context.currency)}<small>${say(points(key))}</small><small>n = ${sizesOf(difference, context)}</small>`,
          html`${p === null ? '–' : pValue(p)}`,
          html`${holm === null ? '–' : pValue(holm)}`,
          textCell(verdict(difference)),
        ],
      }
    }),
  )
}

const ofVariants = say({
  en: 'Every variant met the same stream (in closed loop only until its first different answer), and whether a challenge is passed is drawn once per event, the same under all of them. What a variant answered with U or Erro is not in its rates. So what is claimed in replay is over the events that both decided, and each over its own stands beside; in closed loop it is the other way round, since there the events themselves are a consequence. Whole cards are resampled, for both variants alike. A difference is shown when its interval does not hold 0 and its p after Holm’s correction is at most 0.05; otherwise it is not shown, which does not mean that there is none.',
  ja: 'すべての変種に同じストリームを与え（閉ループでは、最初に応答が異なるまで同じ）、チャレンジの成否は取引ごとに一度だけ抽選して共通に使います。UまたはErroとなった取引は率に含めません。そのためリプレイでは両者がともに判定した取引について差を述べ、それぞれの判定件数による差を併記します。閉ループでは取引そのものが結果の一部なので、逆になります。両者に同じカードの再標本を用いています。区間が0を含まず、Holm補正後のpが0.05以下のとき「差あり」とします。それ以外は差が示されなかっただけで、差がないことの証明ではありません。',
})
const ofScores = say({
  en: 'Whole cards are resampled, for both scores alike, over the events that have both. A difference is shown when its interval does not hold 0 and its p after Holm’s correction is at most 0.05; otherwise it is not shown, which does not mean that there is none.',
  ja: '両方のスコアがある取引について、同じカードの再標本を用いています。区間が0を含まず、Holm補正後のpが0.05以下のとき「差あり」とします。それ以外は差が示されなかっただけで、差がないことの証明ではありません。',
})

export function comparisonsPart(context: MetricsContext): Html | undefined {
  const { comparisons } = context.summary
  if (comparisons.length === 0) return undefined
  const keys = [
    ...new Set(comparisons.flatMap(({ differences }) => differences.filter(isTold(context)).map(({ key }) => key))),
  ]
  return section(
    'comparisons',
    { en: 'Differences', ja: '差の比較' },
    [context.mode === 'scores' ? ofScores : ofVariants],
    familyTable(context),
    comparisons.length > 4
      ? html`<details><summary>${say({ en: 'Each pair in full', ja: '各組の詳細' })}</summary>${comparisons.map((one, index) => onePair(context, one, index))}</details>`
      : comparisons.map((one, index) => onePair(context, one, index)),
    html`<details><summary>${say({ en: 'What these numbers mean', ja: 'これらの指標の定義' })}</summary>${definitions(keys)}</details>`,
  )
}
