// The main question of every policy: how many pass untouched, and how much fraud is met all the same.
import { cutOver } from '../../experiment/tables.ts'
import { type Met, metNames, tradeoff } from '../charts/tradeoff.ts'
import { type Context, figure, figures, none, section, table, variantName } from '../frame.ts'
import { type Html, html } from '../html.ts'
import { type Both, say } from '../language.ts'
import { percent, whole } from '../numbers.ts'
import { legend, type Series } from '../series.ts'
import { fraudTable, modeNote } from './rates.ts'

const size = { width: 600, height: 400 }

const titles: Readonly<Record<Met, Both>> = {
  caught: { en: 'Frictionless rate against fraud caught, by count', ja: 'フリクションレス率と捕捉した不正（件数）' },
  caughtAmount: {
    en: 'Frictionless rate against fraud caught, by value',
    ja: 'フリクションレス率と捕捉した不正（金額）',
  },
  stopped: { en: 'Frictionless rate against fraud stopped, by count', ja: 'フリクションレス率と阻止した不正（件数）' },
  stoppedAmount: {
    en: 'Frictionless rate against fraud stopped, by value',
    ja: 'フリクションレス率と阻止した不正（金額）',
  },
}

/** Frictionless rates at which the curves are read off. */
const stops = [0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99]

function scoredOf({ variant: { metrics } }: Series): Html {
  const { events, fraud } = cutOver(metrics)
  return html`${whole(events)}<small>${whole(fraud)}</small>`
}

/** What the curve says there: the threshold that lets the most through without passing the stop. */
function readOff(context: Context, met: Met): Html {
  return table(
    `tradeoff-${met}-numbers`,
    html`${say({ en: 'Read off the curves, over decided events with a score: share of fraud', ja: '曲線からの読み取り（判定済みでスコアのある取引）：不正の割合' })} (${say(metNames[met])}). ${modeNote(context)}`,
    [
      say({ en: 'Variant, policy hash', ja: '変種・ポリシーのハッシュ' }),
      say({ en: 'Scored events; of them fraud', ja: 'スコアのある取引、うち不正' }),
      ...stops.map((stop) =>
        say({ en: 'at most {stop} frictionless', ja: 'フリクションレス{stop}以下' }, { stop: percent(stop, 0) }),
      ),
    ],
    context.series.map((series) => ({
      head: variantName(series.variant, series),
      cells: [
        scoredOf(series),
        ...stops.map((stop) => {
          const cut = series.variant.metrics.cuts
            .filter(({ frictionless }) => frictionless <= stop)
            .reduce<(typeof series.variant.metrics.cuts)[number] | undefined>(
              (best, one) => (best === undefined || one.frictionless > best.frictionless ? one : best),
              undefined,
            )
          const value = cut?.[met]
          if (cut === undefined || value === null || value === undefined) return none
          const band = cut[`${met}Band`]
          return html`${percent(value)}${band !== null && html`<small>[${percent(band.low)}, ${percent(band.high)}]</small>`}<small>${say(
            { en: 'at {rate}', ja: '{rate}のとき' },
            { rate: percent(cut.frictionless) },
          )}</small>`
        }),
      ],
    })),
  )
}

export function tradeoffPart(context: Context): Html {
  const { series, draw } = context
  const hasCurves = series.some(({ variant }) => variant.metrics.cuts.length > 0)
  const one = (met: Met): Html =>
    figure({
      id: `tradeoff-${met}`,
      title: titles[met],
      says: html`${say({
        en: 'Mark: where the policy stands, with both 95% intervals. Line: its scores cut at every threshold, nothing declined; band: 95%. Up and to the right is better.',
        ja: '印：ポリシーの実際の位置（縦横とも95%区間）。線：スコアをあらゆるしきい値で区切った場合（拒否なし）、帯は95%区間。右上ほど良い結果です。',
      })} ${modeNote(context)}`,
      chart: draw(tradeoff(series, met), size),
      legend: legend(series),
      ...(hasCurves && { numbers: readOff(context, met) }),
    })
  return section(
    'tradeoff',
    { en: 'Frictionless rate against fraud', ja: 'フリクションレス率と不正' },
    [
      say({
        en: 'Caught: challenged or declined. Stopped: not approved in the end; an attacker who passes the challenge is caught but not stopped. A mark may lie off its line, since rules, floors, segments and what the shop wishes decide beside the score: a policy that heeds wishes for a challenge cannot go as far right as its line.',
        ja: '捕捉：チャレンジまたは拒否されたもの。阻止：最終的に承認されなかったもの。チャレンジを突破した攻撃者は、捕捉されても阻止されていません。ルールや下限、セグメント、加盟店の希望もスコアとは別に判定を左右するため、印は線から外れることがあります。チャレンジの希望に従うポリシーは、線の右端までは到達できません。',
      }),
    ],
    figures(one('caught'), one('stopped'), one('caughtAmount'), one('stoppedAmount')),
    fraudTable(context),
  )
}
