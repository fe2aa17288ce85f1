/**
 * A clock that is not the clock of the place where the network is: somebody far away behind an exit nearby, or the other way
 * about. Travellers set their clocks, or their telephones do; those who hide forget it.
 */
import { z } from 'zod'
import { along, defineCheck, ramp, weight } from '../check.ts'
import type { Facts } from '../facts.ts'

/** Hours that clocks are off the sun where people live: summer time, and zones as wide as China's. */
const allowance = 2

/** Hours between the browser's clock and the sun over the network; undefined: it cannot be said. */
function hoursOff({ network, browserTZ }: Facts): number | undefined {
  if (browserTZ === undefined || network?.lon === undefined || network.lat === undefined) return undefined
  // browserTZ counts minutes behind UTC: Tokyo is -540.
  const apart = Math.abs(-browserTZ / 60 - network.lon / 15) % 24
  const wide = (network.radiusKm ?? 0) / 111 / Math.max(0.2, Math.cos((network.lat * Math.PI) / 180)) / 15
  return Math.max(0, Math.min(apart, 24 - apart) - allowance - wide)
}

export const placeAgainstClock = defineCheck({
  id: 'place-against-clock',
  family: 'environment',
  seeds: ['DV-4'],
  paths: ['browserIP', 'browserTZ'],
  params: z.strictObject({ weight, hours: ramp, throughExit: z.number().min(0).max(2) }),
  words: {
    en: {
      title: 'Clock of another place',
      about:
        'Holds the time zone of the browser against the place of its network address: whoever poses as a local through a VPN often forgets the clock. Two hours are allowed for summer time and wide zones, more where only the country is known. Carriers lead roamers through gateways at home, so those say nothing.',
      params: {
        weight: 'Once the hours are full',
        hours: 'Hours that the clock is off beyond what is allowed: where the weight begins, and where it is full',
        throughExit: 'Share of the weight behind a VPN, a data centre, Tor or a relay',
      },
    },
    ja: {
      title: '場所と時計の不一致',
      about:
        'ブラウザーのタイムゾーンをIPアドレスの場所と比べます。VPNで現地を装う者は時計を忘れがちです。夏時間や広い標準時のため2時間（国しか分からない場合はさらに）の差は許します。携帯電話会社の網は国外でも自国の出口を通るため、判断しません。',
      params: {
        weight: '時間の差が上限に達したとき',
        hours: '許容を超えた時間差：重みが加わり始める時間と、すべて加わる時間',
        throughExit: 'VPN、データセンター、Tor、中継のときの重みに対する割合',
      },
    },
  },
  reasons: {
    off: {
      en: 'The clock of the browser is {n} hours off the place of its network address.',
      ja: 'ブラウザーの時計は、IPアドレスの場所と{n}時間ずれています。',
    },
  },
  silent: {
    untold: { en: 'The place or the clock is not known.', ja: '場所または時計が分かりません。' },
    gateway: { en: 'A carrier’s gateway tells no place.', ja: '携帯電話会社の出口からは場所が分かりません。' },
    ordinary: { en: 'The clock is that of the place.', ja: '時計は場所と合っています。' },
  },
  ends: ({ weight, throughExit }) => [weight, weight * throughExit],
  run: ({ facts }, own, say) => {
    const hours = hoursOff(facts)
    if (hours === undefined) return say.nothing('untold')
    const kind = facts.network?.kind
    if (kind === 'mobile') return say.nothing('gateway')
    const strength = along(hours, own.hours)
    if (strength === 0) return say.nothing('ordinary')
    const isExit = kind !== undefined && kind !== 'isp'
    return say.evidence('off', own.weight * strength * (isExit ? own.throughExit : 1))
  },
  told: ({ facts }) => ({ n: Math.round((hoursOff(facts) ?? 0) + allowance) }),
})
