// The whole in plain words, above everything else: what was asked, what came out, what is shown, what is not, and how sure it is.
import type { Comparison, Difference } from '../../metrics/types.ts'
import { type Context, differenceText, estimateCell, points, table, variantName } from '../frame.ts'
import { type Content, type Html, html } from '../html.ts'
import { type Both, say, told } from '../language.ts'
import { fixed, percent, unitOf, whole, written } from '../numbers.ts'
import { isMain } from '../series.ts'
import { denominatorOf, titleOf } from '../terms.ts'
import { isClaimed } from './comparisons.ts'
import { originOf } from './end.ts'
import { modeNote } from './rates.ts'

/** More lines than this are left to the tables. */
const most = 8
/** Fewer frauds than this make every number about fraud a rough one. */
const fewFrauds = 100

const box = (id: string, title: Both, content: Content, kind?: string): Html => html`
<section aria-labelledby="${id}"${kind !== undefined && html` class="${kind}"`}><h2 id="${id}">${say(title)}</h2>${content}</section>`

const list = (lines: readonly Html[], left: number): Html =>
  html`<ul>${lines.map((one) => html`<li>${one}</li>`)}${
    left > 0 &&
    html`<li>${say({ en: '… and {n} more in the tables.', ja: '…ほか{n}件は表にあります。' }, { n: whole(left) })}</li>`
  }</ul>`

function asked({ summary, series }: Context): Html {
  const names = series.map(({ variant }) => variant.id).join(', ')
  const question =
    summary.question === undefined
      ? say(
          {
            en: 'How do these policies compare on one stream: {names}?',
            ja: '同じ取引に対する各ポリシーの結果の比較：{names}',
          },
          { names },
        )
      : told(summary.question)
  return box(
    'asked',
    { en: 'The question', ja: '問い' },
    html`<p class="question">${question}</p>${summary.notes !== undefined && html`<p>${told(summary.notes)}</p>`}`,
    'asked',
  )
}

const glance = ['frictionless', 'challenge', 'decline', 'fraudStopped', 'fraudStoppedAmount', 'genuineLost'] as const

function cameOut(context: Context): Html {
  const { series, currency } = context
  const heads: Readonly<Record<(typeof glance)[number], Both>> = {
    frictionless: { en: 'Pass without a challenge (Y, A, I)', ja: 'チャレンジなしで通過（Y・A・I）' },
    challenge: { en: 'Are challenged (C, D, S)', ja: 'チャレンジ（C・D・S）' },
    decline: { en: 'Are declined (N, R)', ja: '拒否（N・R）' },
    fraudStopped: { en: 'Frauds that do not get through', ja: '通さなかった不正' },
    fraudStoppedAmount: { en: 'The same, by value', ja: '同（金額）' },
    genuineLost: { en: 'Genuine purchases that are lost', ja: '失った正当な取引' },
  }
  const all = series.map(({ variant }) => variant.metrics)
  return box(
    'came-out',
    { en: 'What came out', ja: '結果' },
    table(
      'glance',
      html`${say({
        en: 'Shares of what each column names; below each value its 95% interval in brackets, then what it rests on.',
        ja: '各列に示す分母に占める割合。値の下は95%区間（角括弧）と根拠となる件数。',
      })} ${modeNote(context)}`,
      [
        say({ en: 'Variant, policy hash', ja: '変種・ポリシーのハッシュ' }),
        ...glance.map((key) => {
          const denominator = all[0]?.estimates[key].denominator
          return html`${say(heads[key])}${denominator !== undefined && html`<small>${say(denominatorOf(denominator))}</small>`}`
        }),
      ],
      series.map((one) => ({
        head: variantName(one.variant, one),
        cells: glance.map((key) => estimateCell(key, one.variant.metrics.estimates[key], currency)),
      })),
    ),
    'came-out',
  )
}

/** `B against A: frictionless 65.0% against 62.0%, +3.00 points [2.7, 3.3].` */
const differenceLine = (one: Difference, currency: string): Html => {
  const { key, a, b, value, interval } = one
  const show = (number: number | null): string => (number === null ? '–' : written(number, unitOf(key), currency))
  return html`${say(titleOf(key))} ${say(
    { en: '{b} against {a}: {difference}', ja: '{b}（対 {a}）、差 {difference}' },
    {
      a: show(a),
      b: show(b),
      difference: html`${value === null ? '–' : differenceText(key, value, interval, currency)}${say(points(key))}`,
    },
  )}`
}

/** Of the pairs that the report is about, not of every part that was left out. */
function pairsOf({ summary }: Context): readonly Comparison[] {
  const main = new Set(summary.variants.filter(isMain).map(({ id }) => id))
  return summary.comparisons.filter(({ a, b }) => main.has(a) && main.has(b))
}

function shownAndNot(context: Context): readonly Html[] {
  const pairs = pairsOf(context)
  const linesOf = (isShown: boolean): readonly Html[] =>
    pairs.flatMap(({ a, b, differences, over, pairedEvents }) => {
      const own = differences.filter((one) => isClaimed(one) && one.shown === isShown)
      if (own.length === 0) return []
      return [
        html`${say(
          { en: '{b} against {a}', ja: '{b}（{a}との比較）' },
          { a: html`<b>${a}</b>`, b: html`<b>${b}</b>` },
        )}${
          over === 'both'
            ? say(
                { en: ', over the {n} AReqs that both decided', ja: '：両者がともに判定した{n}件について' },
                { n: whole(pairedEvents) },
              )
            : say({ en: ', each over what it decided', ja: '：それぞれが判定した件について' })
        }<ul>${own.map((one) => html`<li>${differenceLine(one, context.currency)}</li>`)}</ul>`,
      ]
    })
  const [shown, not] = [linesOf(true), linesOf(false)]
  const nothing = (words: Both): Html => html`<p>${say(words)}</p>`
  const isAlone = pairs.length === 0
  return [
    box(
      'shown',
      { en: 'What is shown', ja: '示されたこと' },
      isAlone
        ? nothing({
            en: 'Nothing was compared, so no difference is claimed.',
            ja: '比較を行っていないため、差については何も主張しません。',
          })
        : shown.length === 0
          ? nothing({ en: 'No difference is shown.', ja: '示された差はありません。' })
          : list(shown.slice(0, most), shown.length - most),
    ),
    box(
      'not-shown',
      { en: 'What is not shown', ja: '示されていないこと' },
      isAlone
        ? nothing({
            en: 'Whether any other policy would do better.',
            ja: '他のポリシーの方が優れるかどうか。',
          })
        : not.length === 0
          ? nothing({
              en: 'Every difference that was tested is shown.',
              ja: '検定したすべての差が示されました。',
            })
          : html`${list(not.slice(0, most), not.length - most)}<p class="quiet">${say({
              en: 'Not shown does not mean equal: the interval says how large the difference may still be.',
              ja: '「示されていない」は「等しい」ではありません。区間は、差がまだどれほどありうるかを示します。',
            })}</p>`,
    ),
  ]
}

function mode({ summary }: Context): Html {
  const isReplay = summary.manifest.mode === 'replay'
  return box(
    'mode',
    isReplay ? { en: 'Mode: replay', ja: 'モード：リプレイ' } : { en: 'Mode: closed loop', ja: 'モード：閉ループ' },
    html`<p>${
      isReplay
        ? say({
            en: 'The stream stays as it is, whatever is answered. So these numbers measure decisions, not their consequences: attackers do not adapt, and blocked cards do not stop.',
            ja: '応答にかかわらず取引の流れは変わりません。判定そのものを測るもので、その帰結は測りません。攻撃者は適応せず、停止したカードも使われ続けます。',
          })
        : say({
            en: 'Answers have consequences: blocked cards stop, attackers adapt, challenges teach the profiles. So variants see different events after their first different answer, and how attackers adapt is an assumption.',
            ja: '応答が帰結を持ちます。停止したカードは使われず、攻撃者は適応し、チャレンジの結果が学習されます。最初に応答が分かれた後は変種ごとに取引が異なり、攻撃者の適応は前提によります。',
          })
    }</p><p>${
      originOf(summary) === 'generated'
        ? say({
            en: 'The events are made up by a generator; they resemble published numbers and are nobody’s data.',
            ja: '取引は生成器によるもので、公表値に似せてありますが、実在の誰のデータでもありません。',
          })
        : say({ en: 'The events were imported.', ja: '取引は取り込まれたものです。' })
    }</p>`,
  )
}

function howSure(context: Context): Html {
  const { summary, series } = context
  const metrics = series[0]?.variant.metrics
  if (metrics === undefined) return html``
  const { population, bootstrap } = metrics
  const claims = summary.comparisons.flatMap(({ differences }) => differences.filter(isClaimed)).length
  const seeds = Math.max(0, ...summary.repeats.map(({ bySeed }) => bySeed.length))
  const lines = [
    say(
      {
        en: 'Everything about fraud rests on {fraud} frauds on {fraudCards} cards ({rate} of what was decided){few}',
        ja: '不正に関する数値の根拠は、カード{fraudCards}枚・{fraud}件の不正です（判定件数の{rate}）{few}',
      },
      {
        fraud: whole(population.fraud),
        fraudCards: whole(population.fraudCards),
        rate: population.fraudRate === null ? '–' : percent(population.fraudRate),
        few:
          population.fraud < fewFrauds
            ? say({
                en: '. These are few: read the intervals, not the values.',
                ja: '。件数が少ないため、値ではなく区間を見てください。',
              })
            : say({ en: '.', ja: '。' }),
      },
    ),
    say(
      {
        en: 'Intervals: {draws} resamples of {cards} whole cards, {level} percentiles.',
        ja: '区間：カード{cards}枚を単位とする{draws}回の再標本化、{level}パーセンタイル区間。',
      },
      { draws: whole(bootstrap.draws), cards: whole(bootstrap.cards), level: `${fixed(bootstrap.level * 100, 0)}%` },
    ),
    ...(claims > 0
      ? [
          say(
            {
              en: '{n} differences were tested as one family and corrected together (Holm, 5%).',
              ja: '{n}項目の差を一つの族として検定し、まとめて補正しています（Holm法、5%）。',
            },
            { n: whole(claims) },
          ),
        ]
      : []),
    seeds > 1
      ? say(
          {
            en: 'The whole was run over {n} populations of other seeds; see there.',
            ja: '別シードの{n}個の母集団でも再実行しました（該当の節を参照）。',
          },
          { n: whole(seeds) },
        )
      : say({
          en: 'One population was looked at: how much another one of the same kind would differ is not in the intervals.',
          ja: '見たのは一つの母集団だけです。同種の別の母集団との違いは区間に含まれません。',
        }),
  ]
  return box('how-sure', { en: 'How sure this is', ja: '確かさ' }, list(lines, 0))
}

export const shortPart = (context: Context): Html => html`
<div class="short" id="short">${asked(context)}${cameOut(context)}${shownAndNot(context)}${mode(context)}${howSure(context)}</div>`
