// What the shop sells, and for how much. Prices are in minor units of their currency.

/** ISO 4217: numeric and letter codes, minor units. */
export const currencies = {
  '392': { code: '392', letters: 'JPY', exponent: 0, sign: '¥' },
  '978': { code: '978', letters: 'EUR', exponent: 2, sign: '€' },
} as const
export type CurrencyCode = keyof typeof currencies
export type Currency = (typeof currencies)[CurrencyCode]

export const currencyCodes = ['392', '978'] as const satisfies readonly CurrencyCode[]
export const isCurrencyCode = (code: unknown): code is CurrencyCode => currencyCodes.some((known) => known === code)

export interface Product {
  readonly id: string
  readonly name: { readonly en: string; readonly ja: string }
  readonly about: { readonly en: string; readonly ja: string }
  readonly price: Readonly<Record<CurrencyCode, number>>
  readonly kind: 'goods' | 'giftCard'
}

export const products: readonly Product[] = [
  {
    id: 'coffee',
    name: { en: 'Coffee beans', ja: 'コーヒー豆' },
    about: { en: 'Mountain roast, 200 g', ja: '山麓焙煎 200 g' },
    price: { '392': 1_480, '978': 980 },
    kind: 'goods',
  },
  {
    id: 'notebook',
    name: { en: 'Notebook', ja: 'ノート' },
    about: { en: 'Washi paper, A5', ja: '和紙 A5判' },
    price: { '392': 2_200, '978': 1_450 },
    kind: 'goods',
  },
  {
    id: 'umbrella',
    name: { en: 'Umbrella', ja: '傘' },
    about: { en: 'Folding, 55 cm', ja: '折りたたみ 55 cm' },
    price: { '392': 3_600, '978': 2_390 },
    kind: 'goods',
  },
  {
    id: 'box',
    name: { en: 'Puzzle box', ja: '秘密箱' },
    about: { en: 'Yosegi marquetry, ten steps', ja: '寄木細工 十回仕掛け' },
    price: { '392': 6_200, '978': 3_890 },
    kind: 'goods',
  },
  {
    id: 'kettle',
    name: { en: 'Iron kettle', ja: '鉄瓶' },
    about: { en: 'Cast iron, 0.8 l', ja: '南部鉄器 0.8 L' },
    price: { '392': 12_000, '978': 7_900 },
    kind: 'goods',
  },
  {
    id: 'headphones',
    name: { en: 'Headphones', ja: 'ヘッドホン' },
    about: { en: 'Wireless, over-ear', ja: 'ワイヤレス オーバーイヤー' },
    price: { '392': 24_800, '978': 15_900 },
    kind: 'goods',
  },
  {
    id: 'camera',
    name: { en: 'Camera', ja: 'カメラ' },
    about: { en: 'Mirrorless, 35 mm lens', ja: 'ミラーレス 35 mm レンズ付き' },
    price: { '392': 148_000, '978': 94_900 },
    kind: 'goods',
  },
  {
    id: 'gift',
    name: { en: 'Digital gift card', ja: 'デジタルギフトカード' },
    about: { en: 'Delivered by e-mail', ja: 'メールでお届け' },
    price: { '392': 50_000, '978': 30_000 },
    kind: 'giftCard',
  },
]
