/**
 * The sentence of each reason code. `{name}` is a parameter of the evidence; `{name:money}` an amount in minor units of
 * the issuer's currency, `{name:times}` a ratio, `{name:country}` an ISO 3166-1 numeric code.
 */
export const reasons = {
  'amount.ordinary': {
    en: 'The amount of {amount:money} is usual for this card (about {usual:money}).',
    ja: '金額 {amount:money} は、このカードのいつもの金額（{usual:money}前後）の範囲です。',
  },
  'amount.unlike-habit': {
    en: 'The amount of {amount:money} is {ratio:times} times what this card usually pays ({usual:money}).',
    ja: '金額 {amount:money} は、このカードのいつもの金額（{usual:money}）の{ratio:times}倍です。',
  },
  'amount.no-habit': {
    en: 'This card has too little history to say whether {amount:money} is usual.',
    ja: 'このカードは利用履歴が少なく、{amount:money} がいつもの金額かどうか判断できません。',
  },
  'account.busy': {
    en: 'This card was used {n} times in the last {window:window}.',
    ja: 'このカードは直近{window:window}に{n}回使われています。',
  },
  'device.many-accounts': {
    en: 'This device used {n} different cards within 24 hours.',
    ja: 'この端末では24時間以内に{n}枚の異なるカードが使われています。',
  },
  'device.busy': {
    en: 'This device made {n} purchases in the last 10 minutes.',
    ja: 'この端末では直近10分間に{n}回の購入がありました。',
  },
  'ip.many-accounts': {
    en: 'From this network address {n} different cards were used within 24 hours.',
    ja: 'このIPアドレスでは24時間以内に{n}枚の異なるカードが使われています。',
  },
  'ip.busy': {
    en: 'From this network address came {n} purchases in the last 10 minutes.',
    ja: 'このIPアドレスでは直近10分間に{n}回の購入がありました。',
  },
  'device.first': {
    en: 'This card has not been used on this device before.',
    ja: 'このカードがこの端末で使われるのは初めてです。',
  },
  'device.seen': {
    en: 'This card has been used on this device before, but no challenge was passed on it.',
    ja: 'このカードはこの端末で使われたことがありますが、本人認証に成功したことはありません。',
  },
  'device.trusted': {
    en: 'The cardholder has passed a challenge on this device before.',
    ja: 'この端末では、カード会員が以前に本人認証に成功しています。',
  },
  'ship-to.trusted': {
    en: 'A challenge was passed for a delivery to this address before.',
    ja: 'この届け先への購入では、以前に本人認証に成功しています。',
  },
  'ship-to.differs': {
    en: 'The goods go elsewhere than to the billing address.',
    ja: '届け先が請求先住所と異なります。',
  },
  'ship-to.not-to-an-address': {
    en: 'The goods are not sent to an address of the cardholder (digital, tickets or pick-up).',
    ja: '商品はカード会員の住所に届けられません（デジタル商品、チケット、店頭受取など）。',
  },
  'ship-to.new': {
    en: 'This card has not had anything sent to this address before.',
    ja: 'このカードでこの届け先に送るのは初めてです。',
  },
  'ship-to.forwarding': {
    en: 'The delivery address looks like that of a forwarding company.',
    ja: '届け先は転送サービスの住所と見られます。',
  },
  'ship-to.many-accounts': {
    en: 'Within seven days {n} different cards had goods sent to this address.',
    ja: '7日以内に{n}枚の異なるカードがこの届け先を使っています。',
  },
  'night.unlike-habit': {
    en: 'It is {time} at night in {zone}, when this cardholder does not usually buy.',
    ja: '{zone}の{time}（深夜）で、このカード会員が普段購入しない時間帯です。',
  },
  'night.no-habit': {
    en: 'It is {time} at night in {zone}, and the hours of this cardholder are not known yet.',
    ja: '{zone}の{time}（深夜）で、このカード会員の利用時間帯はまだ分かっていません。',
  },
  'country.merchant': {
    en: 'The country of the shop is {country:country}, where this card has not been used before.',
    ja: '加盟店の国（{country:country}）で、このカードが使われるのは初めてです。',
  },
  'country.merchant-known': {
    en: 'The country of the shop is {country:country}, where this card has been used before.',
    ja: '加盟店の国（{country:country}）は海外ですが、このカードは以前その国で使われています。',
  },
  'country.billing': {
    en: 'The country of the billing address is {country:country}, not that of the card.',
    ja: '請求先住所の国（{country:country}）が、カードの発行国と異なります。',
  },
  'country.shipping': {
    en: 'The country of delivery is {country:country}, not that of the card.',
    ja: '届け先の国（{country:country}）が、カードの発行国と異なります。',
  },
  'country.ip': {
    en: 'The country of the network address is {country:country}, not that of the card.',
    ja: 'IPアドレスの国（{country:country}）が、カードの発行国と異なります。',
  },
  'country.browser': {
    en: 'Language or time zone of the browser are unlike the country of the card.',
    ja: 'ブラウザーの言語またはタイムゾーンが、カードの発行国と異なります。',
  },
  'email.throw-away': {
    en: 'The mail address is of a throw-away service ({domain}).',
    ja: 'メールアドレスは使い捨てサービス（{domain}）のものです。',
  },
  'email.look-alike': {
    en: 'The mail domain {domain} looks like {like}, but is not.',
    ja: 'メールのドメイン {domain} は {like} によく似ていますが、別のものです。',
  },
  'email.many-accounts': {
    en: 'This mail box, in any spelling, was used with {n} different cards within 24 hours.',
    ja: 'このメールボックス（別表記を含む）は24時間以内に{n}枚の異なるカードで使われています。',
  },
  'goods.risky-merchant': {
    en: 'Shops of this kind (category {mcc}) are often used with stolen cards.',
    ja: 'この業種（MCC {mcc}）は、盗まれたカードの利用が多い業種です。',
  },
  'goods.gift-cards': {
    en: 'The purchase holds gift cards for {amount:money}, which are as good as cash.',
    ja: '購入には{amount:money}のギフトカードが含まれています（現金同様に使えます）。',
  },
  'goods.gift-cards-uncounted': {
    en: 'The purchase holds gift cards, which are as good as cash; their amount is not told.',
    ja: '購入にはギフトカードが含まれています（現金同様に使えます）。金額は示されていません。',
  },
  scorecard: {
    en: 'The scorecard of {n} features; the largest part comes from {feature} ({value}).',
    ja: 'スコアカード（{n}項目）。最も大きいのは {feature}（{value}）です。',
  },
} as const satisfies Readonly<Record<string, { readonly en: string; readonly ja: string }>>

export type ReasonCode = keyof typeof reasons
export type Language = 'en' | 'ja'
