/**
 * A known device that may be a copy: its data of the 3DS Method came before, to the byte; it is suddenly in a network and at a
 * shop where this card never was; or it tells nothing to the 3DS Method, which it used to. A known device alone decides nothing.
 */
import { z } from 'zod'
import { defineCheck, Parts, share, weight } from '../check.ts'
import { at } from '../features.ts'

type Reason = 'copied' | 'elsewhere' | 'mute'
const parts = new Parts<Reason>()

export const deviceReplay = defineCheck({
  id: 'device-replay',
  family: 'environment',
  seeds: ['DV-8'],
  paths: ['browserIP', 'threeDSCompInd', 'browserUserAgent', 'method.deviceId', 'method.clock', 'method.canvasHash'],
  params: z.strictObject({
    weight,
    most: z.number().positive(),
    copied: share,
    elsewhere: z.strictObject({ share, networks: z.int().min(1) }),
    mute: z.strictObject({ N: share, U: share, likenesses: z.int().min(1) }),
  }),
  words: {
    en: {
      title: 'Copied device',
      about:
        'Whoever has the browser data of a victim can show them. Two runs of the 3DS Method are never alike, so data that come again are a copy; a known device in a new network at a new shop may be one; and a copy is often silent where the device used to answer. The parts add up.',
      params: {
        weight: 'The sum of the parts is multiplied by this',
        most: 'The parts count up to this sum',
        copied: 'Part for data of the 3DS Method that came before',
        'elsewhere.share': 'Part for a known device in a new network at a new shop',
        'elsewhere.networks': 'Networks of the card that must be known before a new one says anything',
        'mute.N': 'Part for a 3DS Method that did not finish, on a card whose devices used to answer',
        'mute.U': 'Part for a 3DS Method that the shop did not run, on a card whose devices used to answer',
        'mute.likenesses': 'Devices of the card that must have answered before',
      },
    },
    ja: {
      title: '端末情報の複製',
      about:
        '被害者のブラウザー情報を入手すれば、同じ端末を装えます。3DS Methodの情報は毎回異なるため、同じものの再送は複製です。見慣れた端末が新しいネットワークと店で使われたときや、応答していた端末が応答しないときも複製の可能性があります。割合は合計されます。',
      params: {
        weight: '割合の合計に掛ける重み',
        most: '割合の合計の上限',
        copied: '3DS Methodの情報が以前と完全に同じとき',
        'elsewhere.share': '見慣れた端末が新しいネットワークと新しい店で使われたとき',
        'elsewhere.networks': '新しいネットワークを問題にするために必要な、カードの既知ネットワーク数',
        'mute.N': '以前は応答していたカードで、3DS Methodが完了しなかったとき',
        'mute.U': '以前は応答していたカードで、3DS Methodが実行されなかったとき',
        'mute.likenesses': '以前に応答した端末の必要数',
      },
    },
  },
  reasons: {
    copied: {
      en: 'The data of the 3DS Method are the same to the byte as in an earlier purchase.',
      ja: '3DS Methodの情報が、以前の購入のものと完全に一致しています。',
    },
    elsewhere: {
      en: 'A known device is used in a network and at a shop that are new to this card.',
      ja: '見慣れた端末が、このカードで初めてのネットワークと店で使われています。',
    },
    mute: {
      en: 'The devices of this card used to answer the 3DS Method; this one has not.',
      ja: 'このカードの端末はこれまで3DS Methodに応答していましたが、今回は応答がありません。',
    },
  },
  silent: {
    untold: { en: 'There is no device information.', ja: '端末の情報がありません。' },
    ordinary: { en: 'Nothing looks like a copy.', ja: '複製の兆候はありません。' },
  },
  ends: ({ weight, most }) => [weight * most],
  run: ({ facts, features }, own, say) => {
    if (facts.device === undefined) return say.nothing('untold')
    parts.begin()
    if (features[at.method_is_replayed] === 1) parts.add(own.copied, 'copied')
    const isKnown = features[at.device_is_first] === 0 || features[at.likeness_is_first] === 0
    const isElsewhere = features[at.network_is_first] === 1 && features[at.merchant_is_first] === 1
    if (isKnown && isElsewhere && (features[at.networks_known] ?? 0) >= own.elsewhere.networks) {
      parts.add(own.elsewhere.share, 'elsewhere')
    }
    const { browser, compInd } = facts
    if (browser?.hasMethod === false && (features[at.likenesses_known] ?? 0) >= own.mute.likenesses) {
      if (compInd === 'N') parts.add(own.mute.N, 'mute')
      else if (compInd === 'U') parts.add(own.mute.U, 'mute')
    }
    if (parts.largest === undefined) return say.nothing('ordinary')
    return say.evidence(parts.largest, own.weight * Math.min(parts.sum, own.most))
  },
})
