/**
 * A device on which a challenge was passed speaks for the cardholder, a new one against. Having been tried before says
 * little: whoever was refused yesterday is no acquaintance. Without an id the device may be copied, so it says less. A device
 * whose storage was emptied may be known by its looks.
 */
import { z } from 'zod'
import { defineCheck, weight } from '../check.ts'
import { at } from '../features.ts'

export const firstDevice = defineCheck({
  id: 'first-device',
  family: 'environment',
  seeds: ['DV-1'],
  paths: [
    'browserUserAgent',
    'browserScreenWidth',
    'browserScreenHeight',
    'browserTZ',
    'browserLanguage',
    'sdkAppID',
    'method.deviceId',
    'method.canvasHash',
  ],
  params: z.strictObject({
    weight,
    alike: z.number().min(0).max(1).default(1),
    seen: z.strictObject({ times: z.int(), days: z.number(), share: z.number().min(0).max(1) }),
    trusted: z.strictObject({ withId: weight, withoutId: weight }),
  }),
  words: {
    en: {
      title: 'First purchase on a device',
      about:
        'A device on which the cardholder has passed a challenge speaks for the holder; a device that is new to the card speaks against. Having been seen before says little, as long as no challenge was passed there.',
      params: {
        weight: 'For a device that is new to this card',
        alike: 'Share of it for a device that looks like one on which a challenge was passed, with its storage emptied',
        'seen.times': 'Purchases after which a device without a passed challenge counts as settled',
        'seen.days': 'And days between the first and the last of them',
        'seen.share': 'Share of the weight that remains for a settled device',
        'trusted.withId': 'Challenge passed here before, and the device is known by its id',
        'trusted.withoutId': 'Challenge passed here before, and the device is known by its looks only',
      },
    },
    ja: {
      title: '初めての端末',
      about:
        'カード会員が本人認証に成功したことのある端末なら疑いが減り、このカードで初めての端末なら増えます。使われたことがあるだけで認証の成功がない端末は、ほとんど手がかりになりません。',
      params: {
        weight: 'このカードで初めての端末のとき',
        alike: '本人認証に成功した端末と特徴が同じで、保存領域が空になっているときの割合',
        'seen.times': '認証の成功がなくても定着した端末とみなす購入回数',
        'seen.days': 'その最初と最後の購入の間の日数',
        'seen.share': '定着した端末に残る重みの割合',
        'trusted.withId': '認証に成功した端末で、端末IDで確かめられるとき',
        'trusted.withoutId': '認証に成功した端末で、特徴だけが一致するとき',
      },
    },
  },
  reasons: {
    first: {
      en: 'This card has not been used on this device before.',
      ja: 'このカードがこの端末で使われるのは初めてです。',
    },
    alike: {
      en: 'The device is new to this card, but looks like one on which the cardholder has passed a challenge.',
      ja: 'このカードで初めての端末ですが、本人認証に成功した端末と特徴が同じです。',
    },
    seen: {
      en: 'This card has been used on this device before, but no challenge was passed on it.',
      ja: 'このカードはこの端末で使われたことがありますが、本人認証に成功したことはありません。',
    },
    trusted: {
      en: 'The cardholder has passed a challenge on this device before.',
      ja: 'この端末では、カード会員が以前に本人認証に成功しています。',
    },
  },
  silent: { untold: { en: 'There is no device information.', ja: '端末の情報がありません。' } },
  ends: ({ weight, seen, alike, trusted }) => [
    weight,
    weight * seen.share,
    weight * alike,
    trusted.withId,
    trusted.withoutId,
  ],
  run: ({ facts, features }, own, say) => {
    if (facts.device === undefined) return say.nothing('untold')
    if (features[at.device_is_first] === 1) {
      const isAlike = own.alike < 1 && features[at.likeness_is_trusted] === 1
      return isAlike ? say.evidence('alike', own.weight * own.alike) : say.evidence('first', own.weight)
    }
    if (features[at.device_is_trusted] === 1) {
      return say.evidence('trusted', facts.device === 'id' ? own.trusted.withId : own.trusted.withoutId)
    }
    const { times, days, share } = own.seen
    const settled = (features[at.device_seen_n] ?? 0) >= times && (features[at.device_seen_days] ?? 0) >= days
    return say.evidence('seen', own.weight * (settled ? share : 1))
  },
})
