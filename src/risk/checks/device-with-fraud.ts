/** A device on which fraud was confirmed, with whatever card. Without an id in it another one of its make may be meant. */
import { z } from 'zod'
import { along, defineCheck, ramp, weight } from '../check.ts'
import { at } from '../features.ts'

export const deviceWithFraud = defineCheck({
  id: 'device-with-fraud',
  family: 'environment',
  seeds: ['DV-6'],
  paths: ['browserUserAgent', 'sdkAppID', 'method.deviceId', 'method.canvasHash'],
  params: z.strictObject({ weight, frauds: ramp, withoutId: z.number().min(0).max(1) }),
  words: {
    en: {
      title: 'Device with fraud',
      about:
        'Purchases on this device, with whatever card, that turned out to be fraud. A device that is known by its looks only may be another one of the same make.',
      params: {
        weight: 'Once the count is full',
        frauds: 'Confirmed frauds: where the weight begins, and where it is full',
        withoutId: 'Share of the weight for a device known by its looks only',
      },
    },
    ja: {
      title: '不正が確認された端末',
      about:
        'カードを問わず、この端末での購入で後に不正と確認されたものを見ます。特徴だけで見分ける端末は、同じ機種の別の端末かもしれません。',
      params: {
        weight: '件数が上限に達したとき',
        frauds: '確認された不正の件数：重みが加わり始める数と、すべて加わる数',
        withoutId: '特徴だけで見分ける端末のときの重みに対する割合',
      },
    },
  },
  reasons: {
    listed: {
      en: 'Fraud was confirmed on this device ({n} purchases).',
      ja: 'この端末では不正な購入が確認されています（{n}件）。',
    },
  },
  silent: {
    untold: { en: 'There is no device information.', ja: '端末の情報がありません。' },
    clean: { en: 'No fraud is known on this device.', ja: 'この端末での不正は確認されていません。' },
  },
  ends: ({ weight }) => [weight],
  run: ({ facts, features }, own, say) => {
    if (facts.device === undefined) return say.nothing('untold')
    const strength = along(features[at.frauds_device], own.frauds) * (facts.device === 'id' ? 1 : own.withoutId)
    return strength === 0 ? say.nothing('clean') : say.evidence('listed', own.weight * strength)
  },
  told: ({ features }) => ({ n: features[at.frauds_device] ?? 0 }),
})
