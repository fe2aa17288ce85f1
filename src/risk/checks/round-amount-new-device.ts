/**
 * A round amount on a device that is new to the card. Someone who has just been handed the code of a challenge owns a device
 * that passed one, so a device stays new for a while, trusted or not.
 */
import { z } from 'zod'
import { defineCheck, weight } from '../check.ts'
import { at } from '../features.ts'

export const roundAmountNewDevice = defineCheck({
  id: 'round-amount-new-device',
  family: 'environment',
  seeds: ['DV-1', 'BH-2'],
  paths: ['purchaseAmount', 'purchaseCurrency', 'purchaseExponent', 'browserUserAgent', 'method.deviceId', 'sdkAppID'],
  params: z.strictObject({
    weight,
    trusted: weight,
    multipleOf: z.int().positive(),
    least: z.number().nonnegative(),
    newForDays: z.number().positive(),
  }),
  words: {
    en: {
      title: 'Round amount on a new device',
      about:
        'A round amount, as gift codes and transfers have, on a device that this card has not been used on for long. A challenge that was passed there meanwhile does not make the device old.',
      params: {
        weight: 'For a round amount on a new device',
        trusted: 'For a round amount on a device that is new but has passed a challenge',
        multipleOf: 'What a round amount is a multiple of (minor units of the issuer’s currency)',
        least: 'Smaller amounts are not looked at',
        newForDays: 'How many days a device stays new',
      },
    },
    ja: {
      title: '新しい端末でのきりのよい金額',
      about:
        'このカードで使われて間もない端末での、ギフトコードや送金に多いきりのよい金額を見ます。その間に本人認証に成功していても、端末は新しいものとして扱います。',
      params: {
        weight: '新しい端末でのきりのよい金額のとき',
        trusted: '新しいが本人認証に成功した端末のとき',
        multipleOf: 'きりのよい金額の単位（発行会社の通貨の最小単位）',
        least: 'これより少ない金額は見ない',
        newForDays: '端末を新しいとみなす日数',
      },
    },
  },
  reasons: {
    newDevice: {
      en: 'The amount of {amount:money} is round, and the device is new to this card.',
      ja: '金額 {amount:money} はきりがよく、この端末はこのカードで使われて間もないものです。',
    },
    justTrusted: {
      en: 'The amount of {amount:money} is round, and the device has passed its first challenge only just now.',
      ja: '金額 {amount:money} はきりがよく、この端末は本人認証に成功して間もないものです。',
    },
  },
  silent: {
    untold: { en: 'The amount or the device is not known.', ja: '金額または端末が分かりません。' },
    settled: { en: 'The device has been used for some time.', ja: '以前から使われている端末です。' },
    notRound: { en: 'The amount is small or not round.', ja: '金額は少額か、きりのよい額ではありません。' },
  },
  ends: ({ weight, trusted }) => [weight, trusted],
  run: ({ facts: { amount, device }, features }, own, say) => {
    if (amount === undefined || device === undefined) return say.nothing('untold')
    if (amount < own.least || amount % own.multipleOf !== 0) return say.nothing('notRound')
    // A browser that was only emptied looks as one that the card knows.
    const isNew =
      features[at.device_is_first] === 1
        ? features[at.likeness_is_first] !== 0
        : (features[at.device_known_days] ?? 0) < own.newForDays
    if (!isNew) return say.nothing('settled')
    return features[at.device_is_trusted] === 1
      ? say.evidence('justTrusted', own.trusted)
      : say.evidence('newDevice', own.weight)
  },
  told: ({ facts: { amount = 0 } }) => ({ amount }),
})
