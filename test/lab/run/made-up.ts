/**
 * Small streams of chance for the tests of the core loop: every column has values that people send, that nobody should send, and
 * none. Few people, so that devices, addresses and shops meet again.
 */
import type { ColumnKind } from '../../../src/lab/stream/schema.ts'
import { type Column, Dictionary, type EventStream, type Part } from '../../../src/lab/stream/table.ts'

export type Row = Readonly<Record<string, string | number | undefined>>

/** Mulberry32. */
export function chanceOf(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}

/** Rows as parts of at most `size` events; a dictionary is replaced when it holds `most` texts. */
export function streamOf(rows: readonly Row[], { size = 500, most = 1 << 18, seed = 'made up' } = {}): EventStream {
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))]
  const kinds = new Map<string, ColumnKind>(
    names.map((name) => [name, rows.some((row) => typeof row[name] === 'string') ? 'text' : 'number']),
  )
  const dictionaries = new Map(names.map((name) => [name, new Dictionary()]))
  const parts: Part[] = []
  for (let first = 0; first < rows.length; first += size) {
    const slice = rows.slice(first, first + size)
    const columns = new Map<string, Column>()
    for (const name of names) {
      if (slice.every((row) => row[name] === undefined)) continue
      if (kinds.get(name) === 'number') {
        const values = Float64Array.from(slice, (row) => Number(row[name] ?? Number.NaN))
        columns.set(name, { kind: 'number', values })
        continue
      }
      let dictionary = dictionaries.get(name) ?? new Dictionary()
      if (dictionary.size > most) dictionary = new Dictionary()
      dictionaries.set(name, dictionary)
      const ids = Uint32Array.from(slice, (row) => {
        const value = row[name]
        return value === undefined ? 0 : dictionary.idOf(String(value))
      })
      columns.set(name, { kind: 'text', dictionary, ids })
    }
    parts.push({ n: slice.length, first, columns })
  }
  const ts = rows.map((row) => Number(row.ts))
  return {
    meta: {
      name: 'made up',
      seed,
      events: rows.length,
      from: ts[0] ?? 0,
      to: ts.at(-1) ?? 0,
      measuredFrom: ts[0] ?? 0,
      slices: [],
      hash: `made up ${rows.length}`,
      made: {},
    },
    async *parts(from = 0) {
      for (const part of parts) if (part.first + part.n > from) yield part
    },
  }
}

const agents = [
  'Mozilla/5.0 (iPhone; CPU iPhone OS 19_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/19.0 Mobile/15E148 Safari/604.1',
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36',
  'Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Mobile Safari/537.36',
  'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/140.0.0.0 Safari/537.36',
  'curl/8.9',
]
const mails = ['h', 'h+shop', 'ha.na', 'xkqzjvbw93', '"', 'hanako']
const domains = [
  'gmail.com',
  'mailinator.com',
  'hakone.example',
  'gmial.com',
  'bücher.example',
  'duck.com',
  'localhost',
]
const addresses = [
  '192.0.2.7',
  '198.51.100.20',
  '203.0.113.77',
  '10.0.0.8',
  '2001:db8:1:2:3:4:5:6',
  'fe80::1',
  '::1',
  'nonsense',
  '8.8.8.8',
]
const methods = [
  '{"userAgent":"Mozilla/5.0 (Windows NT 10.0; Win64; x64)","platform":"Win32","timeZone":"Asia/Tokyo","timeZoneOffset":-540,"screenWidth":390,"screenHeight":844,"canvasHash":"aa","languages":"ja,en","hardwareConcurrency":8,"deviceMemory":8,"maxTouchPoints":5,"colorDepth":24}',
  '{"timeZone":"America/New_York","language":"en-US","clock":1700000000000,"webdriver":true,"deviceIdIsNew":true}',
  '{"clockOff":90000000}',
  'not json',
]
const signals = [
  '{"rawAddress":"東京都新宿区西新宿１丁目２−３ サンプルハイツ４０５号室","postCode":"160-0023","kana":"ヤマダ ハナコ","kanji":"山田 花子","loginFailures":3}',
  '{"receiverKana":"サトウ","kana":"ヤマダ ハナコ","sharedList":[{"kind":"device","reason":"fraud","merchants":3}],"addressKind":"hotel"}',
  '{"firstTimeOffer":true,"stepUpFailures":2,"domainAgeDays":4}',
  '{"loginFailures":-4}',
]

/** A row with everything that a column can hold, sensible or not; `wild` of 0 keeps to what a server takes. */
export function rowsOf(seed: number, n: number, { cards = 20, wild = 1, step = 400 } = {}): readonly Row[] {
  const chance = chanceOf(seed)
  const one = <T>(list: readonly T[]): T => list[Math.floor(chance() * list.length)] as T
  const maybe = <T>(share: number, value: () => T): T | undefined => (chance() < share ? value() : undefined)
  const odd = <T>(usual: () => T, ...odds: readonly T[]): T => (chance() < 0.05 * wild ? one(odds) : usual())
  let ts = Date.UTC(2026, 2, 30, 14) / 1000
  return Array.from({ length: n }, (_, i): Row => {
    ts += chance() < 0.2 ? 0 : Math.floor(chance() * step)
    const who = Math.floor(chance() * cards)
    const shop = Math.floor(chance() * 7)
    const isFraud = chance() < 0.05
    const channel = odd(() => one(['02', '02', '02', '01', '03']), '09')
    const device = chance() < 0.8 ? who : Math.floor(chance() * cards)
    const usesApp = channel === '01'
    const digits = (size: number): string => String(Math.floor(chance() * 10 ** size)).padStart(size, '0')
    return {
      id: `e${i}`,
      ts,
      card: `card-${who}`,
      bin: maybe(0.9, () => odd(() => `4${10000 + (who % 4)}`, '12', '41111x')),
      merchant: `SHOP-${shop}`,
      merchantName: maybe(0.9, () => odd(() => `Shop ${shop}`, 'Other')),
      mcc: maybe(0.9, () => one(['5732', '5999', '6540'])),
      merchantCountryCode: maybe(0.9, () => odd(() => one(['392', '840']), 'XX')),
      messageVersion: odd(() => one(['2.1.0', '2.2.0', '2.2.0', '2.3.1']), '2.0.1', undefined),
      messageCategory: odd(() => '01', '02', undefined),
      deviceChannel: channel,
      purchaseAmount: maybe(0.97, () => odd(() => Math.floor(500 * 10 ** (chance() * 3)), -5, 0.5, 1e20)),
      purchaseCurrency: maybe(0.97, () => odd(() => one(['392', '392', '392', '840', '978']), '999', 'JPY')),
      purchaseExponent: maybe(0.9, () => odd(() => '0', '2', 'x')),
      cardholderName: maybe(0.8, () => odd(() => one(['HANAKO YAMADA', 'TARO SATO']), '', '山田')),
      email: maybe(0.85, () => odd(() => `${one(mails)}${who % 5}@${one(domains)}`, 'none', '@', 'a@')),
      mobilePhone: maybe(0.6, () => odd(() => `81-90${1000_0000 + who}`, '81', '-', '999-1')),
      homePhone: maybe(0.3, () => `1-2025550${100 + (who % 100)}`),
      workPhone: maybe(0.2, () => `81-3${1000_0000 + who}`),
      acctID: maybe(0.6, () => `account ${who}`),
      addrMatch: maybe(0.6, () => one(['Y', 'N'])),
      billAddrCountry: maybe(0.8, () => odd(() => one(['392', '392', '840']), 'JP')),
      billAddrState: maybe(0.5, () => one(['13', '14', '27'])),
      billAddrLine1: maybe(0.5, () => `1-${who} Yumoto`),
      billAddrPostCode: maybe(0.6, () => one(['250-0311', '1600023', '999'])),
      shipAddrCountry: maybe(0.7, () => one(['392', '392', '840'])),
      shipAddrState: maybe(0.4, () => one(['13', '14'])),
      shipAddrCity: maybe(0.6, () => one(['Hakone', 'Shinjuku', '箱根町'])),
      shipAddrLine1: maybe(0.7, () => odd(() => `${1 + (who % 6)}-1 Yumoto`, '', 'Hotel Hakone', 'Parcel Relay 4')),
      shipAddrLine2: maybe(0.2, () => `Room ${who % 3}`),
      shipAddrLine3: maybe(0.05, () => 'c/o P.O. Box 7'),
      shipAddrPostCode: maybe(0.7, () => one(['250-0311', '160-0023'])),
      shipIndicator: maybe(0.7, () => one(['01', '03', '05'])),
      deliveryTimeframe: maybe(0.6, () => odd(() => one(['01', '04']), 'x')),
      deliveryEmailAddress: maybe(0.3, () => `${one(mails)}${who % 5}@${one(domains)}`),
      preOrderPurchaseInd: maybe(0.3, () => one(['01', '02'])),
      reorderItemsInd: maybe(0.4, () => one(['01', '02'])),
      giftCardAmount: maybe(0.15, () => Math.floor(chance() * 500)),
      giftCardCount: maybe(0.15, () => Math.floor(chance() * 5)),
      giftCardCurr: maybe(0.15, () => one(['392', '840'])),
      chAccAgeInd: maybe(0.7, () => odd(() => one(['01', '02', '03', '05']), 'x')),
      chAccChangeInd: maybe(0.5, () => one(['01', '04'])),
      chAccPwChangeInd: maybe(0.5, () => one(['01', '04'])),
      nbPurchaseAccount: maybe(0.5, () => odd(() => Math.floor(chance() * 30), 1.5)),
      txnActivityDay: maybe(0.4, () => Math.floor(chance() * 9)),
      txnActivityYear: maybe(0.4, () => Math.floor(chance() * 90)),
      provisionAttemptsDay: maybe(0.4, () => Math.floor(chance() * 3)),
      paymentAccInd: maybe(0.4, () => one(['01', '03'])),
      shipNameIndicator: maybe(0.4, () => one(['01', '02'])),
      shipAddressUsageInd: maybe(0.4, () => one(['01', '04'])),
      suspiciousAccActivity: maybe(0.4, () => one(['01', '01', '02'])),
      threeDSRequestorAuthenticationInd: maybe(0.9, () => one(['01', '04'])),
      threeDSRequestorChallengeInd: maybe(0.5, () => odd(() => one(['01', '02', '03', '04', '05', '06']), '99')),
      threeDSReqAuthMethod: maybe(0.5, () => one(['01', '02', '06'])),
      threeDSReqAuthTimestamp: maybe(0.4, () =>
        odd(
          () => new Date((ts - Math.floor(chance() * 9e4)) * 1000).toISOString().replace(/\D/g, '').slice(0, 12),
          '2026',
          '209912312359',
        ),
      ),
      threeDSReqPriorAuthMethod: maybe(0.2, () => '02'),
      threeDSReqPriorAuthTimestamp: maybe(0.2, () => '202603010101'),
      threeDSCompInd: channel === '02' || wild > 0 ? maybe(0.9, () => one(['Y', 'Y', 'N', 'U'])) : undefined,
      browserIP: usesApp && chance() > 0.1 * wild ? undefined : maybe(0.95, () => one(addresses)),
      browserUserAgent: usesApp && chance() > 0.1 * wild ? undefined : maybe(0.9, () => agents[device % agents.length]),
      browserLanguage: usesApp ? undefined : maybe(0.9, () => odd(() => one(['ja-JP', 'ja', 'en-US']), '')),
      browserTZ: usesApp ? undefined : maybe(0.9, () => odd(() => one([-540, -540, 300]), 2 ** 40, 0.5)),
      browserScreenWidth: usesApp ? undefined : maybe(0.9, () => odd(() => one([390, 1920]), 0, -4, 1e7, 2 ** 40)),
      browserScreenHeight: usesApp ? undefined : maybe(0.9, () => odd(() => one([844, 1080]), 0, 20_000)),
      browserColorDepth: usesApp ? undefined : maybe(0.9, () => '24'),
      browserJavascriptEnabled: usesApp ? undefined : maybe(0.9, () => odd(() => 'true', 'false', 'x')),
      sdkAppID: usesApp || chance() < 0.05 * wild ? maybe(0.9, () => `APP-${device}`) : undefined,
      appIp: usesApp || chance() < 0.05 * wild ? maybe(0.5, () => one(addresses)) : undefined,
      deviceInfo: usesApp
        ? maybe(0.7, () =>
            odd(
              () => Buffer.from(`{"DV":"1.4","DD":{"C005":"ja_JP","C010":"203.0.113.${who}"}}`).toString('base64url'),
              'no info',
            ),
          )
        : undefined,
      deviceId: channel === '02' ? maybe(0.6, () => `device-${device}`) : undefined,
      methodData: channel === '02' ? maybe(0.4, () => one(methods)) : undefined,
      ipCountry: maybe(0.3, () => one(['392', '840', '826'])),
      ipType: maybe(0.3, () => odd(() => one(['isp', 'mobile', 'vpn', 'hosting']), 'dialup')),
      ipLat: maybe(0.2, () => 35 + chance()),
      ipLon: maybe(0.2, () => 139 + chance()),
      ipRadiusKm: maybe(0.1, () => 20),
      merchantSource: maybe(0.5, () => one(['screening', 'other', 'third'])),
      merchantVerdict: maybe(0.5, () => odd(() => one(['OK', 'OK', 'REVIEW', 'NG']), 'MAYBE')),
      merchantScore: maybe(0.4, () => odd(chance, 2)),
      merchantSource2: maybe(0.2, () => one(['screening', 'second'])),
      merchantVerdict2: maybe(0.2, () => one(['OK', 'HOLD'])),
      merchantScore2: maybe(0.1, chance),
      merchantSignals: maybe(0.3, () => one(signals)),
      cardAgeDays: maybe(0.2, () => 300),
      isFraud: isFraud ? 1 : 0,
      kind: isFraud ? 'stolen' : undefined,
      labelTs: isFraud ? maybe(0.9, () => ts + Math.floor(chance() * 40 * 86_400)) : maybe(0.05, () => ts + 86_400),
      campaign: isFraud ? `c${who}` : undefined,
      pChallengePass: maybe(0.8, () => (isFraud ? 0.2 : 0.9)),
      pChallengeAbandon: maybe(0.7, () => (isFraud ? 0.5 : 0.06)),
      uChallenge: maybe(0.8, chance),
      ageBand: one(['20s', '60s']),
      // So that every run draws alike.
      digits: digits(3),
    }
  })
}
