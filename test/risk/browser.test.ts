import { fc, test as law } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import {
  type BrowserElements,
  browserFactsOf,
  likenessOf,
  type MethodData,
  methodDigestOf,
} from '../../src/risk/browser.ts'

const summer = Date.UTC(2026, 6, 1, 3)
const winter = Date.UTC(2026, 0, 15, 3)

const agents = {
  iPhone:
    'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1',
  android:
    'Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36',
  windows:
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36',
  edge: 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0',
  firefox: 'Mozilla/5.0 (X11; Linux x86_64; rv:144.0) Gecko/20100101 Firefox/144.0',
  iPadAsMac:
    'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Safari/605.1.15',
  headless:
    'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/140.0.0.0 Safari/537.36',
} as const

const areqOf = (agent: keyof typeof agents, change: BrowserElements = {}): BrowserElements => ({
  deviceChannel: '02',
  browserUserAgent: agents[agent],
  browserJavascriptEnabled: true,
  browserLanguage: 'ja-JP',
  browserTZ: '-540',
  browserScreenWidth: agent === 'iPhone' || agent === 'android' ? '390' : '1920',
  browserScreenHeight: agent === 'iPhone' || agent === 'android' ? '844' : '1080',
  ...change,
})
const methodOf = (agent: keyof typeof agents, change: MethodData = {}): MethodData => {
  const isPhone = agent === 'iPhone' || agent === 'android'
  return {
    screenWidth: isPhone ? 390 : 1920,
    screenHeight: isPhone ? 844 : 1080,
    colorDepth: 24,
    timeZone: 'Asia/Tokyo',
    timeZoneOffset: -540,
    language: 'ja-JP',
    languages: 'ja-JP,ja,en-US',
    platform: { iPhone: 'iPhone', android: 'Linux armv81', windows: 'Win32' }[agent as 'iPhone'] ?? 'Linux x86_64',
    hardwareConcurrency: 8,
    maxTouchPoints: isPhone ? 5 : 0,
    canvasHash: '0badcafe',
    userAgent: agents[agent],
    webdriver: false,
    clock: summer,
    ...change,
  }
}
const facts = (areq: BrowserElements, method?: MethodData, now = summer) => {
  const found = browserFactsOf(areq, method, now)
  if (found === undefined) throw new Error('no facts')
  return found
}

describe('the family of a browser', () => {
  test.each([
    ['iPhone', 'safari', 'ios', true],
    ['android', 'chrome', 'android', true],
    ['windows', 'chrome', 'windows', false],
    ['edge', 'edge', 'windows', false],
    ['firefox', 'firefox', 'linux', false],
    ['iPadAsMac', 'safari', 'macos', false],
  ] as const)('of %s is %s on %s', (agent, family, system, isMobile) => {
    expect(facts(areqOf(agent))).toMatchObject({ family, system, isMobile, isRobot: false, isHeadless: false })
  })

  test('is that of nobody where there is no browser: app, 3RI, or nothing told', () => {
    expect(browserFactsOf({ ...areqOf('windows'), deviceChannel: '01' }, undefined, summer)).toBeUndefined()
    expect(browserFactsOf({ ...areqOf('windows'), deviceChannel: '03' }, undefined, summer)).toBeUndefined()
    expect(browserFactsOf({ deviceChannel: '02' }, undefined, summer)).toBeUndefined()
    expect(facts({ browserUserAgent: '' })).toMatchObject({ family: 'other', system: 'other', isRobot: false })
  })
})

describe('robots', () => {
  test.each(['curl/8.5.0', 'python-requests/2.32.3', 'Googlebot/2.1 (+http://www.google.com/bot.html)'])(
    '%s says so itself',
    (browserUserAgent) => expect(facts({ browserUserAgent })).toMatchObject({ isRobot: true, isHeadless: false }),
  )

  test('a browser without a window is headless by its name, one that is driven by its own word', () => {
    expect(facts(areqOf('headless'))).toMatchObject({ isHeadless: true })
    expect(facts(areqOf('windows'), methodOf('windows', { webdriver: true }))).toMatchObject({ isHeadless: true })
    expect(facts(areqOf('windows'), methodOf('windows'))).toMatchObject({ isHeadless: false })
  })
})

describe('contradictions', () => {
  test.each(['iPhone', 'android', 'windows', 'firefox'] as const)('an honest %s has none', (agent) => {
    expect(facts(areqOf(agent), methodOf(agent)).contradictions).toEqual([])
  })

  test('a clock that is hours away is one that was set by hand', () => {
    expect(facts(areqOf('windows'), methodOf('windows', { clockOff: 43_200_000 })).contradictions).toEqual([])
  })

  test('a phone on its side, a tablet that says it is a Mac, and a second language have none', () => {
    const turned = areqOf('iPhone', { browserScreenWidth: '844', browserScreenHeight: '390' })
    expect(facts(turned, methodOf('iPhone')).contradictions).toEqual([])
    const tablet = methodOf('iPadAsMac', { platform: 'MacIntel', maxTouchPoints: 5 })
    expect(facts(areqOf('iPadAsMac'), tablet).contradictions).toEqual([])
    expect(facts(areqOf('windows', { browserLanguage: 'en' }), methodOf('windows')).contradictions).toEqual([])
  })

  test.each([
    ['screenImpossible', areqOf('iPhone', { browserScreenWidth: '1920', browserScreenHeight: '1080' })],
    ['screenImpossible', areqOf('android', { browserScreenWidth: '1920', browserScreenHeight: '1080' })],
    ['screenMissing', areqOf('windows', { browserScreenWidth: '0', browserScreenHeight: '0' })],
    ['screenMissing', areqOf('windows', { browserScreenWidth: undefined })],
  ] as const)('%s: by the AReq alone', (code, areq) => {
    expect(facts(areq).contradictions).toEqual([code])
  })

  test.each([
    ['agentDiffers', areqOf('windows'), methodOf('windows', { userAgent: agents.edge })],
    ['platformDiffers', areqOf('windows'), methodOf('windows', { platform: 'Linux x86_64' })],
    ['platformDiffers', areqOf('iPhone'), methodOf('iPhone', { platform: 'Win32' })],
    ['screenDiffers', areqOf('windows'), methodOf('windows', { screenWidth: 800, screenHeight: 600 })],
    ['touchMissing', areqOf('iPhone'), methodOf('iPhone', { maxTouchPoints: 0 })],
    ['zoneImpossible', areqOf('windows'), methodOf('windows', { timeZone: 'America/New_York' })],
    ['zoneDiffers', areqOf('windows', { browserTZ: '240' }), methodOf('windows')],
    ['languageDiffers', areqOf('windows', { browserLanguage: 'pt-BR' }), methodOf('windows')],
    ['clockDiffers', areqOf('windows'), methodOf('windows', { clockOff: -86_400_001 })],
    ['scriptsDiffer', areqOf('windows', { browserJavascriptEnabled: false }), methodOf('windows')],
  ] as const)('%s: between the AReq and the 3DS Method', (code, areq, method) => {
    expect(facts(areq, method).contradictions).toEqual([code])
  })

  test('a zone has the offset of the day: New York is 240 minutes behind in summer, 300 in winter', () => {
    const at = (browserTZ: string, now: number) =>
      facts(
        areqOf('windows', { browserTZ }),
        methodOf('windows', { timeZone: 'America/New_York', timeZoneOffset: Number(browserTZ) }),
        now,
      ).contradictions
    expect(at('240', summer)).toEqual([])
    expect(at('300', winter)).toEqual([])
    expect(at('300', summer)).toEqual(['zoneImpossible'])
    expect(at('240', winter)).toEqual(['zoneImpossible'])
  })

  test('half an hour and a quarter count; a zone that is not known here says nothing', () => {
    const of = (timeZone: string, timeZoneOffset: number) =>
      facts(areqOf('windows', { browserTZ: String(timeZoneOffset) }), methodOf('windows', { timeZone, timeZoneOffset }))
        .contradictions
    expect(of('Asia/Kathmandu', -345)).toEqual([])
    expect(of('Asia/Kolkata', -330)).toEqual([])
    expect(of('UTC', 0)).toEqual([])
    expect(of('Mars/Olympus', -17)).toEqual([])
  })

  test('what was not told contradicts nothing', () => {
    expect(facts(areqOf('windows'), {}).contradictions).toEqual([])
    expect(facts({ browserUserAgent: agents.iPhone }, methodOf('iPhone')).contradictions).toEqual([])
  })

  law.prop([
    fc.record(
      {
        browserUserAgent: fc.string({ unit: 'grapheme', maxLength: 3_000 }),
        browserLanguage: fc.string(),
        browserTZ: fc.string(),
        browserScreenWidth: fc.string(),
      },
      { requiredKeys: [] },
    ),
    fc.dictionary(
      fc.constantFrom('timeZone', 'timeZoneOffset', 'languages', 'language', 'platform', 'userAgent', 'screenWidth'),
      fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null), fc.double()),
    ),
  ])('whatever is said, facts hold codes only and nothing fails', (areq, method) => {
    const text = JSON.stringify(browserFactsOf(areq, method, summer) ?? {})
    expect(text.length).toBeLessThan(500)
  })
})

describe('likeness', () => {
  const of = (change: MethodData = {}) => likenessOf(methodOf('android', change))

  test('stays when the storage is emptied, the zone changes, the phone is turned or the browser updated', () => {
    expect(of({ deviceId: 'a'.repeat(32) })).toBe(of({ deviceId: 'b'.repeat(32), deviceIdIsNew: true }))
    expect(of({ timeZone: 'Europe/Paris', timeZoneOffset: -120, clock: 5 })).toBe(of())
    expect(of({ screenWidth: 844, screenHeight: 390 })).toBe(of())
    expect(of({ userAgent: agents.android.replace('140', '141') })).toBe(of())
  })

  test('is another for another drawing, screen, system or family', () => {
    expect(of({ canvasHash: '12345678' })).not.toBe(of())
    expect(of({ screenHeight: 900 })).not.toBe(of())
    expect(of({ platform: 'Linux aarch64' })).not.toBe(of())
    expect(of({ userAgent: agents.firefox })).not.toBe(of())
  })

  test('needs the drawing and enough beside it', () => {
    expect(of({ canvasHash: undefined })).toBeUndefined()
    expect(likenessOf({ canvasHash: '0badcafe', screenWidth: 1, screenHeight: 2, platform: 'Win32' })).toBeUndefined()
    expect(likenessOf(undefined)).toBeUndefined()
  })
})

describe('the digest of a run', () => {
  test('is the same for the same data in any order, and another a millisecond later', () => {
    const method = methodOf('windows')
    const turned = Object.fromEntries(Object.entries(method).reverse())
    expect(methodDigestOf(turned)).toBe(methodDigestOf(method))
    expect(methodDigestOf(methodOf('windows', { clock: summer + 1 }))).not.toBe(methodDigestOf(method))
  })

  test('does not change with what a copy is sent by, and when', () => {
    const copy = methodOf('windows', { userAgent: 'curl/8.5.0', clockOff: 777_000_000 })
    expect(methodDigestOf(copy)).toBe(methodDigestOf(methodOf('windows', { clockOff: 12 })))
  })

  test('is not made without the clock: two honest runs would be alike', () => {
    expect(methodDigestOf(methodOf('windows', { clock: undefined }))).toBeUndefined()
    expect(methodDigestOf(undefined)).toBeUndefined()
  })
})
