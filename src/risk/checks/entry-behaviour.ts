/**
 * How the order was entered at the shop, as far as the shop tells, and how challenges of this card were answered lately.
 * Silence says nothing; who pastes or lets the browser fill in is no robot, so only what no hands can do counts.
 */
import { z } from 'zod'
import { hasEntered, isScripted } from '../behaviour.ts'
import { along, defineCheck, Parts, ramp, share, weight } from '../check.ts'
import { at } from '../features.ts'

type Reason = 'scripted' | 'hurried' | 'even' | 'answers'
const parts = new Parts<Reason>()

export const entryBehaviour = defineCheck({
  id: 'entry-behaviour',
  family: 'behaviour',
  seeds: ['BH-4'],
  paths: ['signals.behaviour'],
  params: z.strictObject({
    weight,
    most: z.number().positive(),
    scripted: share,
    hurried: z.strictObject({ seconds: ramp, share }),
    even: z.strictObject({ evenness: ramp, share }),
    answers: z.strictObject({ machine30d: ramp, share }),
  }),
  words: {
    en: {
      title: 'Entered as by a machine',
      about:
        'Whether the order was entered by a script, faster than anybody types, or with keys like a clock, where the shop tells of it; and whether codes of this card were answered so in the last weeks. The parts add up.',
      params: {
        weight: 'The sum of the parts is multiplied by this',
        most: 'The parts count up to this sum',
        scripted: 'Part for events that a script made, or fields that filled themselves',
        'hurried.seconds':
          'Seconds for the whole order: below the first the part is full, from the second on it is gone',
        'hurried.share': 'Part for an order in no time',
        'even.evenness': 'Evenness of the keys, 0 to 1: where the part begins, and where it is full',
        'even.share': 'Part for keys like a clock',
        'answers.machine30d': 'Challenges answered as by a machine, half forgotten in 30 days: begins, full',
        'answers.share': 'Part for such answers',
      },
    },
    ja: {
      title: '機械的な入力',
      about:
        'ショップから知らされた場合に、スクリプトによる入力、人には無理な速さ、時計のように均一な打鍵を見ます。このカードの本人認証が最近そのように回答されたかも見ます。割合は合計されます。',
      params: {
        weight: '割合の合計に掛ける重み',
        most: '割合の合計の上限',
        scripted: 'スクリプトの操作、または操作なしに埋まった項目があるとき',
        'hurried.seconds': '注文全体の秒数：最初の値未満で割合がすべて加わり、次の値以上で0になる',
        'hurried.share': '極端に短い時間で入力されたとき',
        'even.evenness': '打鍵の均一さ（0～1）：始まり、上限',
        'even.share': '打鍵が時計のように均一なとき',
        'answers.machine30d': '機械的に回答された本人認証の数（30日で半減）：始まり、上限',
        'answers.share': 'そのような回答があるとき',
      },
    },
  },
  reasons: {
    scripted: {
      en: 'The order was entered by a script.',
      ja: '注文がスクリプトで入力されています。',
    },
    hurried: {
      en: 'The order was entered within {seconds} seconds.',
      ja: '注文が{seconds}秒で入力されています。',
    },
    even: {
      en: 'The order was typed with keys like a clock.',
      ja: '注文の打鍵が機械のように均一です。',
    },
    answers: {
      en: 'Codes of this card were lately answered faster or more evenly than people do.',
      ja: 'このカードの本人認証が最近、人には難しい速さや均一さで回答されています。',
    },
  },
  silent: {
    untold: { en: 'Nothing is told of how it was entered.', ja: '入力の様子は知らされていません。' },
    ordinary: { en: 'It was entered as people do.', ja: '人による通常の入力です。' },
  },
  ends: ({ weight, most }) => [weight * most],
  run: ({ facts, features }, own, say) => {
    const behaviour = facts.signals?.behaviour
    parts.begin()
    parts.add(own.answers.share * along(features[at.machine_answers_30d], own.answers.machine30d), 'answers')
    if (behaviour !== undefined) {
      if (isScripted(behaviour)) parts.add(own.scripted, 'scripted')
      if (hasEntered(behaviour)) {
        const { seconds, share } = own.hurried
        parts.add(share * (1 - along(behaviour.msTotal / 1_000, seconds)), 'hurried')
        parts.add(own.even.share * along(behaviour.evenness, own.even.evenness), 'even')
      }
    }
    if (parts.largest !== undefined) return say.evidence(parts.largest, own.weight * Math.min(parts.sum, own.most))
    return behaviour === undefined ? say.nothing('untold') : say.nothing('ordinary')
  },
  told: ({ facts }, _own, reason) =>
    reason === 'hurried' ? { seconds: Math.round((facts.signals?.behaviour?.msTotal ?? 0) / 100) / 10 } : {},
})
