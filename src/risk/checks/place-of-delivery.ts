/** Goods that go where nobody lives: a vacant room, a weekly mansion, a hotel, a post box, a forwarding company. */
import { z } from 'zod'
import { defineCheck, share, weight } from '../check.ts'
import type { Facts } from '../facts.ts'

const kinds = ['vacant', 'forwarding', 'weeklyMansion', 'postBox', 'hotel', 'pickUp'] as const
type Kind = (typeof kinds)[number]
const isOfNote = (kind: string | undefined): kind is Kind => kinds.some((one) => one === kind)

/** Told by the shop, or by the words of the address. */
function kindOf({ signals, shipPlace, shipForwarding }: Facts): Kind | undefined {
  if (signals?.addressKind !== undefined) return isOfNote(signals.addressKind) ? signals.addressKind : undefined
  if (shipForwarding === true) return 'forwarding'
  return isOfNote(shipPlace) ? shipPlace : undefined
}

export const placeOfDelivery = defineCheck({
  id: 'place-of-delivery',
  family: 'cardholder',
  seeds: ['NA-5', 'NA-6'],
  paths: [
    'shipAddrLine1',
    'shipAddrLine2',
    'shipAddrLine3',
    'shipAddrCity',
    'signals.rawAddress',
    'signals.addressKind',
    'signals.addressVacant',
  ],
  params: z.strictObject({
    weight,
    vacant: share,
    forwarding: share,
    weeklyMansion: share,
    postBox: share,
    hotel: share,
    pickUp: share,
  }),
  words: {
    en: {
      title: 'Delivery where nobody lives',
      about:
        'What kind of place the goods go to, as the shop has been told, or by words in the address (a made-up sample and the list of the policy). Travellers have things sent to hotels, so each kind has a share of its own.',
      params: {
        weight: 'Each of the shares is multiplied by this',
        vacant: 'Share for a room that stands empty (told by the shop)',
        forwarding: 'Share for a forwarding company',
        weeklyMansion: 'Share for a weekly or monthly mansion',
        postBox: 'Share for a post box or a letter drop',
        hotel: 'Share for a hotel',
        pickUp: 'Share for a counter or a locker',
      },
    },
    ja: {
      title: '居住者のいない届け先',
      about:
        '届け先がどのような場所かを、加盟店からの通知、または住所中の語（架空の見本とポリシーの一覧）で見ます。旅行者がホテルで受け取ることもあるため、種類ごとに割合を定めます。',
      params: {
        weight: '各割合に掛ける重み',
        vacant: '空室のとき（加盟店からの通知）',
        forwarding: '転送サービスのとき',
        weeklyMansion: 'ウィークリー・マンスリーマンションのとき',
        postBox: '私書箱や局留のとき',
        hotel: 'ホテルのとき',
        pickUp: '営業所や宅配ロッカーでの受取のとき',
      },
    },
  },
  reasons: {
    vacant: {
      en: 'The goods go to a room that stands empty, says the shop.',
      ja: '届け先は空室だと、加盟店が通知しています。',
    },
    forwarding: {
      en: 'The goods go to a forwarding company.',
      ja: '届け先は転送サービスと見られます。',
    },
    weeklyMansion: {
      en: 'The goods go to a weekly or monthly mansion.',
      ja: '届け先はウィークリーマンションなどの短期滞在先と見られます。',
    },
    postBox: {
      en: 'The goods go to a post box.',
      ja: '届け先は私書箱または局留と見られます。',
    },
    hotel: {
      en: 'The goods go to a hotel.',
      ja: '届け先はホテルと見られます。',
    },
    pickUp: {
      en: 'The goods go to a counter or a locker.',
      ja: '届け先は営業所または宅配ロッカーと見られます。',
    },
  },
  silent: {
    untold: { en: 'No address of delivery was told.', ja: '届け先の住所が示されていません。' },
    ordinary: { en: 'The goods go to a house like any other.', ja: '届け先は通常の住所です。' },
  },
  ends: ({ weight, vacant, forwarding, weeklyMansion, postBox, hotel, pickUp }) =>
    [vacant, forwarding, weeklyMansion, postBox, hotel, pickUp].map((share) => weight * share),
  run: ({ facts }, own, say) => {
    if (facts.keys.shipTo === undefined && facts.signals === undefined) return say.nothing('untold')
    const kind = kindOf(facts)
    // A place may be of a kind and vacant: what says more is said.
    const isVacant = facts.signals?.addressVacant === true && (kind === undefined || own.vacant >= own[kind])
    const told = isVacant ? 'vacant' : kind
    return told === undefined ? say.nothing('ordinary') : say.evidence(told, own.weight * own[told])
  },
})
