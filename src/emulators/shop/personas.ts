// Who sits in front of the shop. On one machine every buyer looks the same, so that a persona pretends another device,
// network and address in the AReq. Networks: blocks reserved for documentation, which the shipped risk policy takes for
// Japan (192.0.2.0/24), the United States (198.51.100.0/24) and the United Kingdom (203.0.113.0/24).
//
// A pretended device cannot run the 3DS Method: it would tell the ACS of the real one. So it does not run, and the AReq
// says threeDSCompInd N, as for any browser in which it did not (FLOW-MTH-5).

import type { Address } from './card-and-address.ts'

export interface Words {
  readonly en: string
  readonly ja: string
}

/** The browser elements of an AReq, all of them, so that nothing of the real browser shows. */
export interface PretendedBrowser {
  readonly browserIP: string
  readonly browserUserAgent: string
  readonly browserAcceptHeader: string
  readonly browserLanguage: string
  readonly browserTZ: string
  readonly browserScreenWidth: string
  readonly browserScreenHeight: string
  readonly browserColorDepth: string
  readonly browserJavaEnabled: false
  readonly browserJavascriptEnabled: true
}

export interface Persona {
  readonly id: string
  readonly name: Words
  readonly about: Words
  /** Absent: the browser as it is. */
  readonly browser?: PretendedBrowser
  readonly device?: Words
  readonly network?: Words
  /** Where the goods go, if elsewhere. */
  readonly shipping?: Address
  /** A mail box of his own. */
  readonly email?: string
  /** Took over the member's account today: new password, new mail, new address. */
  readonly hasTakenOver?: true
}

const accept = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8'
const chromeOn = (platform: string): string =>
  `Mozilla/5.0 (${platform}) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36`
const pretended = { browserAcceptHeader: accept, browserJavaEnabled: false, browserJavascriptEnabled: true } as const

const homeBrowser: PretendedBrowser = {
  ...pretended,
  browserIP: '192.0.2.21',
  browserUserAgent: chromeOn('Windows NT 10.0; Win64; x64'),
  browserLanguage: 'ja',
  browserTZ: '-540',
  browserScreenWidth: '1920',
  browserScreenHeight: '1080',
  browserColorDepth: '24',
}

export const personas = [
  {
    id: 'self',
    name: { en: 'This browser', ja: 'このブラウザ' },
    about: {
      en: 'Nothing is pretended. The 3DS Method runs and the ACS gets to know this device.',
      ja: '何も偽装しません。3DS Methodが動き、ACSはこの端末を認識します。',
    },
  },
  {
    id: 'home',
    name: { en: 'Home PC', ja: '自宅のPC' },
    about: {
      en: 'The cardholder at her desk in Japan; the goods go home.',
      ja: '日本の自宅のPCから、自宅宛ての購入。',
    },
    browser: homeBrowser,
    device: { en: 'Windows PC, Chrome', ja: 'Windows PC・Chrome' },
    network: { en: 'home line in Japan', ja: '日本の固定回線' },
  },
  {
    id: 'phone',
    name: { en: 'New phone', ja: '新しいスマホ' },
    about: {
      en: 'The cardholder with a phone she bought today; new to the issuer until a challenge is passed on it.',
      ja: '今日買ったスマホ。チャレンジを一度通過するまで、カード会社には未知の端末です。',
    },
    browser: {
      ...pretended,
      browserIP: '192.0.2.130',
      browserUserAgent:
        'Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1',
      browserLanguage: 'ja-JP',
      browserTZ: '-540',
      browserScreenWidth: '393',
      browserScreenHeight: '852',
      browserColorDepth: '24',
    },
    device: { en: 'iPhone, Safari', ja: 'iPhone・Safari' },
    network: { en: 'mobile network in Japan', ja: '日本の携帯回線' },
  },
  {
    id: 'abroad',
    name: { en: 'Abroad', ja: '海外旅行中' },
    about: {
      en: 'The cardholder on a journey: a hotel computer in London. The goods go home.',
      ja: '旅行中のカード会員。ロンドンのホテルのPCから、自宅宛てに購入。',
    },
    browser: {
      ...pretended,
      browserIP: '203.0.113.44',
      browserUserAgent: chromeOn('Macintosh; Intel Mac OS X 10_15_7'),
      browserLanguage: 'en-GB',
      browserTZ: '0',
      browserScreenWidth: '1680',
      browserScreenHeight: '1050',
      browserColorDepth: '24',
    },
    device: { en: 'Mac of the hotel, Chrome', ja: 'ホテルのMac・Chrome' },
    network: { en: 'hotel in the United Kingdom', ja: '英国のホテル' },
  },
  {
    id: 'vpn',
    name: { en: 'VPN at night', ja: '深夜のVPN' },
    about: {
      en: 'The home PC behind a VPN exit in the United States. The hour is the issuer’s own clock, which no AReq can set: from 00:00 to 04:59 in Tokyo it weighs as well.',
      ja: '自宅のPCが米国のVPN出口を経由。時刻はカード会社の時計で判定され、AReqでは変えられません（東京の0:00〜4:59は夜間として加点）。',
    },
    browser: { ...homeBrowser, browserIP: '198.51.100.77' },
    device: { en: 'Windows PC, Chrome', ja: 'Windows PC・Chrome' },
    network: { en: 'VPN exit in the United States', ja: '米国のVPN出口' },
  },
  {
    id: 'thief',
    name: { en: 'Thief with the right data', ja: '正しい情報を持つ犯人' },
    about: {
      en: 'Card, name and billing address are right. Device, mail box and delivery address are his own; a member’s account has been taken over.',
      ja: 'カード番号・名義・請求先住所は正しいものの、端末・メール・届け先は犯人のもの。会員の場合はアカウント乗っ取りです。',
    },
    browser: {
      ...pretended,
      browserIP: '198.51.100.9',
      browserUserAgent: chromeOn('X11; Linux x86_64'),
      browserLanguage: 'en-US',
      browserTZ: '300',
      browserScreenWidth: '1366',
      browserScreenHeight: '768',
      browserColorDepth: '24',
    },
    device: { en: 'Linux PC, Chrome', ja: 'Linux PC・Chrome' },
    network: { en: 'data centre in the United States', ja: '米国のデータセンター' },
    shipping: {
      line1: 'Parcel Relay, Box 118',
      city: 'Osaka',
      state: '27',
      postCode: '530-0001',
      country: '392',
    },
    email: 'h.yamada.2291@mailinator.com',
    hasTakenOver: true,
  },
] as const satisfies readonly Persona[]

export type PersonaId = (typeof personas)[number]['id']
export const personaIds: readonly [PersonaId, ...PersonaId[]] = ['self', 'home', 'phone', 'abroad', 'vpn', 'thief']

export function personaOf(id: PersonaId): Persona {
  return personas.find((persona) => persona.id === id) ?? personas[0]
}
