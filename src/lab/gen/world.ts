/**
 * Where streams happen: places, networks and names, all made up. The networks lie in 240.0.0.0/4, which the internet never gave
 * to anybody, so that each can be given a country, a kind and a position without telling of a real one.
 */
import type { NetworkKind } from '../../risk/net/network.ts'

type Place = {
  /** ISO 3166-1 numeric. */
  readonly country: string
  readonly city: string
  /** The first three digits of its postal codes in Japan; elsewhere a whole code. */
  readonly postal: string
  /** ISO 3166-2, the part after the hyphen. */
  readonly state: string | undefined
  readonly lat: number
  readonly lon: number
  /** Minutes behind UTC, as browserTZ counts. */
  readonly tz: number
  readonly language: string
}

const home = (city: string, postal: string, state: string, lat: number, lon: number): Place => ({
  country: '392',
  city,
  postal,
  state,
  lat,
  lon,
  tz: -540,
  language: 'ja',
})
const away = (country: string, city: string, lat: number, lon: number, tz: number, language: string): Place => ({
  country,
  city,
  postal: '10001',
  state: undefined,
  lat,
  lon,
  tz,
  language,
})

const homePlaces: readonly Place[] = [
  home('Chiyoda-ku', '100', '13', 35.69, 139.75),
  home('Setagaya-ku', '154', '13', 35.64, 139.67),
  home('Yokohama-shi', '220', '14', 35.46, 139.63),
  home('Saitama-shi', '330', '11', 35.91, 139.62),
  home('Osaka-shi', '530', '27', 34.7, 135.5),
  home('Kobe-shi', '650', '28', 34.69, 135.19),
  home('Nagoya-shi', '450', '23', 35.17, 136.88),
  home('Sapporo-shi', '060', '01', 43.06, 141.35),
  home('Sendai-shi', '980', '04', 38.26, 140.88),
  home('Hiroshima-shi', '730', '34', 34.39, 132.46),
  home('Fukuoka-shi', '810', '40', 33.59, 130.4),
  home('Naha-shi', '900', '47', 26.21, 127.68),
]
const awayPlaces: readonly Place[] = [
  away('840', 'New York', 40.7, -74, 300, 'en-US'),
  away('840', 'Los Angeles', 34.1, -118.2, 480, 'en-US'),
  away('410', 'Seoul', 37.6, 127, -540, 'ko-KR'),
  away('158', 'Taipei', 25, 121.6, -480, 'zh-TW'),
  away('156', 'Shanghai', 31.2, 121.5, -480, 'zh-CN'),
  away('702', 'Singapore', 1.35, 103.8, -480, 'en-SG'),
  away('764', 'Bangkok', 13.8, 100.5, -420, 'th-TH'),
  away('704', 'Hanoi', 21, 105.9, -420, 'vi-VN'),
  away('826', 'London', 51.5, -0.1, 0, 'en-GB'),
  away('250', 'Paris', 48.9, 2.4, -60, 'fr-FR'),
  away('804', 'Kyiv', 50.5, 30.5, -120, 'uk-UA'),
  away('076', 'Sao Paulo', -23.5, -46.6, 180, 'pt-BR'),
]
/** Homes first, then abroad: everything else names a place by its number. */
export const places: readonly Place[] = [...homePlaces, ...awayPlaces]
export const homes = homePlaces.length
export const issuerCountry = '392'
export const issuerZone = 540 // minutes ahead of UTC

/** The name of a zone, as a browser would tell it. */
export const zoneNames: Readonly<Record<number, string>> = {
  [-540]: 'Asia/Tokyo',
  [-480]: 'Asia/Singapore',
  [-420]: 'Asia/Bangkok',
  [-60]: 'Africa/Lagos',
  [-120]: 'Africa/Johannesburg',
  0: 'UTC',
  180: 'America/Sao_Paulo',
  300: 'America/Panama',
  480: 'Etc/GMT+8',
}

type Network = {
  /** The first two octets: a block of 65,536 addresses. */
  readonly prefix: string
  readonly kind: NetworkKind
  readonly place: number
}

const ofPlaces = (first: number, end: number): readonly number[] =>
  Array.from({ length: end - first }, (_, i) => first + i)
const everyHome = ofPlaces(0, homes)
const everyAway = ofPlaces(homes, places.length)
/** Where exits of VPNs and data centres stand: three of fifteen at home. */
const exits = [0, 4, 0, ...everyAway]
const block = (octet: number, kind: NetworkKind, at: readonly number[], each = 1): readonly Network[] =>
  at.flatMap((place, i) =>
    Array.from({ length: each }, (_, k): Network => ({ prefix: `${octet}.${i * each + k}`, kind, place })),
  )

const groups = {
  home: block(240, 'isp', everyHome, 4),
  /** Carriers send everybody out by gateways in the capital. */
  carriers: block(241, 'mobile', [0, 0, 0, 0]),
  foreign: block(242, 'isp', everyAway, 3),
  foreignCarriers: block(243, 'mobile', everyAway),
  vpns: block(244, 'vpn', exits),
  hosting: block(245, 'hosting', exits),
  relays: block(247, 'relay', [0, 4]),
} as const
type NetworkGroup = keyof typeof groups

export const networks: readonly Network[] = Object.values(groups).flat()
const numbersOf = (group: NetworkGroup): readonly number[] => groups[group].map((one) => networks.indexOf(one))
/** Numbers of the networks of each group. */
export const networksOf: { readonly [G in NetworkGroup]: readonly number[] } = {
  home: numbersOf('home'),
  carriers: numbersOf('carriers'),
  foreign: numbersOf('foreign'),
  foreignCarriers: numbersOf('foreignCarriers'),
  vpns: numbersOf('vpns'),
  hosting: numbersOf('hosting'),
  relays: numbersOf('relays'),
}
/** Providers of each place. */
export const providersAt: readonly (readonly number[])[] = places.map((_, place) =>
  [...networksOf.home, ...networksOf.foreign].filter((i) => networks[i]?.place === place),
)
export const carrierAt: readonly number[] = places.map((_, place) =>
  place < homes ? -1 : (networksOf.foreignCarriers.find((i) => networks[i]?.place === place) ?? -1),
)

/** An address of the block; `n` of 65,024. */
export const addressIn = (network: number, n: number): string =>
  `${networks[network]?.prefix}.${(n >> 8) & 255}.${1 + (n % 254)}`

export const familyNames = [
  'SATO',
  'SUZUKI',
  'TAKAHASHI',
  'TANAKA',
  'ITO',
  'WATANABE',
  'YAMAMOTO',
  'NAKAMURA',
  'KOBAYASHI',
  'KATO',
  'YOSHIDA',
  'YAMADA',
  'SASAKI',
  'MATSUMOTO',
  'INOUE',
  'KIMURA',
  'HAYASHI',
  'SAITO',
  'SHIMIZU',
  'MORI',
  'ABE',
  'IKEDA',
  'HASHIMOTO',
  'YAMASHITA',
  'ISHIKAWA',
  'NAKAJIMA',
  'MAEDA',
  'FUJITA',
  'OGAWA',
  'GOTO',
] as const
export const givenNames = [
  'HANAKO',
  'TARO',
  'YUKO',
  'KENJI',
  'AKIKO',
  'HIROSHI',
  'YUMI',
  'TAKASHI',
  'KEIKO',
  'MAKOTO',
  'NAOMI',
  'SHOTA',
  'MISAKI',
  'DAIKI',
  'SAKURA',
  'KAORI',
  'EMI',
  'RYO',
  'AYAKA',
  'KENTA',
  'MAI',
  'SATOSHI',
  'YOKO',
  'TSUYOSHI',
] as const
export const towns = ['Honcho', 'Midori', 'Sakae', 'Chuo', 'Asahi', 'Hikari', 'Izumi', 'Sakura'] as const
export const mailProviders = [
  'gmail.com',
  'yahoo.co.jp',
  'icloud.com',
  'docomo.ne.jp',
  'outlook.jp',
  'ezweb.ne.jp',
] as const
export const throwAwayProviders = ['mailinator.com', 'yopmail.com', 'guerrillamail.com', 'sharklasers.com'] as const
export const languages = ['ja', 'en-US', 'zh-CN', 'ko-KR', 'vi-VN', 'pt-BR', 'ru-RU'] as const
