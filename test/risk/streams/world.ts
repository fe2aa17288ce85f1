/**
 * Where the streams happen: places, networks, names and shops, all made up. The networks lie in 240.0.0.0/4, which the
 * internet never gave to anybody, so that each can be given a country, a kind and a position without telling of a real one.
 */
import type { Network as NetworkOf, NetworkTables } from '../../../src/risk/net/network.ts'
import { type Random, randomOf } from './random.ts'

export type Place = {
  readonly country: string
  readonly alpha: string
  readonly city: string
  readonly postal: string
  readonly state?: string
  readonly lat: number
  readonly lon: number
  /** Minutes behind UTC, as browserTZ counts. */
  readonly tz: number
  readonly language: string
}

const japan = (city: string, postal: string, state: string, lat: number, lon: number): Place => ({
  country: '392',
  alpha: 'JP',
  city,
  postal,
  state,
  lat,
  lon,
  tz: -540,
  language: 'ja',
})

export const homes: readonly Place[] = [
  japan('Chiyoda-ku', '100-0001', '13', 35.69, 139.75),
  japan('Setagaya-ku', '154-0004', '13', 35.64, 139.67),
  japan('Yokohama-shi', '220-0012', '14', 35.46, 139.63),
  japan('Saitama-shi', '330-0854', '11', 35.91, 139.62),
  japan('Osaka-shi', '530-0001', '27', 34.7, 135.5),
  japan('Kobe-shi', '650-0021', '28', 34.69, 135.19),
  japan('Nagoya-shi', '450-0002', '23', 35.17, 136.88),
  japan('Sapporo-shi', '060-0001', '01', 43.06, 141.35),
  japan('Sendai-shi', '980-0021', '04', 38.26, 140.88),
  japan('Hiroshima-shi', '730-0011', '34', 34.39, 132.46),
  japan('Fukuoka-shi', '810-0001', '40', 33.59, 130.4),
  japan('Naha-shi', '900-0015', '47', 26.21, 127.68),
]

const abroadPlace = (
  country: string,
  alpha: string,
  city: string,
  lat: number,
  lon: number,
  tz: number,
  language: string,
): Place => ({ country, alpha, city, postal: '10001', lat, lon, tz, language })

export const abroad: readonly Place[] = [
  abroadPlace('840', 'US', 'New York', 40.7, -74, 300, 'en-US'),
  abroadPlace('840', 'US', 'Los Angeles', 34.1, -118.2, 480, 'en-US'),
  abroadPlace('410', 'KR', 'Seoul', 37.6, 127, -540, 'ko-KR'),
  abroadPlace('158', 'TW', 'Taipei', 25, 121.6, -480, 'zh-TW'),
  abroadPlace('156', 'CN', 'Shanghai', 31.2, 121.5, -480, 'zh-CN'),
  abroadPlace('702', 'SG', 'Singapore', 1.35, 103.8, -480, 'en-SG'),
  abroadPlace('764', 'TH', 'Bangkok', 13.8, 100.5, -420, 'th-TH'),
  abroadPlace('704', 'VN', 'Hanoi', 21, 105.9, -420, 'vi-VN'),
  abroadPlace('826', 'GB', 'London', 51.5, -0.1, 0, 'en-GB'),
  abroadPlace('250', 'FR', 'Paris', 48.9, 2.4, -60, 'fr-FR'),
  abroadPlace('804', 'UA', 'Kyiv', 50.5, 30.5, -120, 'uk-UA'),
  abroadPlace('076', 'BR', 'Sao Paulo', -23.5, -46.6, 180, 'pt-BR'),
]

export type NetworkKind = 'isp' | 'mobile' | 'hosting' | 'vpn' | 'tor' | 'relay'
export type Network = {
  /** The first two octets: a block of 65,536 addresses. */
  readonly prefix: string
  readonly kind: NetworkKind
  readonly place: Place
}

const homeNetworks = homes.flatMap((place, city) =>
  Array.from({ length: 4 }, (_, isp): Network => ({ prefix: `240.${city * 4 + isp}`, kind: 'isp', place })),
)
/** Carriers send everybody out by a few gateways in the capital. */
const capital = homes[0] as Place
const carriers = Array.from({ length: 4 }, (_, i): Network => ({ prefix: `241.${i}`, kind: 'mobile', place: capital }))
const foreign = abroad.flatMap((place, city) =>
  Array.from({ length: 3 }, (_, isp): Network => ({ prefix: `242.${city * 3 + isp}`, kind: 'isp', place })),
)
const foreignCarriers = abroad.map((place, i): Network => ({ prefix: `243.${i}`, kind: 'mobile', place }))
const exits = [capital, homes[4] as Place, capital, ...abroad]
const vpns = exits.map((place, i): Network => ({ prefix: `244.${i}`, kind: 'vpn', place }))
const hosting = exits.map((place, i): Network => ({ prefix: `245.${i}`, kind: 'hosting', place }))
const tor = abroad.map((place, i): Network => ({ prefix: `246.${i}`, kind: 'tor', place }))
const relays = [capital, homes[4] as Place].map((place, i): Network => ({ prefix: `247.${i}`, kind: 'relay', place }))

export const networks = { home: homeNetworks, carriers, foreign, foreignCarriers, vpns, hosting, tor, relays } as const
export const allNetworks: readonly Network[] = Object.values(networks).flat()

export const addressIn = ({ prefix }: Network, random: Random): string =>
  `${prefix}.${random.whole(0, 255)}.${random.whole(1, 254)}`
/** A carrier's gateways: many people behind few addresses. */
export const gatewayOf = ({ prefix }: Network, random: Random): string => `${prefix}.0.${random.whole(1, 40)}`

/** Latin, kanji and kana of common names. */
export const familyNames = [
  ['SATO', '佐藤', 'サトウ'],
  ['SUZUKI', '鈴木', 'スズキ'],
  ['TAKAHASHI', '高橋', 'タカハシ'],
  ['TANAKA', '田中', 'タナカ'],
  ['ITO', '伊藤', 'イトウ'],
  ['WATANABE', '渡辺', 'ワタナベ'],
  ['YAMAMOTO', '山本', 'ヤマモト'],
  ['NAKAMURA', '中村', 'ナカムラ'],
  ['KOBAYASHI', '小林', 'コバヤシ'],
  ['KATO', '加藤', 'カトウ'],
  ['YOSHIDA', '吉田', 'ヨシダ'],
  ['YAMADA', '山田', 'ヤマダ'],
  ['SASAKI', '佐々木', 'ササキ'],
  ['MATSUMOTO', '松本', 'マツモト'],
  ['INOUE', '井上', 'イノウエ'],
  ['KIMURA', '木村', 'キムラ'],
  ['HAYASHI', '林', 'ハヤシ'],
  ['SAITO', '斎藤', 'サイトウ'],
  ['SHIMIZU', '清水', 'シミズ'],
  ['MORI', '森', 'モリ'],
] as const
export const givenNames = [
  ['HANAKO', '花子', 'ハナコ'],
  ['TARO', '太郎', 'タロウ'],
  ['YUKO', '裕子', 'ユウコ'],
  ['KENJI', '健二', 'ケンジ'],
  ['AKIKO', '明子', 'アキコ'],
  ['HIROSHI', '浩', 'ヒロシ'],
  ['YUMI', '由美', 'ユミ'],
  ['TAKASHI', '隆', 'タカシ'],
  ['KEIKO', '恵子', 'ケイコ'],
  ['MAKOTO', '誠', 'マコト'],
  ['NAOMI', '直美', 'ナオミ'],
  ['SHOTA', '翔太', 'ショウタ'],
  ['MISAKI', '美咲', 'ミサキ'],
  ['DAIKI', '大輝', 'ダイキ'],
  ['SAKURA', '桜', 'サクラ'],
  ['KAORI', '香', 'カオリ'],
] as const

/** What a shop tells in an AReq: everything, the usual, or what it must. */
export type Tier = 'full' | 'some' | 'minimum'
export type Goods = 'shipped' | 'digital' | 'tickets' | 'service'
export type Shop = {
  readonly id: string
  readonly name: string
  readonly mcc: string
  readonly country: string
  readonly currency: string
  readonly goods: Goods
  /** How dear its things are beside what its customers usually spend. */
  readonly priceFactor: number
  readonly tier: Tier
  /** Sends the hook what it knows itself. */
  readonly hook: boolean
  /** threeDSRequestorChallengeInd, most of the time. */
  readonly wish: string
}

/** MCC, goods, price factor, share of the shops. */
const trades: readonly (readonly [mcc: string, goods: Goods, priceFactor: number, share: number])[] = [
  ['5311', 'shipped', 1, 14],
  ['5651', 'shipped', 1.3, 10],
  ['5942', 'shipped', 0.5, 8],
  ['5977', 'shipped', 0.8, 8],
  ['5411', 'shipped', 1, 8],
  ['5712', 'shipped', 2.5, 4],
  ['5732', 'shipped', 4, 6],
  ['5945', 'shipped', 0.9, 6],
  ['5499', 'shipped', 0.8, 6],
  ['5816', 'digital', 0.5, 5],
  ['5815', 'digital', 0.4, 4],
  ['6540', 'digital', 1, 2],
  ['7922', 'tickets', 2.2, 4],
  ['4722', 'service', 6, 4],
  ['7011', 'service', 5, 3],
  ['5812', 'service', 0.7, 4],
  ['4121', 'service', 0.5, 4],
]

export function shopsOf(seed: number): readonly Shop[] {
  const random = randomOf(seed, 'shops')
  const list = trades.flatMap(([mcc, goods, priceFactor, share]) =>
    Array.from({ length: share }, (): Omit<Shop, 'id' | 'name'> => {
      const country = random.chance(0.08) ? random.pick(['840', '826', '410']) : '392'
      return {
        mcc,
        country,
        currency: country === '392' ? '392' : ({ '840': '840', '826': '826', '410': '410' }[country] ?? '392'),
        goods,
        priceFactor: priceFactor * random.lognormal(1, 0.25),
        tier: random.weighted([
          ['full', 0.5],
          ['some', 0.35],
          ['minimum', 0.15],
        ]),
        hook: random.chance(0.3),
        wish: random.weighted([
          ['01', 0.8],
          ['02', 0.15],
          ['05', 0.05],
        ]),
      }
    }),
  )
  return random.shuffled(list).map((shop, i) => ({ ...shop, id: `SHOP-${1000 + i}`, name: `Shop ${1000 + i}` }))
}

const byBlock: ReadonlyMap<string, NetworkOf> = new Map(
  allNetworks.map(({ prefix, kind, place: { country, lat, lon } }) => [prefix, { kind, country, lat, lon }]),
)

/** What an issuer's table knows of these networks. */
export const networkTables: NetworkTables = { find: (ip) => byBlock.get(ip.split('.', 2).join('.')) }
