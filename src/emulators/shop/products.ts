// What the shop sells. Prices are in minor units of the shop's currency.

export interface Product {
  readonly id: string
  readonly name: { readonly en: string; readonly ja: string }
  readonly about: { readonly en: string; readonly ja: string }
  readonly price: number
  readonly kind: 'goods' | 'giftCard'
}

/** ISO 4217: numeric, letters, minor units. */
export const currency = { code: '392', letters: 'JPY', exponent: 0 } as const

export const products: readonly Product[] = [
  {
    id: 'coffee',
    name: { en: 'Coffee beans', ja: 'コーヒー豆' },
    about: { en: 'Mountain roast, 200 g', ja: '山麓焙煎 200 g' },
    price: 1_480,
    kind: 'goods',
  },
  {
    id: 'notebook',
    name: { en: 'Notebook', ja: 'ノート' },
    about: { en: 'Washi paper, A5', ja: '和紙 A5判' },
    price: 2_200,
    kind: 'goods',
  },
  {
    id: 'umbrella',
    name: { en: 'Umbrella', ja: '傘' },
    about: { en: 'Folding, 55 cm', ja: '折りたたみ 55 cm' },
    price: 3_600,
    kind: 'goods',
  },
  {
    id: 'headphones',
    name: { en: 'Headphones', ja: 'ヘッドホン' },
    about: { en: 'Wireless, over-ear', ja: 'ワイヤレス オーバーイヤー' },
    price: 24_800,
    kind: 'goods',
  },
  {
    id: 'camera',
    name: { en: 'Camera', ja: 'カメラ' },
    about: { en: 'Mirrorless, 35 mm lens', ja: 'ミラーレス 35 mm レンズ付き' },
    price: 148_000,
    kind: 'goods',
  },
  {
    id: 'gift',
    name: { en: 'Digital gift card', ja: 'デジタルギフトカード' },
    about: { en: 'Delivered by e-mail', ja: 'メールでお届け' },
    price: 50_000,
    kind: 'giftCard',
  },
]
