/** Nobody pays in New York at ten and in Los Angeles at five past: too far from the last located purchase for the time between. */
import { z } from 'zod'
import { along, defineCheck, ramp, share, weight } from '../check.ts'
import { at } from '../features.ts'

export const impossibleTravel = defineCheck({
  id: 'impossible-travel',
  family: 'behaviour',
  seeds: ['DV-7'],
  paths: ['browserIP', 'appIp', 'deviceInfo'],
  params: z.strictObject({
    weight,
    kmh: ramp,
    leastKm: z.number().positive(),
    gateway: z.strictObject({ leastKm: z.number().positive(), share }),
    exit: share,
  }),
  words: {
    en: {
      title: 'Impossible travel',
      about:
        'The speed at which the holder would have come from the place of the last located purchase. Short ways say nothing, since places of networks are rough; carriers lead their customers through gateways far away; behind a VPN, a data centre or a relay nobody is where the network is.',
      params: {
        weight: 'Once the speed is full',
        kmh: 'Kilometres an hour: where the weight begins, and where it is full (an airliner makes 900)',
        leastKm: 'Shorter ways say nothing',
        'gateway.leastKm': 'The same on a carrier’s network',
        'gateway.share': 'Share of the weight on a carrier’s network',
        exit: 'Share of the weight behind a VPN, a data centre, Tor or a relay',
      },
    },
    ja: {
      title: '物理的に不可能な移動',
      about:
        '直近の購入の場所から移動したとすれば必要な速さを見ます。ネットワークの位置は大まかなため近距離では判断しません。携帯電話網は遠くの出口を通り、VPN、データセンター、中継では本人はそこにいません。',
      params: {
        weight: '速さが上限に達したとき',
        kmh: '時速（km）：重みが加わり始める速さと、すべて加わる速さ（旅客機は900）',
        leastKm: 'これより短い距離では判断しない',
        'gateway.leastKm': '携帯電話網の場合の距離',
        'gateway.share': '携帯電話網の場合の重みに対する割合',
        exit: 'VPN、データセンター、Tor、中継の場合の重みに対する割合',
      },
    },
  },
  reasons: {
    tooFast: {
      en: 'The last purchase was {km} km away: the holder would have travelled at {kmh} km an hour.',
      ja: '直近の購入の場所から{km}km離れており、時速{kmh}kmで移動したことになります。',
    },
  },
  silent: {
    unknown: {
      en: 'The place now, or that of an earlier purchase, is not known.',
      ja: '今回または以前の購入の場所が分かりません。',
    },
    near: { en: 'The last located purchase was near.', ja: '直近の購入の場所は近くです。' },
    possible: { en: 'The holder can have travelled that far.', ja: 'その間に移動できる距離です。' },
  },
  ends: ({ weight, gateway, exit }) => [weight, weight * gateway.share, weight * exit],
  run: ({ facts, features }, own, say) => {
    const km = features[at.travel_km] ?? Number.NaN
    if (Number.isNaN(km)) return say.nothing('unknown')
    const kind = facts.network?.kind
    const isGateway = kind === 'mobile'
    if (km < (isGateway ? own.gateway.leastKm : own.leastKm)) return say.nothing('near')
    const strength = along(features[at.travel_kmh], own.kmh)
    if (strength === 0) return say.nothing('possible')
    const part = isGateway ? own.gateway.share : kind === undefined || kind === 'isp' ? 1 : own.exit
    return say.evidence('tooFast', own.weight * strength * part)
  },
  told: ({ features }) => ({
    km: Math.round(features[at.travel_km] ?? 0),
    kmh: Math.round(features[at.travel_kmh] ?? 0),
  }),
})
