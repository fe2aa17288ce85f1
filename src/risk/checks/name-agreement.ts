/**
 * The holder's name in three scripts: on the card, in kanji, in kana. Only what contradicts is weighed, and lightly: people
 * marry, readings are rare, parents are inventive. An AReq has Latin letters only; the rest comes with the hook.
 */
import { z } from 'zod'
import { defineCheck, Parts, share, weight } from '../check.ts'

type Reason = 'latin' | 'kanji'
const parts = new Parts<Reason>()

export const nameAgreement = defineCheck({
  id: 'name-agreement',
  family: 'cardholder',
  seeds: ['NA-2', 'NA-3'],
  paths: ['cardholderName', 'signals.kanji', 'signals.kana'],
  params: z.strictObject({ weight, latin: share, kanji: share, agrees: weight }),
  words: {
    en: {
      title: 'Names in different scripts',
      about:
        'Compares the name on the card with the kana that the shop has, in any romanisation and order, and the kanji with the kana by a table of names with their readings. What nobody can know says nothing.',
      params: {
        weight: 'The sum of the parts is multiplied by this',
        latin: 'Part when neither family nor given name on the card is in the kana',
        kanji: 'Part when the family name in kanji is not read like the kana',
        agrees: 'When the name on the card is that of the kana',
      },
    },
    ja: {
      title: '氏名の表記の一致',
      about:
        'カードの氏名（ローマ字）と加盟店が持つカナを、つづり方や姓名の順によらず比べ、漢字とカナを読みの一覧で比べます。判断できないものは何も言いません。',
      params: {
        weight: '項目の合計に掛ける重み',
        latin: 'カードの姓も名もカナに合わないとき',
        kanji: '漢字の姓がカナのように読まれないとき',
        agrees: 'カードの氏名がカナと一致するとき',
      },
    },
  },
  reasons: {
    latin: {
      en: 'The name on the card is not the one that the shop has in kana.',
      ja: 'カードの氏名が、加盟店に登録されたカナと異なります。',
    },
    kanji: {
      en: 'The family name in kanji is not read as the kana say.',
      ja: '漢字の姓とカナの読みが合いません。',
    },
    agrees: {
      en: 'The name on the card is the one that the shop has.',
      ja: 'カードの氏名は、加盟店に登録された氏名と一致します。',
    },
  },
  silent: {
    untold: { en: 'The shop has told no kana.', ja: '加盟店からカナの氏名が示されていません。' },
    unknown: { en: 'Nobody can say whether the names agree.', ja: '氏名が一致するかどうかは判断できません。' },
  },
  ends: ({ weight, latin, kanji, agrees }) => [weight * (latin + kanji), agrees],
  run: ({ facts: { signals } }, own, say) => {
    const latin = signals?.nameAgainstKana
    const kanji = signals?.kanaAgainstKanji
    if (latin === undefined && kanji === undefined) return say.nothing('untold')
    parts.begin()
    if (latin === 'contradicts') parts.add(own.latin, 'latin')
    if (kanji === 'contradicts') parts.add(own.kanji, 'kanji')
    const { largest } = parts
    if (largest !== undefined) return say.evidence(largest, own.weight * parts.sum)
    return latin === 'agrees' ? say.evidence('agrees', own.agrees) : say.nothing('unknown')
  },
})
