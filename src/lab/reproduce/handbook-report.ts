/** What came out of the handbook's baseline, in words and tables. Pure. */
import type { Both } from '../report/language.ts'
import { fixed, whole } from '../report/numbers.ts'
import type { Document, Said, Table } from './document.ts'
import type { HandbookResult, Measure, Measured, Model } from './handbook.ts'
import { handbook as published } from './published.ts'

const modelWords: Readonly<Record<Model, Both>> = {
  logistic: { en: 'logistic regression', ja: 'ロジスティック回帰' },
  treeOfTwo: { en: 'decision tree of depth two', ja: '深さ 2 の決定木' },
  boosted: { en: 'boosted trees (ours; published: XGBoost)', ja: '勾配ブースティング（独自実装。公表値は XGBoost）' },
}
const dayOf = (seconds: number): string => new Date(seconds * 1_000).toISOString().slice(0, 10)

const measureWords = ({ value, low, high }: Measure): Said => ({
  en: `${fixed(value, 3)} (${fixed(low, 3)} to ${fixed(high, 3)})`,
  ja: `${fixed(value, 3)}（${fixed(low, 3)}～${fixed(high, 3)}）`,
})

function tableOf({ measured, test, train, draws }: HandbookResult, set: 'test' | 'train'): Table {
  const rows = measured.filter((one) => one.set === set)
  const { n, frauds, cards } = set === 'test' ? test : train
  const against = (one: Measured, at: 0 | 1 | 2): Said => {
    if (one.published === null || one.isEqual === null) return '–'
    const text = fixed(one.published[at], 3)
    return one.isEqual[at] ? { en: `${text} equal`, ja: `${text} 一致` } : text
  }
  return {
    id: `measures-${set}`,
    caption: {
      en: `${set === 'test' ? 'Test' : 'Training'} week: ${whole(n)} transactions of ${whole(cards)} cards, ${whole(frauds)} of them fraud. 95 % intervals from ${whole(draws)} resamples of cards. Card precision: fraud cards among the 100 with the highest score of a day / 100, mean over days. Published values beside; equal means to the third decimal.`,
      ja: `${set === 'test' ? 'テスト' : '学習'}週：カード ${whole(cards)} 枚の取引 ${whole(n)} 件、うち不正 ${whole(frauds)} 件。95 % 区間はカードの再標本化 ${whole(draws)} 回による。カード適合率：1日のスコア上位 100 枚に占める不正カード ÷ 100 の日平均。隣は公表値、「一致」は小数第3位まで。`,
    },
    heads: [
      { en: 'model', ja: 'モデル' },
      'AUC ROC',
      { en: 'published', ja: '公表値' },
      { en: 'average precision', ja: '平均適合率' },
      { en: 'published', ja: '公表値' },
      { en: 'card precision@100', ja: 'カード適合率@100' },
      { en: 'published', ja: '公表値' },
    ],
    rows: rows.map((one) => [
      modelWords[one.model],
      measureWords(one.measures.auc),
      against(one, 0),
      measureWords(one.measures.averagePrecision),
      against(one, 1),
      measureWords(one.measures.cardPrecision),
      against(one, 2),
    ]),
  }
}

export function handbookDocument(result: HandbookResult): Document {
  const { transactions, from, to, start, period, isHandbookData, areWindowsCut, test, gradient, seed } = result
  const { forest, tree } = published.test
  return {
    title: { en: 'The baseline of the Fraud Detection Handbook', ja: 'Fraud Detection Handbook のベースライン' },
    about: [
      {
        en: `Source: ${published.source.title} (${published.source.where}). Read: ${whole(transactions)} transactions, ${dayOf(from)} to ${dayOf(to)}. Trained on the seven days from ${dayOf(start)} on, tested on the seven days from ${dayOf(start + 14 * 86_400)} on; ${whole(test.removed)} transactions of cards with a known fraud are left out of the test. Seed ${seed} (resamples only).`,
        ja: `出典：${published.source.title}（${published.source.where}）。読み込み ${whole(transactions)} 件、${dayOf(from)}～${dayOf(to)}。学習は ${dayOf(start)} からの 7 日間、テストは ${dayOf(start + 14 * 86_400)} からの 7 日間。既知の不正カードの取引 ${whole(test.removed)} 件はテストから除く。シード ${seed}（再標本化のみ）。`,
      },
      isHandbookData
        ? {
            en: `The three weeks hold ${whole(period.n)} transactions, ${whole(period.frauds)} of them fraud, as the handbook prints: these are its data.`,
            ja: `3週間の取引は ${whole(period.n)} 件、うち不正 ${whole(period.frauds)} 件で、ハンドブックの記載と一致する。同じデータである。`,
          }
        : {
            en: `The three weeks hold ${whole(period.n)} transactions, ${whole(period.frauds)} of them fraud; those of the handbook hold ${whole(published.transactions)} and ${whole(published.frauds)}. These are other data, so that no published number stands beside.`,
            ja: `3週間の取引は ${whole(period.n)} 件、うち不正 ${whole(period.frauds)} 件（ハンドブックでは ${whole(published.transactions)} 件と ${whole(published.frauds)} 件）。別のデータであるため、公表値は並べない。`,
          },
      ...(areWindowsCut
        ? [
            {
              en: 'The data begin less than 37 days before the training week, so that the longest windows of its features are cut.',
              ja: 'データの開始が学習週の 37 日前より後のため、特徴量の最も長い窓が途中で切れている。',
            },
          ]
        : []),
      {
        en: `Logistic regression has one optimum (largest component of the gradient here: ${gradient.toExponential(1)}), the tree of depth two one best split wherever none is tied. The boosted trees are of another making. Random forest (published ${forest.join(', ')}) and the full tree (${tree.join(', ')}) hang on the random numbers of scikit-learn and are not made.`,
        ja: `ロジスティック回帰の最適解は一つ（勾配の最大成分 ${gradient.toExponential(1)}）、深さ 2 の木も同点がない限り一つに定まる。勾配ブースティングは別の実装である。ランダムフォレスト（公表値 ${forest.join('、')}）と深さ無制限の木（${tree.join('、')}）は scikit-learn の乱数に依存するため行わない。`,
      },
    ],
    chapters: [
      {
        id: 'measures',
        title: { en: 'Measures', ja: '評価' },
        says: [],
        tables: [tableOf(result, 'test'), tableOf(result, 'train')],
      },
    ],
  }
}
