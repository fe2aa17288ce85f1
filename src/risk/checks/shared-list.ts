/**
 * What merchants tell each other: a card, device, mail box, telephone or address that was part of a fraud elsewhere, or one
 * that was found honest. A list is hearsay, so each kind and each reason has its own part, and the strongest one speaks.
 */
import { z } from 'zod'
import { defineCheck, share, weight } from '../check.ts'
import type { SignalFacts } from '../signal-facts.ts'
import { listKinds, listReasons } from '../signals.ts'

type Entry = NonNullable<SignalFacts['sharedList']>[number]
type Own = {
  readonly kinds: Readonly<Record<Entry['kind'], number>>
  readonly reasons: Readonly<Record<Exclude<Entry['reason'], 'confirmedGood'>, number>>
}

const strengthOf = ({ kind, reason }: Entry, own: Own): number =>
  reason === 'confirmedGood' ? 0 : own.kinds[kind] * own.reasons[reason]

function strongest(entries: readonly Entry[], own: Own): Entry | undefined {
  let found: Entry | undefined
  let most = 0
  for (const entry of entries) {
    const strength = strengthOf(entry, own)
    if (strength <= most) continue
    most = strength
    found = entry
  }
  return found
}

const kinds = Object.fromEntries(listKinds.map((kind) => [kind, share])) as Record<Entry['kind'], typeof share>
const bad = listReasons.filter((reason) => reason !== 'confirmedGood')
const reasons = Object.fromEntries(bad.map((reason) => [reason, share])) as Record<
  Exclude<Entry['reason'], 'confirmedGood'>,
  typeof share
>

export const sharedList = defineCheck({
  id: 'shared-list',
  family: 'merchant',
  seeds: ['SN-1'],
  paths: ['signals.sharedList'],
  params: z.strictObject({
    weight,
    kinds: z.strictObject(kinds),
    reasons: z.strictObject(reasons),
    confirmedGood: weight,
  }),
  words: {
    en: {
      title: 'Shared list of merchants',
      about:
        'What a list shared by merchants says of the card, the device, the mail box, the telephone or the address. The strongest entry speaks; an entry that found it honest speaks for the holder, if there is no other.',
      params: {
        weight: 'Multiplied by the parts of the kind and of the reason',
        'kinds.card': 'Part for the card',
        'kinds.device': 'Part for the device',
        'kinds.email': 'Part for the mail box',
        'kinds.phone': 'Part for the telephone number',
        'kinds.shipTo': 'Part for the delivery address',
        'kinds.ip': 'Part for the network address, which others may have today',
        'reasons.fraud': 'Part for a fraud',
        'reasons.chargeback': 'Part for a chargeback',
        'reasons.abuse': 'Part for abuse of offers',
        'reasons.takeover': 'Part for an account that was taken over',
        'reasons.nonPayment': 'Part for goods that were not paid',
        confirmedGood: 'When the list only says that it was found honest',
      },
    },
    ja: {
      title: '加盟店の共有リスト',
      about:
        '加盟店間の共有リストが、カード、端末、メールボックス、電話番号、住所について示す内容を見ます。最も強い登録だけを使い、正当と確認された登録だけがあるときは疑いが減ります。',
      params: {
        weight: '種類と理由の割合に掛ける重み',
        'kinds.card': 'カードの割合',
        'kinds.device': '端末の割合',
        'kinds.email': 'メールボックスの割合',
        'kinds.phone': '電話番号の割合',
        'kinds.shipTo': '届け先の割合',
        'kinds.ip': 'IPアドレスの割合（現在は別の人が使っている可能性がある）',
        'reasons.fraud': '不正の割合',
        'reasons.chargeback': 'チャージバックの割合',
        'reasons.abuse': '特典の濫用の割合',
        'reasons.takeover': 'アカウント乗っ取りの割合',
        'reasons.nonPayment': '未払いの割合',
        confirmedGood: '正当と確認された登録だけがあるとき',
      },
    },
  },
  reasons: {
    card: { en: 'The card is on the shared list ({why}).', ja: 'このカードは共有リストに登録されています（{why}）。' },
    device: {
      en: 'The device is on the shared list ({why}).',
      ja: 'この端末は共有リストに登録されています（{why}）。',
    },
    email: {
      en: 'The mail box is on the shared list ({why}).',
      ja: 'このメールボックスは共有リストに登録されています（{why}）。',
    },
    phone: {
      en: 'The telephone number is on the shared list ({why}).',
      ja: 'この電話番号は共有リストに登録されています（{why}）。',
    },
    shipTo: {
      en: 'The delivery address is on the shared list ({why}).',
      ja: 'この届け先は共有リストに登録されています（{why}）。',
    },
    ip: {
      en: 'The network address is on the shared list ({why}).',
      ja: 'このIPアドレスは共有リストに登録されています（{why}）。',
    },
    confirmedGood: {
      en: 'The shared list knows it as honest.',
      ja: '共有リストで正当な利用と確認されています。',
    },
  },
  silent: {
    notAsked: { en: 'No shared list was asked.', ja: '共有リストは照会されていません。' },
    notListed: { en: 'The shared list has nothing about it.', ja: '共有リストに登録はありません。' },
  },
  ends: ({ weight, kinds, reasons, confirmedGood }) => [
    weight * Math.max(...Object.values(kinds)) * Math.max(...Object.values(reasons)),
    confirmedGood,
  ],
  run: ({ facts }, own, say) => {
    const entries = facts.signals?.sharedList
    if (entries === undefined) return say.nothing('notAsked')
    const entry = strongest(entries, own)
    if (entry !== undefined) return say.evidence(entry.kind, own.weight * strengthOf(entry, own))
    const isGood = entries.some(({ reason }) => reason === 'confirmedGood')
    return isGood ? say.evidence('confirmedGood', own.confirmedGood) : say.nothing('notListed')
  },
  told: ({ facts }, own) => {
    const entry = strongest(facts.signals?.sharedList ?? [], own)
    return entry === undefined ? {} : { why: entry.reason }
  },
})
