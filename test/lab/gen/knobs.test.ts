import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { genCommand } from '../../../src/cli/lab/gen-command.ts'
import { configFrom, configOf, LabGenError, patternIds, presetNames } from '../../../src/lab/gen/config.ts'
import { consequencesOf } from '../../../src/lab/gen/consequences.ts'
import { isFraud, isGenuine, type Row, rowsFor, share } from './streams.ts'

const day = 86_400
const usual = rowsFor()
const midnight = (date: string): number => Date.parse(`${date}T00:00:00+09:00`) / 1000
const between = (rows: readonly Row[], from: string, to: string): readonly Row[] =>
  rows.filter(({ ts }) => (ts as number) >= midnight(from) && (ts as number) < midnight(to))
const genuine = (rows: readonly Row[]): readonly Row[] => rows.filter(isGenuine)
const with_ = (holders: Readonly<Record<string, unknown>>): readonly Row[] => genuine(rowsFor({ holders }))
const told = genuine(usual)

describe('knobs of people', () => {
  test('vpn: purchases through VPNs', () => {
    expect(share(told, ({ ipType }) => ipType === 'vpn')).toBeCloseTo(0.06 * 0.6, 1)
    const many = with_({ vpn: 0.5, vpnUsed: 1 })
    expect(share(many, ({ ipType }) => ipType === 'vpn')).toBeCloseTo(0.5, 1)
    expect(share(with_({ vpn: 0 }), ({ ipType }) => ipType === 'vpn')).toBe(0)
  })

  test('abroad and foreignLanguage', () => {
    const many = with_({ abroad: 0.4 })
    expect(
      share(many, ({ billAddrCountry }) => billAddrCountry !== undefined && billAddrCountry !== '392'),
    ).toBeGreaterThan(0.25)
    expect(share(with_({ foreignLanguage: 0.6 }), ({ language }) => language === 'other')).toBeGreaterThan(0.5)
    expect(share(told, ({ language }) => language === 'other')).toBeLessThan(0.12)
  })

  test('privateBrowsing: device ids that are never seen again', () => {
    const once = (rows: readonly Row[]): number => {
      const seen = new Map<unknown, number>()
      for (const { deviceId } of rows) if (deviceId !== undefined) seen.set(deviceId, (seen.get(deviceId) ?? 0) + 1)
      return [...seen.values()].filter((n) => n === 1).length / rows.length
    }
    expect(once(with_({ privateBrowsing: 0.6 }))).toBeGreaterThan(4 * once(told))
  })

  test('app: purchases in the app channel, which tell no browser', () => {
    const apps = with_({ app: 1 }).filter(({ channel }) => channel === 'app')
    expect(apps.length).toBeGreaterThan(8_000)
    expect(
      share(
        apps,
        ({ deviceChannel, sdkAppID, appIp }) => deviceChannel === '01' && sdkAppID !== undefined && appIp !== undefined,
      ),
    ).toBe(1)
    expect(
      share(apps, ({ browserIP, browserUserAgent, methodData }) =>
        [browserIP, browserUserAgent, methodData].some((told) => told !== undefined),
      ),
    ).toBe(0)
  })

  test('silentMethod: nothing of the 3DS Method', () => {
    const silent = ({ threeDSCompInd, methodData }: Row): boolean => threeDSCompInd !== 'Y' && methodData === undefined
    const browsers = (rows: readonly Row[]) => rows.filter(({ channel }) => channel === 'browser')
    expect(share(browsers(told), silent)).toBeCloseTo(0.04, 1)
    expect(share(browsers(with_({ silentMethod: 0.5 })), silent)).toBeCloseTo(0.5, 1)
  })

  test('spend, owls, gifts and lent cards', () => {
    const median = (rows: readonly Row[]): number => {
      const yen = rows
        .filter(({ purchaseCurrency }) => purchaseCurrency === '392')
        .map(({ purchaseAmount }) => purchaseAmount as number)
      return yen.sort((a, b) => a - b)[Math.floor(yen.length / 2)] ?? 0
    }
    expect(median(with_({ spend: { median: 9_000 } })) / median(told)).toBeGreaterThan(1.6)
    const night = ({ ts }: Row): boolean => ((ts as number) + 9 * 3_600) % day < 5 * 3_600
    expect(share(with_({ owls: 0.5 }), night)).toBeGreaterThan(2 * share(told, night))
    expect(share(with_({ gifts: 0.5 }), ({ addrMatch }) => addrMatch === 'N')).toBeGreaterThan(0.2)
    const mails = (rows: readonly Row[]): number => new Set(rows.map(({ email }) => email)).size
    expect(mails(with_({ lent: 0.2 }))).toBeGreaterThan(3 * mails(told))
  })
})

describe('knobs of shops and screenings', () => {
  test('wishes: what is asked for', () => {
    const wishes = { none: 0, rather: 0, exempt: 0, first: 0, dear: 1, always: 0 }
    const dear = genuine(rowsFor({ shops: { wishes, dearFrom: 10_000 } })).filter(
      ({ channel, purchaseCurrency }) => channel === 'browser' && purchaseCurrency === '392',
    )
    for (const { purchaseAmount, threeDSRequestorChallengeInd } of dear)
      if (threeDSRequestorChallengeInd !== ((purchaseAmount as number) >= 10_000 ? '03' : '01')) expect.fail()
    const always = genuine(rowsFor({ shops: { wishes: { ...wishes, dear: 0, always: 1 } } }))
    expect(
      share(
        always.filter(({ channel }) => channel === 'browser'),
        ({ threeDSRequestorChallengeInd }) => threeDSRequestorChallengeInd === '04',
      ),
    ).toBe(1)
  })

  test('tiers: what is told', () => {
    const mute = genuine(rowsFor({ shops: { tiers: { full: 0, some: 0, minimum: 1 } } }))
    expect(
      mute.some(
        ({ email, billAddrLine1, shipIndicator, mobilePhone }) =>
          email ?? billAddrLine1 ?? shipIndicator ?? mobilePhone,
      ),
    ).toBe(false)
    const open = genuine(rowsFor({ shops: { tiers: { full: 1, some: 0, minimum: 0 } } }))
    expect(
      share(open, ({ email, mobilePhone, chAccAgeInd }) => [email, mobilePhone, chAccAgeInd].includes(undefined)),
    ).toBe(0)
  })

  test('quality: how well screenings tell fraud', () => {
    const stopped = (quality: number): number => {
      const rows = rowsFor({ screenings: { quality, share: 1 }, attacks: { stolen_number: { per10k: 100 } } })
      const ng = (list: readonly Row[]): number => share(list, ({ merchantVerdict }) => merchantVerdict === 'NG')
      return ng(rows.filter(({ kind }) => kind === 'stolen_number')) / ng(genuine(rows))
    }
    // Thieves choose their shops, and shops differ in how often they say NG of anybody.
    expect(stopped(0)).toBeLessThan(2)
    expect(stopped(0)).toBeGreaterThan(0.6)
    expect(stopped(1)).toBeGreaterThan(4)
  })

  test('a quarter of the shops send a verdict and a score, some of them two', () => {
    const shops = new Map(usual.map((row) => [row.merchant, row]))
    const screened = [...shops.values()].filter(({ merchantSource }) => merchantSource !== undefined)
    expect(screened.length / shops.size).toBeGreaterThan(0.15)
    expect(screened.length / shops.size).toBeLessThan(0.35)
    for (const { merchantVerdict, merchantScore } of screened) {
      expect(['OK', 'REVIEW', 'HOLD', 'NG']).toContain(merchantVerdict)
      expect(merchantScore as number).toBeGreaterThanOrEqual(0)
      expect(merchantScore as number).toBeLessThanOrEqual(1)
    }
    const second = genuine(rowsFor({ screenings: { share: 1, second: 1 } }))
    expect(
      share(
        second,
        ({ merchantSource, merchantSource2 }) => merchantSource2 !== undefined && merchantSource !== merchantSource2,
      ),
    ).toBe(1)
  })
})

describe('knobs of the calendar', () => {
  const perDay = (rows: readonly Row[], from: string, to: string): number =>
    genuine(between(rows, from, to)).length / ((midnight(to) - midnight(from)) / day)

  test('campaigns: three times the volume', () => {
    const rows = rowsFor({ calendar: { campaigns: [{ on: '2025-06-02', days: 5, factor: 3 }] } })
    const factor = perDay(rows, '2025-06-02', '2025-06-07') / perDay(rows, '2025-06-09', '2025-06-14')
    expect(factor).toBeGreaterThan(2.4)
    expect(factor).toBeLessThan(3.6)
  })

  test('mandate: shops come to 3-D Secure on a day', () => {
    const rows = rowsFor({ calendar: { mandate: { on: '2025-06-30', before: 0.25 }, campaigns: [] } })
    const factor = perDay(rows, '2025-06-30', '2025-08-25') / perDay(rows, '2025-04-07', '2025-06-02')
    expect(factor).toBeGreaterThan(3)
    expect(factor).toBeLessThan(5.5)
    const shops = (from: string, to: string): number =>
      new Set(genuine(between(rows, from, to)).map(({ merchant }) => merchant)).size
    expect(shops('2025-06-30', '2025-08-25')).toBeGreaterThan(2.5 * shops('2025-04-07', '2025-06-02'))
  })

  test('newDevices: a telephone that nobody had', () => {
    const rows = rowsFor({ calendar: { newDevices: { on: '2025-07-01', share: 0.5, days: 10 } } })
    const isNew = ({ browserScreenWidth, browserScreenHeight }: Row): boolean =>
      browserScreenWidth === 402 && browserScreenHeight === 874
    expect(share(between(rows, '2025-04-01', '2025-07-01'), isNew)).toBe(0)
    expect(share(genuine(between(rows, '2025-07-15', '2025-09-01')), isNew)).toBeGreaterThan(0.25)
  })
})

describe('knobs of attacks', () => {
  const campaigns = (rows: readonly Row[], kind: string): number =>
    new Set(rows.filter((row) => row.kind === kind).map(({ campaign }) => campaign)).size

  test.each(patternIds)('%s: as many campaigns as are told', (id) => {
    const quiet = Object.fromEntries(patternIds.map((one) => [one, { per10k: 0, least: 0 }]))
    const rows = rowsFor({ attacks: { ...quiet, [id]: { per10k: 10, least: 0 } } })
    const expected = (genuine(rows).length * 10) / 10_000
    expect(campaigns(rows, id)).toBeGreaterThan(expected * 0.8 - 1)
    expect(campaigns(rows, id)).toBeLessThan(expected * 1.7 + 1)
    expect(new Set(rows.map(({ kind }) => kind))).toEqual(new Set([undefined, id]))
  })

  test('least: every seed has its bursts of enumeration, one of them where it is measured', () => {
    for (const seed of ['1', '2', '3', '4', '5']) {
      const tried = rowsFor({ events: 2_000 }, seed).filter(({ kind }) => kind === 'enumeration')
      expect(campaigns(tried, 'enumeration')).toBe(3)
      expect(campaigns(between(tried, '2025-05-31', '2025-09-28'), 'enumeration')).toBeGreaterThanOrEqual(1)
    }
  })

  test('doublesOn and ramp: when they come', () => {
    const rows = rowsFor({ attacks: { resale: { per10k: 60, doublesOn: '2025-06-30' } } })
    const of = (list: readonly Row[]): number => campaigns(list, 'resale')
    const factor = of(between(rows, '2025-06-30', '2025-09-28')) / of(between(rows, '2025-04-01', '2025-06-30'))
    expect(factor).toBeGreaterThan(1.6)
    expect(factor).toBeLessThan(2.5)
    const rising = rowsFor({ attacks: { resale: { per10k: 60, ramp: [0, 2] } } })
    expect(
      of(between(rising, '2025-06-30', '2025-09-28')) / of(between(rising, '2025-04-01', '2025-06-30')),
    ).toBeGreaterThan(2)
  })

  test('report: the delay, and what is never told', () => {
    const delays = (report: Readonly<Record<string, number>>): readonly number[] =>
      rowsFor({ attacks: { stolen_number: { per10k: 100, report } } })
        .filter(({ kind }) => kind === 'stolen_number')
        .map(({ ts, labelTs }) =>
          labelTs === undefined ? Number.POSITIVE_INFINITY : ((labelTs as number) - (ts as number)) / day,
        )
        .sort((a, b) => a - b)
    const soon = delays({ medianDays: 5, sigma: 0.5, never: 0 })
    expect(soon[Math.floor(soon.length / 2)]).toBeGreaterThan(4)
    expect(soon[Math.floor(soon.length / 2)]).toBeLessThan(7)
    const half = delays({ medianDays: 5, sigma: 0.5, never: 0.5 })
    expect(half.filter((days) => days === Number.POSITIVE_INFINITY).length / half.length).toBeCloseTo(0.5, 1)
  })

  test('pass: who passes a challenge; a relayed code, and a passkey that is not handed over', () => {
    const rows = rowsFor({ attacks: { account_takeover: { per10k: 30, pass: 0.4 }, phishing_relay: { per10k: 60 } } })
    for (const { pChallengePass } of rows.filter(({ kind }) => kind === 'account_takeover'))
      expect(pChallengePass).toBe(0.4)
    const relayed = rows.filter(({ kind }) => kind === 'phishing_relay')
    expect(relayed.length).toBeGreaterThan(100)
    const by = { sms: 0.8, mail: 0.8, app: 0.35, passkey: 0.02 }
    for (const { challengeMethod, pChallengePass } of relayed)
      expect(pChallengePass).toBeCloseTo(by[challengeMethod as keyof typeof by], 9)
  })

  test('night, networks and looksKnown', () => {
    const night = ({ ts }: Row): boolean => ((ts as number) + 9 * 3_600) % day < 5 * 3_600
    const attacks = { stolen_number: { per10k: 100 } }
    const stolen = (attackers: Readonly<Record<string, unknown>>): readonly Row[] =>
      rowsFor({ attacks, attackers }).filter(({ kind }) => kind === 'stolen_number')
    expect(share(stolen({ night: 0.9 }), night)).toBeGreaterThan(2 * share(stolen({ night: 0.1 }), night))
    const hosted = stolen({ networks: { vpn: 0, hosting: 1, local: 0, foreign: 0 }, looksKnown: 0 })
    expect(share(hosted, ({ ipType }) => ipType === 'hosting')).toBe(1)
    const known = rowsFor({ attacks, attackers: { looksKnown: 1 } })
    const homes = new Set(genuine(known).map(({ methodData }) => methodData))
    const seen = known.filter(({ kind, methodData }) => kind === 'stolen_number' && methodData !== undefined)
    expect(share(seen, ({ methodData }) => homes.has(methodData))).toBeGreaterThan(0.8)
  })

  test('attempts and gap: how fast numbers are tried', () => {
    const tried = rowsFor({ enumerations: { attempts: [200, 200], gap: [2, 2], slow: 0 } }).filter(
      ({ kind }) => kind === 'enumeration',
    )
    expect(tried.length).toBe(600)
    expect(tried.every(isFraud)).toBe(true)
    const first = tried.filter(({ campaign }) => campaign === 'enumeration-0')
    expect(new Set(first.map(({ merchant }) => merchant)).size).toBe(1)
    const seconds = (first.at(-1)?.ts as number) - (first[0]?.ts as number)
    expect(seconds).toBeGreaterThan(350)
    expect(seconds).toBeLessThan(450)
  })

  test('adapting: what the closed loop is told', () => {
    const config = configOf('japan', { adapting: { retry: 0.1, factor: 0.7, giveUpAfter: 2 } })
    expect(consequencesOf(config)).toMatchObject({
      retry: { share: 0.1, most: 3 },
      lower: { factor: 0.7 },
      giveUpAfter: 2,
    })
  })
})

describe('files of knobs', () => {
  test.each(presetNames)('preset %s is whole', (name) => {
    expect(configOf(name).name).toBe(name)
  })

  test('a file may build on a preset', () => {
    const config = configFrom('preset: japan\nholders: { vpn: 0.3 }\n', { events: 1_000 })
    expect([config.holders.vpn, config.holders.relay, config.events]).toEqual([0.3, 0.05, 1_000])
  })

  test.each([
    ['preset: mars', /there is no preset “mars”/],
    ['preset: japan\nholders: { vpm: 0.3 }', /holders\.vpm: there is no such key here \(did you mean vpn\?\)/],
    ['preset: japan\nholders: { vpn: 3 }', /holders\.vpn: /],
    ['preset: japan\nevents: 1e12', /events: at most 200000000 expected/],
    ['preset: japan\ndays: 30', /warmUpDays: must be fewer than days/],
    ['- 1', /a map of names and values/],
    ['a: [', /./],
  ])('%j is refused in a sentence', (text, sentence) => {
    expect(() => configFrom(text)).toThrow(LabGenError)
    expect(() => configFrom(text)).toThrow(sentence)
  })

  test('--set names a knob, or is refused in a sentence; nothing else is changed by it', async () => {
    const gen = (path: string, value: string) =>
      genCommand({ preset: 'japan', seed: 'a', out: '/nowhere', set: [[path, value]] })
    await expect(gen('holders.vpm', '0.3')).rejects.toThrow('did you mean vpn?')
    await expect(gen('holders', '3')).rejects.toThrow('holders: keys and values expected')
    for (const path of ['__proto__.vpn', 'holders.__proto__.vpn', 'constructor.prototype.vpn'])
      await expect(gen(path, '0.3'), path).rejects.toBeInstanceOf(LabGenError)
    expect(({} as Record<string, unknown>).vpn).toBeUndefined()
  })

  test('the preset says all of it: no knob has a value that is not in the file', () => {
    const text = readFileSync('src/lab/gen/presets/japan.yaml', 'utf8')
    expect(configFrom(text)).toEqual(configOf('japan'))
  })
})
