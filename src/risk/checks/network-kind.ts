/** A network in which people are not at home: VPN, data centre, Tor. Evidence that ages, no verdict; some have the habit. */
import { z } from 'zod'
import { defineCheck, share, weight } from '../check.ts'
import { at } from '../features.ts'

export const networkKind = defineCheck({
  id: 'network-kind',
  family: 'environment',
  seeds: ['DV-3'],
  paths: ['browserIP', 'appIp', 'deviceInfo'],
  params: z.strictObject({
    weight,
    vpn: share,
    hosting: share,
    tor: share,
    relay: share,
    habit: z.strictObject({ days: z.number().positive(), share }),
  }),
  words: {
    en: {
      title: 'Network where nobody is at home',
      about:
        'The network address is one of a VPN, a data centre or Tor, by lists that age. Privacy relays of browsers and telephones are told apart. A network that this card has used for long is a habit.',
      params: {
        weight: 'Each of the shares is multiplied by this',
        vpn: 'Share for the exit of a VPN',
        hosting: 'Share for a data centre',
        tor: 'Share for an exit of Tor',
        relay: 'Share for a privacy relay',
        'habit.days': 'Days for which this card has used the network, from which it is a habit',
        'habit.share': 'What is left of the weight then',
      },
    },
    ja: {
      title: '住まいではないネットワーク',
      about:
        'IPアドレスがVPN、データセンター、Torのものかを一覧（古くなります）で見ます。ブラウザーや端末のプライバシー中継は区別します。このカードが以前から使うネットワークは習慣とみなします。',
      params: {
        weight: '各割合に掛ける重み',
        vpn: 'VPNの出口のとき',
        hosting: 'データセンターのとき',
        tor: 'Torの出口のとき',
        relay: 'プライバシー中継のとき',
        'habit.days': '習慣とみなす、このカードでの利用日数',
        'habit.share': '習慣のときに残る重みの割合',
      },
    },
  },
  reasons: {
    vpn: {
      en: 'The network address is the exit of a VPN.',
      ja: 'IPアドレスはVPNの出口です。',
    },
    hosting: {
      en: 'The network address belongs to a data centre.',
      ja: 'IPアドレスはデータセンターのものです。',
    },
    tor: {
      en: 'The network address is an exit of Tor.',
      ja: 'IPアドレスはTorの出口です。',
    },
    relay: {
      en: 'The network address belongs to a privacy relay.',
      ja: 'IPアドレスはプライバシー中継のものです。',
    },
  },
  silent: {
    untold: { en: 'No public network address was told.', ja: '公開のIPアドレスが示されていません。' },
    ordinary: { en: 'The network is on no list.', ja: 'ネットワークは一覧にありません。' },
  },
  ends: ({ weight, vpn, hosting, tor, relay, habit }) =>
    [vpn, hosting, tor, relay].flatMap((share) => [weight * share, weight * share * habit.share]),
  run: ({ facts: { ip, network }, features }, own, say) => {
    if (ip !== 'public') return say.nothing('untold')
    const kind = network?.kind
    if (kind === undefined || kind === 'isp' || kind === 'mobile') return say.nothing('ordinary')
    const isHabit = (features[at.network_known_days] ?? 0) >= own.habit.days
    return say.evidence(kind, own.weight * own[kind] * (isHabit ? own.habit.share : 1))
  },
})
