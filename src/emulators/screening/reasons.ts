// Why the screening says what it says: one row per reason, with its weight in log-odds and its words. The weights are made
// up and say so in docs/screening.md; nothing here was fitted to real orders.

export interface Words {
  readonly en: string
  readonly ja: string
}

export interface Reason {
  readonly weight: number
  readonly words: Words
}

export const reasons = {
  'mail.undeliverable': {
    weight: 1.5,
    words: { en: 'Nothing can arrive at this mail address', ja: 'メールが届かないアドレスです' },
  },
  'mail.throw-away': { weight: 1.8, words: { en: 'A throw-away mail box', ja: '使い捨てメールアドレスです' } },
  'mail.look-alike': {
    weight: 2,
    words: { en: 'The mail domain imitates a big provider', ja: '大手プロバイダに似せたメールドメインです' },
  },
  'mail.slip': {
    weight: 0.3,
    words: { en: 'The mail domain looks mistyped', ja: 'メールドメインの打ち間違いと思われます' },
  },
  'mail.random': {
    weight: 0.8,
    words: { en: 'The mail address looks drawn by a machine', ja: '機械的に作られたようなメールアドレスです' },
  },
  'mail.relay': { weight: 0.1, words: { en: 'A forwarding mail address', ja: '転送用メールアドレスです' } },
  'mail.alias-again': {
    weight: 1,
    words: {
      en: 'The same mail box was used under another spelling by another account',
      ja: '同じメールボックスの別表記が、別の会員で使われています',
    },
  },
  'name.kana-contradicts': {
    weight: 0.7,
    words: { en: 'The name on the card is not the name in kana', ja: 'カード名義とカナ氏名が一致しません' },
  },
  'name.kanji-contradicts': {
    weight: 0.9,
    words: { en: 'The name in kanji is not read as the kana say', ja: '漢字氏名とカナ氏名の読みが一致しません' },
  },
  'name.agrees': {
    weight: -0.4,
    words: {
      en: 'The names on the card, in kanji and in kana agree',
      ja: 'カード名義・漢字・カナの氏名が一致しています',
    },
  },
  'address.incomplete': {
    weight: 0.8,
    words: { en: 'The delivery address has no house number', ja: '届け先に番地がありません' },
  },
  'address.post-code-contradicts': {
    weight: 1,
    words: { en: 'The postal code lies elsewhere than the address', ja: '郵便番号と住所が一致しません' },
  },
  'address.forwarding': { weight: 1.9, words: { en: 'A forwarding company', ja: '転送業者の住所です' } },
  'address.post-box': {
    weight: 1.2,
    words: { en: 'A post-office box or virtual office', ja: '私書箱・バーチャルオフィスです' },
  },
  'address.weekly-mansion': { weight: 1, words: { en: 'A flat let by the week', ja: 'ウィークリーマンション等です' } },
  'address.hotel': { weight: 0.5, words: { en: 'A hotel', ja: 'ホテル・旅館です' } },
  'address.pick-up': { weight: 0.2, words: { en: 'A pick-up point', ja: '営業所・コンビニ等での受け取りです' } },
  'address.other-than-billing': {
    weight: 0.3,
    words: { en: 'The goods go elsewhere than the bill', ja: '請求先と届け先が異なります' },
  },
  'address.many-names': {
    weight: 1.3,
    words: {
      en: 'Many people order to this address, however it is spelt',
      ja: '同じ届け先（名寄せ後）に多数の氏名で注文があります',
    },
  },
  'address.same-again': {
    weight: -0.7,
    words: {
      en: 'This person received goods here before, and all was well',
      ja: '同じ人がこの届け先で正常に受け取っています',
    },
  },
  'phone.impossible': {
    weight: 1.2,
    words: { en: 'There is no such telephone number', ja: '存在しえない電話番号です' },
  },
  'phone.ip': { weight: 0.4, words: { en: 'An IP telephone number (050)', ja: 'IP電話番号（050）です' } },
  'phone.shared': {
    weight: 0.9,
    words: { en: 'The telephone number is used by other people', ja: '電話番号が別の人の注文でも使われています' },
  },
  'device.many-people': {
    weight: 1.5,
    words: { en: 'Several people order from this device', ja: '同じ端末から複数の人が注文しています' },
  },
  'device.clock-abroad': {
    weight: 0.8,
    words: { en: 'The device’s clock is set to another country', ja: '端末の時計が国外の設定です' },
  },
  'device.known': {
    weight: -1,
    words: {
      en: 'This person used this device before, and all was well',
      ja: '同じ人がこの端末で正常に購入しています',
    },
  },
  'network.hosting': { weight: 1.2, words: { en: 'Comes from a data centre', ja: 'データセンターからの接続です' } },
  'network.vpn': { weight: 0.9, words: { en: 'Comes through a VPN', ja: 'VPN経由の接続です' } },
  'network.tor': { weight: 2, words: { en: 'Comes through Tor', ja: 'Tor経由の接続です' } },
  'network.abroad': { weight: 0.6, words: { en: 'Comes from another country', ja: '国外からの接続です' } },
  'velocity.mail': {
    weight: 0.9,
    words: { en: 'Many orders with this mail box in an hour', ja: '1時間に同じメールで多数の注文があります' },
  },
  'velocity.device': {
    weight: 0.9,
    words: { en: 'Many orders from this device in an hour', ja: '1時間に同じ端末から多数の注文があります' },
  },
  'velocity.address': {
    weight: 0.8,
    words: { en: 'Many orders to this address in a day', ja: '1日に同じ届け先へ多数の注文があります' },
  },
  'velocity.network': {
    weight: 0.7,
    words: {
      en: 'Many orders from this network address in an hour',
      ja: '1時間に同じIPアドレスから多数の注文があります',
    },
  },
  'list.negative': {
    weight: 4,
    words: { en: 'On the negative list that shops share', ja: '共有ネガティブリストに載っています' },
  },
  'list.positive': { weight: -2, words: { en: 'On the list of good customers', ja: '優良顧客リストに載っています' } },
  'offer.first-time-again': {
    weight: 3.3,
    words: {
      en: 'A first-time price again: the same person by mail box, telephone, device or address',
      ja: '初回割引の繰り返しです（メール・電話・端末・住所の名寄せ）',
    },
  },
  'basket.gift-cards': {
    weight: 0.7,
    words: { en: 'Gift cards, which are as good as cash', ja: '換金しやすいギフトカードです' },
  },
  'basket.expensive': { weight: 0.4, words: { en: 'An expensive order', ja: '高額の注文です' } },
  'account.password-changed': {
    weight: 0.9,
    words: { en: 'The account’s password was changed today', ja: '本日パスワードが変更されました' },
  },
  'account.old': {
    weight: -0.8,
    words: { en: 'An account with a long history', ja: '利用歴の長い会員です' },
  },
  'data.missing': {
    weight: 0,
    words: { en: 'Too little is known to say anything', ja: '情報が不足し、判定できません' },
  },
  'person.passed-on': {
    weight: 0,
    words: { en: 'Looked at by a person: passed on', ja: '目視審査：通過' },
  },
  'person.stopped': {
    weight: 0,
    words: { en: 'Looked at by a person: stopped', ja: '目視審査：停止' },
  },
} as const satisfies Readonly<Record<string, Reason>>

export type ReasonCode = keyof typeof reasons

export const isReasonCode = (code: string): code is ReasonCode => Object.hasOwn(reasons, code)

/** Of a record of an earlier release the reason may be gone. */
export const wordsOf = (code: string): Words => (isReasonCode(code) ? reasons[code].words : { en: code, ja: code })
