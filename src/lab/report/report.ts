// The report of an experiment as one HTML file: it opens from disk, asks no network for anything, and needs no script.
import { createHash } from 'node:crypto'
import { currencies } from '../../protocol/tables/iso.ts'
import type { Summary } from '../experiment/summary.ts'
import { loadCharts } from './chart.ts'
import type { Context } from './frame.ts'
import { escaped, Html, html } from './html.ts'
import { type Both, type Language, say } from './language.ts'
import { dayOf, whole } from './numbers.ts'
import { ablationsPart, matchedPart, repeatsPart, sweepsPart } from './parts/changes.ts'
import { comparisonsPart } from './parts/comparisons.ts'
import { costPart } from './parts/cost.ts'
import { attacksPart, daysPart, slicesPart } from './parts/detail.ts'
import { dutiesPart } from './parts/duties.ts'
import { againPart, limitsPart, speedPart, targetsPart } from './parts/end.ts'
import { rankingPart, scoresPart } from './parts/ranking.ts'
import { decisionsPart, genuinePart } from './parts/rates.ts'
import { shortPart } from './parts/short.ts'
import { tradeoffPart } from './parts/tradeoff.ts'
import { variantsPart } from './parts/variants.ts'
import { seriesOf } from './series.ts'
import { style } from './style.ts'

/** In the order of the page. A part that has nothing to show is left out, and so is its link. */
const parts: readonly {
  readonly id: string
  readonly link: Both
  readonly part: (context: Context) => Html | undefined
}[] = [
  { id: 'variants', link: { en: 'Compared', ja: '比較対象' }, part: variantsPart },
  { id: 'tradeoff', link: { en: 'Frictionless and fraud', ja: 'フリクションレスと不正' }, part: tradeoffPart },
  { id: 'comparisons', link: { en: 'Differences', ja: '差' }, part: comparisonsPart },
  { id: 'decisions', link: { en: 'Decisions', ja: '判定' }, part: decisionsPart },
  { id: 'genuine', link: { en: 'Genuine', ja: '正当な取引' }, part: genuinePart },
  { id: 'cost', link: { en: 'Cost', ja: '費用' }, part: costPart },
  { id: 'matched', link: { en: 'Moved to meet', ja: '調整' }, part: matchedPart },
  { id: 'ablations', link: { en: 'Parts', ja: '各部分' }, part: ablationsPart },
  { id: 'sweeps', link: { en: 'Thresholds', ja: 'しきい値' }, part: sweepsPart },
  { id: 'ranking', link: { en: 'Ranking', ja: '順位付け' }, part: rankingPart },
  { id: 'scores', link: { en: 'Scores', ja: 'スコア' }, part: scoresPart },
  { id: 'days', link: { en: 'Days', ja: '日別' }, part: daysPart },
  { id: 'attacks', link: { en: 'Attacks', ja: '手口' }, part: attacksPart },
  { id: 'slices', link: { en: 'Slices', ja: '属性別' }, part: slicesPart },
  { id: 'duties', link: { en: 'Reference rates', ja: '基準率' }, part: dutiesPart },
  { id: 'repeats', link: { en: 'Other seeds', ja: '別シード' }, part: repeatsPart },
  { id: 'targets', link: { en: 'Population', ja: '母集団' }, part: targetsPart },
  { id: 'speed', link: { en: 'Speed', ja: '速度' }, part: speedPart },
  { id: 'limits', link: { en: 'Limits', ja: '限界' }, part: limitsPart },
  { id: 'again', link: { en: 'Make it again', ja: '再現' }, part: againPart },
]

function contextOf(summary: Summary, draw: Context['draw']): Context {
  const currency = summary.variants[0]?.metrics.population.currency ?? 'JPY'
  const exponent = [...currencies.values()].find(({ alpha }) => alpha === currency)?.exponent ?? 0
  return { summary, series: seriesOf(summary), draw, currency, exponent }
}

const choice = (
  name: string,
  legend: Both,
  options: readonly (readonly [value: string, label: Html, isChosen: boolean])[],
): Html =>
  html`<fieldset class="choice"><legend class="unseen">${say(legend)}</legend>${options.map(
    ([value, label, isChosen]) =>
      html`<label><input type="radio" name="${name}" id="${name}-${value}"${isChosen && new Html(' checked')}><span>${label}</span></label>`,
  )}</fieldset>`

const choices = (lang: Language): Html =>
  html`<div class="choices">${choice('lang', { en: 'Language', ja: '言語' }, [
    ['en', html`<bdi translate="no">English</bdi>`, lang === 'en'],
    ['ja', html`<bdi translate="no">日本語</bdi>`, lang === 'ja'],
  ])}${choice('theme', { en: 'Theme', ja: 'テーマ' }, [
    ['auto', say({ en: 'As the system', ja: '自動' }), true],
    ['light', say({ en: 'Light', ja: 'ライト' }), false],
    ['dark', say({ en: 'Dark', ja: 'ダーク' }), false],
  ])}</div>`

function warning({ summary }: Context): Html | undefined {
  const { state, left } = summary.manifest
  if (state === 'whole') return undefined
  return html`<p class="warn" role="note"><b>${say({ en: 'A partial result.', ja: '途中までの結果です。' })}</b> ${say(
    {
      en: 'It was stopped before all was done. Not here, in no table and in no correction: {left}.',
      ja: '完了前に停止されました。次の変種は、表にも補正にも含まれていません：{left}。',
    },
    { left: left.length === 0 ? '–' : left.join(', ') },
  )}</p>`
}

/**
 * @throws nothing of its own; the summary is taken as its types say.
 * `lang`: the language that is shown first; both are in the page.
 */
export async function reportHtml(
  summary: Summary,
  { lang = 'en' }: { readonly lang?: Language } = {},
): Promise<string> {
  const context = contextOf(summary, await loadCharts())
  const { manifest } = summary
  const made = parts.flatMap(({ id, link, part }) => {
    const content = part(context)
    return content === undefined ? [] : [{ id, link, content }]
  })
  const population = summary.variants[0]?.metrics.population
  const hash = createHash('sha256').update(style).digest('base64')
  // Nothing but this one style sheet is let in, whatever a name in the summary may hold.
  const policy = `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'`
  const about =
    population &&
    html`<p>${say(
      {
        en: '{stream}, {from} to {to}, {n} events measured. Sekisho {version}, seed {seed}.',
        ja: '{stream}、{from}〜{to}、計測{n}件。Sekisho {version}、シード {seed}。',
      },
      {
        stream: manifest.stream.name,
        from: dayOf(population.from),
        to: dayOf(population.to),
        n: whole(population.events),
        version: manifest.version,
        seed: manifest.seed,
      },
    )}</p>`
  return `<!doctype html>
<html lang="${lang}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${escaped(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${escaped(manifest.name)} – Sekisho</title>
<style>${style}</style>
</head>
${
  html`<body>
<a class="skip" href="#main">${say({ en: 'Skip to the content', ja: '本文へ移動' })}</a>
<header class="top"><div class="wide"><div class="top-words">
<p>${say({ en: 'Sekisho research lab: report of an experiment', ja: 'Sekisho リサーチラボ：実験レポート' })}</p>
<h1>${manifest.name}</h1>
${about}</div>${choices(lang)}</div></header>
<nav class="contents" aria-label="${lang === 'ja' ? '目次' : 'Contents'}"><div class="wide"><ul>${made.map(
    ({ id, link }) => html`<li><a href="#${id}">${say(link)}</a></li>`,
  )}</ul></div></nav>
<main id="main" class="wide">
${warning(context)}
${shortPart(context)}
${made.map(({ content }) => content)}
<footer class="foot"><p>${say({
    en: 'Made by Sekisho, a simulator: no real bank, card or payment. This file asks no network for anything.',
    ja: 'シミュレーター Sekisho による作成。実在の銀行・カード・決済とは無関係です。このファイルは通信を行いません。',
  })}</p></footer>
</main>
</body>`.text
}
</html>
`
}
