/** Every check and each of its parameters in words, for people who read a policy. Parameters are named by their path. */
import type { Language } from './reasons.ts'

export type CheckWords = {
  readonly title: string
  /** What it looks at, and what it concludes. */
  readonly about: string
  readonly params: Readonly<Record<string, string>>
}

const share = { en: 'Share of the weight', ja: '重みに対する割合' } as const

export const checkWords: Readonly<Record<string, Readonly<Record<Language, CheckWords>>>> = {
  'amount-unlike-habit': {
    en: {
      title: 'Amount unlike the habit',
      about:
        'Holds the amount against what this card usually pays. Far above the usual speaks for fraud, a usual amount a little against it; a small amount is never suspicious. Without a habit, a typical amount takes its place.',
      params: {
        weight: 'For each factor of ten above the usual amount',
        most: 'At most so many factors of ten are counted',
        z: 'Deviations from the usual where the weight begins, and where it counts in full',
        ordinary: 'For an amount within one deviation of the usual',
        'noHabit.weight': 'For a card with too little history',
        'noHabit.perFactorOfTen': 'On top of it, for each factor of ten above the typical amount',
        'noHabit.typical': 'Typical amount, in minor units of the issuer’s currency',
      },
    },
    ja: {
      title: '普段と異なる金額',
      about:
        'このカードのいつもの金額と比べます。大きく上回るほど不正の疑いが増し、いつもどおりなら少し減ります。少額が疑われることはありません。利用履歴が少ないカードは標準的な金額と比べます。',
      params: {
        weight: 'いつもの金額の10倍ごとに加わる重み',
        most: '数える「10倍」の上限',
        z: '重みが加わり始める偏差と、すべて加わる偏差',
        ordinary: '偏差1以内の金額のとき',
        'noHabit.weight': '利用履歴が少ないカードのとき',
        'noHabit.perFactorOfTen': 'さらに、標準的な金額の10倍ごとに',
        'noHabit.typical': '標準的な金額（発行会社の通貨の最小単位）',
      },
    },
  },
  'first-device': {
    en: {
      title: 'First purchase on a device',
      about:
        'A device on which the cardholder has passed a challenge speaks for the holder; a device that is new to the card speaks against. Having been seen before says little, as long as no challenge was passed there.',
      params: {
        weight: 'For a device that is new to this card',
        'seen.times': 'Purchases after which a device without a passed challenge counts as settled',
        'seen.days': 'And days between the first and the last of them',
        'seen.share': `${share.en} that remains for a settled device`,
        'trusted.withId': 'Challenge passed here before, and the device is known by its id',
        'trusted.withoutId': 'Challenge passed here before, and the device is known by its looks only',
      },
    },
    ja: {
      title: '初めての端末',
      about:
        'カード会員が本人認証に成功したことのある端末なら疑いが減り、このカードで初めての端末なら増えます。使われたことがあるだけで認証の成功がない端末は、ほとんど手がかりになりません。',
      params: {
        weight: 'このカードで初めての端末のとき',
        'seen.times': '認証の成功がなくても定着した端末とみなす購入回数',
        'seen.days': 'その最初と最後の購入の間の日数',
        'seen.share': `定着した端末に残る${share.ja}`,
        'trusted.withId': '認証に成功した端末で、端末IDで確かめられるとき',
        'trusted.withoutId': '認証に成功した端末で、特徴だけが一致するとき',
      },
    },
  },
  'account-velocity': {
    en: {
      title: 'Card used often',
      about:
        'Counts the purchases of this card in four windows. The window that is fullest for its kind speaks; between its two numbers the weight grows evenly.',
      params: {
        weight: 'Once a window is full',
        '10m': 'Purchases in 10 minutes: where the weight begins, and where it is full',
        '1h': 'Purchases in an hour: begins, full',
        '24h': 'Purchases in 24 hours: begins, full',
        '7d': 'Purchases in seven days: begins, full',
      },
    },
    ja: {
      title: 'カードの利用頻度',
      about: 'このカードの購入を4つの期間で数え、最も混んでいる期間で判断します。2つの数の間では重みが均等に増えます。',
      params: {
        weight: '期間の上限に達したとき',
        '10m': '10分間の購入回数：重みが加わり始める数と、すべて加わる数',
        '1h': '1時間の購入回数：始まり、上限',
        '24h': '24時間の購入回数：始まり、上限',
        '7d': '7日間の購入回数：始まり、上限',
      },
    },
  },
  'device-velocity': {
    en: {
      title: 'Device used often',
      about:
        'Many cards, or many purchases, on one device. Without an id in the device many phones look alike, so then it says less.',
      params: {
        weight: 'Once one of the counts is full',
        accounts24h: 'Different cards in 24 hours: where the weight begins, and where it is full',
        purchases10m: 'Purchases in 10 minutes: begins, full',
        withoutId: `${share.en} for a device known by its looks only`,
      },
    },
    ja: {
      title: '端末の利用頻度',
      about:
        '1台の端末で使われたカードや購入の多さを見ます。端末IDがないと似た端末を見分けにくいため、その分弱くなります。',
      params: {
        weight: 'どちらかの上限に達したとき',
        accounts24h: '24時間のカード枚数：重みが加わり始める数と、すべて加わる数',
        purchases10m: '10分間の購入回数：始まり、上限',
        withoutId: `特徴だけで見分ける端末のときの${share.ja}`,
      },
    },
  },
  'ip-velocity': {
    en: {
      title: 'Network address used often',
      about:
        'Many cards, or many purchases, from one network address. Carriers and offices share addresses, so this is light; private addresses say nothing.',
      params: {
        weight: 'Once one of the counts is full',
        accounts24h: 'Different cards in 24 hours: where the weight begins, and where it is full',
        purchases10m: 'Purchases in 10 minutes: begins, full',
      },
    },
    ja: {
      title: 'IPアドレスの利用頻度',
      about:
        '1つのIPアドレスから使われたカードや購入の多さを見ます。通信会社や職場では共有されるため軽めの重みです。プライベートアドレスは判断に使いません。',
      params: {
        weight: 'どちらかの上限に達したとき',
        accounts24h: '24時間のカード枚数：重みが加わり始める数と、すべて加わる数',
        purchases10m: '10分間の購入回数：始まり、上限',
      },
    },
  },
  'ship-to-mismatch': {
    en: {
      title: 'Delivery elsewhere',
      about:
        'Looks at where the goods go: an address unlike that of the bill, a new one, one of a forwarding company, one that many cards use. The parts add up. An address on which a challenge was passed speaks for the holder.',
      params: {
        weight: 'The weight of all parts together is multiplied by this',
        most: 'The parts count up to this sum',
        'shipIndicator.02': 'Part for another address that the shop has verified (02)',
        'shipIndicator.03': 'Part for an address other than that of the bill (03)',
        'shipIndicator.04': 'Part for goods that are picked up (04)',
        'shipIndicator.05': 'Part for digital goods (05)',
        'shipIndicator.06': 'Part for tickets (06)',
        'shipIndicator.07': 'Part for other goods (07)',
        addressesDiffer: 'Part when the AReq says that the addresses differ',
        newAddress: 'Part for an address that is new to this card',
        forwarding: 'Part for an address that looks like a forwarding company',
        'manyAccounts.from': 'Different cards in seven days from which an address is shared by many',
        'manyAccounts.share': 'Part for such an address',
        trusted: 'For an address to which a delivery was confirmed by a challenge',
      },
    },
    ja: {
      title: '届け先の不一致',
      about:
        '商品の届け先を見ます。請求先と異なる、初めて使う、転送サービスらしい、多くのカードが使っている、などの項目を足し合わせます。以前に本人認証に成功した届け先なら疑いが減ります。',
      params: {
        weight: '項目の合計に掛ける重み',
        most: '項目の合計の上限',
        'shipIndicator.02': '加盟店が確認済みの別の住所（02）のとき',
        'shipIndicator.03': '請求先と異なる住所（03）のとき',
        'shipIndicator.04': '店頭受取（04）のとき',
        'shipIndicator.05': 'デジタル商品（05）のとき',
        'shipIndicator.06': 'チケット（06）のとき',
        'shipIndicator.07': 'その他（07）のとき',
        addressesDiffer: 'AReqが住所の不一致を示すとき',
        newAddress: 'このカードで初めての届け先のとき',
        forwarding: '転送サービスの住所と見られるとき',
        'manyAccounts.from': '多数が使う届け先とみなす、7日間のカード枚数',
        'manyAccounts.share': 'そのような届け先のとき',
        trusted: '以前に本人認証に成功した届け先のとき',
      },
    },
  },
  night: {
    en: {
      title: 'Purchase at night',
      about:
        'From 00:00 to 04:59 in the issuer’s time zone, read from the clock of the ACS. Who often buys at night may do so.',
      params: {
        weight: 'For a night purchase of a holder who never buys at night',
        usualFrom: 'Share of the holder’s purchases at night from which it is usual',
        noHabit: `${share.en} while the holder’s hours are not known`,
      },
    },
    ja: {
      title: '深夜の購入',
      about:
        '発行会社の時間帯で0時から4時59分までの購入を、ACSの時計で判断します。普段から夜に購入する会員は疑われません。',
      params: {
        weight: '夜に購入しない会員が夜に購入したとき',
        usualFrom: '夜の購入を普段どおりとみなす割合',
        noHabit: `利用時間帯がまだ分からないときの${share.ja}`,
      },
    },
  },
  'country-mismatch': {
    en: {
      title: 'Another country',
      about:
        'Shop, bill, delivery, network address or browser belong to another country than the card. The parts add up; the largest gives the sentence.',
      params: {
        weight: 'The sum of the parts is multiplied by this',
        most: 'The parts count up to this sum',
        merchant: 'Part for a shop in a country that is new to this card',
        merchantKnown: 'Part for a shop in a country where the card has been used',
        billing: 'Part for the billing address',
        shipping: 'Part for the delivery address',
        ip: 'Part for the network address',
        language: 'Part for the language of the browser',
        timeZone: 'Part for the time zone of the browser',
      },
    },
    ja: {
      title: '国の不一致',
      about:
        '加盟店、請求先、届け先、IPアドレス、ブラウザーがカードの発行国と異なるかを見ます。項目を足し合わせ、最も大きいものが理由になります。',
      params: {
        weight: '項目の合計に掛ける重み',
        most: '項目の合計の上限',
        merchant: 'このカードで初めての国の加盟店のとき',
        merchantKnown: 'このカードが使われたことのある国の加盟店のとき',
        billing: '請求先住所の国が異なるとき',
        shipping: '届け先の国が異なるとき',
        ip: 'IPアドレスの国が異なるとき',
        language: 'ブラウザーの言語が異なるとき',
        timeZone: 'ブラウザーのタイムゾーンが異なるとき',
      },
    },
  },
  'email-domain': {
    en: {
      title: 'Mail address',
      about:
        'A throw-away mail service, a domain one slip away from a large provider, or one mail box behind many cards. An alias alone is no sin.',
      params: {
        weight: 'For a throw-away address',
        throwAway: 'Throw-away services',
        providers: 'Large providers that others imitate',
        lookAlike: `${share.en} for a domain one slip away from a provider`,
        'manyAccounts.accounts24h':
          'Different cards with one mail box in 24 hours: where it begins, and where it is full',
        'manyAccounts.share': `${share.en} for such a mail box`,
      },
    },
    ja: {
      title: 'メールアドレス',
      about:
        '使い捨てメール、大手事業者に1文字違いのドメイン、多くのカードで使われるメールボックスを見ます。別名（エイリアス）だけでは疑われません。',
      params: {
        weight: '使い捨てメールのとき',
        throwAway: '使い捨てメールのサービス',
        providers: 'まねされやすい大手事業者',
        lookAlike: `大手事業者に1文字違いのドメインのときの${share.ja}`,
        'manyAccounts.accounts24h': '24時間に同じメールボックスを使うカード枚数：始まり、上限',
        'manyAccounts.share': `そのようなメールボックスのときの${share.ja}`,
      },
    },
  },
  'merchant-category': {
    en: {
      title: 'Goods that thieves like',
      about:
        'The category of the shop (MCC), and gift cards by their amount. The stronger of the two speaks. Shares are of the weight.',
      params: {
        weight: 'The share of the goods is multiplied by this',
        'giftCards.any': 'Share for any gift card',
        'giftCards.amount': 'Amount of gift cards, in minor units: where more begins, and where it is full',
        'giftCards.more': 'Share on top of it for a large amount',
        'mcc.4829': 'Money transfer',
        'mcc.5732': 'Electronics',
        'mcc.5815': 'Digital goods: media',
        'mcc.5816': 'Digital goods: games',
        'mcc.5817': 'Digital goods: applications',
        'mcc.5818': 'Digital goods: large merchants',
        'mcc.5944': 'Jewellery',
        'mcc.6051': 'Quasi cash',
        'mcc.6540': 'Prepaid cards',
        'mcc.7922': 'Tickets',
        'mcc.7995': 'Gambling',
      },
    },
    ja: {
      title: '狙われやすい商品',
      about: '加盟店の業種（MCC）と、ギフトカードの金額を見て、強いほうで判断します。割合は重みに掛けられます。',
      params: {
        weight: '商品の割合に掛ける重み',
        'giftCards.any': 'ギフトカードがあるとき',
        'giftCards.amount': 'ギフトカードの金額（最小単位）：増え始める額と、上限の額',
        'giftCards.more': '金額が大きいとき、さらに',
        'mcc.4829': '送金',
        'mcc.5732': '家電',
        'mcc.5815': 'デジタル商品（映像・音楽・書籍）',
        'mcc.5816': 'デジタル商品（ゲーム）',
        'mcc.5817': 'デジタル商品（アプリ）',
        'mcc.5818': 'デジタル商品（大手）',
        'mcc.5944': '宝飾品',
        'mcc.6051': '現金同等物',
        'mcc.6540': 'プリペイドカード',
        'mcc.7922': 'チケット',
        'mcc.7995': 'ギャンブル',
      },
    },
  },
}
