/** What kind of number was given, whether it can exist, answers, and belongs to the country of the card. */
import { z } from 'zod'
import { defineCheck, Parts, share, weight } from '../check.ts'

type Reason = 'silent' | 'impossible' | 'tollFree' | 'ip' | 'abroad'
const parts = new Parts<Reason>()

export const phoneNumber = defineCheck({
  id: 'phone-number',
  family: 'cardholder',
  seeds: ['PH-1', 'PH-2', 'PH-3'],
  paths: ['mobilePhone', 'homePhone', 'workPhone', 'signals.phoneReachable'],
  params: z.strictObject({
    weight,
    most: z.number().positive(),
    silent: share,
    impossible: share,
    tollFree: share,
    ip: share,
    abroad: share,
    reachable: weight,
  }),
  words: {
    en: {
      title: 'Telephone number',
      about:
        'By the number plan: a number that cannot exist, a toll-free one, one of internet telephony (050), one of another country. Possible is not in service: whether it answers only the shop can tell, who has rung it.',
      params: {
        weight: 'The sum of the parts is multiplied by this',
        most: 'The parts count up to this sum',
        silent: 'Part for a number that does not answer (told by the shop)',
        impossible: 'Part for a number that no plan allows',
        tollFree: 'Part for a toll-free number, which no person has',
        ip: 'Part for internet telephony, which is had without a shop or a contract',
        abroad: 'Part for a number of another country than the card',
        reachable: 'For a number that answers (told by the shop)',
      },
    },
    ja: {
      title: '電話番号',
      about:
        '番号計画により、存在し得ない番号、フリーダイヤル、IP電話（050）、海外の番号を見ます。存在し得ることと使われていることは別で、疎通は加盟店からの通知でのみ分かります。',
      params: {
        weight: '項目の合計に掛ける重み',
        most: '項目の合計の上限',
        silent: '疎通のない番号のとき（加盟店からの通知）',
        impossible: '番号計画上あり得ない番号のとき',
        tollFree: '個人が持たないフリーダイヤルのとき',
        ip: '店頭や契約なしで得られるIP電話のとき',
        abroad: 'カードの発行国と異なる国の番号のとき',
        reachable: '疎通が確認された番号のとき（加盟店からの通知）',
      },
    },
  },
  reasons: {
    silent: {
      en: 'The telephone number does not answer, says the shop.',
      ja: '電話番号に疎通がないと、加盟店が通知しています。',
    },
    impossible: {
      en: 'There can be no such telephone number.',
      ja: '実在し得ない電話番号です。',
    },
    tollFree: {
      en: 'The telephone number is a toll-free one.',
      ja: '電話番号はフリーダイヤルです。',
    },
    ip: {
      en: 'The telephone number is one of internet telephony.',
      ja: '電話番号はIP電話のものです。',
    },
    abroad: {
      en: 'The telephone number belongs to {country:country}, not to the country of the card.',
      ja: '電話番号の国（{country:country}）が、カードの発行国と異なります。',
    },
    reachable: {
      en: 'The telephone number answers, says the shop.',
      ja: '電話番号の疎通が確認されていると、加盟店が通知しています。',
    },
  },
  silent: {
    untold: { en: 'No telephone number was told.', ja: '電話番号が示されていません。' },
    ordinary: { en: 'The telephone number is like any other.', ja: '電話番号に特記事項はありません。' },
  },
  ends: ({ weight, most, reachable }) => [weight * most, reachable],
  run: ({ facts: { phone, signals }, issuer }, own, say) => {
    const answers = signals?.phoneReachable
    if (phone === undefined && answers === undefined) return say.nothing('untold')
    parts.begin()
    if (answers === false) parts.add(own.silent, 'silent')
    if (phone?.kind === 'impossible' || phone?.kind === 'tollFree' || phone?.kind === 'ip') {
      parts.add(own[phone.kind], phone.kind)
    }
    if (phone?.country !== undefined && phone.country !== issuer.country) parts.add(own.abroad, 'abroad')
    const { largest } = parts
    if (largest !== undefined) return say.evidence(largest, own.weight * Math.min(parts.sum, own.most))
    return answers === true ? say.evidence('reachable', own.reachable) : say.nothing('ordinary')
  },
  told: ({ facts }, _own, reason) => (reason === 'abroad' ? { country: facts.phone?.country ?? '' } : {}),
})
