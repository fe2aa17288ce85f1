/**
 * Fraud that was confirmed with this card, telephone, delivery address or network address, whichever shop reported it. The
 * device and the mail box have checks of their own.
 */
import { z } from 'zod'
import { along, defineCheck, Parts, ramp, share, weight } from '../check.ts'
import { at } from '../features.ts'

type Reason = 'card' | 'phone' | 'shipTo' | 'ip'
const parts = new Parts<Reason>()

export const confirmedFraud = defineCheck({
  id: 'confirmed-fraud',
  family: 'cardholder',
  seeds: ['SN-1'],
  paths: ['acctNumber', 'mobilePhone', 'shipAddrLine1', 'shipAddrPostCode', 'browserIP', 'appIp'],
  params: z.strictObject({
    weight,
    most: z.number().positive(),
    frauds: ramp,
    card: share,
    phone: share,
    shipTo: share,
    ip: share,
  }),
  words: {
    en: {
      title: 'Confirmed fraud before',
      about:
        'Purchases that turned out to be fraud and named the same card, telephone number, delivery address or network address, at whatever shop. The parts add up.',
      params: {
        weight: 'The weight of all parts together is multiplied by this',
        most: 'The parts count up to this sum',
        frauds: 'Confirmed frauds: where a part begins, and where it is full',
        card: 'Part for the card',
        phone: 'Part for the telephone number',
        shipTo: 'Part for the delivery address',
        ip: 'Part for the network address',
      },
    },
    ja: {
      title: '過去に確認された不正',
      about:
        '加盟店を問わず、同じカード、電話番号、届け先、IPアドレスで確認された不正を見ます。項目は足し合わされます。',
      params: {
        weight: '項目の合計に掛ける重み',
        most: '項目の合計の上限',
        frauds: '確認された不正の件数：項目が加わり始める数と、すべて加わる数',
        card: 'カードの項目',
        phone: '電話番号の項目',
        shipTo: '届け先の項目',
        ip: 'IPアドレスの項目',
      },
    },
  },
  reasons: {
    card: { en: 'Fraud was confirmed with this card ({n}).', ja: 'このカードで不正が確認されています（{n}件）。' },
    phone: {
      en: 'Fraud was confirmed with this telephone number ({n}).',
      ja: 'この電話番号で不正が確認されています（{n}件）。',
    },
    shipTo: {
      en: 'Fraud was confirmed with goods sent to this address ({n}).',
      ja: 'この届け先で不正が確認されています（{n}件）。',
    },
    ip: {
      en: 'Fraud was confirmed from this network address ({n}).',
      ja: 'このIPアドレスで不正が確認されています（{n}件）。',
    },
  },
  silent: {
    ordinary: { en: 'No fraud was confirmed with any of it.', ja: 'いずれにも確認された不正はありません。' },
  },
  ends: ({ weight, most }) => [weight * most],
  run: ({ features }, own, say) => {
    parts.begin()
    parts.add(own.card * along(features[at.frauds_account], own.frauds), 'card')
    parts.add(own.phone * along(features[at.frauds_phone], own.frauds), 'phone')
    parts.add(own.shipTo * along(features[at.frauds_shipTo], own.frauds), 'shipTo')
    parts.add(own.ip * along(features[at.frauds_ip], own.frauds), 'ip')
    const { largest } = parts
    return largest === undefined
      ? say.nothing('ordinary')
      : say.evidence(largest, own.weight * Math.min(parts.sum, own.most))
  },
  told: ({ features }, _own, reason) => ({ n: features[positions[reason]] ?? 0 }),
})

const positions: Readonly<Record<Reason, number>> = {
  card: at.frauds_account,
  phone: at.frauds_phone,
  shipTo: at.frauds_shipTo,
  ip: at.frauds_ip,
}
