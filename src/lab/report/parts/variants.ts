// What was run: each variant, what was changed in it, whom it hears, and the hash of what decided.
import type { Change, Hears, VariantResult } from '../../experiment/summary.ts'
import { type Context, none, section, table, textCell, variantName } from '../frame.ts'
import { type Html, html } from '../html.ts'
import { say } from '../language.ts'
import { fixed } from '../numbers.ts'

const hearsWords = (hears: Hears): Html =>
  hears === 'all'
    ? say({ en: 'all sources', ja: 'すべての情報源' })
    : hears === 'none'
      ? say({ en: 'nobody', ja: 'なし' })
      : html`${hears.join(', ')}`

export function changeWords(one: Change): Html {
  switch (one.what) {
    case 'check':
      return say({ en: 'without the check {left}', ja: 'チェック {left} なし' }, { left: one.left })
    case 'scorer':
      return say({ en: 'without the model {left}', ja: 'モデル {left} なし' }, { left: one.left })
    case 'layer':
      return say({ en: 'without the layer {left}', ja: '層 {left} なし' }, { left: one.left })
    case 'thresholds':
      return say(
        { en: 'thresholds {challenge} and {reject}', ja: 'しきい値 {challenge} と {reject}' },
        { challenge: fixed(one.challenge, 2), reject: fixed(one.reject, 2) },
      )
    case 'shift':
      return say(
        {
          en: 'all thresholds moved by {by}, to meet {toMeet}',
          ja: 'すべてのしきい値を {by} 移動（{toMeet} に合わせる）',
        },
        { by: fixed(one.by, 3), toMeet: one.toMeet },
      )
    case 'hears':
      return html`${say({ en: 'hears ', ja: '参照先：' })}${hearsWords(one.hears)}`
  }
}

const kindWords = {
  policy: { en: 'as written', ja: '記述どおり' },
  assessments: { en: 'assessments changed', ja: '判定の参照を変更' },
  ablation: { en: 'one part left out', ja: '一部を除外' },
  sweep: { en: 'other thresholds', ja: 'しきい値を変更' },
  match: { en: 'moved to meet another', ja: '他に合わせて調整' },
} as const

const row = (variant: VariantResult, context: Context) => ({
  head: variantName(
    variant,
    context.series.find((one) => one.variant.id === variant.id),
  ),
  cells: [
    textCell(html`${variant.policy.name} ${say({ en: 'version', ja: 'バージョン' })} ${variant.policy.version}`),
    textCell(
      html`${say(kindWords[variant.kind])}${variant.id === context.summary.baseline && html` · <b>${say({ en: 'baseline', ja: '基準' })}</b>`}${
        variant.changes.length > 0 &&
        html`<br>${variant.changes.map((one, index) => html`${index > 0 && '; '}${changeWords(one)}`)}`
      }`,
    ),
    textCell(hearsWords(variant.hears)),
    variant.thresholds === undefined
      ? none
      : html`${fixed(variant.thresholds.challenge, 2)} / ${fixed(variant.thresholds.reject, 2)}`,
  ],
})

export const variantsPart = (context: Context): Html =>
  section(
    'variants',
    { en: 'What was compared', ja: '比較したもの' },
    [
      say({
        en: 'The hash is that of all that decides: the policy as it was resolved, its models, and whom it hears. Two variants with one hash decide alike.',
        ja: 'ハッシュは、判定を決めるすべて（解決後のポリシー、モデル、参照する情報源）から計算しています。ハッシュが同じなら判定も同じです。',
      }),
    ],
    table(
      'variants-table',
      say({ en: 'All variants of this experiment', ja: 'この実験のすべての変種' }),
      [
        say({ en: 'Variant, policy hash', ja: '変種・ポリシーのハッシュ' }),
        say({ en: 'Policy', ja: 'ポリシー' }),
        say({ en: 'What it is', ja: '内容' }),
        say({ en: 'Hears the assessments of', ja: '判定の参照先' }),
        say({ en: 'Thresholds: challenge / decline (log-odds)', ja: 'しきい値：チャレンジ／拒否（対数オッズ）' }),
      ],
      context.summary.variants.map((one) => row(one, context)),
    ),
  )
